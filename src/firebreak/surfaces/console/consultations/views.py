"""Consultations: the list, calling one, and what is done at the table; the table itself is drawn in `tables`."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.activation.queries import active_response, latest_response
from firebreak.command.consultations import actions, queries
from firebreak.command.consultations.models import Consultation
from firebreak.command.consultations.refusals import NO_HEADQUARTERS
from firebreak.command.consultations.rights import HOLD_CONSULTATION, RAISE_ITEM, READ_CONSULTATIONS
from firebreak.command.consultations.states import STANDING_WORDS
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Due, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.consultations import tables
from firebreak.surfaces.console.consultations.forms import CallForm

PLACE = "console/consultations/"
SHOWN = 200
_COLUMNS = (
    Column(T("会商", "Consultation")), Column(T("状态", "State")), Column(T("开始", "Begins")),
    Column(T("议题", "Items"), numeric=True), Column(T("决定", "Decided"), numeric=True), Column(T("时限", "To end by")),
)


@needs(READ_CONSULTATIONS)
def consultations(request: HttpRequest) -> HttpResponse:
    """What is in session or comes next, then everything held."""
    response = latest_response()
    rows = list(queries.consultations(response.ref)[:SHOWN]) if response else []
    counts = queries.counts([row.pk for row in rows])
    open_now = next((row for row in rows if queries.standing(row) == "open"), None)
    following = min((row for row in rows if row.opened_at is None), key=lambda row: row.begins_at, default=None)
    listing = Listing(
        caption=T("会商", "Consultations"), columns=_COLUMNS,
        rows=tuple(_row(row, *counts.get(row.pk, (0, 0))) for row in rows),
        empty=T("还没有会商。到预案规定的时刻会自动召集。", "None yet. At the plan's hours they are called by themselves."),
    )
    return render(request, PLACE + "list.html", {
        "listing": listing, "open": open_now, "open_token": token_of(open_now.ref) if open_now else "",
        "next": following, "next_token": token_of(following.ref) if following else "",
        "hours": queries.rhythm(response) if response else (),
        "may_hold": active_response() is not None and actor(request).may(HOLD_CONSULTATION),
    })


@needs(HOLD_CONSULTATION, post=HOLD_CONSULTATION)
def new(request: HttpRequest) -> HttpResponse:
    """Call one outside the fixed hours."""
    response = active_response()
    if response is None:
        raise NO_HEADQUARTERS.because()
    begins = (clock.now() + timedelta(minutes=15)).replace(second=0, microsecond=0)
    first = {"begins_at": begins, "minutes": 30}
    form = CallForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            ref = actions.call_consultation(
                response=Ref(response.ref), title=T(said["title"], said["title"]), begins_at=said["begins_at"],
                minutes=said["minutes"], by=actor(request), at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, {"begins-in-the-past": "begins_at"})
        else:
            tell(request, T("已召集,已通知各组长。", "Called; every leader has been told."), tone="good")
            return redirect("consultation", token_of(ref))
    return render(request, PLACE + "new.html", {"form": form}, status=422 if form.is_bound and form.errors else 200)


@needs(READ_CONSULTATIONS)
def consultation(request: HttpRequest, token: str) -> HttpResponse:
    """One consultation: the picture, what changed, the table, who is there, what was decided."""
    return tables.show(request, _row_of(token), actor(request))


@needs(post=HOLD_CONSULTATION)
def begin(request: HttpRequest, token: str) -> HttpResponse:
    """Freeze the picture and lay the table."""
    actions.open_consultation(consultation=make_ref("consultation", token), by=actor(request), at=clock.now())
    tell(request, T("会商开始,态势已定格。", "In session; the picture is frozen."), tone="good")
    return redirect("consultation", token)


@needs(post=HOLD_CONSULTATION)
def present(request: HttpRequest, token: str) -> HttpResponse:
    """Write down who is here."""
    posts = [make_ref("post", one) for one in request.POST.getlist("post")[:300]]
    n = actions.note_attendance(
        consultation=make_ref("consultation", token), posts=posts, by=actor(request), at=clock.now()
    )
    tell(request, T("到会 {n} 人已记。", "{n} noted as present.").filled(n=n), tone="good")
    return redirect("consultation", token)


@needs(post=RAISE_ITEM)
def put(request: HttpRequest, token: str) -> HttpResponse:
    """Put something on the table."""
    actions.raise_item(
        consultation=make_ref("consultation", token), title=request.POST.get("title", ""), by=actor(request),
        at=clock.now(),
    )
    tell(request, T("已列入议程。", "It is on the table."), tone="good")
    return redirect("consultation", token)


@needs(post=HOLD_CONSULTATION)
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """Decide about an item; what cannot be taken stands beside its form, with what was typed."""
    row = _row_of(token)
    kind, number = request.POST.get("kind", ""), request.POST.get("item", "")
    item = row.items.filter(number=int(number)).first() if number.isascii() and number.isdecimal() else None
    form = tables.bound_form(row, kind, number, request.POST) if item is not None else None
    if item is None or form is None:
        return redirect("consultation", token)
    if form.is_valid():
        try:
            tables.ACTIONS[kind](item=Ref(item.ref), by=actor(request), at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            blame(form, refusal, {"due-in-the-past": "due_at", "unit-dissolved": "unit", "nothing-changes": "becomes"})
        else:
            tell(request, tables.TOLD[kind], tone="good")
            return redirect(f"{reverse('consultation', args=[token])}#item-{item.number}")
    return tables.show(request, row, actor(request), failed=(number, kind, form))


@needs(post=HOLD_CONSULTATION)
def close(request: HttpRequest, token: str) -> HttpResponse:
    """End it; what is undecided goes to the next table."""
    following = actions.close_consultation(
        consultation=make_ref("consultation", token), by=actor(request), at=clock.now()
    )
    left = T("已散会。未议议题已列入下一次会商。", "It has ended. What was left lies on the next table.")
    tell(request, left if following else T("已散会,议题全部议完。", "It has ended; everything was decided."), tone="good")
    return redirect("consultation", token)


@needs(READ_CONSULTATIONS)
def minutes(request: HttpRequest, token: str) -> HttpResponse:
    """The minutes on paper."""
    return render(request, PLACE + "minutes.html", tables.paper(_row_of(token)))



def _row_of(token: str) -> Consultation:
    return queries.find(make_ref("consultation", token))


def _row(row: Consultation, items: int, decided: int) -> Row:
    standing = queries.standing(row)
    return Row(
        (
            Cell(T(row.title_zh, row.title_en), small=T(f"第 {row.number} 次", f"No. {row.number}")),
            Cell(STANDING_WORDS[standing], tone="good" if standing == "open" else ""), row.begins_at, items, decided,
            Due(row.task.due_at, row.task.ended_at),
        ),
        href=reverse("consultation", args=[token_of(row.ref)]), ref=row.ref, tone="quiet" if standing == "closed" else "",
    )
