"""Who answers for a building of a round: the post of its live task, its holder, the clock, the telephone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from firebreak.engine.access.actors import AccountActor
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.contacts import recipient_address
from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Round, Tally
from firebreak.surfaces.common.shapes import Due, Owner

SEES_PHONES = "tasks.read"
NOBODY = T("空岗,无人负责", "no holder")


@dataclass(frozen=True, slots=True)
class Sweep:
    """The task of one building, as a page shows it."""

    owner: Owner | None
    due: Due | None
    due_at: datetime | None
    owned: bool


NONE = Sweep(None, None, None, owned=False)


def sweeps(row: Round, buildings: Iterable[int], who: AccountActor) -> dict[int, Sweep]:
    """Building key → its sweep. One query."""
    rows = Tally.objects.filter(round=row, building_id__in=list(buildings), task__isnull=False)
    rows = rows.select_related("task__owner__unit", "task__owner__holder", "building")
    return {tally.building_id: _sweep(tally, who) for tally in rows if tally.task is not None}


def unowned(row: Round, paths: Iterable[str]) -> int:
    """Open people whose building has no live task with a holder, below these paths. One query a path."""
    count = 0
    for path in paths:
        rows = Tally.objects.filter(round=row, building__path__startswith=path)
        ownerless = rows.exclude(
            task__status__in=[Task.Status.OPEN, Task.Status.ACCEPTED], task__owner__closed_at=None,
            task__owner__holder__isnull=False,
        )
        count += sum(sum(left) for left in ownerless.values_list("to_do", "away", "unreachable"))
    return count


def _sweep(tally: Tally, who: AccountActor) -> Sweep:
    task = tally.task
    assert task is not None  # the query asked for those with a task
    post, holder = task.owner, task.owner.holder
    phone = ""
    if holder is not None and who.may(SEES_PHONES, area=tally.building.path):
        phone = recipient_address(holder)
    owner = Owner(T(post.name_zh, post.name_en), holder.name if holder else NOBODY, phone)
    return Sweep(
        owner, Due(task.due_at, ended_at=task.ended_at), task.due_at,
        owned=holder is not None and post.closed_at is None and task.ended_at is None,
    )
