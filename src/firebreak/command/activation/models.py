"""Signals and responses."""

from django.db import models

from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act
from firebreak.engine.plans.models import AdoptedPlan


class Signal(models.Model):
    """Something was reported. The index person is a register ref or nothing, never a name."""

    class Status(models.TextChoices):
        SUSPECTED = "suspected"
        CONFIRMED = "confirmed"
        OVERTURNED = "overturned"

    ref = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=40)
    reporter = models.CharField(max_length=80)
    area = models.ForeignKey(Area, models.PROTECT)
    person_ref = models.CharField(max_length=40, blank=True)
    classification = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SUSPECTED)
    sampled_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    taken_by = models.CharField(max_length=60)
    note = models.TextField(blank=True)


class SignalChange(models.Model):
    """Append-only: the signal's status and classification from `happened_at` on."""

    signal = models.ForeignKey(Signal, models.PROTECT, related_name="changes")
    status = models.CharField(max_length=10)
    classification = models.CharField(max_length=40)
    reason = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Response(models.Model):
    """The plan at work over an area."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        CANCELLED = "cancelled"

    ref = models.CharField(max_length=60, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    plan = models.ForeignKey(AdoptedPlan, models.PROTECT)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="responses")
    area = models.ForeignKey(Area, models.PROTECT)
    level_before = models.CharField(max_length=20)
    level = models.CharField(max_length=20)
    legal_basis = models.CharField(max_length=200)
    document_number = models.CharField(max_length=60)
    proposed_by = models.CharField(max_length=60)
    activated_by = models.CharField(max_length=60)
    activated_at = models.DateTimeField()
    review_on = models.DateField()
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.ACTIVE)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)
