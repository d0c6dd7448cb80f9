"""Reads of musters: who may be called, who said what, who is there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from firebreak.command.musters.models import Arrival, Call, CallAnswer, Muster, Shortfall
from firebreak.engine.tasks import queries as tasks
from firebreak.engine.tasks.models import Task, TaskChange
from firebreak.engine.units.models import Member, Service
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refusals import NOT_FOUND

KIND = "muster"
ANSWER_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a muster stands: there, coming (said so), silent (no answer yet), not coming."""

    needed: int
    there: int
    coming: int
    silent: int
    declined: int

    @property
    def missing(self) -> int:
        """How many are still not there."""
        return max(0, self.needed - self.there)


def musters(response: str) -> QuerySet[Muster]:
    """Musters of a response, those owed first, with task and owner."""
    rows = Muster.objects.filter(response_ref=response).select_related("unit", "task__owner__holder", "task__owner__unit")
    return rows.order_by("task__ended_at", "task__due_at", "number")


def find(ref: str) -> Muster:
    """One muster. Errors: refuses `not-found`."""
    row = Muster.objects.select_related("unit", "task__owner__holder", "task__owner__unit").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def board(row: Muster) -> list[tuple[Call, bool | None]]:
    """Everybody called with the last answer (None: silent), in the order of the calls. Two queries."""
    said = dict(
        CallAnswer.objects.filter(call__muster=row).order_by("id").values_list("call_id", "coming")
    )
    calls = row.calls.select_related("member", "arrival", "instead_of__member").order_by("id")
    return [(call, said.get(call.pk)) for call in calls]


def standing(row: Muster, calls: Iterable[tuple[Call, bool | None]]) -> Standing:
    """The counts of a board."""
    there = coming = silent = declined = 0
    for call, said in calls:
        if hasattr(call, "arrival"):
            there += 1
        elif said is None:
            silent += 1
        else:
            coming, declined = coming + said, declined + (not said)
    return Standing(row.needed, there, coming, silent, declined)


def arrivals(rows: Iterable[int]) -> dict[int, int]:
    """Muster key → how many are there; one query."""
    counted = Arrival.objects.filter(call__muster_id__in=list(rows)).values("call__muster_id").annotate(n=Count("id"))
    return {one["call__muster_id"]: one["n"] for one in counted}


def candidates(skill: str, first_from: str, muster: Muster | None = None) -> QuerySet[Member]:
    """Who may be called: nobody who answers for a post, nobody called to a muster that runs.

    First those from `first_from`, then those who serve nowhere, then by the order of the roster.
    """
    serves = Service.objects.filter(member=OuterRef("pk"), ends_at=None)
    waiting = Call.objects.filter(member=OuterRef("pk")).exclude(muster__task__status=Task.Status.ENDED)
    rows = Member.objects.exclude(Exists(serves.filter(role=Service.Role.HOLDER))).exclude(Exists(waiting))
    if muster is not None:
        rows = rows.exclude(Exists(Call.objects.filter(muster=muster, member=OuterRef("pk"))))
    near = Case(When(home=first_from, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = rows.annotate(near=near, busy=Exists(serves)).order_by("near", "busy", "id")
    return rows.filter(id__in=_skilled(skill)) if skill else rows


def skills() -> list[str]:
    """Every skill of the roster."""
    return sorted({skill for listed in Member.objects.values_list("skills", flat=True) for skill in listed})


def homes() -> list[str]:
    """Where the people of the roster come from."""
    return sorted(set(Member.objects.exclude(home="").values_list("home", flat=True)))


def silent_calls(now: datetime) -> QuerySet[Call]:
    """Calls of running musters nobody answered in time and nobody stands in for; those there are left out."""
    rows = Call.objects.filter(happened_at__lte=now - ANSWER_WITHIN, answers=None, arrival=None, replaced_by=None)
    return rows.exclude(muster__task__status=Task.Status.ENDED).filter(muster__task__due_at__gt=now).order_by("id")


def musters_at(cutoff: Cutoff) -> QuerySet[Muster]:
    """Musters called at or before a cut-off."""
    return Muster.objects.filter(called_at__lte=cutoff.at, act_id__lte=cutoff.position)


def there_at(cutoff: Cutoff) -> dict[int, int]:
    """Muster key → arrivals at or before a cut-off, never more than were needed."""
    rows = Arrival.objects.filter(**cutoff.known()).values("call__muster_id", "call__muster__needed")
    return {
        one["call__muster_id"]: min(one["n"], one["call__muster__needed"]) for one in rows.annotate(n=Count("id"))
    }


def shortfalls_at(cutoff: Cutoff) -> QuerySet[Shortfall]:
    """What was closed short at or before a cut-off."""
    return Shortfall.objects.filter(**cutoff.known())


def open_tasks(cutoff: Cutoff) -> QuerySet[TaskChange]:
    """How the tasks of musters not ended at a cut-off stood then."""
    return tasks.open_at(cutoff).filter(task__kind=KIND)


def fallen_tasks(cutoff: Cutoff) -> QuerySet[TaskChange]:
    """Musters that fell with their response at a cut-off."""
    return tasks.latest_changes(cutoff).filter(task__kind=KIND, outcome=Task.Outcome.CANCELLED)


def arrivals_at(cutoff: Cutoff) -> QuerySet[Arrival]:
    """Who was there at or before a cut-off."""
    return Arrival.objects.filter(**cutoff.known())


def _skilled(skill: str) -> list[int]:
    """Keys of the members with a skill. Skills are a short list in each row, which no index of both databases reads."""
    rows = Member.objects.filter(~Q(skills=[])).values_list("id", "skills")
    return [key for key, listed in rows if skill in listed]
