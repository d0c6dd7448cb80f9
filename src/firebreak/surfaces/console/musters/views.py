"""Musters: the list, calling people together, and the board of one: there, coming, silent, and who is called instead."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.activation.queries import active_response, latest_response
from firebreak.command.activation.rules import NO_RESPONSE
from firebreak.command.headquarters.queries import ordered_units
from firebreak.command.musters import actions, queries
from firebreak.command.musters.models import Call, Muster
from firebreak.command.musters.rights import CALL_OUT, NOTE_ANSWER, READ_MUSTERS
from firebreak.engine.calendar.queries import off_hours
from firebreak.engine.units.contacts import recipient_address
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Due, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import Tone, moment_text, span
from firebreak.surfaces.console.musters.forms import CallOutForm
from firebreak.surfaces.console.people_at_work import name_of, owner_of

PLACE = "console/musters/"
SHOWN = 200
_COLUMNS = (
    Column(T("集结", "Muster")), Column(T("责任人", "Owner")), Column(T("到场 / 需要", "There / needed")),
    Column(T("时限", "Due")),
)


@needs(READ_MUSTERS)
def overview(request: HttpRequest) -> HttpResponse:
    """Every muster of the response, the running ones first."""
    response = latest_response()
    rows = list(queries.musters(response.ref)[:SHOWN]) if response else []
    there = queries.arrivals([row.pk for row in rows])
    live = [row for row in rows if row.task.status != "ended"]
    return render(request, PLACE + "overview.html", {
        "running": len(live), "missing": sum(row.needed - there.get(row.pk, 0) for row in live),
        "may_call": active_response() is not None and actor(request).may(CALL_OUT),
        "listing": Listing(
            caption=T("集结", "Musters"), columns=_COLUMNS, rows=tuple(_row(row, there.get(row.pk, 0)) for row in rows),
            empty=T("还没有集结过。", "Nobody was mustered yet."),
        ),
    })


@needs(CALL_OUT, post=CALL_OUT)
def new(request: HttpRequest) -> HttpResponse:
    """Call people together."""
    response = active_response()
    if response is None:
        raise NO_RESPONSE.because()
    due = (clock.now() + timedelta(minutes=60)).replace(second=0, microsecond=0)
    form = CallOutForm(request.POST or None, initial={"due_at": due})
    form.offer(ordered_units(response.ref), queries.skills(), queries.homes())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            ref = actions.call_out(
                response=Ref(response.ref), by=actor(request), at=clock.now(), **{**said, "unit": Ref(said["unit"])}
            )
        except Refusal as refusal:
            blame(form, refusal, {"due-in-the-past": "due_at", "unit-unled": "unit", "nobody-to-call": "skill"})
        else:
            tell(request, T("已逐人通知,等应答。", "Everybody called has been told; now they answer."), tone="good")
            return redirect("muster", token_of(ref))
    context = {"form": form, "why": off_hours(clock.now())}
    return render(request, PLACE + "new.html", context, status=422 if form.is_bound and form.errors else 200)


@needs(READ_MUSTERS)
def muster(request: HttpRequest, token: str) -> HttpResponse:
    """The board: how many are there, who comes, whom to ring."""
    row = _row_of(token)
    calls = queries.board(row)
    live, may = row.task.status != "ended", actor(request)
    short = getattr(row, "shortfall", None)
    reached = max((call.arrival.happened_at for call, _ in calls if hasattr(call, "arrival")), default=None)
    took = (reached - row.called_at).total_seconds() if reached and not live and short is None else None
    return render(request, PLACE + "muster.html", {
        "row": row, "token": token, "standing": queries.standing(row, calls), "live": live, "short": short,
        "due": Due(row.task.due_at, row.task.ended_at), "owner": owner_of(row.task.owner, call=True),
        "unit": T(row.unit.name_zh, row.unit.name_en), "called_by": name_of(row.called_by),
        "took": span(took) if took is not None else None,
        "may_note": live and may.may(NOTE_ANSWER, unit=row.unit.path),
        "may_close": live and may.may(CALL_OUT, unit=row.unit.path),
        "people": [_person(call, said) for call, said in sorted(calls, key=_order)],
    })


@needs(post=NOTE_ANSWER)
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Coming, or not: then the next is called."""
    coming = request.POST.get("coming") == "yes"
    actions.answer(call=_call_of(request), coming=coming, by=actor(request), at=clock.now())
    told = T("已记:能到。", "Noted: coming.")
    if not coming:
        told = T("已记:不能到,已叫下一位。", "Noted: not coming; the next is called.")
    tell(request, told, tone="good" if coming else "")
    return redirect("muster", token)


@needs(post=NOTE_ANSWER)
def arrive(request: HttpRequest, token: str) -> HttpResponse:
    """There: by the button beside the name, or by a scanned badge."""
    by, now = actor(request), clock.now()
    if said := request.POST.get("said", "").strip():
        actions.arrive_scanned(muster=make_ref("muster", token), said=said[:80], by=by, at=now)
    else:
        actions.arrive(call=_call_of(request), by=by, at=now)
    tell(request, T("已到场。", "There."), tone="good")
    return redirect("muster", token)


@needs(post=CALL_OUT)
def short(request: HttpRequest, token: str) -> HttpResponse:
    """Ended with people missing."""
    reason = request.POST.get("reason", "")[:200]
    actions.close_short(muster=make_ref("muster", token), reason=reason, by=actor(request), at=clock.now())
    tell(request, T("已了结,缺员和原因留在账上。", "Ended; who was missing and why stays in the book."))
    return redirect("muster", token)


def _row_of(token: str) -> Muster:
    return queries.find(make_ref("muster", token))


def _call_of(request: HttpRequest) -> Ref:
    return make_ref("call", request.POST.get("call", "")[:40])


def _row(row: Muster, there: int) -> Row:
    return Row(
        (
            Cell(row.title, small=T(f"第 {row.number} 次 · {row.place}", f"No. {row.number} · {row.place}")),
            owner_of(row.task.owner), f"{there} / {row.needed}", Due(row.task.due_at, row.task.ended_at),
        ),
        href=reverse("muster", args=[token_of(row.ref)]), ref=row.ref, tone="quiet" if row.task.status == "ended" else "",
    )


def _order(one: tuple[Call, bool | None]) -> tuple[int, int]:
    """Whom to ring first: the silent, then who comes, then who is there, then who does not come."""
    call, said = one
    if hasattr(call, "arrival"):
        return 2, call.pk
    return {None: 0, True: 1, False: 3}[said], call.pk


def _person(call: Call, said: bool | None) -> dict[str, object]:
    there = getattr(call, "arrival", None)
    words: dict[bool | None, tuple[T, Tone]] = {
        None: (T("没有应答", "silent"), "warn"), True: (T("在路上", "coming"), ""), False: (T("不能到", "not coming"), "quiet"),
    }
    word, tone = words[said]
    if there is not None:
        word, tone = T("已到 {at}", "there {at}").filled(at=moment_text(there.happened_at, clock.now())), "good"
    return {
        "token": token_of(call.ref), "name": call.member.name, "home": call.member.home, "word": word, "tone": tone,
        "phone": recipient_address(call.member), "there": there is not None, "said": said,
        "instead": call.instead_of.member.name if call.instead_of else "",
    }
