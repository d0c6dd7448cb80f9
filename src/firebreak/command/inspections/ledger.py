"""The books of inspections and of findings, and their figures."""

from collections.abc import Callable, Iterator

from django.db.models import QuerySet

from firebreak.command.inspections import queries
from firebreak.command.inspections.models import Finding, FindingStep, Look
from firebreak.command.inspections.rights import READ_INSPECTIONS
from firebreak.engine.ledgers.registry import Figure, Ledger, Row, register_figure, register_ledger
from firebreak.kernel.balance import Balance, Discrepancy
from firebreak.kernel.clock import iso
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T

DRAWS, FINDINGS = T("督导抽查", "Things drawn for inspection"), T("督导问题", "Findings")
LISTED_AT_MOST = 100
_UNSEEN = T("督导已结束,这一项没有看,也没有写原因。", "Its inspection ended, and nobody looked or said why not.")
_ADRIFT = T("问题没有销号,也没有人负责复查。", "The finding is not closed, and nobody owes a second look.")


def draw_balances(cutoff: Cutoff) -> list[Balance]:
    """Owed = things drawn (draws); done, excused = looks (theirs); open = draws under a live task (tasks).

    Six queries. A thing drawn that is none of these is named.
    """
    seen = queries.looks_at(cutoff, Look.Outcome.FINE, Look.Outcome.FAULTY)
    unseen = queries.looks_at(cutoff, Look.Outcome.EXCUSED)
    owed, fallen = queries.owed_draws_at(cutoff), queries.fallen_draws_at(cutoff)
    excused = {"not_seen": unseen.count(), "cancelled": fallen.count()}
    known = queries.looks_at(cutoff).values("draw_id")
    stray = queries.draws_at(cutoff).exclude(id__in=known).exclude(id__in=owed.values("id"))
    stray = stray.exclude(id__in=fallen.values("id"))
    return [Balance(
        name="inspections", title=DRAWS, as_of=cutoff.at, owed=queries.draws_at(cutoff).count(), done=seen.count(),
        excused=sum(excused.values()), excused_by={key: n for key, n in excused.items() if n}, open=owed.count(),
        overdue=queries.owed_draws_at(cutoff, late=True).count(),
        rows=tuple(Discrepancy(one, _UNSEEN) for one in stray.values_list("ref", flat=True)[:LISTED_AT_MOST]),
    )]


def finding_balances(cutoff: Cutoff) -> list[Balance]:
    """Owed = findings (theirs); done, excused = their last steps; open = findings under a live task (tasks).

    Six queries. A finding that is none of these is named.
    """
    closed = queries.stepped_at(cutoff, FindingStep.Step.CLOSED)
    withdrawn = queries.stepped_at(cutoff, FindingStep.Step.WITHDRAWN)
    owed, fallen = queries.open_findings_at(cutoff), queries.fallen_findings_at(cutoff)
    excused = {"withdrawn": withdrawn.count(), "cancelled": fallen.count()}
    stray = queries.findings_at(cutoff)
    for side in (closed, withdrawn, owed, fallen):
        stray = stray.exclude(id__in=side.values("id"))
    return [Balance(
        name="findings", title=FINDINGS, as_of=cutoff.at, owed=queries.findings_at(cutoff).count(),
        done=closed.count(), excused=sum(excused.values()),
        excused_by={key: n for key, n in excused.items() if n}, open=owed.count(),
        overdue=queries.open_findings_at(cutoff, late=True).count(),
        rows=tuple(Discrepancy(one, _ADRIFT) for one in stray.values_list("ref", flat=True)[:LISTED_AT_MOST]),
    )]


_FINDING_COLUMNS = {
    "number": T("编号", "Number"), "inspection": T("督导", "Inspection"), "place_zh": T("对象", "Place (zh)"),
    "place_en": T("对象(英文)", "Place (en)"), "line_zh": T("条目", "Line (zh)"), "line_en": T("条目(英文)", "Line (en)"),
    "unit": T("整改单位", "Unit"), "order": T("整改文号", "Order"), "tries": T("交办次数", "Times ordered"),
    "found_at": T("发现时间", "Found"),
}
_DRAW_COLUMNS = {
    "inspection": T("督导", "Inspection"), "position": T("序号", "Position"), "place_zh": T("对象", "Place (zh)"),
    "place_en": T("对象(英文)", "Place (en)"), "outcome": T("结果", "Outcome"), "looked_at": T("查看时间", "Looked at"),
}


def _finding_rows(rows: QuerySet[Finding]) -> Iterator[Row]:
    for one in rows.select_related("draw__inspection", "unit", "order").order_by("id").iterator():
        yield {
            "number": one.number, "inspection": one.draw.inspection.number, "place_zh": one.draw.label_zh,
            "place_en": one.draw.label_en, "line_zh": one.title_zh, "line_en": one.title_en, "unit": one.unit.key,
            "order": one.order.document_number, "tries": one.tries, "found_at": iso(one.happened_at),
        }


def _look_rows(rows: QuerySet[Look]) -> Iterator[Row]:
    for one in rows.select_related("draw__inspection").order_by("id").iterator():
        yield {
            "inspection": one.draw.inspection.number, "position": one.draw.position, "place_zh": one.draw.label_zh,
            "place_en": one.draw.label_en, "outcome": one.outcome, "looked_at": iso(one.happened_at),
        }


def _findings(name: str, title: T, chosen: Callable[[Cutoff], QuerySet[Finding]]) -> Figure:
    return Figure(
        name=name, title=title, unit=T("件", "findings"), count=lambda cutoff: chosen(cutoff).count(),
        rows=lambda cutoff: _finding_rows(chosen(cutoff)), columns=_FINDING_COLUMNS, permission=READ_INSPECTIONS,
        hxl={"number": "#activity+code", "unit": "#org+code", "found_at": "#date+found"},
    )


def register() -> None:
    """Enter the books and their figures; called once when Django starts."""
    register_ledger(Ledger("inspections", DRAWS, draw_balances))
    register_ledger(Ledger("findings", FINDINGS, finding_balances))
    register_figure(Figure(
        name="inspected", title=T("督导查看", "Looked at in inspections"), unit=T("处", "places"),
        count=lambda cutoff: queries.looks_at(cutoff, Look.Outcome.FINE, Look.Outcome.FAULTY).count(),
        rows=lambda cutoff: _look_rows(queries.looks_at(cutoff, Look.Outcome.FINE, Look.Outcome.FAULTY)),
        columns=_DRAW_COLUMNS, permission=READ_INSPECTIONS,
        hxl={"inspection": "#event+code", "outcome": "#status", "looked_at": "#date"},
    ))
    register_figure(_findings("findings-raised", T("督导发现问题", "Findings"), queries.findings_at))
    register_figure(_findings("findings-open", T("未销号问题", "Findings not closed"), queries.open_findings_at))
    register_figure(_findings(
        "findings-closed", T("已销号问题", "Findings closed"),
        lambda cutoff: queries.stepped_at(cutoff, FindingStep.Step.CLOSED),
    ))
