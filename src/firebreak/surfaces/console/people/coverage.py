"""The register beside the census, area by area, and entering what a census counted."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from firebreak.engine.registry import refusals
from firebreak.engine.registry.census import Covered, coverage, note_census
from firebreak.engine.registry.rights import REGISTRY_IMPORT, REGISTRY_READ
from firebreak.kernel import clock
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import lazily

FIELDS = {
    "census-empty": "lines", "census-unreadable": "lines", "unknown-area-code": "lines", "census-unsourced": "source",
    "census-in-the-future": "counted_on",
}


class CensusForm(forms.Form):
    """One area a line, the day and whose count it is."""

    lines = forms.CharField(
        label=lazily("一行一个:区域编号 人数", "One a line: area code, people"), max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    counted_on = forms.DateField(label=lazily("普查日期", "Counted on"), widget=forms.DateInput({"type": "date"}))
    source = forms.CharField(label=lazily("谁的普查", "Whose census"), max_length=120)


@needs(REGISTRY_READ, post=REGISTRY_IMPORT)
def register_coverage(request: HttpRequest) -> HttpResponse:
    """Areas with a census figure, the least covered first; a POST enters more."""
    who = actor(request)
    form = CensusForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            count = note_census(
                counts=read_lines(said["lines"]), counted_on=said["counted_on"], source=said["source"], by=who, at=clock.now()
            )
        except Refusal as refusal:
            blame(form, refusal, FIELDS)
        else:
            tell(request, T("已登记 {n} 处。", "{n} areas were entered.").filled(n=count), tone="good")
            return redirect("register-coverage")
    found = [one for path in who.areas(REGISTRY_READ) for one in coverage(path)]
    return render(request, "console/register/coverage.html", {
        "percent": f"{found[0].percent:g}" if found else "", "listing": _listing(found), "failed": form if form.errors else None,
        "form": form if who.may(REGISTRY_IMPORT) else None,
    }, status=422 if form.errors else 200)


def read_lines(text: str) -> dict[str, int]:
    """`HT-01 4200` a line → people by code. Errors: refuses `census-unreadable`."""
    counts: dict[str, int] = {}
    for line in text.splitlines():
        parts = line.replace(",", " ").replace("\t", " ").split()
        if not parts:
            continue
        if len(parts) != 2 or not parts[1].isdecimal():
            raise refusals.CENSUS_UNREADABLE.because(line=line.strip()[:60])
        counts[parts[0]] = int(parts[1])
    return counts


def said_of(one: Covered) -> T:
    """底册 71,702 人,是普查 73,208 人的 97.9% / The register has …, … % of the … counted."""
    figures = {"registered": f"{one.registered:,}", "people": f"{one.count.people:,}", "percent": f"{one.percent:g}"}
    return T(
        "底册 {registered} 人,是普查 {people} 人的 {percent}%",
        "the register has {registered} people, {percent} % of the {people} counted",
    ).filled(**figures)


def _listing(found: list[Covered]) -> Listing:
    return Listing(
        caption=T("逐处比对", "Area by area"),
        columns=(
            Column(T("区域", "Area")), Column(T("底册", "Register"), numeric=True), Column(T("普查", "Census"), numeric=True),
            Column(T("底册占普查", "Covered"), numeric=True), Column(T("谁的普查", "Whose census")),
        ),
        rows=tuple(
            Row((
                Cell(T(one.area.name_zh, one.area.name_en or one.area.name_zh), small=one.area.code), one.registered,
                one.count.people, Cell(f"{one.percent:g}%", tone="bad" if one.percent < 95 else ""),
                Cell(one.count.source, small=one.count.counted_on.isoformat()),
            ))
            for one in sorted(found, key=lambda one: one.percent)
        ),
        empty=T("还没有登记普查数。", "No census has been entered."),
    )
