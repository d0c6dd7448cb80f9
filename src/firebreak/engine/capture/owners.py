"""Who settles what phones failed to deliver: each matter has a task, and the task ends with the matter.

A matter is an event set aside, or the missing numbers of one device from the first that is noticed until none is
missing. It is owned by the duty desk, else by whoever leads headquarters; before a response stands nobody is, and
the watch gives it an owner as soon as one does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from firebreak.engine.capture.events import OwnersGiven
from firebreak.engine.capture.models import Gap, Quarantined
from firebreak.engine.capture.plan import CaptureSection
from firebreak.engine.journal.acting import action, record
from firebreak.engine.plans.queries import followed_pack
from firebreak.engine.tasks.actions import TaskSpec, end_tasks, take_up_tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Post
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.text import T

M = TypeVar("M", Gap, Quarantined)
SET_ASIDE, MISSING = "quarantine", "missing-numbers"
KINDS = (SET_ASIDE, MISSING)
OWNER_DUTY = "duty_officer"
WATCH = SystemActor("watch", frozenset())
AT_ONCE = 500
TITLES = {
    SET_ASIDE: T("处理未入账记录:{label} {reason}", "Settle an event set aside: {label} {reason}"),
    MISSING: T("追回缺号:{label}", "Get the missing numbers of {label}"),
}
_TAKEN_UP = "重新交办 taken up again"


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to settle: its kind of task, what the task is about, the device's label and a code."""

    kind: str
    about: str
    label: str
    reason: str = ""


def give_owners(matters: Sequence[Matter], *, by: Actor, at: datetime) -> None:
    """A task for each, its ended one again if it had one, inside the running act; none before a response stands.

    Bounded statements.
    """
    owner = owner_post() if matters else None
    if owner is None:
        return
    within = deadlines()
    specs = [
        TaskSpec(
            one.kind, one.about, owner.unit.response_ref, TITLES[one.kind].filled(label=one.label, reason=one.reason),
            owner.pk, at + within[one.kind],
        )
        for one in matters
    ]
    take_up_tasks(specs=specs, reason=_TAKEN_UP, by=by, at=at)


def settled(kind: str, about: Iterable[str], reason: str, *, by: Actor, at: datetime) -> None:
    """The tasks of these matters end, done."""
    tasks = list(Task.objects.filter(kind=kind, about__in=list(about)).values_list("id", flat=True))
    if tasks:
        end_tasks(ids=tasks, outcome=Task.Outcome.DONE, reason=reason, by=by, at=at)


def deadlines() -> dict[str, timedelta]:
    """How long each kind of matter may stay unsettled, by the plan followed; its defaults when it says nothing."""
    plan = followed_pack()
    section = (plan.find(CaptureSection) if plan else None) or CaptureSection()
    return {
        SET_ASIDE: timedelta(minutes=section.set_aside_within_minutes.value),
        MISSING: timedelta(minutes=section.missing_numbers_within_minutes.value),
    }


def owner_post() -> Post | None:
    """Who settles what could not be counted."""
    posts = Post.objects.filter(closed_at=None, unit__dissolved_at=None).select_related("unit").order_by("-unit__id", "id")
    return (
        posts.filter(duty=OWNER_DUTY, holder__isnull=False).first()
        or posts.filter(leads_unit=True, unit__parent=None).first()
    )


def own_unowned(now: datetime) -> int:
    """Give owners to what came before a response stood, or outlived one; how many. Two queries when there is none."""
    if not _ownerless(now) or owner_post() is None:
        return 0
    return own(by=WATCH, at=now)


@action
def own(*, by: Actor, at: datetime) -> int:
    """Give what is unsettled and owned by nobody a task, or take its ended task up again. Answers how many.

    Who: the watch.   Refuses: nothing.   Journals: OwnersGiven.
    Promises: it is owed by the open post that settles such things now, with a fresh deadline.
    """
    found = _ownerless(at)
    give_owners(found, by=by, at=at)
    record(OwnersGiven(len(found)), about=by.ref)
    return len(found)


def _ownerless(at: datetime) -> list[Matter]:
    """Unsettled matters of before `at` without a live task, a bounded number of them; locked inside an act."""
    aside = _without(SET_ASIDE, "ref", Quarantined.objects.filter(resolved_at=None, received_at__lt=at))
    gaps = _without(MISSING, "matter", Gap.objects.filter(filled_at=None, lost_at=None, noticed_at__lt=at))
    missing = {gap.matter: Matter(MISSING, gap.matter, gap.device.label) for gap in gaps}
    return [*(Matter(SET_ASIDE, row.ref, row.device.label, row.code) for row in aside), *missing.values()]


def _without(kind: str, field: str, rows: QuerySet[M]) -> list[M]:
    live = Task.objects.filter(kind=kind, about=OuterRef(field)).exclude(status=Task.Status.ENDED)
    found = rows.filter(~Exists(live)).select_related("device").order_by("id")
    if transaction.get_connection().in_atomic_block:
        found = found.select_for_update(of=("self",))
    return list(found[:AT_ONCE])
