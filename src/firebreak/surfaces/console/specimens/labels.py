"""Labels: print them for a site, give up those that are lost; printed with their number in Code 128 and in figures."""

import re

from barcode import Code128
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from firebreak.engine.access.scope import within
from firebreak.kernel import clock
from firebreak.kernel.actor import Actor
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.operations.laboratory import labels
from firebreak.operations.laboratory.models import LabelRun
from firebreak.operations.laboratory.rights import ISSUE_LABELS
from firebreak.operations.rounds.models import Site
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import lazily

PLACE = "console/specimens/"
KINDS = {"tube": T("采样管", "tubes"), "bag": T("袋", "bags")}
QUIET, HEIGHT = 10, 40
"""In modules: the margin a scanner needs beside the bars, and their height."""


class LabelForm(forms.Form):
    """Labels to print."""

    site = forms.ChoiceField(label=lazily("采样点", "Site"))
    kind = forms.ChoiceField(
        label=lazily("贴在", "For"), choices=[(key, lazily(word.zh, word.en)) for key, word in KINDS.items()]
    )
    count = forms.IntegerField(label=lazily("张数", "How many"), initial=200, min_value=1, max_value=labels.MOST)


class LostForm(forms.Form):
    """Printed labels that will not be used."""

    codes = forms.CharField(
        label=lazily("标签号,一行一张", "Labels, a line each"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = forms.CharField(label=lazily("为什么不用了", "Why they will not be used"), max_length=120)


@needs(ISSUE_LABELS, post=ISSUE_LABELS)
def label_runs(request: HttpRequest) -> HttpResponse:
    """What was printed and where it stands; a POST prints more."""
    form = _offered(LabelForm(request.POST or None), actor(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            ref = labels.issue_labels(
                site=Ref(said["site"]), kind=said["kind"], count=said["count"], by=actor(request), at=clock.now()
            )
        except Refusal as refusal:
            blame(form, refusal, {"label-count": "count"})
        else:
            return redirect("labels-print", token_of(ref))
    return _page(request, form, LostForm())


@needs(post=ISSUE_LABELS)
def given_up(request: HttpRequest) -> HttpResponse:
    """Give up labels that are lost."""
    form = LostForm(request.POST)
    if form.is_valid():
        try:
            n = labels.give_up_labels(
                codes=form.cleaned_data["codes"].splitlines(), reason=form.cleaned_data["reason"], by=actor(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, {"label-not-ours": "codes", "missing-reason": "reason"})
        else:
            tell(request, T(f"已登记作废 {n} 张。", f"{n} labels are given up."), tone="good")
            return redirect("labels")
    return _page(request, _offered(LabelForm(), actor(request)), form)


@needs(ISSUE_LABELS)
def on_paper(request: HttpRequest, token: str) -> HttpResponse:
    """The labels of one run, on sheets of adhesive paper, forty-four a sheet."""
    row = within(LabelRun.objects.select_related("site"), actor(request), ISSUE_LABELS, field="site__area__path")
    found = row.filter(ref=make_ref("labels", token)).first()
    if found is None:
        raise NOT_FOUND.because()
    drawn = [(code, drawing_of(code)) for code in labels.codes_of(found)]
    return render(request, PLACE + "labels_print.html", {"row": found, "labels": drawn, "word": KINDS[found.kind]})


def drawing_of(code: str) -> SafeString:
    """A code as a Code 128 drawing that stands in the page itself: one path, so that no style is needed."""
    modules = Code128(code).build()[0]
    bars = "".join(f"M{run.start()} 0h{len(run[0])}v{HEIGHT}h-{len(run[0])}z" for run in re.finditer("1+", modules))
    box = f"-{QUIET} 0 {len(modules) + 2 * QUIET} {HEIGHT}"
    return format_html(
        '<svg viewBox="{}" preserveAspectRatio="none" role="img" aria-label="{}"><path d="{}"/></svg>', box, code, bars
    )


def _page(request: HttpRequest, form: LabelForm, lost: LostForm) -> HttpResponse:
    rows = list(within(
        LabelRun.objects.select_related("site").order_by("-id"), actor(request), ISSUE_LABELS, field="site__area__path"
    )[:100])
    book = next(iter(labels.balances(Cutoff(clock.now()))), None)
    listing = Listing(
        caption=T("印过的标签", "Labels printed"),
        columns=(
            Column(T("采样点", "Site")), Column(T("贴在", "For")), Column(T("张数", "Labels"), numeric=True),
            Column(T("编号", "Numbers")), Column(T("何时", "When")),
        ),
        rows=tuple(
            Row(
                (
                    Cell(T(row.site.name_zh, row.site.name_en)), KINDS[row.kind], row.count,
                    f"{row.first_code} – {row.last_code}", row.happened_at,
                ),
                href=reverse("labels-print", args=[token_of(row.ref)]),
            )
            for row in rows
        ),
        empty=T("还没有印过标签。", "No label was printed yet."),
    )
    failed = next((one for one in (form, lost) if one.errors), None)
    return render(request, PLACE + "labels.html", {
        "listing": listing, "form": form, "lost": lost, "failed": failed, "book": book,
    }, status=422 if failed else 200)


def _offered(form: LabelForm, by: Actor) -> LabelForm:
    form.fields["site"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
        (site.ref, str(T(site.name_zh, site.name_en))) for site in within(Site.objects.order_by("code"), by, ISSUE_LABELS)
    ]
    return form
