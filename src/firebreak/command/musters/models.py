"""Musters, who was called, what they said, who came."""

from django.db import models

from firebreak.engine.journal.models import Act
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Member, Unit


class Muster(models.Model):
    """`needed` people at a place. Owner, deadline and end live in its task.

    `skill` asks for a skill of the roster ("" any); `first_from` is where people are called from first ("" anywhere).
    """

    ref = models.CharField(max_length=60, unique=True)
    response_ref = models.CharField(max_length=60, db_index=True)
    number = models.IntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT)
    title = models.CharField(max_length=120)
    place = models.CharField(max_length=120)
    skill = models.CharField(max_length=20, blank=True)
    first_from = models.CharField(max_length=80, blank=True)
    needed = models.SmallIntegerField()
    task = models.OneToOneField(Task, models.PROTECT, related_name="muster")
    called_by = models.CharField(max_length=60)
    called_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response_ref", "number"], name="muster_number_once"),
            models.CheckConstraint(condition=models.Q(needed__gte=1), name="muster_needs_somebody"),
        ]


class Call(models.Model):
    """Append-only: somebody was called; `instead_of` whom, when they take a place. The last answer and arrival count."""

    ref = models.CharField(max_length=60, unique=True)
    muster = models.ForeignKey(Muster, models.PROTECT, related_name="calls")
    member = models.ForeignKey(Member, models.PROTECT)
    instead_of = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["muster", "member"], name="called_once_a_muster")]


class CallAnswer(models.Model):
    """Append-only: what somebody called said."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="answers")
    coming = models.BooleanField()
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Arrival(models.Model):
    """Append-only: somebody called is there."""

    call = models.OneToOneField(Call, models.PROTECT, related_name="arrival")
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Shortfall(models.Model):
    """Append-only: a muster that was closed with fewer than were needed, and why."""

    muster = models.OneToOneField(Muster, models.PROTECT, related_name="shortfall")
    missing = models.SmallIntegerField()
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
