"""What was observed."""

from django.db import models

from firebreak.engine.journal.models import Act


class Observation(models.Model):
    """Append-only: a value of one measure at a moment, and who says so. `value` is in the unit of the measure."""

    ref = models.CharField(max_length=60, unique=True)
    response_ref = models.CharField(max_length=60, db_index=True)
    measure = models.CharField(max_length=20)
    value = models.FloatField()
    observed_at = models.DateTimeField()
    source = models.CharField(max_length=80)
    by = models.CharField(max_length=60)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["response_ref", "measure", "-observed_at", "-id"], name="weather_latest")]
