"""Who has which tube: the round's tubes without a result by holder, the hand-overs, and what is declared missing."""

from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.activation.queries import latest_response
from firebreak.kernel import clock
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.operations.laboratory import queries
from firebreak.operations.laboratory.actions import declare_missing
from firebreak.operations.laboratory.ledger import balance
from firebreak.operations.laboratory.rights import DECLARE_MISSING, READ_SPECIMENS
from firebreak.operations.laboratory.stages import WORDS
from firebreak.operations.rounds.models import Round
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.shapes import Cell, Chip, Column, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import Tone, lazily, span
from firebreak.surfaces.console.people_at_work import names_of

PLACE = "console/specimens/"
SHOWN = 200


class MissingForm(forms.Form):
    """Tubes that are lost, and why."""

    codes = forms.CharField(
        label=lazily("管号,一行一支", "Tubes, a line each"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = forms.CharField(label=lazily("怎么丢的、谁核实的", "How it was lost, and who made sure"), max_length=120)


@needs(READ_SPECIMENS)
def specimens(request: HttpRequest) -> HttpResponse:
    """The tubes of a round without a result, by who has them; `?round=` chooses another."""
    rows = _rounds(request)
    row = next((one for one in rows if str(one.number) == request.GET.get("round", "")), rows[0] if rows else None)
    return _page(request, rows, row, MissingForm(), 200)


@needs(post=DECLARE_MISSING)
def missing(request: HttpRequest) -> HttpResponse:
    """Declare tubes missing, by name and with the reason."""
    rows, form = _rounds(request), MissingForm(request.POST)
    if form.is_valid():
        codes = [code.strip().upper() for code in form.cleaned_data["codes"].splitlines() if code.strip()]
        try:
            lost = declare_missing(codes=codes, reason=form.cleaned_data["reason"], by=actor(request), at=clock.now())
        except Refusal as refusal:
            blame(form, refusal, {
                "missing-reason": "reason", "unknown-specimen": "codes", "specimen-has-an-end": "codes",
            })
        else:
            tell(request, T(
                f"已认定缺失 {lost} 支;管里的人要重采。", f"{lost} declared missing; their people are to be sampled again."
            ))
            return redirect("specimens")
    return _page(request, rows, rows[0] if rows else None, form, 422)


@needs(READ_SPECIMENS)
def held(request: HttpRequest, stage: str, holder: str) -> HttpResponse:
    """The tubes one holder has, by code."""
    rows = _rounds(request)
    row = next((one for one in rows if str(one.number) == request.GET.get("round", "")), None)
    if row is None or stage not in WORDS:
        raise NOT_FOUND.because()
    found = queries.tubes_of(row, stage, holder, actor(request), SHOWN)
    listing = Listing(
        caption=_name(holder), note=WORDS[stage],
        columns=(Column(T("管号", "Tube")), Column(T("袋号", "Bag")), Column(T("自", "Since"))),
        rows=tuple(
            Row((Cell(code), bag or None, since), href=reverse("round-tube", args=[row.ref.split(":")[1], code]))
            for code, bag, since in found
        ),
        empty=T("没有。", "None."),
    )
    return render(request, PLACE + "held.html", {"listing": listing, "row": row, "n": len(found), "name": _name(holder)})


def _page(request: HttpRequest, rows: list[Round], row: Round | None, form: forms.Form, status: int) -> HttpResponse:
    now, who = clock.now(), actor(request)
    if row is None:
        return render(request, PLACE + "specimens.html", {"row": None})
    book, hands = balance(row, Cutoff(now)), queries.in_hands(row, who)
    names = _names([one.holder for one in hands])
    chips = tuple(
        Chip(T(f"第 {one.number} 轮", f"Round {one.number}"), with_query(request, round=str(one.number)), on=one.pk == row.pk)
        for one in rows
    )
    listing = Listing(
        caption=T("还没有结果的管,在谁手里", "Tubes without a result, and who has them"), chips=chips,
        columns=(
            Column(T("在谁手里", "Who has them")), Column(T("在哪一步", "Step")),
            Column(T("支", "Tubes"), numeric=True, total=sum(one.tubes for one in hands)), Column(T("最早一支", "Oldest")),
        ),
        rows=tuple(
            Row(
                (
                    Cell(names[one.holder]), WORDS[one.stage], one.tubes,
                    Cell(span((now - one.since).total_seconds()), tone=_tone(row, one.since, now)),
                ),
                href=f"{reverse('specimens-held', args=[one.stage, one.holder])}?round={row.number}",
            )
            for one in hands
        ),
        empty=T("每支管都有结果或说明。", "Every tube has a result or is accounted for."),
    )
    return render(request, PLACE + "specimens.html", {
        "row": row, "book": book, "listing": listing, "transfers": _transfers(row), "title": book.title,
        "form": form if who.may(DECLARE_MISSING, area=row.area.path) else None, "failed": form if form.errors else None,
    }, status=status if form.errors else 200)


def _tone(row: Round, since: datetime, now: datetime) -> Tone:
    return "bad" if now > row.due_at and since < row.due_at else ""


def _transfers(row: Round) -> Listing:
    found = list(queries.transfers(row)[:50])
    names = _names([ref for one in found for ref in (one.giver, one.taker)])
    return Listing(
        caption=T("交接", "Hand-overs"),
        columns=(
            Column(T("何时", "When")), Column(T("交出", "From")), Column(T("接收", "To")),
            Column(T("清点", "Counted"), numeric=True), Column(T("应有", "Expected"), numeric=True),
        ),
        rows=tuple(
            Row(
                (
                    one.happened_at, Cell(names[one.giver]), Cell(names[one.taker]), one.counted,
                    Cell(f"{one.expected:,}", tone="" if one.counted == one.expected else "warn"),
                )
            )
            for one in found
        ),
        empty=T("还没有交接过。", "Nothing has changed hands yet."),
    )


def _rounds(request: HttpRequest) -> list[Round]:
    response = latest_response()
    return list(queries.rounds_with_tubes(response.ref).select_related("area")[:12]) if response else []


def _names(refs: list[str]) -> dict[str, T]:
    known = queries.names_of_holders(refs)
    others = names_of([ref for ref in refs if ref not in known])
    return {ref: T(*known[ref]) if ref in known else _plain(others[ref]) for ref in refs}


def _name(ref: str) -> T:
    return _names([ref])[ref]


def _plain(words: object) -> T:
    return words if isinstance(words, T) else T(str(words), str(words))
