"""Writes of tasks, set-based: one act opens, ends or reopens any number in a bounded number of statements."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from firebreak.engine import bulk
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.tasks.events import (
    TaskAccepted,
    TaskAssigned,
    TaskDueChanged,
    TasksEnded,
    TasksOpened,
    TasksReopened,
)
from firebreak.engine.tasks.models import Task, TaskChange
from firebreak.engine.tasks.refusals import (
    ALREADY_ACCEPTED,
    DUPLICATE_TASK,
    ENDS_ELSEWHERE,
    NOT_YOURS,
    POST_CLOSED,
    REASON_MISSING,
    TASK_ENDED,
    TASK_NOT_ENDED,
)
from firebreak.engine.tasks.rights import ASSIGN_TASKS
from firebreak.engine.units import queries as units
from firebreak.engine.units.models import Post
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, kind_of, new_refs
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

K = TypeVar("K")
BY_HAND = frozenset({
    "checklist", "clock", "order-refused", "call", "end-due", "positive-inside", "weather", "propose-zone", "trace",
    "results-changed", "laboratory-doubt",
})
"""Kinds that their owner ticks off; all others end with their matter."""
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """A task to open. `about` is the ref of its subject (one task per kind and subject); `owner_id` a post key."""

    kind: str
    about: str
    response_ref: str
    title: T
    owner_id: int
    due_at: datetime


@action
def open_tasks(*, specs: Sequence[TaskSpec], by: Actor, at: datetime) -> list[int]:
    """Open tasks; answers their keys in the order of `specs`.

    Who: the action whose matter somebody must see to.   Refuses: post-closed, duplicate-task.
    Journals: TasksOpened.   Promises: each has an owner, a deadline and a first change; written in batches.
    """
    posts = _open_posts({spec.owner_id for spec in specs})
    _check_unique(specs)
    act = current_act()
    rows = Task.objects.bulk_create(
        [
            Task(
                ref=ref, kind=spec.kind, about=spec.about, response_ref=spec.response_ref,
                title_zh=spec.title.zh[:200], title_en=spec.title.en[:200], owner_id=spec.owner_id,
                due_at=spec.due_at, opened_at=at, escalates_at=climbs_at(spec.due_at, posts[spec.owner_id]), act=act,
            )
            for ref, spec in zip(new_refs("task", len(specs)), specs, strict=True)
        ],
        batch_size=CHUNK,
    )
    note(rows, "", at)
    about = specs[0].response_ref if specs else by.ref
    record(TasksOpened(dict(Counter(spec.kind for spec in specs))), about=about)
    return [row.id for row in rows]


@action
def accept_task(*, task: Ref, by: Actor, at: datetime) -> Ref:
    """Take a task on.

    Who: the holder of the owning post, or whoever may assign tasks.
    Refuses: not-your-task, already-accepted, task-ended.   Journals: TaskAccepted.
    """
    row = live_task(task)
    check_owner(row, by)
    if row.status == Task.Status.ACCEPTED:
        raise ALREADY_ACCEPTED.because()
    row.status = Task.Status.ACCEPTED
    row.save(update_fields=["status"])
    note([row], "", at)
    record(TaskAccepted(row.owner.ref), about=row.ref)
    return Ref(row.ref)


@action
def finish_task(*, task: Ref, note: str, by: Actor, at: datetime) -> Ref:
    """Report done a task that nothing else ends: a line of the first-hour page, a clock of the plan.

    Who: the holder of the owning post, or whoever may assign tasks.
    Refuses: not-your-task, task-ended, ends-elsewhere.   Journals: TasksEnded.
    """
    row = live_task(task)
    check_owner(row, by)
    if row.kind not in BY_HAND:
        raise ENDS_ELSEWHERE.because()
    end_tasks(ids=[row.id], outcome=Task.Outcome.DONE, reason=note, by=by, at=at)
    return Ref(row.ref)


@action
def assign_task(*, task: Ref, owner: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """Give a task to another post.

    Who: whoever may assign tasks over the unit of the owning post.
    Refuses: task-ended, post-closed, reason-missing, not-found.   Journals: TaskAssigned.
    Promises: the deadline does not move; both owners stay in the record.
    """
    return assign_tasks(tasks=[task], owner=owner, reason=reason, by=by, at=at)[0]


@action
def assign_tasks(*, tasks: Sequence[Ref], owner: Ref, reason: str, by: Actor, at: datetime) -> list[Ref]:
    """Give several tasks to one other post; those it owns already stay as they are. Answers which went over.

    Who: whoever may assign tasks over the unit of each owning post.   Refuses: as `assign_task` for any of them.
    Journals: TaskAssigned for each.   Promises: all or none.
    """
    rows = [live_task(task) for task in tasks]
    for row in rows:
        by.require(ASSIGN_TASKS, unit=row.owner.unit.path)
    if not reason.strip():
        raise REASON_MISSING.because()
    after = Post.objects.filter(ref=owner).first()
    if after is None:
        raise NOT_FOUND.because()
    if after.closed_at is not None:
        raise POST_CLOSED.because()
    given = [row for row in rows if row.owner_id != after.pk or len(rows) == 1]
    for row in given:
        before, row.owner = row.owner, after
        row.status, row.escalates_at = Task.Status.OPEN, climbs_at(max(row.due_at, at), after)
        row.save(update_fields=["owner", "status", "escalates_at"])
        record(TaskAssigned(before.ref, after.ref, reason), about=row.ref)
    note(given, reason, at)
    return [Ref(row.ref) for row in given]


@action
def end_tasks(*, ids: Sequence[int], outcome: str, reason: str, by: Actor, at: datetime) -> int:
    """End tasks with one outcome; those already ended are left as they are. Answers how many ended.

    Who: the action that settled their matter.   Refuses: reason-missing (every outcome but done needs one).
    Journals: TasksEnded.   Promises: ended, moment and outcome come together.
    """
    if outcome != Task.Outcome.DONE and not reason.strip():
        raise REASON_MISSING.because()
    live = bulk.select_in(
        "SELECT id, owner_id, due_at FROM tasks_task WHERE status <> 'ended' AND id IN {values} ORDER BY id"
        + (" FOR UPDATE" if bulk.is_postgres() else ""), ids, "bigint",
    )
    moment, act = bulk.moment(at), current_act().pk
    bulk.update(
        "tasks_task", {"id": "bigint"},
        {"status": "text", "ended_at": "timestamptz", "outcome": "text", "escalates_at": "timestamptz"},
        [(key, Task.Status.ENDED, moment, outcome, None) for key, _, _ in live],
    )
    bulk.insert(
        "tasks_taskchange", CHANGE_COLUMNS,
        [(key, owner, due, Task.Status.ENDED, outcome, reason[:200], moment, act) for key, owner, due in live],
    )
    record(TasksEnded(len(live), outcome, reason), about=by.ref)
    return len(live)


CHANGE_COLUMNS = ("task_id", "owner_id", "due_at", "status", "outcome", "reason", "happened_at", "act_id")


@action
def reopen_tasks(
    *, ids: Sequence[int], due_at: datetime, reason: str, by: Actor, at: datetime, owner: int | None = None
) -> int:
    """Open ended tasks again with a new deadline, for the same owners or for one post. Answers how many.

    Who: the action that found their matter unsettled after all.
    Refuses: reason-missing, task-not-ended, post-closed (the one post).
    Journals: TasksReopened.   Promises: what was written when they ended stays.
    """
    if not reason.strip():
        raise REASON_MISSING.because()
    if owner is not None:
        _open_posts({owner})
    post = Post.objects.select_related("unit").get(id=owner) if owner is not None else None
    reopened = 0
    for chunk in _chunks(ids):
        rows = list(Task.objects.select_for_update(of=("self",)).select_related("owner").filter(id__in=chunk))
        if unended := sum(row.status != Task.Status.ENDED for row in rows):
            raise TASK_NOT_ENDED.because(n=unended)
        for row in rows:
            row.status, row.ended_at, row.outcome, row.due_at = Task.Status.OPEN, None, "", due_at
            if post is not None:
                row.owner, row.response_ref = post, post.unit.response_ref
            row.escalation, row.escalates_at = 0, climbs_at(due_at, row.owner)
        fields = [
            "status", "ended_at", "outcome", "due_at", "escalation", "escalates_at", "owner", "response_ref",
        ]
        Task.objects.bulk_update(rows, fields, batch_size=100)
        note(rows, reason, at)
        reopened += len(rows)
    record(TasksReopened(reopened, reason), about=by.ref)
    return reopened


@action
def change_due(*, task: Ref, due_at: datetime, reason: str, by: Actor, at: datetime) -> Ref:
    """Move the deadline of a task.

    Who: whoever may assign tasks over the unit of the owning post.   Refuses: task-ended, reason-missing.
    Journals: TaskDueChanged.   Promises: the old deadline stays in the record.
    """
    row = live_task(task)
    by.require(ASSIGN_TASKS, unit=row.owner.unit.path)
    if not reason.strip():
        raise REASON_MISSING.because()
    before, row.due_at = row.due_at, due_at
    row.escalates_at = climbs_at(due_at, row.owner)
    row.save(update_fields=["due_at", "escalates_at"])
    note([row], reason, at)
    record(TaskDueChanged(before, due_at, reason), about=row.ref)
    return Ref(row.ref)


def climbs_at(due_at: datetime, owner: Post) -> datetime:
    """When a task with this deadline and owner first climbs."""
    return due_at + timedelta(minutes=owner.step_up_minutes)


def note(rows: Sequence[Task], reason: str, at: datetime) -> None:
    """Append what tasks look like from now on; part of the running act."""
    act = current_act()
    TaskChange.objects.bulk_create(
        [
            TaskChange(
                task=row, owner_id=row.owner_id, due_at=row.due_at, status=row.status, outcome=row.outcome,
                reason=reason[:200], happened_at=at, act=act,
            )
            for row in rows
        ],
        batch_size=CHUNK,
    )


def live_task(task: Ref) -> Task:
    """A task that has not ended, locked, with its owner and the owner's unit. Errors: refusals."""
    row = Task.objects.select_for_update(of=("self",)).select_related("owner__unit").filter(ref=task).first()
    if row is None:
        raise NOT_FOUND.because()
    if row.status == Task.Status.ENDED:
        raise TASK_ENDED.because()
    return row


def check_owner(row: Task, by: Actor) -> None:
    """Refuse `not-your-task` unless the actor holds the owning post or may assign tasks over its unit."""
    holds = kind_of(by.ref) == "account" and units.posts_held_by(by.ref).filter(id=row.owner_id).exists()
    if not holds and not by.may(ASSIGN_TASKS, unit=row.owner.unit.path):
        raise NOT_YOURS.because(post=T(row.owner.name_zh, row.owner.name_en))


def _open_posts(keys: set[int]) -> dict[int, Post]:
    posts = Post.objects.in_bulk(list(keys))
    if len(posts) < len(keys) or any(post.closed_at is not None for post in posts.values()):
        raise POST_CLOSED.because()
    return posts


@action
def take_up_tasks(*, specs: Sequence[TaskSpec], reason: str, by: Actor, at: datetime) -> int:
    """Open a task for each matter, or open the ended one of that matter again; answers how many.

    Who: a watch whose matter may return.   Refuses: post-closed, reason-missing, task-not-ended.
    Journals: TasksOpened, TasksReopened.
    Promises: owner and deadline are those of the specs; statements grow with distinct owners and deadlines only.
    """
    known = {
        (kind, about): key
        for chunk in _chunks([spec.about for spec in specs])
        for kind, about, key in Task.objects.filter(about__in=chunk).values_list("kind", "about", "id")
    }
    new = [spec for spec in specs if (spec.kind, spec.about) not in known]
    again: dict[tuple[int, datetime], list[int]] = {}
    for spec in specs:
        if (spec.kind, spec.about) in known:
            again.setdefault((spec.owner_id, spec.due_at), []).append(known[spec.kind, spec.about])
    if new:
        open_tasks(specs=new, by=by, at=at)
    for (owner, due_at), ids in again.items():
        reopen_tasks(ids=ids, due_at=due_at, reason=reason, owner=owner, by=by, at=at)
    return len(specs)


def _check_unique(specs: Sequence[TaskSpec]) -> None:
    subjects = Counter((spec.kind, spec.about) for spec in specs)
    kinds = {spec.kind for spec in specs}
    for chunk in _chunks([spec.about for spec in specs]):
        subjects.update(Task.objects.filter(about__in=chunk, kind__in=kinds).values_list("kind", "about"))
    wanted = {(spec.kind, spec.about) for spec in specs}
    doubled = [about for (kind, about), times in subjects.items() if times > 1 and (kind, about) in wanted]
    if doubled:
        raise DUPLICATE_TASK.because(about=doubled[0])


def _chunks(keys: Sequence[K]) -> list[Sequence[K]]:
    return [keys[start:start + CHUNK] for start in range(0, len(keys), CHUNK)]
