"""Inspections, what they drew, what was seen there, and the findings."""

from django.db import models

from firebreak.command.headquarters.models import Order
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Unit


class Inspection(models.Model):
    """A draw to be looked at. Owner, due and end live in its task.

    `checklist` is a list of the plan, `draws` what it draws; `frame` counts what it was drawn from, inside `area`.
    """

    ref = models.CharField(max_length=60, unique=True)
    response_ref = models.CharField(max_length=60, db_index=True)
    number = models.IntegerField()
    checklist = models.CharField(max_length=40)
    draws = models.CharField(max_length=10)
    counts_unlisted = models.BooleanField(default=False)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    area = models.ForeignKey(Area, models.PROTECT)
    frame = models.IntegerField()
    task = models.OneToOneField(Task, models.PROTECT, related_name="inspection")
    opened_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response_ref", "number"], name="inspection_number_once")]


class Draw(models.Model):
    """Append-only: one thing drawn. `about` is its ref, code or key; the label is how it was called that day."""

    ref = models.CharField(max_length=60, unique=True)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="draws_made")
    position = models.SmallIntegerField()
    about = models.CharField(max_length=80)
    label_zh = models.CharField(max_length=160)
    label_en = models.CharField(max_length=160)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "about"], name="drawn_once_an_inspection")]


class Look(models.Model):
    """Append-only: what was seen at a thing drawn, once for each; `excused` when nobody could look, with the reason.

    `unlisted` counts people met there who are on no list.
    """

    class Outcome(models.TextChoices):
        FINE = "fine"
        FAULTY = "faulty"
        EXCUSED = "excused"

    draw = models.OneToOneField(Draw, models.PROTECT, related_name="look")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    unlisted = models.SmallIntegerField(default=0)
    note = models.CharField(max_length=400, blank=True)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Finding(models.Model):
    """A line of the list that was not so. `task` is what its inspector owes: to look again, and to close it 销号.

    `order` is the order to correct it that stands now; `tries` counts how often it was ordered.
    """

    ref = models.CharField(max_length=60, unique=True)
    response_ref = models.CharField(max_length=60, db_index=True)
    number = models.IntegerField()
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="findings")
    line = models.CharField(max_length=40)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    text = models.CharField(max_length=400)
    unit = models.ForeignKey(Unit, models.PROTECT)
    order = models.ForeignKey(Order, models.PROTECT, related_name="findings")
    tries = models.SmallIntegerField(default=1)
    task = models.OneToOneField(Task, models.PROTECT, related_name="finding")
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response_ref", "number"], name="finding_number_once"),
            models.UniqueConstraint(fields=["draw", "line"], name="one_finding_per_line"),
        ]


class FindingStep(models.Model):
    """Append-only: what happened with a finding after it was written.

    `step`: corrected (the order to correct it ended), again (looked at, not so; ordered again), closed (looked at,
    it is so), withdrawn (it was no fault, with the reason).
    """

    class Step(models.TextChoices):
        CORRECTED = "corrected"
        AGAIN = "again"
        CLOSED = "closed"
        WITHDRAWN = "withdrawn"

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=9, choices=Step.choices)
    text = models.CharField(max_length=400, blank=True)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
