"""Results: what laboratories sent, a file to take in, rows to type; each row that did not count with its reason."""

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.engine.access.scope import within
from firebreak.engine.approvals.models import UNDECIDED, Proposal
from firebreak.kernel import clock
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.operations.laboratory import actions, queries
from firebreak.operations.laboratory.models import Delivery, RejectedRow
from firebreak.operations.laboratory.results import Row as Line
from firebreak.operations.laboratory.rights import READ_RESULTS, TAKE_RESULTS
from firebreak.operations.laboratory.stages import RESULT_WORDS
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Effect, Link, Listing, Row
from firebreak.surfaces.common.sheets import sheet
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import lazily
from firebreak.surfaces.console.approvals.effects import Sight
from firebreak.surfaces.console.people_at_work import names_of

PLACE = "console/specimens/"
SHOWN = 100
SOURCES = {"file": T("文件", "file"), "api": T("接口", "interface"), "keyed": T("手工录入", "typed")}
FIELDS = dict.fromkeys(
    ("delivery-unsigned", "delivery-unreadable", "delivery-empty", "empty-file", "no-header", "old-workbook"), "content"
)
COLUMNS = (
    Column(T("行", "Line"), numeric=True), Column(T("管号", "Tube")), Column(T("为什么没有收", "Why it did not count")),
)


class FileForm(forms.Form):
    """A laboratory's file with its signature."""

    laboratory = forms.ChoiceField(label=lazily("检测机构", "Laboratory"))
    content = forms.FileField(label=lazily("结果文件(CSV、XLSX)", "File of results (CSV, XLSX)"))
    signature = forms.CharField(
        label=lazily("签名(.sig 文件里的一行)", "Signature (the line in the .sig file)"), required=False, max_length=200,
        help_text=lazily("没有签名的阳性要另一人复核。", "Without it, positives wait for a second person."),
    )


class KeyedForm(forms.Form):
    """Results typed by hand."""

    laboratory = forms.ChoiceField(label=lazily("检测机构", "Laboratory"))
    rows = forms.CharField(
        label=lazily("一行一支:管号,结果,检测时间", "A line each: tube, result, time of the test"), max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": "S01-1-1-001,阴性,2022-06-06 21:30"}),
    )


@needs(READ_RESULTS, post=TAKE_RESULTS)
def results(request: HttpRequest) -> HttpResponse:
    """Lists of results as they came; a POST takes in a file."""
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = _offered(FileForm(*sent), actor(request))
    if form.is_valid():
        said = form.cleaned_data
        try:
            ref = actions.take_file(
                laboratory=Ref(said["laboratory"]), content=said["content"].read(), signature=said["signature"],
                by=actor(request), at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, FIELDS)
        else:
            return _received(request, ref)
    return _page(request, form, _offered(KeyedForm(), actor(request)))


@needs(post=TAKE_RESULTS)
def keyed(request: HttpRequest) -> HttpResponse:
    """Take in results typed by hand."""
    form = _offered(KeyedForm(request.POST), actor(request))
    if form.is_valid():
        try:
            ref = actions.key_results(
                laboratory=Ref(form.cleaned_data["laboratory"]), rows=_lines(form.cleaned_data["rows"]), by=actor(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, {"delivery-empty": "rows"})
        else:
            return _received(request, ref)
    return _page(request, _offered(FileForm(), actor(request)), form)


@needs(READ_RESULTS)
def delivery(request: HttpRequest, token: str) -> HttpResponse:
    """What became of each row of a list, and what waits for a second person."""
    row = _found(request, token)
    wrong = RejectedRow.objects.filter(delivery=row).order_by("number")[:SHOWN]
    waiting = Proposal.objects.filter(kind=actions.KEYED, about=row.ref, status__in=UNDECIDED).first()
    return render(request, PLACE + "delivery.html", {
        "row": row, "token": token, "waiting": waiting, "source": SOURCES[row.source], "by": names_of([row.by])[row.by],
        "laboratory": T(row.laboratory.name_zh, row.laboratory.name_en), "rejected": _rejected(list(wrong), row, token),
        "positive": [
            (one.specimen.code, RESULT_WORDS[one.means], one.tested_at)
            for one in row.results.exclude(means="negative").select_related("specimen").order_by("id")[:SHOWN]
        ],
    })


@needs(READ_RESULTS)
def rejected(request: HttpRequest, token: str) -> StreamingHttpResponse:
    """The rows that did not count, as a file to send back."""
    row = _found(request, token)
    wrong = RejectedRow.objects.filter(delivery=row).order_by("number")
    return sheet(f"rejected-{token}", COLUMNS, (_line(one) for one in wrong.iterator()))


def sight(proposal: Proposal) -> Sight:
    """Which tubes a second person would call positive, for the list of decisions."""
    found = [
        T(f"{code} {RESULT_WORDS[means].zh}", f"{code} {RESULT_WORDS[means].en}")
        for code, means in zip(proposal.effect["tubes"], proposal.effect["results"], strict=True)
    ]
    words = T("、".join(one.zh for one in found), ", ".join(one.en for one in found))
    detail = Link(T("看这份结果", "see the list"), reverse("delivery", args=[token_of(proposal.about)]))
    return Sight((Effect(len(found), words, "bad"),), detail)


def _page(request: HttpRequest, upload: forms.Form, typed: forms.Form) -> HttpResponse:
    by = actor(request)
    rows = list(within(queries.deliveries(), by, READ_RESULTS, field="laboratory__area__path")[:SHOWN])
    listing = Listing(
        caption=T("收到的结果", "Results received"),
        columns=(
            Column(T("何时", "When")), Column(T("检测机构", "Laboratory")), Column(T("来源", "Source")),
            Column(T("行", "Rows"), numeric=True), Column(T("入账", "Counted"), numeric=True),
            Column(T("退回", "Returned"), numeric=True), Column(T("重复", "Known"), numeric=True),
            Column(T("待复核", "Waiting"), numeric=True),
        ),
        rows=tuple(
            Row(
                (
                    row.received_at, Cell(T(row.laboratory.name_zh, row.laboratory.name_en)), Cell(
                        SOURCES[row.source], small=T("已签名", "signed") if row.signed else ""),
                    row.rows, row.accepted, Cell(row.rejected, tone="warn" if row.rejected else ""), row.repeated,
                    Cell(row.waiting, tone="warn" if row.waiting else ""),
                ),
                href=reverse("delivery", args=[token_of(row.ref)]),
            )
            for row in rows
        ),
        empty=T("还没有收到结果。", "No result has come."),
    )
    failed = next((form for form in (upload, typed) if form.errors), None)
    return render(request, PLACE + "results.html", {
        "listing": listing, "may": by.may(TAKE_RESULTS), "upload": upload, "typed": typed, "failed": failed,
        "returned": sum(row.rejected for row in rows), "n": len(rows),
    }, status=422 if failed else 200)


def _rejected(wrong: list[RejectedRow], row: Delivery, token: str) -> Listing:
    return Listing(
        caption=T("退回的行", "Rows returned"), columns=COLUMNS, rows=tuple(_line(one) for one in wrong),
        exports=(Link("CSV", reverse("delivery-rejected", args=[token])),) if row.rejected else (),
        empty=T("没有退回的行。", "No row was returned."),
    )


def _line(one: RejectedRow) -> Row:
    return Row((one.number, Cell(one.code), T(one.words_zh, one.words_en)))


def _lines(text: str) -> list[Line]:
    """Lines of `tube,result,time`, the separator a comma of either width, a semicolon or a tab."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        plain = line.replace(",", ",").replace(";", ",").replace("\t", ",").replace(";", ",")
        if plain.strip():
            code, said, tested = ([part.strip() for part in plain.split(",", 2)] + ["", ""])[:3]
            found.append(Line(number, code.upper(), said, tested))
    return found


def _offered(form: forms.Form, by: Actor) -> forms.Form:
    rows = within(queries.laboratories().filter(tubes_a_day__gt=0), by, TAKE_RESULTS)
    form.fields["laboratory"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
        (row.ref, str(T(row.name_zh, row.name_en))) for row in rows
    ]
    return form


def _received(request: HttpRequest, ref: Ref) -> HttpResponse:
    row = Delivery.objects.get(ref=ref)
    tell(request, T(
        f"收到 {row.rows} 行:入账 {row.accepted},退回 {row.rejected},重复 {row.repeated},待复核 {row.waiting}。",
        f"{row.rows} rows: {row.accepted} counted, {row.rejected} returned, {row.repeated} known, {row.waiting} waiting.",
    ), tone="good" if not row.rejected else "warn")
    return redirect("delivery", token_of(ref))


def _found(request: HttpRequest, token: str) -> Delivery:
    row = within(queries.deliveries(), actor(request), READ_RESULTS, field="laboratory__area__path")
    found = row.filter(ref=make_ref("delivery", token)).first()
    if found is None:
        raise NOT_FOUND.because()
    return found
