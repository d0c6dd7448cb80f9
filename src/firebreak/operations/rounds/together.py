"""Several people at once: the door where nobody opened, the list somebody worked through. All of them, or nobody."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from firebreak.engine.journal.acting import action, record
from firebreak.engine.registry.models import Presence
from firebreak.engine.tasks.actions import assign_tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Post, Service
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_event_id
from firebreak.kernel.text import T
from firebreak.operations.rounds import refusals, visiting
from firebreak.operations.rounds.events import PeopleExcused, VisitRecorded, VisitUndone
from firebreak.operations.rounds.models import Attempt, Entry, Round, Tally
from firebreak.operations.rounds.recording import the_round
from firebreak.operations.rounds.rules import read_terms
from firebreak.operations.rounds.states import OPEN, State

MOST = 500
"""People in one act: a page of a list, or everybody behind a few doors."""


@action
def record_visit(
    *, round: Ref, people: Sequence[Ref], way: str, result: str, revisit_at: datetime | None, by: Actor, at: datetime
) -> str:
    """Write one call or visit down for several people; answers the id of one attempt, by which all are taken back.

    Who: whoever may record over every building.   Refuses: as `record_attempt` for any of them, nobody-chosen,
    too-many-chosen.   Journals: VisitRecorded.   Promises: all or nobody; everybody stays open.
    """
    row = the_round(round)
    tried = [
        visiting.Tried(
            visiting.key_of(person), at, by, way=way, result=result, revisit_at=revisit_at,
            event=new_event_id(at.timestamp()),
        )
        for person in chosen(people)
    ]
    visiting.record_attempts(row, tried, by, at)
    _raise_first(tried)
    record(VisitRecorded(len(tried), way, result), about=row.ref)
    return str(tried[0].event)


@action
def undo_visit(*, round: Ref, attempt: UUID, by: Actor, at: datetime) -> int:
    """Take back every attempt written in one act with this one; how many people stand as before it.

    Who: whoever wrote it down.   Refuses: as `undo_attempt` for any of them.   Journals: VisitUndone.
    """
    row = the_round(round)
    acts = Attempt.objects.filter(round=row, event_id=attempt).values("act_id")
    together = Attempt.objects.filter(round=row, act_id__in=acts).order_by("id").values_list("event_id", flat=True)
    undos = [visiting.Untried(new_event_id(at.timestamp()), one, at, by) for one in together if one is not None]
    if not undos:
        raise refusals.UNKNOWN_ATTEMPT.because()
    visiting.take_back_attempts(row, undos, by, at)
    _raise_first(undos)
    undone = sum("already_undone" not in undo.note for undo in undos)
    if not undone:
        raise refusals.ALREADY_UNDONE.because()
    record(VisitUndone(undone), about=row.ref)
    return undone


@action
def excuse_people(*, round: Ref, people: Sequence[Ref], reason: str, note: str, by: Actor, at: datetime) -> int:
    """Excuse several people from a round for one reason of its plan; how many.

    Who: as `excuse_person`, for each.   Refuses: as `excuse_person` for any of them, nobody-chosen, too-many-chosen.
    Journals: PeopleExcused.   Promises: all or nobody; each has a decision of their own.
    """
    row = the_round(round)
    decided = [
        visiting.Decided(visiting.key_of(person), at, by, state=State.EXCUSED, reason=reason, words=note)
        for person in chosen(people)
    ]
    visiting.decide(row, decided, by, at)
    _raise_first(decided)
    record(PeopleExcused(len(decided), reason), about=row.ref)
    return len(decided)


@action
def assign_people(*, round: Ref, people: Sequence[Ref], owner: Ref, reason: str, by: Actor, at: datetime) -> int:
    """Let another post answer for the buildings in which these people are owed something; how many buildings.

    Who: whoever may assign tasks over the unit of each owning post.
    Refuses: as `assign_tasks`, nobody-chosen, too-many-chosen, nobody-owes (nobody of them is still owed), over-cap (the
    post would owe more doors than its people can work in a shift).
    Journals: TaskAssigned.   Promises: a building keeps one owner and its deadline.
    """
    row = the_round(round)
    entries = Entry.objects.filter(round=row, person__ref__in=chosen(people), state__in=OPEN)
    tallies = Tally.objects.filter(round=row, building_id__in=entries.values("building_id"))
    tasks = tallies.exclude(task=None).exclude(task__status=Task.Status.ENDED).order_by("building_id")
    moved = dict(tasks.values_list("task_id", "task__ref"))
    refs = [Ref(ref) for ref in moved.values()]
    if not refs:
        raise refusals.NOBODY_OWES.because()
    _check_cap(row, owner, list(moved))
    return len(assign_tasks(tasks=refs, owner=owner, reason=reason, by=by, at=at))


def _check_cap(row: Round, owner: Ref, more: Sequence[int]) -> None:
    """Errors: refuses `over-cap`. Three queries; none where the plan sets no cap."""
    cap = read_terms(row.terms).doors_a_shift
    post = Post.objects.filter(ref=owner).first() if cap else None
    if cap is None or post is None:
        return
    people = Service.objects.filter(post=post, ends_at=None).count()
    doors = doors_owed(row, post.pk, more)
    if doors > cap * people:
        raise refusals.OVER_CAP.because(post=T(post.name_zh, post.name_en), people=people, cap=cap, doors=doors)


def doors_owed(row: Round, post: int, more: Sequence[int] = ()) -> int:
    """Doors behind which somebody is left, in the buildings a post owes and those of further tasks. One query."""
    tallies = Tally.objects.filter(Q(task__owner=post) | Q(task__in=more), round=row).exclude(task__status=Task.Status.ENDED)
    left = Entry.objects.filter(round=row, state__in=OPEN, building__in=tallies.values("building"))
    stays = Presence.objects.filter(building=OuterRef("building"), person=OuterRef("person")).order_by("id")
    at_door = left.annotate(door=Coalesce(Subquery(stays.values("door")[:1]), Value("")))
    return at_door.values("building", "door").distinct().count()


def chosen(people: Sequence[Ref]) -> list[Ref]:
    """Each of them once. Errors: refuses `nobody-chosen`, `too-many-chosen`."""
    once = list(dict.fromkeys(people))
    if not once:
        raise refusals.NOBODY_CHOSEN.because()
    if len(once) > MOST:
        raise refusals.TOO_MANY_CHOSEN.because(most=MOST, n=len(once))
    return once


def _raise_first(matters: Sequence[visiting.Matter | visiting.Untried]) -> None:
    for matter in matters:
        if matter.refusal is not None:
            raise matter.refusal
