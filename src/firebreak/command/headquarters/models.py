"""Orders and what was said about them. Owner, due and end live in the order's task."""

from django.db import models

from firebreak.engine.journal.models import Act
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Unit


class Order(models.Model):
    """An order of headquarters to a unit, carried by its task.

    `answer_by` is when it comes back to whoever gave it unless it was accepted or refused; `returned_at` is when
    it did. `verified_at` is when somebody else saw that it was done. `kind` is a kind of order of the plan.
    """

    ref = models.CharField(max_length=60, unique=True)
    response_ref = models.CharField(max_length=60, db_index=True)
    number = models.IntegerField()
    kind = models.CharField(max_length=30)
    document_number = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="orders")
    task = models.OneToOneField(Task, models.PROTECT, related_name="order")
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    text_zh = models.TextField()
    text_en = models.TextField()
    legal_basis = models.CharField(max_length=400)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=60)
    review_on = models.DateField()
    seen_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response_ref", "number"], name="order_number_once")]


class OrderReport(models.Model):
    """Append-only: what happened with an order.

    `step`: seen, accepted, progress, finished, refused, cancelled, undone, returned (nobody answered in time),
    verified, reopened. `amount` is the figure that proves it; pictures that do are of the order.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="reports")
    step = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    percent = models.SmallIntegerField(null=True)
    amount = models.IntegerField(null=True)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
