"""The book of tracing: everybody who lives with a positive person is somebody's matter until tracing ends."""

from firebreak.command.positives.models import Case
from firebreak.engine.ledgers.registry import Ledger, register_ledger
from firebreak.engine.tasks.models import Task, TaskChange
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T

TITLE = T("阳性人员的密接追踪", "Tracing of positive people")


def balances(cutoff: Cutoff) -> list[Balance]:
    """Owed = positive people (cases); done = those whose tracing task ended; open = the others, under it. Three queries."""
    cases = list(Case.objects.filter(found_at__lte=cutoff.at, act_id__lte=cutoff.position).values_list("task_id", flat=True))
    if not cases:
        return []
    changes: dict[int, TaskChange] = {}
    for change in TaskChange.objects.filter(task__in=[key for key in cases if key], **cutoff.known()).order_by("id"):
        changes[change.task_id] = change
    ended = sum(1 for key in cases if key in changes and changes[key].status == Task.Status.ENDED)
    live = [changes[key] for key in cases if key in changes and changes[key].status != Task.Status.ENDED]
    late = sum(1 for change in live if change.due_at < cutoff.at)
    return [Balance(
        name="tracing", title=TITLE, as_of=cutoff.at, owed=len(cases), done=ended, excused=0, excused_by={}, open=len(live),
        overdue=late, unowned=len(cases) - ended - len(live),
    )]


def register() -> None:
    """Enter the book; called once when Django starts."""
    register_ledger(Ledger("tracing", TITLE, balances))
