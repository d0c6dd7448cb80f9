"""Reads of tasks: who owes what now, and what was owed at a cut-off."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from firebreak.engine.tasks.models import Task, TaskChange
from firebreak.engine.units import queries as units
from firebreak.kernel.cutoff import Cutoff


def live() -> QuerySet[Task]:
    """Tasks that have not ended, most urgent first, with owner, unit and holder."""
    rows = Task.objects.exclude(status=Task.Status.ENDED).order_by("due_at", "id")
    return rows.select_related("owner__unit", "owner__holder")


def unheld() -> QuerySet[Task]:
    """Live tasks whose owner is a post that nobody holds."""
    return live().filter(owner__holder=None)


def owed_by(posts: Iterable[int]) -> QuerySet[Task]:
    """Live tasks of these posts."""
    return live().filter(owner_id__in=list(posts))


def mine(account: str) -> QuerySet[Task]:
    """Live tasks of the posts whose holder signs in with this account."""
    return live().filter(owner__in=units.posts_held_by(account))


def of_response(response: str) -> QuerySet[Task]:
    """Live tasks of a response."""
    return live().filter(response_ref=response)


def about(kind: str, subject: str) -> Task | None:
    """The task of a subject."""
    return Task.objects.filter(kind=kind, about=subject).first()


def load_by_owner(response: str) -> dict[int, int]:
    """Live tasks per post key; one query."""
    counted = of_response(response).order_by().values("owner_id").annotate(n=Count("id"))
    return {row["owner_id"]: row["n"] for row in counted}


@dataclass(frozen=True, slots=True)
class Load:
    """What one post or unit owes now: its key, live tasks, how many are late, and the earliest deadline."""

    key: int
    live: int
    late: int
    earliest: datetime


def loads(field: str, now: datetime) -> list[Load]:
    """Loads by `owner_id` or `owner__unit_id`, who is latest first; one query whatever the number of tasks."""
    late = Count("id", filter=Q(due_at__lt=now))
    rows = Task.objects.exclude(status=Task.Status.ENDED).order_by().values(key=F(field))
    found = rows.annotate(live=Count("id"), late=late, earliest=Min("due_at")).order_by("-late", "earliest", "key")
    return [Load(one["key"], one["live"], one["late"], one["earliest"]) for one in found]


def opened_at(cutoff: Cutoff) -> QuerySet[Task]:
    """Tasks opened at or before a cut-off."""
    return Task.objects.filter(opened_at__lte=cutoff.at, act_id__lte=cutoff.position)


def latest_changes(cutoff: Cutoff) -> QuerySet[TaskChange]:
    """The last change of every task known at a cut-off: how each task stood then."""
    last = TaskChange.objects.filter(**cutoff.known()).values("task_id").annotate(last=Max("id")).values("last")
    return TaskChange.objects.filter(id__in=last)


def open_at(cutoff: Cutoff) -> QuerySet[TaskChange]:
    """How the tasks not ended at a cut-off stood then."""
    return latest_changes(cutoff).exclude(status=Task.Status.ENDED)


def contradicted(cutoff: Cutoff) -> QuerySet[Task]:
    """Tasks without any change, or whose row differs from their last change although nothing is newer."""
    last = TaskChange.objects.filter(task=OuterRef("pk")).order_by("-id")
    rows = opened_at(cutoff).annotate(
        last_owner=Subquery(last.values("owner_id")[:1]), last_status=Subquery(last.values("status")[:1]),
        last_due=Subquery(last.values("due_at")[:1]), last_outcome=Subquery(last.values("outcome")[:1]),
    )
    differs = Q(last_status=None)
    for field, column in (("last_owner", "owner_id"), ("last_status", "status"), ("last_due", "due_at"),
                          ("last_outcome", "outcome")):
        differs |= ~Q(**{field: F(column)})
    return rows.filter(differs).order_by("id")


def overdue_at(cutoff: Cutoff) -> QuerySet[TaskChange]:
    """How the tasks open and past their deadline at a cut-off stood then."""
    return open_at(cutoff).filter(due_at__lt=cutoff.at)


def out_of_step(wanted: Collection[str], kind: str, response: str = "") -> tuple[set[str], list[int]]:
    """Subjects without a live task of a kind, and live tasks whose subject is no longer wanted, of a response or of all.

    One query.
    """
    rows = Task.objects.filter(kind=kind, **({"response_ref": response} if response else {}))
    live = dict(rows.exclude(status=Task.Status.ENDED).values_list("about", "id"))
    return set(wanted) - live.keys(), [key for about, key in live.items() if about not in wanted]
