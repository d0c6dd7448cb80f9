"""Laboratories: who tests, how much a day, its signature key, its counter's card; and blind controls."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.activation.queries import latest_response
from firebreak.engine.access.scope import within
from firebreak.engine.areas.models import Area
from firebreak.kernel import clock
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.operations.laboratory import actions, queries
from firebreak.operations.laboratory.cards import card_of
from firebreak.operations.laboratory.models import Laboratory, Specimen
from firebreak.operations.laboratory.results import results_of
from firebreak.operations.laboratory.rights import PLANT_CONTROLS, READ_SPECIMENS, WRITE_LABORATORIES
from firebreak.operations.laboratory.stages import RESULT_WORDS, Kind, Means
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.qr import qr_of
from firebreak.surfaces.common.shapes import Cell, Chip, Column, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import lazily

PLACE = "console/specimens/"


class LaboratoryForm(forms.Form):
    """A laboratory to enter or to bring up to date."""

    code = forms.CharField(label=lazily("编号", "Code"), max_length=20)
    name_zh = forms.CharField(label=lazily("名称", "Chinese name"), max_length=60)
    name_en = forms.CharField(label=lazily("英文名", "English name"), max_length=80)
    area = forms.ChoiceField(label=lazily("服务区域", "Area it serves"))
    tubes_a_day = forms.IntegerField(label=lazily("每日能力(管;0 为停用)", "Tubes a day (0: closed)"), min_value=0)
    higher = forms.BooleanField(label=lazily("上级复核机构", "Re-checks for others"), required=False)
    public_key = forms.CharField(
        label=lazily("公钥", "Public key"), required=False, max_length=120,
        help_text=lazily("机构运行 firebreak lab key 得到。", "From `firebreak lab key`, run by the laboratory."),
    )


class ControlsForm(forms.Form):
    """Blind controls that travel with a round's tubes."""

    expected = forms.ChoiceField(
        label=lazily("实际是", "What they are"),
        choices=[(key, lazily(RESULT_WORDS[key].zh, RESULT_WORDS[key].en)) for key in (Means.POSITIVE, Means.NEGATIVE)],
    )
    codes = forms.CharField(
        label=lazily("管号,一行一支", "Tubes, a line each"), max_length=8000, widget=forms.Textarea(attrs={"rows": 5})
    )


@needs(READ_SPECIMENS, post=WRITE_LABORATORIES)
def laboratories(request: HttpRequest) -> HttpResponse:
    """Every laboratory; a POST enters one or brings it up to date."""
    by = actor(request)
    form = _offered(LaboratoryForm(request.POST or None), by)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        row = actions.LaboratoryRow(
            said["code"].strip(), T(said["name_zh"], said["name_en"]), said["area"], said["tubes_a_day"], said["higher"],
            said["public_key"],
        )
        try:
            actions.enter_laboratory(row=row, by=by, at=clock.now())
        except Refusal as refusal:
            blame(form, refusal, {"laboratory-unreadable": "code"})
        else:
            tell(request, T("已保存。请打印接收码贴在接样窗口。", "Saved. Print its card for the counter."), tone="good")
            return redirect("laboratories")
    rows = list(within(queries.laboratories(), by, READ_SPECIMENS))
    open_ = [row for row in rows if row.tubes_a_day]
    return render(request, PLACE + "laboratories.html", {
        "listing": _listing(rows), "form": form if by.may(WRITE_LABORATORIES) else None, "n": len(open_),
        "capacity": sum(row.tubes_a_day for row in open_), "failed": form if form.errors else None,
        "may_plant": by.may(PLANT_CONTROLS),
    }, status=422 if form.errors else 200)


@needs(PLANT_CONTROLS, post=PLANT_CONTROLS)
def controls(request: HttpRequest) -> HttpResponse:
    """Blind controls of a round (the latest, or `?round=`): which they are, and what was said of them."""
    response, by = latest_response(), actor(request)
    turns = list(queries.rounds_with_tubes(response.ref).select_related("area")[:12]) if response else []
    row = next((one for one in turns if str(one.number) == request.GET.get("round")), turns[0] if turns else None)
    form = ControlsForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and row is not None:
        try:
            n = actions.plant_controls(
                round=Ref(row.ref), codes=form.cleaned_data["codes"].splitlines(),
                expected=Means(form.cleaned_data["expected"]), by=by, at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, {"specimen-code-used": "codes"})
        else:
            tell(request, T(f"已登记 {n} 支盲样。", f"{n} blind controls are entered."), tone="good")
            return redirect("laboratory-controls")
    if row is None or not by.may(PLANT_CONTROLS, area=row.area.path):
        return render(request, PLACE + "controls.html", {"row": None})
    rows = list(Specimen.objects.filter(round=row, kind=Kind.CONTROL).select_related("laboratory").order_by("code"))
    said = results_of(rows)
    wrong = [one for one in rows if one.pk in said and said[one.pk].means not in (one.expected, Means.INVALID)]
    return render(request, PLACE + "controls.html", {
        "row": row, "form": form, "failed": form if form.errors else None, "n": len(rows), "wrong": len(wrong),
        "told": sum(one.pk in said for one in rows),
        "listing": Listing(
            caption=T("盲样", "Blind controls"),
            chips=tuple(
                Chip(T(f"第 {one.number} 轮", f"Round {one.number}"), with_query(request, round=str(one.number)), on=one == row)
                for one in turns
            ),
            columns=(
                Column(T("管号", "Tube")), Column(T("实际", "It is")), Column(T("报告", "Reported")),
                Column(T("检测机构", "Laboratory")),
            ),
            rows=tuple(
                Row((
                    Cell(one.code), RESULT_WORDS[one.expected],
                    Cell(RESULT_WORDS[said[one.pk].means], tone="bad" if one in wrong else "good") if one.pk in said else None,
                    T(one.laboratory.name_zh, one.laboratory.name_en) if one.laboratory else None,
                ))
                for one in rows
            ),
            empty=T("这一轮还没有投盲样。", "No control travels with this round."),
        ),
    }, status=422 if form.errors else 200)


@needs(READ_SPECIMENS)
def card(request: HttpRequest, token: str) -> HttpResponse:
    """The card of a laboratory's counter, to print: scanned by drivers, checked without a network."""
    row = _found(token, actor(request), READ_SPECIMENS)
    return render(request, PLACE + "card.html", {"row": row, "qr": qr_of(card_of(row))})


@needs(post=WRITE_LABORATORIES)
def key(request: HttpRequest, token: str) -> HttpResponse:
    """A new key for the laboratory's own system, shown this once."""
    row = _found(token, actor(request), WRITE_LABORATORIES)
    made = actions.new_token(laboratory=Ref(row.ref), by=actor(request), at=clock.now())
    return render(request, PLACE + "key.html", {"row": row, "key": made, "header": "Authorization: Laboratory …"})


def _listing(rows: list[Laboratory]) -> Listing:
    return Listing(
        caption=T("检测机构", "Laboratories"),
        columns=(
            Column(T("机构", "Laboratory")), Column(T("每日能力(管)", "Tubes a day"), numeric=True),
            Column(T("文件签名", "Signs files")), Column(T("接口", "Interface")),
        ),
        rows=tuple(
            Row(
                (
                    Cell(T(row.name_zh, row.name_en), small=row.code), row.tubes_a_day,
                    T("有公钥", "key on file") if row.public_key else T("无", "no"),
                    T("已开通", "open") if row.token_hash else T("无", "no"),
                ),
                href=reverse("laboratory-card", args=[token_of(row.ref)]), tone="" if row.tubes_a_day else "quiet",
            )
            for row in rows
        ),
        empty=T("还没有登记检测机构。", "No laboratory is entered."),
    )


def _offered(form: LaboratoryForm, by: Actor) -> LaboratoryForm:
    areas = within(Area.objects.filter(level__in=("district", "community"), ended_at=None), by, WRITE_LABORATORIES, field="path")
    form.fields["area"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
        (area.code, str(T(area.name_zh, area.name_en or area.name_zh))) for area in areas.order_by("path")
    ]
    return form


def _found(token: str, by: Actor, right: str) -> Laboratory:
    row = queries.laboratory(make_ref("laboratory", token))
    if not by.may(right, area=row.area.path):
        raise NOT_FOUND.because()
    return row
