"""Zones and the append-only rows that say which tier each building was under."""

from django.db import models

from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act


class Zone(models.Model):
    """A drawn zone: one decision with its paper, never redrawn.

    `geometry` is the polygon that was drawn, or null when a building list was given. Another tier or another
    area is another decision: a zone that `replaces` this one.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed"
        IN_FORCE = "in_force"
        RELEASED = "released"
        WITHDRAWN = "withdrawn"
        REPLACED = "replaced"

    ref = models.CharField(max_length=60, unique=True)
    response_ref = models.CharField(max_length=60, db_index=True)
    tier = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    geometry = models.JSONField(null=True)
    legal_basis = models.CharField(max_length=200)
    document_number = models.CharField(max_length=60)
    effective_at = models.DateTimeField()
    review_on = models.DateField()
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PROPOSED)
    ended_at = models.DateTimeField(null=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")


class TierChange(models.Model):
    """Append-only: from `happened_at` on, the building is under `tier` by `zone`; an empty tier is none."""

    response_ref = models.CharField(max_length=60)
    building = models.ForeignKey(Area, models.PROTECT)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="changes")
    tier = models.CharField(max_length=20, blank=True)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["response_ref", "building", "id"])]
