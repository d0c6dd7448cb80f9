"""How far the journal has been reacted to."""

from django.db import models


class Reached(models.Model):
    """One row: every event of an act up to `position` (a sealed one) has had its reactions.

    A bookmark, not a fact: losing it costs a second look, because every reaction carries the key of its event.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="reached_is_one")]
