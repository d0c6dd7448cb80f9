"""The book of tasks: opened against ended and still open, from two tables, at a cut-off."""

from collections import Counter
from collections.abc import Callable, Iterator

from django.db.models import Count, QuerySet

from firebreak.engine.ledgers.registry import Figure, Ledger, Row, register_figure, register_ledger
from firebreak.engine.tasks import queries
from firebreak.engine.tasks.models import Task, TaskChange
from firebreak.engine.tasks.rights import READ_TASKS
from firebreak.engine.tasks.states import STATUS_WORDS
from firebreak.engine.units.models import Post
from firebreak.engine.units.queries import within
from firebreak.kernel.balance import Balance, Discrepancy
from firebreak.kernel.clock import iso
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T

TITLE = T("任务", "Tasks")
LISTED_AT_MOST = 100
Chosen = Callable[[Cutoff], QuerySet[TaskChange]]

_CONTRADICTED = T("任务与它的变更记录不一致。", "The task differs from the record of its changes.")
_UNOWNED = T("任务没有责任岗位。", "The task has no post that owns it.")


def balances(cutoff: Cutoff) -> list[Balance]:
    """Owed = tasks opened (table of tasks); done, excused, open = their last change (table of changes).

    Six queries. A task without a change, one that differs from its last change, and one whose owner is gone
    are named.
    """
    counted = queries.latest_changes(cutoff).order_by().values_list("status", "outcome").annotate(n=Count("id"))
    states = Counter[tuple[str, str]]({(status, outcome): n for status, outcome, n in counted})
    ended = {outcome: n for (status, outcome), n in states.items() if status == Task.Status.ENDED}
    done = ended.pop(Task.Outcome.DONE, 0)
    unowned = list(_unowned(cutoff).values_list("task__ref", flat=True)[:LISTED_AT_MOST])
    wrong = queries.contradicted(cutoff).values_list("ref", flat=True)[:LISTED_AT_MOST]
    rows = [Discrepancy(ref, _CONTRADICTED) for ref in wrong] + [Discrepancy(ref, _UNOWNED) for ref in unowned]
    return [
        Balance(
            name="tasks", title=TITLE, as_of=cutoff.at, owed=queries.opened_at(cutoff).count(), done=done,
            excused=sum(ended.values()), excused_by=ended,
            open=sum(n for (status, _), n in states.items() if status != Task.Status.ENDED),
            overdue=queries.overdue_at(cutoff).count(), unowned=len(unowned), rows=tuple(rows),
        )
    ]


def _unowned(cutoff: Cutoff) -> QuerySet[TaskChange]:
    """Open tasks whose post was not open at the cut-off, or does not exist."""
    posts = Post.objects.filter(within(cutoff, "opened_at", "closed_at")).values("id")
    return queries.open_at(cutoff).exclude(owner_id__in=posts).order_by("task_id")


def _rows(changes: QuerySet[TaskChange]) -> Iterator[Row]:
    for change in changes.select_related("task", "owner").order_by("due_at", "task_id").iterator():
        yield {
            "task": change.task.ref, "kind": change.task.kind, "title_zh": change.task.title_zh,
            "title_en": change.task.title_en, "post": change.owner.code, "due_at": iso(change.due_at),
            "status": str(STATUS_WORDS[change.status]),
        }


_COLUMNS = {
    "task": T("任务编号", "Task"), "kind": T("类别", "Kind"), "title_zh": T("内容", "Title (zh)"),
    "title_en": T("内容(英文)", "Title (en)"), "post": T("责任岗位", "Owner"), "due_at": T("时限", "Due"),
    "status": T("状态", "State"),
}


def _figure(name: str, title: T, chosen: Chosen) -> Figure:
    return Figure(
        name=name, title=title, unit=T("项", "tasks"), count=lambda cutoff: chosen(cutoff).count(),
        rows=lambda cutoff: _rows(chosen(cutoff)), columns=_COLUMNS, permission=READ_TASKS,
        hxl={"task": "#activity+code", "kind": "#activity+type", "due_at": "#date+due", "status": "#status"},
    )


def register() -> None:
    """Enter the book and its figures; called once when Django starts."""
    register_ledger(Ledger("tasks", TITLE, balances))
    register_figure(_figure("tasks-open", T("未办结任务", "Open tasks"), queries.open_at))
    register_figure(_figure("tasks-overdue", T("逾期任务", "Overdue tasks"), queries.overdue_at))
