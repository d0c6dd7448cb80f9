"""Pages of the journal: acts newest first, one act with its events, and checking the seals. Changes nothing."""

import json
from pathlib import Path

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from firebreak.engine.access.models import Account
from firebreak.engine.journal import queries, seals
from firebreak.engine.journal.models import Seal
from firebreak.engine.journal.queries import ActLine
from firebreak.engine.journal.rights import READ_JOURNAL, VERIFY_JOURNAL
from firebreak.engine.journal.verify import SHORTEST_HEAD, Verdict, verify_database, verify_files
from firebreak.kernel.text import T
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.shapes import Cell, Chip, Column, KeyPage, Listing, Row
from firebreak.surfaces.common.words import Words, lazily
from firebreak.surfaces.console.journal.titles import act_title, hand

ACTS_A_PAGE = 50
# Comparing rows takes about a tenth of a millisecond an act; beyond this a browser would give up waiting.
COMPARED_AT_MOST = 200_000
OUTCOMES = {"done": T("已生效", "done"), "refused": T("被拒绝", "refused")}


class HeadForm(forms.Form):
    """A head as printed on a report; spaces are allowed."""

    head = forms.CharField(label=lazily("纸上的封存值", "Head printed on paper"), max_length=80, required=False)

    def clean_head(self) -> str:
        """Hexadecimal, long enough to mean one seal."""
        head: str = "".join(self.cleaned_data["head"].lower().split())
        if head and (len(head) < SHORTEST_HEAD or set(head) - set("0123456789abcdef")):
            raise forms.ValidationError(lazily(
                "封存值是至少 8 位的 0-9、a-f。没有核对。请照纸面输入。",
                "A head is at least 8 characters of 0-9 and a-f. Nothing was checked. Type it as printed.",
            ))
        return head


@needs(READ_JOURNAL)
def act_list(request: HttpRequest) -> HttpResponse:
    """Acts, newest first, by who, what, about what and outcome."""
    asked = {name: request.GET.get(name, "").strip()[:120] for name in ("by", "name", "about", "outcome")}
    after = request.GET.get("after", "")
    found = queries.acts(**asked, before=int(after) if after.isdecimal() else None, limit=ACTS_A_PAGE + 1)
    shown = found[:ACTS_A_PAGE]
    names = _names(shown)
    here = with_query(request)
    further = f"{here}{'&' if '?' in here else '?'}after={shown[-1].id}" if len(found) > len(shown) else ""
    listing = Listing(
        T("凭证", "Acts"), (
            Column(T("号", "No.")), Column(T("何时", "When")), Column(T("谁", "Who")),
            Column(T("做了什么", "What")), Column(T("关于", "About")), Column(T("结果", "Outcome")),
            Column(T("封存", "Seal"), numeric=True),
        ),
        tuple(_row(request, line, names) for line in shown), chips=_chips(request, asked),
        page=KeyPage(len(shown), first_href=here if after else "", next_href=further),
        empty=T("没有这样的凭证。", "There is no such act."),
    )
    newest = seals.latest()
    return render(request, "console/journal/journal.html", {
        "listing": listing, "asked": asked, "newest": newest, "may_verify": actor(request).may(VERIFY_JOURNAL),
    })


@needs(READ_JOURNAL)
def act_page(request: HttpRequest, number: int) -> HttpResponse:
    """One act: who, when it happened, when it was learned, its events, and the seal that holds it."""
    found = queries.acts(before=number + 1, limit=1)
    if not found or found[0].id != number:
        raise Http404
    line = found[0]
    events = [
        (type_, about, json.dumps(payload, ensure_ascii=False, indent=1, sort_keys=True))
        for type_, about, payload in line.events
    ]
    seal = Seal.objects.filter(number=line.seal).first() if line.seal else None
    return render(request, "console/journal/act.html", {
        "act": line, "title": act_title(line.name), "by": _names([line])[line.by], "events": events, "seal": seal,
        "outcome": OUTCOMES[line.outcome],
    })


@needs(VERIFY_JOURNAL, post=VERIFY_JOURNAL)
def verify_seals(request: HttpRequest) -> HttpResponse:
    """Whether the chain is whole: the file, then the rows against it; a head from paper is looked for in it."""
    form = HeadForm(request.POST if request.method == "POST" else None)
    shown: dict[str, object] = {"form": form, "newest": seals.latest(), "limit": COMPARED_AT_MOST}
    if request.method == "POST" and form.is_valid():
        shown |= _checked(form.cleaned_data["head"])
    return render(request, "console/journal/verify.html", shown, status=422 if form.errors else 200)


def _checked(head: str) -> dict[str, object]:
    folder = Path(settings.DATA)
    compared = queries.last_position() <= COMPARED_AT_MOST
    verdict: Verdict = (verify_database if compared else verify_files)(folder, head=head)
    found = Seal.objects.filter(head__startswith=head).order_by("number").first() if head else None
    return {"verdict": verdict, "compared": compared, "found": found}


def _row(request: HttpRequest, line: ActLine, names: dict[str, Words]) -> Row:
    about = line.events[0][1] if line.events else ""
    more = len({event[1] for event in line.events}) - 1
    refused = line.outcome == "refused"
    return Row((
        Cell(str(line.id)), line.at, Cell(names[line.by], href=with_query(request, by=line.by)),
        Cell(act_title(line.name), small=line.refusal or line.name), Cell(
            about, href=with_query(request, about=about) if about else "",
            small=T(f"另 {more} 项", f"{more} more") if more > 0 else "",
        ),
        Cell(OUTCOMES[line.outcome], tone="bad" if refused else ""),
        line.seal if line.seal else Cell(T("未封", "open"), tone="quiet"),
    ), href=reverse("journal-act", args=[line.id]))


def _chips(request: HttpRequest, asked: dict[str, str]) -> tuple[Chip, ...]:
    outcomes = tuple(
        Chip(words, with_query(request, outcome="" if asked["outcome"] == key else key), on=asked["outcome"] == key)
        for key, words in OUTCOMES.items()
    )
    taken_off = tuple(
        Chip(asked[name], with_query(request, **{name: ""}), on=True) for name in ("by", "name", "about") if asked[name]
    )
    return (*outcomes, *taken_off)


def _names(lines: list[ActLine]) -> dict[str, Words]:
    """Who, in words: the account's name, else the part of the program. One query."""
    by = {line.by for line in lines}
    names: dict[str, Words] = {ref: hand(ref) for ref in by}
    names.update(Account.objects.filter(ref__in=by).values_list("ref", "name"))
    return names
