"""Reads of headquarters: which orders stand, who has seen them, and how they stood at a cut-off."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, QuerySet

from firebreak.command.headquarters.models import Order, OrderReport
from firebreak.command.headquarters.quick import Named
from firebreak.engine.tasks import queries as tasks
from firebreak.engine.tasks.models import Task, TaskChange
from firebreak.engine.units import queries as units
from firebreak.engine.units.models import Unit
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

KIND = "order"
ORDERED = ("task_force", "branch", "team")
"""Kinds of units an order may go to."""
ANSWERS = ("accepted", "refused")


def orders(response: str = "") -> QuerySet[Order]:
    """Orders with their unit, task, owner and holder; those due soonest first, ended ones last."""
    rows = Order.objects.filter(response_ref=response) if response else Order.objects.all()
    return rows.select_related("unit", "task__owner__holder", "task__owner__unit").order_by(
        "task__ended_at", "task__due_at", "number"
    )


def live(response: str = "") -> QuerySet[Order]:
    """Orders that have not ended."""
    return orders(response).exclude(task__status=Task.Status.ENDED)


def mine(account: str) -> QuerySet[Order]:
    """Live orders of the posts whose holder signs in with this account."""
    return live().filter(task__owner__in=units.posts_held_by(account))


def find(ref: str) -> Order:
    """One order with its reports at hand. Errors: refuses `not-found`."""
    row = orders().filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def reports(order: Order) -> QuerySet[OrderReport]:
    """What was said about an order, oldest first."""
    return order.reports.order_by("id")


def ordered_units(response: str) -> QuerySet[Unit]:
    """The standing units an order may go to, in the order of the tree."""
    return units.standing_units(response).filter(kind__in=ORDERED)


def named_units(response: str) -> list[Named]:
    """The units an order may go to, with everything a line may call them; one query."""
    return [
        Named(Ref(unit.ref), T(unit.name_zh, unit.name_en), (unit.key, unit.name_zh, unit.name_en))
        for unit in ordered_units(response)
    ]


def progress(order_ids: list[int]) -> dict[int, int]:
    """The highest percentage reported for each order; one query."""
    rows = OrderReport.objects.filter(order_id__in=order_ids, percent__isnull=False)
    return {row["order_id"]: row["best"] for row in rows.values("order_id").annotate(best=Max("percent"))}


def standing(order: Order) -> str:
    """Where an order stands now: unread, seen, accepted, verified, or how it ended."""
    if order.task.status == Task.Status.ENDED:
        return "verified" if order.verified_at is not None else order.task.outcome
    if order.accepted_at is not None:
        return "accepted"
    return "unread" if order.seen_at is None else "seen"


def to_verify(response: str = "") -> QuerySet[Order]:
    """Orders reported done that nobody else has looked at yet."""
    return orders(response).filter(task__outcome=Task.Outcome.DONE, verified_at=None)


def unanswered(now: datetime) -> QuerySet[Order]:
    """Live orders nobody accepted or refused in time, and that have not come back yet."""
    return Order.objects.filter(answer_by__lte=now, accepted_at=None, returned_at=None).exclude(
        task__status=Task.Status.ENDED
    )


def issued_at(cutoff: Cutoff) -> QuerySet[Order]:
    """Orders issued at or before a cut-off, without those undone within seconds."""
    undone = OrderReport.objects.filter(step="undone", **cutoff.known()).values("order_id")
    known = Order.objects.filter(issued_at__lte=cutoff.at, act_id__lte=cutoff.position)
    return known.exclude(id__in=undone).order_by("id")


def open_at(cutoff: Cutoff) -> QuerySet[Order]:
    """Orders not ended at a cut-off."""
    return issued_at(cutoff).filter(task__in=_open_tasks(cutoff).values("task_id"))


def overdue_at(cutoff: Cutoff) -> QuerySet[Order]:
    """Orders not ended and past their deadline at a cut-off."""
    late = _open_tasks(cutoff).filter(due_at__lt=cutoff.at)
    return issued_at(cutoff).filter(task__in=late.values("task_id"))


def unread_at(cutoff: Cutoff) -> QuerySet[Order]:
    """Orders not ended that nobody had opened at a cut-off."""
    seen = OrderReport.objects.filter(step__in=["seen", *ANSWERS], **cutoff.known()).values("order_id")
    return open_at(cutoff).exclude(id__in=seen)


def local(moment: datetime) -> str:
    """A moment in district time, as orders and letters write it."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%m-%d %H:%M")


def _open_tasks(cutoff: Cutoff) -> QuerySet[TaskChange]:
    return tasks.open_at(cutoff).filter(task__kind=KIND)
