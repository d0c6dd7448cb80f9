"""Pages of figures and reports."""

from base64 import b64encode
from datetime import date, timedelta
from hashlib import sha256
from itertools import islice
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import lazystr

from firebreak.command.reports import queries
from firebreak.command.reports.actions import publish_report
from firebreak.command.reports.models import Report
from firebreak.command.reports.renderings import RENDERINGS
from firebreak.command.reports.rights import OPEN_FIGURES, READ_REPORTS, RENDER_REPORT
from firebreak.engine.areas.models import Area
from firebreak.engine.ledgers.registry import Figure, figure, figures
from firebreak.kernel import clock
from firebreak.kernel.refs import token_of
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T, language
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.proof import for_many
from firebreak.surfaces.common.shapes import Cell, Column, KeyPage, Link, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.reports.cutoffs import asked_cutoff, read_moment
from firebreak.surfaces.console.reports.files import as_csv, as_json, shown

ROWS_A_PAGE = 100


@needs(OPEN_FIGURES)
def figure_list(request: HttpRequest) -> HttpResponse:
    """Every figure with its number now, or at the cut-off asked for."""
    cutoff = asked_cutoff(request)
    rows = tuple(
        Row((Cell(one.title), one.value(cutoff), Cell(one.unit, tone="quiet")), href=_href(request, one))
        for one in figures()
        if _may(request, one)
    )
    listing = Listing(
        caption=T("数字", "Figures"),
        columns=(Column(T("项目", "Figure")), Column(T("数量", "Value"), numeric=True), Column(T("单位", "Unit"))),
        rows=rows, note=T("每个数字都能打开它的明细", "Each figure opens its rows"), as_of=cutoff.at,
        empty=T("没有您可以打开的数字。", "There is no figure you may open."),
    )
    return render(request, "console/reports/figures.html", {"listing": listing, "cutoff": cutoff, "count": len(rows)})


@needs(OPEN_FIGURES)
def figure_rows(request: HttpRequest, name: str) -> HttpResponse:
    """The rows behind one figure, a page at a time."""
    one, cutoff = _figure(request, name), asked_cutoff(request)
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() else 0
    total = one.count(cutoff)
    rows = [
        Row(tuple(shown(row.get(key)) for key in one.columns))
        for row in islice(one.rows(cutoff), start, start + ROWS_A_PAGE)
    ]
    last = start + len(rows)
    page = KeyPage(
        shown=len(rows), total=total, first_href=with_query(request) if start else "",
        next_href=_after(request, last) if last < total else "",
    )
    listing = Listing(
        caption=one.title, columns=tuple(Column(title) for title in one.columns.values()), rows=tuple(rows), page=page,
        exports=(Link("CSV", _export(request, name, "csv")), Link("JSON", _export(request, name, "json"))),
        as_of=cutoff.at, empty=T("此刻没有一行。", "There is no row at this moment."),
    )
    context = {"figure": one, "value": one.value(cutoff), "listing": listing, "cutoff": cutoff, "sealed": "head" in request.GET}
    return render(request, "console/reports/figure.html", context)


@needs(OPEN_FIGURES, proof=for_many)
def figure_file(request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
    """The rows as a file, streamed."""
    one, cutoff = _figure(request, name), asked_cutoff(request)
    make, content = (as_csv, "text/csv; charset=utf-8") if kind == "csv" else (as_json, "application/json")
    response = StreamingHttpResponse(make(one, cutoff), content_type=content)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


class ReportForm(forms.Form):
    """Which day, and the moment the report speaks of."""

    day = forms.DateField(label=lazystr(T("日期", "Day")))
    cutoff = forms.CharField(label=lazystr(T("截至", "As of")), max_length=40)


@needs(READ_REPORTS, post=RENDER_REPORT)
def report_list(request: HttpRequest) -> HttpResponse:
    """Published reports, and the form that makes one."""
    by, now = actor(request), clock.now()
    form = ReportForm(request.POST or None, initial=_proposed())
    if request.method == "POST" and form.is_valid():
        try:
            cutoff_at = read_moment(form.cleaned_data["cutoff"])
            ref = publish_report(day=form.cleaned_data["day"], cutoff_at=cutoff_at, by=by, at=now)
        except Refusal as refusal:
            blame(form, refusal, {"future-cutoff": "cutoff", "unreadable-moment": "cutoff", "no-response": "day"})
        else:
            tell(request, T("日报已出。", "The report is out."))
            return redirect("report", token=token_of(ref))
    kept = list(Report.objects.order_by("-day", "-edition")[:200])
    rows = tuple(
        Row(
            (
                Cell(row.day.isoformat(), small=T(f"第 {row.edition} 版", f"edition {row.edition}")), row.cutoff_at,
                Cell(f"{row.head[:16]}…"), row.rendered_at,
            ),
            href=reverse("report", args=[token_of(row.ref)]),
        )
        for row in kept
    )
    listing = Listing(
        caption=T("日报", "Daily reports"), rows=rows,
        columns=(
            Column(T("日期", "Day")), Column(T("截至", "As of")), Column(T("封存值", "Journal head")),
            Column(T("出报", "Rendered")),
        ),
        empty=T(
            "还没有日报。账平之后,在右边填日期即可出报。",
            "No report yet. Once the books balance, give a day and make one.",
        ),
    )
    context = {
        "listing": listing, "form": form, "may_render": by.may(RENDER_REPORT), "latest": kept[0] if kept else None,
    }
    return render(request, "console/reports/reports.html", context, status=422 if form.errors else 200)


@needs(READ_REPORTS)
def report(request: HttpRequest, token: str) -> HttpResponse:
    """One report: what it says, its files, and what was learned since."""
    row = _report(token)
    revisions = Listing(
        caption=T("此后得知", "Learned since"),
        columns=(
            Column(T("项目", "Figure")), Column(T("当时", "As printed"), numeric=True),
            Column(T("现在", "As known now"), numeric=True),
        ),
        rows=tuple(Row((Cell(one.title), one.printed, one.now)) for one in queries.revisions(row)),
        empty=T(
            "没有新得知的事,数字与出报时一样。",
            "Nothing was learned since; every figure reads as printed.",
        ),
    )
    return render(request, "console/reports/report.html", {"report": row, "token": token, "revisions": revisions})


@needs(READ_REPORTS)
def report_page(request: HttpRequest, token: str) -> HttpResponse:
    """The bytes of the report as published; they carry their own style so that the file stands alone."""
    page = queries.published(_report(token), "html")
    response = HttpResponse(page, content_type="text/html; charset=utf-8")
    response._csp_update = {"style-src": [_style_hash(page)]}  # type: ignore[attr-defined]  # django-csp reads it
    return response


@needs(READ_REPORTS)
def report_json(request: HttpRequest, token: str) -> HttpResponse:
    """The bytes of the JSON report as published."""
    return HttpResponse(queries.published(_report(token), "json"), content_type="application/json")


@needs(READ_REPORTS)
def report_file(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """The report as a file for others, in the reader's language."""
    content = queries.rendering(_report(token), kind, language())
    name = f"{token}.{language()}.{kind}"
    return HttpResponse(
        content, content_type=RENDERINGS[kind][1], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _style_hash(page: bytes) -> str:
    """The content-policy hash of the report's own style element, so that no other inline style may run."""
    style = page.partition(b"<style>")[2].partition(b"</style>")[0]
    return f"'sha256-{b64encode(sha256(style).digest()).decode()}'"


def _report(token: str) -> Report:
    row = Report.objects.filter(ref=f"report:{token}").first()
    if row is None:
        raise Http404
    return row


def _figure(request: HttpRequest, name: str) -> Figure:
    try:
        one = figure(name)
    except KeyError as unknown:
        raise Http404 from unknown
    actor(request).require(one.permission, area=_district())
    return one


def _may(request: HttpRequest, one: Figure) -> bool:
    return actor(request).may(one.permission, area=_district())


def _district() -> str:
    """The path over which a figure counts: the whole district."""
    return Area.objects.filter(level=Area.Level.DISTRICT).values_list("path", flat=True).first() or "/"


def _href(request: HttpRequest, one: Figure) -> str:
    return f"{reverse('figure', args=[one.name])}?{request.GET.urlencode()}"


def _after(request: HttpRequest, last: int) -> str:
    query = request.GET.copy()
    query["after"] = str(last)
    return f"{request.path}?{query.urlencode()}"


def _export(request: HttpRequest, name: str, kind: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    return f"{reverse('figure-file', args=[name, kind])}?{query.urlencode()}"


def _proposed() -> dict[str, object]:
    moment_now = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE))
    today: date = moment_now.date()
    day = today - timedelta(days=1) if moment_now.hour < 12 else today
    cutoff = f"{day.isoformat()} 24:00" if day < today else moment_now.strftime("%Y-%m-%d %H:%M")
    return {"day": day.isoformat(), "cutoff": cutoff}

