"""Who served how long and saw what through, of those who agreed; and noting who agrees."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from firebreak.command.activation.queries import latest_response
from firebreak.command.recognition import actions
from firebreak.command.recognition.queries import Served, served
from firebreak.engine.units.models import Unit
from firebreak.engine.units.rights import WRITE_UNITS
from firebreak.kernel import clock
from firebreak.kernel.refs import make_ref, token_of
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.shapes import Cell, Chip, Column, Listing, Row
from firebreak.surfaces.common.sheets import file_link, sheet
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import lazily

FORM = "consent"
SHOWN = 2000
COLUMNS = (
    Column(T("姓名", "Name")), Column(T("单位", "Unit")), Column(T("在岗小时", "Hours served"), numeric=True),
    Column(T("岗位数", "Posts"), numeric=True), Column(T("办结任务", "Tasks seen through"), numeric=True),
    Column(T("集结到场", "Musters"), numeric=True), Column(T("同意具名", "Agreed")),
)
AGREED = {True: T("同意", "yes"), False: T("不同意", "no"), None: T("没问过", "not asked")}


class ConsentForm(forms.Form):
    """What those ticked said, and how."""

    agreed = forms.ChoiceField(
        label=lazily("本人表示", "They said"),
        choices=[("yes", lazily("同意具名", "agree to be named")), ("no", lazily("不同意", "do not"))],
    )
    how = forms.CharField(label=lazily("怎样表示的", "How they said so"), max_length=120)


@needs(WRITE_UNITS, post=WRITE_UNITS)
def recognition(request: HttpRequest) -> HttpResponse:
    """Those who agreed, by name; `?who=all` everybody who served, to be ticked; a POST notes what those ticked said."""
    found, everybody = _served(request), request.GET.get("who") == "all"
    form = ConsentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        picked = [make_ref("member", token) for token in request.POST.getlist("picked")]
        try:
            count = actions.note_consent(
                members=picked, agreed=form.cleaned_data["agreed"] == "yes", how=form.cleaned_data["how"],
                by=actor(request), at=clock.now(),
            )
        except Refusal as refusal:
            if refusal.code in ("not-found", "not-permitted"):
                raise
            blame(form, refusal, {"consent-how-missing": "how"})
        else:
            tell(request, T("已记下 {n} 人。", "Noted for {n}.").filled(n=count), tone="good")
            return redirect(request.get_full_path())
    agreed = [one for one in found if one.agreed]
    rows = found[:SHOWN] if everybody else agreed
    units = _units(rows)
    return render(request, "console/recognition/recognition.html", {
        "agreed": len(agreed), "people": len(found), "form": form if everybody and rows else None, "form_id": FORM,
        "failed": form if form.errors else None,
        "listing": Listing(
            caption=T("服务记录", "Service"), columns=COLUMNS, rows=tuple(_row(one, units) for one in rows),
            chips=(
                Chip(T("同意具名的", "Those who agreed"), with_query(request, who=""), on=not everybody, count=len(agreed)),
                Chip(T("全部,记同意", "Everybody, to note"), with_query(request, who="all"), on=everybody, count=len(found)),
            ),
            exports=(file_link(request, "recognition-file"),), pick=FORM if everybody and rows else "",
            empty=T("还没有人同意具名。", "Nobody has agreed to be named yet."),
        ),
    }, status=422 if form.errors else 200)


@needs(WRITE_UNITS)
def recognition_file(request: HttpRequest) -> HttpResponseBase:
    """Those who agreed, as a file; nobody else is ever in it."""
    rows = [one for one in _served(request) if one.agreed]
    names = _units(rows)
    return sheet("recognition", COLUMNS, (_row(one, names) for one in rows))


def _served(request: HttpRequest) -> list[Served]:
    """Who served at units this reader may write."""
    response, who = latest_response(), actor(request)
    found = served(response.ref, clock.now()) if response else []
    paths = dict(Unit.objects.filter(ref__in={one.unit for one in found}).values_list("ref", "path"))
    return [one for one in found if who.may(WRITE_UNITS, unit=paths[one.unit])]


def _units(rows: list[Served]) -> dict[str, T]:
    named = Unit.objects.filter(ref__in={one.unit for one in rows}).values_list("ref", "name_zh", "name_en")
    return {ref: T(zh, en) for ref, zh, en in named}


def _row(one: Served, units: dict[str, T]) -> Row:
    return Row(
        (
            one.member.name, Cell(units[one.unit]), one.hours, one.posts, one.seen_through, one.musters,
            Cell(AGREED[one.agreed], tone="" if one.agreed else "quiet"),
        ),
        ref=token_of(one.member.ref),
    )
