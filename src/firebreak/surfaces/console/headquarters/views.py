"""The headquarters page and the page of all books."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import condition

from firebreak.command.activation.queries import active_response
from firebreak.command.headquarters.rights import ISSUE_ORDERS
from firebreak.engine.approvals.rights import DECIDE_APPROVALS
from firebreak.engine.ledgers import checks
from firebreak.engine.ledgers.registry import balance_all
from firebreak.kernel import clock
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T, language
from firebreak.surfaces.common import happenings, picture
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Listing, Row
from firebreak.surfaces.console.headquarters.rights import READ_HQ
from firebreak.surfaces.console.reports.cutoffs import asked_cutoff

URGENT = 6
EVENTS = 8


def _etag(request: HttpRequest) -> str:
    return f'{picture.pulse_of(clock.now())[:-1]}-{language()}"'


@needs(READ_HQ)
def headquarters(request: HttpRequest) -> HttpResponse:
    """The answer, the books, what could be missed next, the map."""
    by = actor(request)
    acts = {"may_issue": by.may(ISSUE_ORDERS) and active_response() is not None, "may_decide": by.may(DECIDE_APPROVALS)}
    return render(request, "console/headquarters/hq.html", {**_context(), **acts})


@needs(READ_HQ, background=True)
@condition(etag_func=_etag)
def headquarters_live(request: HttpRequest) -> HttpResponse:
    """The moving part of the page; 304 while nothing was done."""
    return render(request, "console/headquarters/live.html", _context())


def _context() -> dict[str, object]:
    found = picture.picture(clock.now())
    urgent = Listing(
        caption=T("接下来可能漏掉什么", "What could be missed next"), note=T("按剩余时间", "by time left"),
        columns=(Column(T("事项", "Matter")), Column(T("责任人", "Owner")), Column(T("时限", "Due"))),
        rows=picture.urgent_rows(URGENT),
        empty=T("没有待办的事。", "Nothing is waiting."),
    )
    return {
        "picture": found, "books": picture.books(found), "urgent": urgent, "burn": picture.burn(found.running, found.count),
        "district": picture.map_of(found, links=True), "events": happenings.latest(EVENTS),
        "meter": picture.meter(found, found.now - timedelta(hours=24)),
    }


@needs(READ_HQ)
def ledgers(request: HttpRequest) -> HttpResponse:
    """Every book: as last checked, or added up now for the moment asked for."""
    asked = bool(request.GET.get("at"))
    cutoff = asked_cutoff(request) if asked else Cutoff(clock.now())
    check = checks.latest_check()
    balances = balance_all(cutoff) if asked or check is None else checks.balances_of(check)
    as_of = cutoff.at if asked or check is None else check.at
    rows = tuple(
        Row(
            (
                Cell(balance.title), balance.owed, balance.done, balance.excused, balance.open,
                Cell(balance.overdue, tone="bad" if balance.overdue else ""), balance.unowned,
                Cell(balance.difference, tone="bad" if balance.difference else ""),
            ),
            ref=balance.name,
        )
        for balance in balances
    )
    listing = Listing(
        caption=T("账本", "Books"), rows=rows, as_of=as_of,
        columns=(
            Column(T("账本", "Book")), Column(T("应有", "Owed"), numeric=True), Column(T("完成", "Done"), numeric=True),
            Column(T("豁免", "Excused"), numeric=True), Column(T("未完", "Open"), numeric=True),
            Column(T("逾期", "Late"), numeric=True), Column(T("无主", "Unowned"), numeric=True),
            Column(T("差额", "Difference"), numeric=True),
        ),
        empty=T("还没有账。启动预案后这里会有。", "No books yet. They open with the activation of a plan."),
    )
    off = [(balance.title, row) for balance in balances for row in balance.rows]
    astray = sum(abs(balance.difference) for balance in balances)
    context = {
        "listing": listing, "off": off, "at": request.GET.get("at", ""), "as_of": as_of, "sides": len(balances),
        "astray": astray, "tone": "bad" if astray or off else "",
    }
    return render(request, "console/headquarters/ledgers.html", context)
