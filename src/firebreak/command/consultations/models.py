"""Consultations, who sat at them, what lay on the table and what was decided."""

from django.db import models

from firebreak.command.headquarters.models import Order
from firebreak.engine.journal.models import Act
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Post


class Consultation(models.Model):
    """A meeting of headquarters: called, open, then closed. Owner, due and end live in its task.

    `key` is its hour in the plan's rhythm, empty when somebody called it. `picture` is what the books said when it
    was opened (`rules.Picture` as JSON).
    """

    ref = models.CharField(max_length=60, unique=True)
    response_ref = models.CharField(max_length=60, db_index=True)
    number = models.IntegerField()
    key = models.CharField(max_length=40, blank=True)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    begins_at = models.DateTimeField()
    task = models.OneToOneField(Task, models.PROTECT, related_name="consultation")
    called_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    picture = models.JSONField(null=True)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response_ref", "number"], name="consultation_number_once"),
            models.UniqueConstraint(
                fields=["response_ref", "key", "begins_at"], condition=~models.Q(key=""), name="one_consultation_an_hour"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(opened_at__isnull=False),
                name="only_an_open_consultation_closes",
            ),
        ]


class Attendance(models.Model):
    """Append-only: a post that sat at the table, by whoever held it then."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="attendance")
    post = models.ForeignKey(Post, models.PROTECT)
    member_ref = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "post"], name="a_post_sits_once")]


class Item(models.Model):
    """Append-only: something on the table. `about` is the ref or the name of what brought it there."""

    class Origin(models.TextChoices):
        CARRIED = "carried"
        BOOK = "book"
        OVERDUE = "overdue"
        PROPOSAL = "proposal"
        RAISED = "raised"

    ref = models.CharField(max_length=60, unique=True)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="items")
    number = models.IntegerField()
    origin = models.CharField(max_length=8, choices=Origin.choices)
    about = models.CharField(max_length=120, blank=True)
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    raised_by = models.CharField(max_length=60)
    carried_from = models.OneToOneField("self", models.PROTECT, null=True, related_name="carried_to")
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "number"], name="item_number_once")]


class Resolution(models.Model):
    """Append-only: what was decided about an item.

    An `order` has its order; a `measure` says what changed in `text`, from `was` to `becomes`, by `reason`, from
    `effective_at`; a `note` needs nothing done; `carried` leaves the item to the next consultation.
    """

    class Kind(models.TextChoices):
        ORDER = "order"
        MEASURE = "measure"
        NOTE = "note"
        CARRIED = "carried"

    item = models.ForeignKey(Item, models.PROTECT, related_name="resolutions")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.CharField(max_length=400)
    order = models.OneToOneField(Order, models.PROTECT, null=True, related_name="resolution")
    was = models.CharField(max_length=200, blank=True)
    becomes = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    effective_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="order", order__isnull=False) | ~models.Q(kind="order") & models.Q(order=None),
                name="an_ordered_decision_has_its_order",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="measure")
                | ~models.Q(was="") & ~models.Q(becomes="") & ~models.Q(reason="") & models.Q(effective_at__isnull=False),
                name="a_measure_keeps_old_new_why_and_when",
            ),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(kind="carried"), name="an_item_is_carried_once"
            ),
        ]
