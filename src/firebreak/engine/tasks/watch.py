"""The watch: overdue tasks climb one step up the unit tree, and everybody on the way is told.

It asks "older than", never "between", so a watch that stood still for hours catches up when it runs again.
Several may run at once: a task is taken under lock, and only while it still stands where it was read.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from firebreak.engine.calendar.queries import also_told, off_hours
from firebreak.engine.journal.acting import action, record
from firebreak.engine.messages.actions import Recipient, queue_each
from firebreak.engine.tasks.actions import note
from firebreak.engine.tasks.events import TasksEscalated
from firebreak.engine.tasks.models import Task
from firebreak.engine.units import queries as units
from firebreak.engine.units.models import Member, Post
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T

WATCH = SystemActor("watch", frozenset())


def escalate_due(now: datetime, limit: int = 500) -> int:
    """Let overdue tasks climb; how many did. Opens no act when none is due."""
    if not _due(now).exists():
        return 0
    return climb(limit=limit, by=WATCH, at=now)


@action
def climb(*, limit: int, by: Actor, at: datetime) -> int:
    """Move due tasks to the leader above their owner.

    Who: the watch.   Journals: TasksEscalated.
    Promises: one step at a time; a task at the top stays there, and its holder is reminded once.
    """
    rows = list(
        _due(at).select_for_update(of=("self",), skip_locked=True).select_related("owner__unit", "owner__holder")
        .order_by("escalates_at", "id")[:limit]
    )
    above = units.steps_up([row.owner for row in rows])
    climbed = _move(rows, above, at)
    told = _tell(rows, climbed, by, at)
    record(TasksEscalated(len(climbed), len(rows) - len(climbed)), about=told or by.ref)
    return len(climbed)


def _due(now: datetime) -> QuerySet[Task]:
    return Task.objects.filter(escalates_at__lte=now).exclude(status=Task.Status.ENDED)


def _move(rows: Sequence[Task], above: Mapping[int, Post | None], at: datetime) -> dict[int, Post]:
    """Change the owners; answers the owner before, by task key, of those that climbed."""
    before: dict[int, Post] = {}
    for row in rows:
        target = above.get(row.owner_id)
        if target is None:
            row.escalates_at = None
            continue
        before[row.id], row.owner = row.owner, target
        row.escalation += 1
        row.escalates_at = at + timedelta(minutes=max(1, target.step_up_minutes))
    Task.objects.bulk_update(rows, ["owner", "escalation", "escalates_at"], batch_size=100)
    note([row for row in rows if row.id in before], "overdue", at)
    return before


def _tell(rows: Sequence[Task], before: Mapping[int, Post], by: Actor, at: datetime) -> Ref | None:
    """One message to everybody whose tasks came or went."""
    gained: dict[Member, list[Task]] = defaultdict(list)
    lost: dict[Member, list[Task]] = defaultdict(list)
    for row in rows:
        if row.owner.holder is not None:
            gained[row.owner.holder].append(row)
        if row.id in before and (holder := before[row.id].holder) is not None:
            lost[holder].append(row)
    letters = [*_letters(gained, _CAME, _CAME_MANY), *_letters(lost, _WENT, _WENT_MANY)]
    if gained and (why := off_hours(at)) is not None:
        letters += _off_hours_letters(rows, set(gained) | set(lost), why)
    if letters:
        queue_each(to=letters, template="task.overdue", about=rows[0].ref, by=by, at=at)
    return Ref(rows[0].ref) if rows else None


def _letters(tasks: Mapping[Member, Sequence[Task]], one: T, many: T) -> Iterable[tuple[Recipient, T]]:
    for member, theirs in tasks.items():
        title = T(theirs[0].title_zh, theirs[0].title_en)
        text = (one if len(theirs) == 1 else many).filled(title=title, n=len(theirs))
        yield Recipient.of(member), text


def _off_hours_letters(rows: Sequence[Task], told: set[Member], why: T) -> Iterable[tuple[Recipient, T]]:
    """To the deputies of the new owners and the duties the plan names: the leader may be asleep. Three queries."""
    theirs: dict[Member, list[Task]] = defaultdict(list)
    deputies = units.deputies_of({row.owner_id for row in rows})
    watching = units.holders_of_duties({row.response_ref for row in rows}, also_told())
    for row in rows:
        for member in {*deputies.get(row.owner_id, ()), *watching.get(row.response_ref, ())} - told:
            theirs[member].append(row)
    for member, tasks in theirs.items():
        first = tasks[0]
        yield Recipient.of(member), (_OFF if len(tasks) == 1 else _OFF_MANY).filled(
            why=why, n=len(tasks), title=T(first.title_zh, first.title_en), post=T(first.owner.name_zh, first.owner.name_en)
        )


_OFF = T(
    "{why}:一项任务逾期上报,{title},现由{post}负责。请确认有人在办。",
    "{why}: an overdue task has climbed: {title}, now with {post}. Please see that somebody is on it.",
)
_OFF_MANY = T(
    "{why}:{n} 项任务逾期上报,最早一项{title},现由{post}负责。请确认有人在办。",
    "{why}: {n} overdue tasks have climbed; the oldest: {title}, now with {post}. Please see that somebody is on them.",
)
_CAME = T("任务逾期,已上报到您:{title}。请处理。", "Overdue and now with you: {title}. Please see to it.")
_CAME_MANY = T(
    "{n} 项任务逾期,已上报到您,最早一项:{title}。",
    "{n} overdue tasks are now with you; the oldest: {title}.",
)
_WENT = T("您负责的任务逾期,已上报上级:{title}。", "Your task is overdue and has gone to your leader: {title}.")
_WENT_MANY = T(
    "您负责的 {n} 项任务逾期,已上报上级,最早一项:{title}。",
    "{n} of your tasks are overdue and have gone to your leader; the oldest: {title}.",
)
