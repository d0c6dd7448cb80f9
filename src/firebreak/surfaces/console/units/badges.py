"""Badges of a unit: issue them, print them, check one at a gate."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from firebreak.command.activation.queries import active_response
from firebreak.engine.units import badges
from firebreak.engine.units.models import Badge, Unit
from firebreak.engine.units.queries import standing_units
from firebreak.engine.units.rights import CHECK_BADGES, WRITE_UNITS
from firebreak.kernel import clock
from firebreak.kernel.clock import iso
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T, language
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.qr import qr_of, with_code_reader
from firebreak.surfaces.common.shapes import Cell, Column, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import lazily
from firebreak.surfaces.console.rounds.forms import MomentField, in_district

USUAL = timedelta(days=3)


class BadgeForm(forms.Form):
    """Which unit, until when."""

    unit = forms.ChoiceField(label=lazily("单位", "Unit"))
    not_after = MomentField(lazily("有效到", "Good until"))


@needs(WRITE_UNITS, post=WRITE_UNITS)
def unit_badges(request: HttpRequest) -> HttpResponse:
    """Which units have badges that are good now; a POST issues those of a unit."""
    response, now = active_response(), clock.now()
    units = list(standing_units(response.ref)) if response else []
    form = BadgeForm(
        request.POST if request.method == "POST" else None, initial={"not_after": in_district(now + USUAL)},
    )
    form.fields["unit"].choices = [(unit.ref, str(T(unit.name_zh, unit.name_en))) for unit in units]  # type: ignore[attr-defined]
    if form.is_valid():
        said = form.cleaned_data
        try:
            count = badges.issue_badges(unit=Ref(said["unit"]), not_after=said["not_after"], by=actor(request), at=now)
        except Refusal as refusal:
            blame(form, refusal, {"badge-time": "not_after", "nobody-serves": "unit"})
        else:
            tell(request, T("已制证 {n} 张,请打印。", "{n} badges were issued; print them.").filled(n=count), tone="good")
            return redirect("badges-print", token_of(said["unit"]))
    return render(request, "console/units/badges.html", {
        "form": form if response else None, "failed": form if form.errors else None, "listing": _listing(units),
    }, status=422 if form.errors else 200)


def _listing(units: list[Unit]) -> Listing:
    held: dict[int, list[Badge]] = {}
    for badge in badges.good(clock.now()):
        held.setdefault(badge.service.post.unit_id, []).append(badge)
    return Listing(
        caption=T("有效的证件", "Badges that are good"),
        columns=(Column(T("单位", "Unit")), Column(T("张数", "Badges"), numeric=True), Column(T("最早到期", "First to end"))),
        rows=tuple(
            Row(
                (Cell(T(unit.name_zh, unit.name_en)), len(held[unit.pk]), min(one.not_after for one in held[unit.pk])),
                href=f"/units/badges/{token_of(unit.ref)}",
            )
            for unit in units if unit.pk in held
        ),
        empty=T("还没有制证。", "No badge has been issued."),
    )


@needs(WRITE_UNITS)
def badges_on_paper(request: HttpRequest, token: str) -> HttpResponse:
    """The good badges of a unit, eight a sheet."""
    unit = Unit.objects.filter(ref=make_ref("unit", token)).first()
    if unit is None or not actor(request).may(WRITE_UNITS, unit=unit.path):
        raise NOT_FOUND.because()
    found = list(badges.good(clock.now()).filter(service__post__unit=unit))
    cards = [(badge, qr_of(code)) for badge, code in zip(found, badges.codes(found), strict=True)]
    return render(request, "console/units/badges_print.html", {"unit": unit, "cards": cards})




@needs(CHECK_BADGES)
def gate(request: HttpRequest) -> HttpResponse:
    """Check badges: once this page is open it needs no network."""
    return with_code_reader(render(request, "console/units/gate.html", {
        "facts": {**_known(), "language": language(), "zone": settings.TIME_ZONE},
    }))


@needs(CHECK_BADGES, background=True)
def gate_known(request: HttpRequest) -> JsonResponse:
    """The key and the badges that are no longer good, for a gate with a network."""
    return JsonResponse(_known())


def _known() -> dict[str, object]:
    now = clock.now()
    return {"key": badges.signer().public_key(), "withdrawn": badges.withdrawn(now), "asOf": iso(now)}
