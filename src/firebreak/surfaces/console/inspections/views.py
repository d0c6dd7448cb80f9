"""Inspections: what is not closed, a new draw, what was drawn, and looking at one thing of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import active_response, latest_response
from firebreak.command.activation.rules import NO_RESPONSE
from firebreak.command.inspections import actions, queries
from firebreak.command.inspections.models import Draw, Inspection
from firebreak.command.inspections.rights import CHECK, DRAW_INSPECTION, READ_INSPECTIONS
from firebreak.command.inspections.states import DRAWN_WORDS, LOOK_WORDS
from firebreak.engine.areas.models import Area
from firebreak.engine.areas.queries import within_any
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Due, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import Tone, span
from firebreak.surfaces.console.inspections import findings
from firebreak.surfaces.console.inspections.bounds import sentence
from firebreak.surfaces.console.inspections.forms import DrawForm, LookForm
from firebreak.surfaces.console.people_at_work import name_of, owner_of

PLACE = "console/inspections/"
SHOWN = 200
_TONES: dict[str, Tone] = {"fine": "good", "faulty": "bad"}
_COLUMNS = (
    Column(T("督导", "Inspection")), Column(T("责任人", "Owner")), Column(T("已看 / 抽取", "Looked at / drawn")),
    Column(T("时限", "Due")),
)


@needs(READ_INSPECTIONS)
def overview(request: HttpRequest) -> HttpResponse:
    """Findings not closed first, then what was drawn."""
    response = latest_response()
    who = actor(request)
    rows = list(queries.inspections(response.ref)[:SHOWN]) if response else []
    counts = queries.counts([row.pk for row in rows])
    found = list(queries.findings(response.ref)[:SHOWN]) if response else []
    still = [one for one in found if one.task.status != "ended"]
    return render(request, PLACE + "overview.html", {
        "open": len(still), "late": sum(one.task.due_at < clock.now() for one in still),
        "recheck": sum(queries.standing(one) == "recheck" for one in still), "ended": len(found) - len(still),
        "may_draw": active_response() is not None and who.may(DRAW_INSPECTION),
        "findings": findings.listing(found),
        "listing": Listing(
            caption=T("抽查", "Draws"), columns=_COLUMNS, rows=tuple(_row(row, *counts.get(row.pk, (0, 0))) for row in rows),
            empty=T("还没有抽过。抽五个采样点,今天去看。", "Nothing was drawn yet. Draw five sites and go and look."),
        ),
    })


@needs(DRAW_INSPECTION, post=DRAW_INSPECTION)
def new(request: HttpRequest) -> HttpResponse:
    """Draw by chance."""
    response = active_response()
    if response is None:
        raise NO_RESPONSE.because()
    checklists = queries.section(response).checklists
    key = request.GET.get("checklist", checklists[0].key)
    chosen = next((one for one in checklists if one.key == key), checklists[0])
    form = DrawForm(request.POST or None, initial={"checklist": chosen.key, "count": chosen.count.value})
    form.offer(checklists, _areas(request, response))
    if request.method == "POST" and form.is_valid():
        try:
            ref = actions.draw_inspection(
                response=Ref(response.ref), by=actor(request), at=clock.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            blame(form, refusal, {"nothing-to-draw": "area", "drawn-too-few": "count"})
        else:
            tell(request, T("已抽出,名单只有您和指挥部看得到。", "Drawn; only you and headquarters see the list."), tone="good")
            return redirect("inspection", token_of(ref))
    lists = [(one, span(60 * one.within_minutes.value)) for one in checklists]
    context = {"form": form, "lists": lists}
    return render(request, PLACE + "new.html", context, status=422 if form.is_bound and form.errors else 200)


@needs(READ_INSPECTIONS)
def inspection(request: HttpRequest, token: str) -> HttpResponse:
    """What was drawn, what is still to be looked at, and what it says of the unfound."""
    row = queries.find(make_ref("inspection", token))
    draws = list(queries.draws_of(row))
    left = [one for one in draws if not hasattr(one, "look")]
    live = row.task.status != "ended"
    return render(request, PLACE + "inspection.html", {
        "row": row, "token": token, "title": T(row.title_zh, row.title_en), "left": len(left), "drawn": len(draws),
        "owner": owner_of(row.task.owner), "due": Due(row.task.due_at, row.task.ended_at), "live": live,
        "next": left[0] if left and live and actor(request).may(CHECK, area=row.area.path) else None,
        "what": DRAWN_WORDS[row.draws], "bound": sentence(row), "area": T(row.area.name_zh, row.area.name_en),
        "drawn_by": name_of(row.opened_by),
        "findings": findings.listing(list(queries.findings(row.response_ref).filter(draw__inspection=row))),
        "listing": Listing(
            caption=T("抽到的", "Drawn"), rows=tuple(_drawn(row, one) for one in draws),
            columns=(Column(T("序号", "No."), numeric=True), Column(T("对象", "What")), Column(T("结果", "Seen"))),
        ),
    })


@needs(CHECK, post=CHECK)
def look(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """Look at one thing: the list, a word and a picture for what is not so."""
    row, drawn = _drawn_at(token, position)
    response = Response.objects.select_related("plan").get(ref=row.response_ref)
    checklist = queries.section(response).checklist(row.checklist)
    form = LookForm(checklist, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = actions.look(
                draw=Ref(drawn.ref), faults=form.faults(), unlisted=form.cleaned_data.get("unlisted") or 0,
                note=form.cleaned_data["note"], by=actor(request), at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, {"unlisted-out-of-range": "unlisted"})
        else:
            told = T("已交办 {n} 个问题。", "{n} faults handed over.").filled(n=len(found))
            tell(request, told if found else T("已记:符合。", "Noted: as it should be."), tone="good")
            return redirect("inspection", token)
    return render(request, PLACE + "look.html", {
        "form": form, "row": row, "token": token, "draw": drawn, "label": T(drawn.label_zh, drawn.label_en),
        "title": T(row.title_zh, row.title_en),
    }, status=422 if form.is_bound and form.errors else 200)


@needs(post=CHECK)
def excuse(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """Why nobody could look."""
    _, drawn = _drawn_at(token, position)
    reason = request.POST.get("reason", "")[:400]
    actions.excuse_draw(draw=Ref(drawn.ref), reason=reason, by=actor(request), at=clock.now())
    tell(request, T("已记:没看成,不算符合。", "Noted: not seen, which is not fine."))
    return redirect("inspection", token)


def _areas(request: HttpRequest, response: Response) -> list[Area]:
    """The district of the response and its communities, as far as the reader may draw there."""
    paths = actor(request).areas(DRAW_INSPECTION)
    rows = Area.objects.filter(level__in=("district", "community"), ended_at=None, path__startswith=response.area.path)
    return list(rows.filter(within_any(paths)).order_by("path"))


def _drawn_at(token: str, position: int) -> tuple[Inspection, Draw]:
    row = queries.find(make_ref("inspection", token))
    drawn = row.draws_made.filter(position=position).first()
    if drawn is None:
        raise NOT_FOUND.because()
    return row, drawn


def _row(row: Inspection, drawn: int, looked: int) -> Row:
    return Row(
        (
            Cell(
                T(row.title_zh, row.title_en),
                small=T(f"第 {row.number} 次 · {row.area.name_zh}", f"No. {row.number} · {row.area.name_en}"),
            ),
            owner_of(row.task.owner), f"{looked} / {drawn}", Due(row.task.due_at, row.task.ended_at),
        ),
        href=reverse("inspection", args=[token_of(row.ref)]), ref=row.ref,
        tone="quiet" if row.task.status == "ended" else "",
    )


def _drawn(row: Inspection, one: Draw) -> Row:
    seen = getattr(one, "look", None)
    state = Cell(T("还没看", "not yet")) if seen is None else Cell(
        LOOK_WORDS[seen.outcome], small=seen.note, tone=_TONES.get(seen.outcome, "")
    )
    href = reverse("inspection-look", args=[token_of(row.ref), one.position]) if seen is None else ""
    return Row((one.position, T(one.label_zh, one.label_en), state), href=href, tone="quiet" if seen else "")

