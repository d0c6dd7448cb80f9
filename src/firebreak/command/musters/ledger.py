"""The book of musters: people needed against people there, and what was closed short."""

from collections.abc import Iterator

from django.db.models import Sum

from firebreak.command.musters import queries
from firebreak.command.musters.rights import READ_MUSTERS
from firebreak.engine.ledgers.registry import Figure, Ledger, Row, register_figure, register_ledger
from firebreak.kernel.balance import Balance, Discrepancy
from firebreak.kernel.clock import iso
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T

TITLE = T("集结人员", "People mustered")
LISTED_AT_MOST = 100
_ENDED_SHORT = T("集结已结束,人没有到齐,也没有写原因。", "It ended with people missing and no reason given.")


def balances(cutoff: Cutoff) -> list[Balance]:
    """Owed = people needed (musters); done = arrivals (theirs); excused = shortfalls; open = missing of live tasks.

    Six queries. A muster that ended with people missing and no reason is named.
    """
    needed = dict(queries.musters_at(cutoff).values_list("id", "needed"))
    there = queries.there_at(cutoff)
    short = queries.shortfalls_at(cutoff).aggregate(n=Sum("missing", default=0))["n"]
    owed = set(queries.open_tasks(cutoff).values_list("task__muster__id", flat=True))
    late = set(queries.open_tasks(cutoff).filter(due_at__lt=cutoff.at).values_list("task__muster__id", flat=True))
    fell = set(queries.fallen_tasks(cutoff).values_list("task__muster__id", flat=True))
    missing = {key: n - there.get(key, 0) for key, n in needed.items()}
    excused = {"short": short, "cancelled": sum(n for key, n in missing.items() if key in fell)}
    reasoned = set(queries.shortfalls_at(cutoff).values_list("muster_id", flat=True))
    stray = [key for key, n in missing.items() if n and key not in owed | fell | reasoned]
    refs = dict(queries.musters_at(cutoff).filter(id__in=stray[:LISTED_AT_MOST]).values_list("id", "ref"))
    return [Balance(
        name="musters", title=TITLE, as_of=cutoff.at, owed=sum(needed.values()), done=sum(there.values()),
        excused=sum(excused.values()), excused_by={key: n for key, n in excused.items() if n},
        open=sum(n for key, n in missing.items() if key in owed),
        overdue=sum(n for key, n in missing.items() if key in late),
        rows=tuple(Discrepancy(ref, _ENDED_SHORT) for ref in refs.values()),
    )]


def _rows(cutoff: Cutoff) -> Iterator[Row]:
    rows = queries.arrivals_at(cutoff).select_related("call__muster__unit").order_by("id")
    for one in rows.iterator():
        muster = one.call.muster
        minutes = int((one.happened_at - muster.called_at).total_seconds() // 60)
        yield {
            "muster": muster.number, "unit": muster.unit.key, "arrived_at": iso(one.happened_at), "minutes": minutes,
        }


def register() -> None:
    """Enter the book and its figure; called once when Django starts."""
    register_ledger(Ledger("musters", TITLE, balances))
    register_figure(Figure(
        name="mustered", title=T("集结到场", "People mustered"), unit=T("人", "people"),
        count=lambda cutoff: queries.arrivals_at(cutoff).count(), rows=_rows,
        columns={
            "muster": T("集结", "Muster"), "unit": T("单位", "Unit"), "arrived_at": T("到场时间", "Arrived"),
            "minutes": T("分钟", "Minutes"),
        },
        permission=READ_MUSTERS, hxl={"muster": "#event+code", "unit": "#org+code", "arrived_at": "#date+arrived"},
    ))
