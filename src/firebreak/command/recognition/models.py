"""Who agreed to be named."""

from django.db import models

from firebreak.engine.journal.models import Act
from firebreak.engine.units.models import Member


class Consent(models.Model):
    """Append-only: a member agreed to be named, or took it back; the last one holds. `how` says how they said so."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="consents")
    agreed = models.BooleanField()
    how = models.CharField(max_length=120)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
