"""What was made known about zones: one alert for each decision, one notice for each building it changed."""

from django.db import models

from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act
from firebreak.operations.zones.models import Zone


class Alert(models.Model):
    """Append-only: a decision about a zone as it was made known. `document` is its CAP 1.2 text, as issued.

    `tier` is the tier the zone sets, empty when it ends. `earlier` is the alert this one brings up to date.
    """

    class Kind(models.TextChoices):
        ALERT = "alert"
        UPDATE = "update"
        ALL_CLEAR = "all_clear"

    ref = models.CharField(max_length=60, unique=True)
    response_ref = models.CharField(max_length=60, db_index=True)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="alerts")
    earlier = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    tier = models.CharField(max_length=20, blank=True)
    identifier = models.CharField(max_length=120, unique=True)
    sent_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    document = models.TextField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Notice(models.Model):
    """Append-only: a building's sheet about an alert: the tier that held it, the one that holds it now, its people."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="notices")
    building = models.ForeignKey(Area, models.PROTECT)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20, blank=True)
    households = models.IntegerField()
    people = models.IntegerField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "building"], name="one_notice_per_building_and_alert")]
