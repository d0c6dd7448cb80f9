"""The duty desk: the oldest unanswered first, then the log; and the sheet two people sign."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from firebreak.command.activation.queries import active_response, latest_response
from firebreak.command.activation.rules import NO_RESPONSE
from firebreak.command.duty import actions, queries
from firebreak.command.duty.models import HandOver, LogEntry
from firebreak.command.duty.rights import KEEP_DUTY, READ_DUTY
from firebreak.command.duty.rules import Sheet, sheet_of
from firebreak.kernel import clock
from firebreak.kernel.refs import make_ref, token_of
from firebreak.kernel.text import T
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Due, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import Words
from firebreak.surfaces.console.people_at_work import names_of

PLACE = "console/duty/"
SHOWN = 200
KINDS = {
    "came_in": T("来电来报", "came in"), "told": T("通知转告", "told"), "decided": T("处置决定", "decided"),
    "note": T("记事", "note"),
}
_WAITS = {
    "signal": T("预警待核", "signal to judge"), "order": T("指令待接", "order not accepted"),
    "proposal": T("提请待批", "waits for a second person"),
}
_LINKS = {"signal": "signal", "order": "order"}


@needs(READ_DUTY)
def desk(request: HttpRequest) -> HttpResponse:
    """What is unanswered, oldest first; then the log."""
    response = latest_response()
    waits = queries.unanswered(active_response())
    entries = list(queries.log(response.ref if response else "").select_related("corrects")[:SHOWN])
    hand_overs = list(queries.hand_overs(response.ref)[:20]) if response else []
    names = names_of({one.by for one in entries} | {one.given_by for one in hand_overs})
    pending = queries.pending(response.ref) if response else None
    return render(request, PLACE + "desk.html", {
        "waits": len(waits), "oldest": waits[0].since if waits else None, "kinds": KINDS.items(),
        "may_keep": actor(request).may(KEEP_DUTY), "may_give": active_response() is not None and pending is None,
        "pending": token_of(pending.ref) if pending else "",
        "unanswered": _unanswered(waits),
        "log": [_line(one, names[one.by]) for one in entries],
        "hand_overs": _hand_overs(hand_overs, names),
    })


@needs(post=KEEP_DUTY)
def write(request: HttpRequest) -> HttpResponse:
    """A line of the log."""
    corrects = request.POST.get("corrects", "")[:40]
    actions.log_line(
        kind=request.POST.get("kind", "note"), text=request.POST.get("text", ""),
        corrects=make_ref("log", corrects) if corrects else None, by=actor(request), at=clock.now(),
    )
    tell(request, T("已记入值班日志。", "It is in the log."), tone="good")
    return redirect("duty")


@needs(KEEP_DUTY, post=KEEP_DUTY)
def give(request: HttpRequest) -> HttpResponse:
    """The sheet as it stands; signing it offers the desk."""
    response = active_response()
    if response is None:
        raise NO_RESPONSE.because()
    if request.method == "POST":
        ref = actions.give_desk(remark=request.POST.get("remark", ""), by=actor(request), at=clock.now())
        tell(request, T("已签交班,等接班人签。", "Signed; now who takes the desk signs."), tone="good")
        return redirect("hand-over", token_of(ref))
    sheet = queries.draw_sheet(response, clock.now())
    return render(request, PLACE + "give.html", {"sheet": _drawn(sheet), **_counts(sheet)})


@needs(READ_DUTY)
def hand_over(request: HttpRequest, token: str) -> HttpResponse:
    """The sheet with its signatures; prints on A4."""
    row, who = queries.find(make_ref("handover", token)), actor(request)
    sheet = sheet_of(row.sheet)
    names = names_of({row.given_by, *([row.taken_by] if row.taken_by else [])})
    waits = row.taken_at is None and row.task.status != "ended"
    return render(request, PLACE + "sheet.html", {
        "row": row, "token": token, "sheet": _drawn(sheet), **_counts(sheet), "given_by": names[row.given_by],
        "taken_by": names.get(row.taken_by, ""), "waits": waits, "due": Due(row.task.due_at, row.task.ended_at),
        "may_take": waits and who.may(KEEP_DUTY) and row.given_by != who.ref, "may_keep": waits and row.given_by == who.ref,
    })


@needs(post=KEEP_DUTY)
def take(request: HttpRequest, token: str) -> HttpResponse:
    """The second signature."""
    actions.take_desk(hand_over=make_ref("handover", token), by=actor(request), at=clock.now())
    tell(request, T("已接班,两人都签了。", "The desk is yours; both have signed."), tone="good")
    return redirect("hand-over", token)


@needs(post=KEEP_DUTY)
def keep(request: HttpRequest, token: str) -> HttpResponse:
    """Taken back by who gave it."""
    actions.keep_desk(hand_over=make_ref("handover", token), by=actor(request), at=clock.now())
    tell(request, T("已收回,您继续值班。", "Taken back; the desk stays with you."))
    return redirect("duty")


def _unanswered(waits: Sequence[queries.Unanswered]) -> Listing:
    return Listing(
        caption=T("没有答复的", "Unanswered"), columns=(Column(T("事项", "What")), Column(T("从何时起", "Since"))),
        rows=tuple(
            Row((Cell(T(one.zh, one.en), small=_WAITS[one.kind]), one.since), href=_link(one)) for one in waits[:SHOWN]
        ),
    )


def _hand_overs(rows: Sequence[HandOver], names: Mapping[str, Words]) -> Listing:
    return Listing(
        caption=T("交接班", "Hand-overs"),
        columns=(
            Column(T("交接班", "Hand-over")), Column(T("交班", "Given by")), Column(T("何时", "When")),
            Column(T("状态", "State")),
        ),
        rows=tuple(
            Row((T(f"第 {one.number} 次", f"No. {one.number}"), Cell(names[one.given_by]), one.given_at, _state(one)),
                href=reverse("hand-over", args=[token_of(one.ref)]))
            for one in rows
        ),
        empty=T("还没有交过班。", "The desk was not handed over yet."),
    )


def _state(row: HandOver) -> T:
    if row.taken_at is not None:
        return T("两人已签", "signed by both")
    return T("已收回", "taken back") if row.task.status == "ended" else T("待接班", "to be taken")


def _link(one: queries.Unanswered) -> str:
    name = _LINKS.get(one.kind)
    return reverse(name, args=[token_of(one.ref)]) if name else reverse("approvals")


def _line(one: LogEntry, name: Words) -> dict[str, object]:
    return {
        "at": one.happened_at, "kind": KINDS[one.kind], "text": one.text, "by": name, "token": token_of(one.ref),
        "corrects": one.corrects.happened_at if one.corrects else None, "erased": not one.text,
    }


def _drawn(sheet: Sheet) -> Listing:
    """Everything open, by deadline."""
    return Listing(
        caption=T("未了事项", "Open"), as_of=datetime.fromisoformat(sheet.as_of),
        columns=(Column(T("事项", "What")), Column(T("责任人", "Owner")), Column(T("时限", "Due"))),
        rows=tuple(
            Row((
                T(one.zh, one.en), Cell(T(one.owner_zh, one.owner_en), small=one.holder or T("空岗", "nobody holds it")),
                Cell(_moment(one.due_at), tone="bad" if one.late else ""),
            ))
            for one in sheet.items
        ),
        empty=T("没有未了事项。", "Nothing is open."),
    )


def _moment(text: str) -> T:
    local = timezone.localtime(datetime.fromisoformat(text))
    return T(f"{local:%m-%d %H:%M}", f"{local:%m-%d %H:%M}")


def _counts(sheet: Sheet) -> dict[str, object]:
    late = sum(one.late for one in sheet.items)
    lines = queries.lines(list(sheet.log))
    names = names_of({one.by for one in lines})
    return {
        "open": len(sheet.items), "late": late, "lines": [_line(one, names[one.by]) for one in lines],
        "facts": (
            (T("待批", "Wait for a second person"), sheet.waiting), (T("未阅指令", "Orders unread"), sheet.unread_orders),
            (T("待核实指令", "Orders to verify"), sheet.unverified_orders), (T("空岗", "Posts nobody holds"), sheet.vacant_posts),
            (T("账本差额", "Difference of the books"), sheet.difference),
        ),
    }
