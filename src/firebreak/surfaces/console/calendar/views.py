"""The next weeks: free days and worked weekends, and whether somebody must be woken now."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from firebreak.engine.calendar import actions, queries
from firebreak.engine.calendar.models import SpecialDay
from firebreak.engine.calendar.rights import KEEP_CALENDAR, READ_CALENDAR
from firebreak.kernel import clock
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import day_text, lazily

BEFORE, AFTER = timedelta(days=31), timedelta(days=366)
FIELDS = {"days-backwards": "ends", "too-many-days": "ends", "days-unnamed": "name_zh"}
KINDS = {SpecialDay.Kind.FREE: T("放假", "free"), SpecialDay.Kind.WORKED: T("上班", "worked")}


class DaysForm(forms.Form):
    """A stretch of days as the announcement gives it."""

    begins = forms.DateField(label=lazily("第一天", "First day"), widget=forms.DateInput({"type": "date"}))
    ends = forms.DateField(label=lazily("最后一天", "Last day"), widget=forms.DateInput({"type": "date"}))
    kind = forms.ChoiceField(
        label=lazily("放假还是上班", "Free or worked"),
        choices=[(kind.value, lazily(words.zh, words.en)) for kind, words in KINDS.items()],
    )
    name_zh = forms.CharField(label=lazily("名称", "Name in Chinese"), max_length=40)
    name_en = forms.CharField(label=lazily("英文名称", "Name"), max_length=40)
    source = forms.CharField(label=lazily("依据的通知", "Announcement"), max_length=120)


@needs(READ_CALENDAR, post=KEEP_CALENDAR)
def calendar(request: HttpRequest) -> HttpResponse:
    """Declared days around today; a POST declares more."""
    now = clock.now()
    form = DaysForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            count = actions.declare_days(
                begins=said["begins"], ends=said["ends"], kind=said["kind"], name=T(said["name_zh"], said["name_en"]),
                source=said["source"], by=actor(request), at=now,
            )
        except Refusal as refusal:
            blame(form, refusal, FIELDS)
        else:
            tell(request, T("已登记 {n} 天。", "{n} days were entered.").filled(n=count), tone="good")
            return redirect("calendar")
    hours = queries.office_hours()
    return render(request, "console/calendar/calendar.html", {
        "why": queries.off_hours(now), "hours": hours, "days": _days(now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()),
        "form": form if actor(request).may(KEEP_CALENDAR) else None, "failed": form if form.errors else None,
    }, status=422 if form.errors else 200)


def _days(today: date) -> Listing:
    rows = queries.declared_days(today - BEFORE, today + AFTER)
    return Listing(
        caption=T("登记的日子", "Days entered"),
        columns=(Column(T("日期", "Date")), Column(T("放假还是上班", "Free or worked")), Column(T("名称", "Name")),
                 Column(T("依据的通知", "Announcement"))),
        rows=tuple(
            Row((day_text(row.date), Cell(KINDS[SpecialDay.Kind(row.kind)]), queries.name_of(row), row.source)) for row in rows
        ),
        empty=T("还没有登记:只有周末算放假。", "None yet: only weekends are free."),
    )
