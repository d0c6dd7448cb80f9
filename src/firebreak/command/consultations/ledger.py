"""The book of consultations: items laid on tables against what was decided and what still lies there."""

from collections.abc import Iterator

from firebreak.command.consultations import queries
from firebreak.command.consultations.models import Resolution
from firebreak.command.consultations.rights import READ_CONSULTATIONS
from firebreak.command.consultations.states import RESOLUTION_WORDS
from firebreak.engine.ledgers.registry import Figure, Ledger, Row, register_figure, register_ledger
from firebreak.kernel.balance import Balance, Discrepancy
from firebreak.kernel.clock import iso
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T

TITLE = T("会商议题", "Consultation items")
LISTED_AT_MOST = 100
_STRANDED = T(
    "议题没有决定,也不在任何待开会商的议程上。",
    "Nothing was decided about the item, and it lies on no table that somebody owes.",
)


def balances(cutoff: Cutoff) -> list[Balance]:
    """Owed = items (their table); done, excused = decisions (theirs); open = items under a live task (tasks).

    Seven queries. An item that is none of these is named.
    """
    still = queries.open_at(cutoff)
    late = queries.open_tasks(cutoff).filter(due_at__lt=cutoff.at)
    excused = {"carried": queries.carried_at(cutoff).count(), "cancelled": queries.fallen_at(cutoff).count()}
    stranded = queries.stranded_at(cutoff).values_list("ref", flat=True)[:LISTED_AT_MOST]
    return [
        Balance(
            name="consultations", title=TITLE, as_of=cutoff.at, owed=queries.items_at(cutoff).count(),
            done=queries.decided_at(cutoff).count(), excused=sum(excused.values()),
            excused_by={reason: n for reason, n in excused.items() if n}, open=still.count(),
            overdue=still.filter(consultation__task__in=late.values("task_id")).count(),
            rows=tuple(Discrepancy(ref, _STRANDED) for ref in stranded),
        )
    ]


def _rows(cutoff: Cutoff, kind: str) -> Iterator[Row]:
    rows = queries.decisions_at(cutoff, kind).select_related("item__consultation", "order").order_by("id")
    for one in rows.iterator():
        yield {
            "consultation": one.item.consultation.number, "item": one.item.number,
            "kind": str(RESOLUTION_WORDS[one.kind]), "text": one.text,
            "order": one.order.document_number if one.order else "", "was": one.was, "becomes": one.becomes,
            "reason": one.reason, "effective_at": iso(one.effective_at) if one.effective_at else "",
            "decided_at": iso(one.happened_at),
        }


_COLUMNS = {
    "consultation": T("会商", "Consultation"), "item": T("议题", "Item"), "kind": T("类别", "Kind"),
    "text": T("决定", "Decision"), "order": T("指令文号", "Order"), "was": T("原来", "Was"),
    "becomes": T("改为", "Becomes"), "reason": T("理由", "Why"), "effective_at": T("生效", "From"),
    "decided_at": T("决定时间", "Decided"),
}


def _figure(name: str, title: T, kind: str) -> Figure:
    return Figure(
        name=name, title=title, unit=T("项", "decisions"),
        count=lambda cutoff: queries.decisions_at(cutoff, kind).count(), rows=lambda cutoff: _rows(cutoff, kind),
        columns=_COLUMNS, permission=READ_CONSULTATIONS,
        hxl={"consultation": "#event+code", "kind": "#activity+type", "decided_at": "#date+decided"},
    )


def register() -> None:
    """Enter the book and its figures; called once when Django starts."""
    register_ledger(Ledger("consultations", TITLE, balances))
    register_figure(_figure("decisions-taken", T("会商决定", "Decisions taken"), ""))
    register_figure(_figure("measures-changed", T("调整措施", "Measures changed"), Resolution.Kind.MEASURE))
