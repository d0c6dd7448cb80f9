"""Days that are not what their weekday says."""

from django.db import models

from firebreak.engine.journal.models import Act


class SpecialDay(models.Model):
    """Append-only: a date is free or worked, by an announcement; of several entries for a date the last holds."""

    class Kind(models.TextChoices):
        FREE = "free"
        WORKED = "worked"

    date = models.DateField(db_index=True)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40)
    source = models.CharField(max_length=120)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
