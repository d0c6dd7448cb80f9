"""Signals and responses."""

from django.db import models

from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act
from firebreak.engine.plans.models import AdoptedPlan


class Signal(models.Model):
    """Something was reported. The index person is a register ref or nothing, never a name.

    `plan` is the plan whose kinds and classifications it is judged by.
    """

    class Status(models.TextChoices):
        SUSPECTED = "suspected"
        CONFIRMED = "confirmed"
        OVERTURNED = "overturned"

    ref = models.CharField(max_length=60, unique=True)
    plan = models.ForeignKey(AdoptedPlan, models.PROTECT)
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
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


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
    """The plan at work over an area. `document_base` is the number of its own document; orders count on from it."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        CANCELLED = "cancelled"
        CLOSED = "closed"

    ref = models.CharField(max_length=60, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    plan = models.ForeignKey(AdoptedPlan, models.PROTECT)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="responses")
    area = models.ForeignKey(Area, models.PROTECT)
    level_before = models.CharField(max_length=20)
    level = models.CharField(max_length=20)
    legal_basis = models.CharField(max_length=400)
    document_number = models.CharField(max_length=60)
    document_base = models.IntegerField()
    proposed_by = models.CharField(max_length=60)
    activated_by = models.CharField(max_length=60)
    activated_at = models.DateTimeField()
    review_on = models.DateField()
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.ACTIVE)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False, related_name="+")
    end_act = models.ForeignKey(Act, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area"], condition=models.Q(status="active"), name="one_active_response_per_area"
            ),
            models.CheckConstraint(
                condition=models.Q(status="active", ended_at=None)
                | (models.Q(status__in=["cancelled", "closed"], ended_at__isnull=False) & ~models.Q(end_reason="")),
                name="response_ended_has_moment_and_reason",
            ),
        ]


class PlanChange(models.Model):
    """Append-only: an amendment; the response follows `after` from `happened_at` on, `before` explains the days before."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="plan_changes")
    before = models.ForeignKey(AdoptedPlan, models.PROTECT, related_name="+")
    after = models.ForeignKey(AdoptedPlan, models.PROTECT, related_name="+")
    document_number = models.CharField(max_length=60)
    reason = models.CharField(max_length=400)
    proposed_by = models.CharField(max_length=60)
    approved_by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
