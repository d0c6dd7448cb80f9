"""The desk of news briefs, and their public pages (no account, no script, cacheable)."""

from datetime import datetime
from hashlib import sha256
from typing import cast

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response

from firebreak.command.activation.queries import active_response, latest_response
from firebreak.command.briefs import actions, queries
from firebreak.command.briefs.models import Brief
from firebreak.command.briefs.rights import WRITE_BRIEFS
from firebreak.engine.approvals.models import UNDECIDED, Proposal
from firebreak.engine.ledgers.registry import figures
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs, open_to_all
from firebreak.surfaces.common.shapes import Cell, Column, Link, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import lazily
from firebreak.surfaces.console.approvals.effects import Sight, effects_of
from firebreak.surfaces.console.people_at_work import names_of

PLACE = "console/briefs/"
FRESH_SECONDS = 60
FIELDS = dict.fromkeys(("brief-words-missing", "brief-unknown-name", "brief-typed-number", "brief-typed-quote"), "words")
STATES = {
    "out": T("已发布", "published"), "withdrawn": T("已撤回", "withdrawn"), "written": T("在写", "being written"),
}


class BriefForm(forms.Form):
    """A title and a text."""

    title = forms.CharField(label=lazily("标题", "Title"), max_length=80)
    words = forms.CharField(
        label=lazily("正文:一行一段;数字写 [数字名],引语写 [#编号],图片写 [@编号]",
                     "Text: a line a paragraph; figures as [name], quotes as [#number], pictures as [@number]"),
        max_length=8_000, widget=forms.Textarea(attrs={"rows": 12}),
    )


class QuoteForm(forms.Form):
    """Words that may be quoted."""

    speaker = forms.CharField(label=lazily("谁说的(姓名、职务)", "Who said it (name, post)"), max_length=80)
    words = forms.CharField(label=lazily("原话", "The words"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    source = forms.CharField(label=lazily("出处(会议、日期、记录编号)", "Where it stands (meeting, day, record)"), max_length=160)
    consent = forms.CharField(label=lazily("谁、何时同意引用", "Who agreed to be quoted, and when"), max_length=160)


@needs(WRITE_BRIEFS, post=WRITE_BRIEFS)
def brief_list(request: HttpRequest) -> HttpResponse:
    """Every brief with where it stands; a POST begins one, and its writer is the author."""
    response = active_response()
    form = BriefForm(request.POST if request.method == "POST" else None)
    if response is not None and form.is_valid():
        said = form.cleaned_data
        try:
            ref = actions.write_brief(
                response=Ref(response.ref), title=said["title"], words=said["words"], by=actor(request), at=clock.now()
            )
        except Refusal as refusal:
            blame(form, refusal, FIELDS)
        else:
            tell(request, T("已保存。请另一个人编辑。", "Saved. Somebody else edits it next."), tone="good")
            return redirect("brief", token_of(ref))
    shown = response or latest_response()
    rows = list(queries.briefs(shown.ref)) if shown else []
    return render(request, PLACE + "list.html", {
        "out": sum(state_of(row) == "out" for row in rows), "listing": _listing(rows), "form": form if response else None,
        "failed": form if form.errors else None, "names": figures(), "quotes": queries.quotes(shown.ref)[:50] if shown else [],
    }, status=422 if form.errors else 200)


@needs(WRITE_BRIEFS, post=WRITE_BRIEFS)
def quotes(request: HttpRequest) -> HttpResponse:
    """Quotes that may be used; a POST stores one."""
    response = active_response()
    form = QuoteForm(request.POST if request.method == "POST" else None)
    if response is not None and form.is_valid():
        try:
            actions.store_quote(response=Ref(response.ref), by=actor(request), at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            blame(form, refusal, {"quote-incomplete": "words"})
        else:
            tell(request, T("已存。", "Stored."), tone="good")
            return redirect("brief-quotes")
    rows = list(queries.quotes(response.ref)[:200]) if response else []
    listing = Listing(
        caption=T("可以引用的话", "What may be quoted"),
        columns=(
            Column(T("编号", "Number")), Column(T("原话", "Words")), Column(T("出处", "Source")), Column(T("同意", "Consent")),
        ),
        rows=tuple(Row((f"[#{row.number}]", Cell(row.words, small=row.speaker), row.source, row.consent)) for row in rows),
        empty=T("还没有存过引语。", "No quote has been stored."),
    )
    return render(request, PLACE + "quotes.html", {
        "form": form if response else None, "failed": form if form.errors else None, "listing": listing,
    }, status=422 if form.errors else 200)


@needs(WRITE_BRIEFS, post=WRITE_BRIEFS)
def brief(request: HttpRequest, token: str) -> HttpResponse:
    """One brief as readers would see it now, its versions and signatures; a POST writes another version."""
    row = _found(request, token)
    kept = queries.versions(row)
    initial = {"title": kept[-1].title, "words": kept[-1].text}
    form = BriefForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.edit_brief(
                brief=Ref(row.ref), title=said["title"], words=said["words"], by=actor(request), at=clock.now()
            )
        except Refusal as refusal:
            blame(form, refusal, FIELDS)
        else:
            tell(request, T("已保存新的一版。", "Another version is saved."), tone="good")
            return redirect("brief", token)
    out = getattr(row, "published", None)
    names = names_of({one.by for one in kept} | ({out.editor, out.approver} if out else set()))
    waiting = Proposal.objects.filter(kind=actions.KIND, about=row.ref, status__in=UNDECIDED).first()
    content = out.content if out else waiting.payload["content"] if waiting else actions.content_of(row, kept[-1], clock.now())
    return render(request, PLACE + "brief.html", {
        "row": row, "token": token, "content": content, "cutoff": datetime.fromisoformat(content["cutoff_at"]),
        "word": STATES[state_of(row)], "author": names[kept[0].by], "editor": names[out.editor] if out else "",
        "approver": names[out.approver] if out else "", "out": out, "withdrawal": getattr(out, "withdrawal", None),
        "waiting": waiting, "is_author": actor(request).ref == kept[0].by, "form": None if out or waiting else form,
        "failed": form if form.errors else None, "versions": [(one, names[one.by]) for one in kept], "names": figures(),
    }, status=422 if form.errors else 200)


@needs(post=WRITE_BRIEFS)
def propose(request: HttpRequest, token: str) -> HttpResponse:
    """Ask a third person to publish it."""
    row = _found(request, token)
    actions.propose_brief(brief=Ref(row.ref), by=actor(request), at=clock.now())
    tell(request, T("已提请,等第三人批准。", "Proposed; it waits for a third person."), tone="good")
    return redirect("brief", token)


@needs(post=WRITE_BRIEFS)
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take a published brief back."""
    row = _found(request, token)
    actions.withdraw_brief(brief=Ref(row.ref), reason=request.POST.get("reason", ""), by=actor(request), at=clock.now())
    tell(request, T("已撤回,公众页写明了原因。", "Withdrawn; the public page says why."), tone="good")
    return redirect("brief", token)


def sight(proposal: Proposal) -> Sight:
    """What would be published, for the list of decisions."""
    words = T("看清楚:读者会看到的原文", "Look closely: what readers will see")
    return Sight(effects_of(proposal.effect), Link(words, reverse("brief", args=[token_of(proposal.about)])))


@open_to_all
def news(request: HttpRequest) -> HttpResponse:
    """Published briefs for anybody, the latest first. One query."""
    return _cacheable(request, "news.html", {"rows": [(one, _title(one.content)) for one in queries.published()[:50]]})


@open_to_all
def news_one(request: HttpRequest, token: str) -> HttpResponse:
    """One published brief for anybody: three names, publish time, and the cut-off of its figures."""
    row = queries.published().filter(brief__ref=make_ref("brief", token)).first()
    if row is None:
        raise Http404
    names = names_of({row.author, row.editor, row.approver})
    return _cacheable(request, "news_one.html", {
        "row": row, "title": _title(row.content), "withdrawal": getattr(row, "withdrawal", None), "content": row.content,
        "cutoff": datetime.fromisoformat(row.content["cutoff_at"]), "author": names[row.author], "editor": names[row.editor],
        "approver": names[row.approver],
    })


def state_of(row: Brief) -> str:
    """written, out or withdrawn."""
    out = getattr(row, "published", None)
    return "written" if out is None else "withdrawn" if hasattr(out, "withdrawal") else "out"


def _cacheable(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    page = render_to_string(PLACE + template, {**context, "drill": settings.FIREBREAK_DRILL}).encode()
    tag = f'"{sha256(page).hexdigest()[:32]}"'
    response = HttpResponse(page, headers={"ETag": tag, "Cache-Control": f"public, max-age={FRESH_SECONDS}"})
    return cast(HttpResponse, get_conditional_response(request, etag=tag, response=response))


def _title(content: dict[str, list[dict[str, str]]]) -> str:
    return "".join(part["text"] for part in content["title"])


def _found(request: HttpRequest, token: str) -> Brief:
    row = queries.find(make_ref("brief", token))
    if not actor(request).may(WRITE_BRIEFS, area=row.response.area.path):
        raise NOT_FOUND.because()
    return row


def _listing(rows: list[Brief]) -> Listing:
    firsts = {row.pk: list(row.versions.all()) for row in rows}
    names = names_of({kept[0].by for kept in firsts.values()})
    return Listing(
        caption=T("简报", "Briefs"),
        columns=(
            Column(T("期号", "Number")), Column(T("标题", "Title")), Column(T("作者", "Author")), Column(T("状态", "State")),
        ),
        rows=tuple(
            Row(
                (str(row.number), firsts[row.pk][-1].title, names[firsts[row.pk][0].by], Cell(STATES[state_of(row)])),
                href=reverse("brief", args=[token_of(row.ref)]),
            )
            for row in rows
        ),
        empty=T("还没有写过简报。", "No brief has been written."),
    )
