"""What was observed last, which rules of the plan hold because of it, and entering the next value."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import active_response
from firebreak.command.headquarters.plan import WeatherRule
from firebreak.command.weather import actions, queries
from firebreak.command.weather.importing import import_weather
from firebreak.command.weather.models import Observation
from firebreak.command.weather.rights import NOTE_WEATHER, READ_WEATHER
from firebreak.command.weather.rules import MEASURES
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, token_of
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Due, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import lazily
from firebreak.surfaces.console.people_at_work import names_of, owner_of
from firebreak.surfaces.console.rounds.forms import MomentField, in_district

SHOWN = 100
FIELDS = {"no-source": "source", "observed-later": "observed_at", "impossible-weather": "value", "unknown-measure": "measure"}


class WeatherForm(forms.Form):
    """A value, when it was observed and who says so."""

    measure = forms.ChoiceField(
        label=lazily("要素", "Measure"),
        choices=[
            (key, lazily(f"{one.name.zh}({one.unit})", f"{one.name.en} ({one.unit})")) for key, one in MEASURES.items()
        ],
    )
    value = forms.FloatField(label=lazily("数值", "Value"))
    observed_at = MomentField(lazily("观测时间", "Observed"))
    source = forms.CharField(label=lazily("来源", "Source"), max_length=80)


class ListForm(forms.Form):
    """What a station wrote down."""

    lines = forms.CharField(
        label=lazily("一行一条:日期 时间 要素 数值", "One a line: date, time, measure, value"), max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "placeholder": "2022-06-08 11:00 气温 33.4"}),
    )
    source = forms.CharField(label=lazily("来源", "Source"), max_length=80)


@needs(NOTE_WEATHER, post=NOTE_WEATHER)
def weather_list(request: HttpRequest) -> HttpResponse:
    """Bring a list in; afterwards what became of each line."""
    response = active_response()
    if response is None:
        raise NOT_FOUND.because()
    form, done = ListForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            done = import_weather(response=Ref(response.ref), by=actor(request), at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            blame(form, refusal, {"no-source": "source", "no-lines": "lines", "too-many-lines": "lines"})
    rejected = Listing(
        caption=T("没有登记的行", "Lines that were not taken"),
        columns=(Column(T("行", "Line"), numeric=True), Column(T("原文", "Text")), Column(T("为什么", "Why"))),
        rows=tuple(Row((one.number, one.text, Cell(one.why))) for one in done.rejected) if done else (),
        empty=T("每一行都登记了。", "Every line was taken."),
    )
    return render(request, "console/weather/list.html", {
        "form": form, "failed": form if form.errors else None, "done": done, "rejected": rejected if done else None,
    }, status=422 if form.errors else 200)


@needs(READ_WEATHER, post=NOTE_WEATHER)
def weather(request: HttpRequest) -> HttpResponse:
    """The latest values and what they ask for; a POST enters another."""
    response, now = active_response(), clock.now()
    if request.method == "POST" and response is None:
        raise NOT_FOUND.because()
    form = WeatherForm(request.POST if request.method == "POST" else None, initial={"observed_at": in_district(now)})
    if response is not None and form.is_valid():
        said = form.cleaned_data
        try:
            actions.note_weather(
                response=Ref(response.ref), measure=said["measure"], value=said["value"], observed_at=said["observed_at"],
                source=said["source"], by=actor(request), at=now,
            )
        except Refusal as refusal:
            blame(form, refusal, FIELDS)
        else:
            tell(request, T("已登记。", "Entered."), tone="good")
            return redirect("weather")
    latest = queries.latest(response.ref) if response else {}
    rules = _rules(response) if response else None
    may = response is not None and actor(request).may(NOTE_WEATHER, area=response.area.path)
    return render(request, "console/weather/weather.html", {
        "response": response, "latest": [said_of(row) for row in latest.values()],
        "asks": len(queries.holding(response)) if response else 0, "rules": rules,
        "form": form if may else None, "failed": form if form.errors else None,
        "past": _past(response) if response else None,
    }, status=422 if form.errors else 200)


def said_of(row: Observation) -> T:
    """气温 36 °C / Temperature 36 °C."""
    one = MEASURES[row.measure]
    return T(f"{one.name.zh} {row.value:g} {one.unit}", f"{one.name.en} {row.value:g} {one.unit}")


def _rules(response: Response) -> Listing:
    live, hold = queries.live(response.ref), queries.holding(response)
    return Listing(
        caption=T("预案怎么规定", "What the plan says"),
        columns=(
            Column(T("到多少", "From")), Column(T("做什么", "What")), Column(T("现在", "Now")), Column(T("责任人", "Owner")),
            Column(T("时限", "Due")),
        ),
        rows=tuple(
            Row(
                (
                    Cell(_limit(rule)),
                    rule.text.text,
                    Cell(T("生效", "holds"), small="" if task else T("已办结", "done"), tone="bad" if task else "")
                    if rule.key in hold else Cell(T("未到", "not reached"), tone="quiet"),
                    owner_of(task.owner) if task else None, Due(task.due_at) if task else None,
                ),
                href=reverse("task", args=[token_of(task.ref)]) if task else "",
            )
            for rule in queries.rules_of(response) for task in [live.get(rule.key)]
        ),
        empty=T("预案没有规定。", "The plan says nothing."),
    )


def _limit(rule: WeatherRule) -> T:
    """气温 ≥ 35 °C."""
    ((measure, limit),) = rule.limits.items()
    one = MEASURES[measure]
    return T(f"{one.name.zh} ≥ {limit:g} {one.unit}", f"{one.name.en} ≥ {limit:g} {one.unit}")


def _past(response: Response) -> Listing:
    rows = list(queries.observations(response.ref)[:SHOWN])
    names = names_of({row.by for row in rows})
    return Listing(
        caption=T("登记过的", "What was entered"),
        columns=(
            Column(T("观测时间", "Observed")), Column(T("数值", "Value")), Column(T("来源", "Source")), Column(T("登记人", "By")),
        ),
        rows=tuple(Row((row.observed_at, said_of(row), row.source, names[row.by])) for row in rows),
        empty=T("还没有登记。", "Nothing has been entered."),
    )
