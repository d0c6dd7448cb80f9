"""Writes of news briefs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from firebreak.command.activation.models import Response
from firebreak.command.briefs import events, queries, refusals, text
from firebreak.command.briefs.models import (
    Brief,
    BriefPicture,
    BriefVersion,
    PublishedBrief,
    PublishedPicture,
    Quote,
    WithdrawnBrief,
)
from firebreak.command.briefs.rights import APPROVE_BRIEFS, WRITE_BRIEFS
from firebreak.command.reports.plan import ReportsSection
from firebreak.command.reports.rules import check_balanced
from firebreak.engine.approvals import actions as approvals
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.ledgers.registry import balance_all, figures
from firebreak.engine.pictures.actions import keep_picture
from firebreak.engine.pictures.models import Picture
from firebreak.engine.plans.queries import adopted
from firebreak.kernel.actor import Actor
from firebreak.kernel.clock import iso
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, new_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

KIND = "news-brief"
LIFE = timedelta(hours=12)
_TITLE = T("发布第 {n} 期简报《{title}》", "Publish news brief {n}, “{title}”")


@action
def store_quote(
    *, response: Ref, speaker: str, words: str, source: str, consent: str, by: Actor, at: datetime
) -> Ref:
    """Keep words that may be quoted, with where they stand and who agreed.

    Who: whoever writes briefs.   Refuses: quote-incomplete, not-found.   Journals: QuoteStored (never the words).
    """
    row = _response(response)
    by.require(WRITE_BRIEFS, area=row.area.path)
    said = [one.strip() for one in (speaker, words, source, consent)]
    if not all(said):
        raise refusals.QUOTE_INCOMPLETE.because()
    number = row.quotes.count() + 1
    made = Quote.objects.create(
        ref=new_ref("quote"), response=row, number=number, speaker=said[0], words=said[1], source=said[2], consent=said[3],
        by=by.ref, happened_at=at, act=current_act(),
    )
    record(events.QuoteStored(number, said[2], said[3]), about=made.ref)
    return Ref(made.ref)


@action
def store_picture(
    *, response: Ref, caption: str, source: str, consent: str, content: bytes, by: Actor, at: datetime
) -> Ref:
    """Keep a picture that may be published, with where it comes from and who agreed.

    Who: whoever writes briefs.   Refuses: brief-picture-incomplete, not-a-picture, picture-too-large, not-found.
    Journals: BriefPictureStored, PictureKept.   Promises: no place, owner or other words of the camera are kept.
    """
    row = _response(response)
    by.require(WRITE_BRIEFS, area=row.area.path)
    said = [one.strip() for one in (caption, source, consent)]
    if not (all(said) and content):
        raise refusals.PICTURE_INCOMPLETE.because()
    number, ref = row.brief_pictures.count() + 1, new_ref("brief-picture")
    kept = keep_picture(about=ref, response=response, content=content, by=by, at=at)
    BriefPicture.objects.create(
        ref=ref, response=row, number=number, caption=said[0], source=said[1], consent=said[2],
        picture=Picture.objects.get(ref=kept), by=by.ref, happened_at=at, act=current_act(),
    )
    record(events.BriefPictureStored(number, said[1], said[2]), about=ref)
    return ref


@action
def write_brief(*, response: Ref, title: str, words: str, by: Actor, at: datetime) -> Ref:
    """Begin a brief; whoever does is its author.

    Who: whoever writes briefs.
    Refuses: brief-words-missing, brief-typed-number, brief-typed-quote, brief-unknown-name, not-found.
    Journals: BriefWritten.
    """
    row = _response(response)
    made = Brief.objects.create(ref=new_ref("brief"), response=row, number=row.briefs.count() + 1)
    return _keep(made, title, words, by, at)


@action
def edit_brief(*, brief: Ref, title: str, words: str, by: Actor, at: datetime) -> Ref:
    """Write another version; who writes the last one that is not the author's is the editor.

    Who: whoever writes briefs.   Refuses: as `write_brief`, brief-published.   Journals: BriefWritten.
    Promises: earlier versions stay.
    """
    row = queries.find(brief)
    _check_unpublished(row)
    return _keep(row, title, words, by, at)


def _keep(row: Brief, title: str, words: str, by: Actor, at: datetime) -> Ref:
    by.require(WRITE_BRIEFS, area=row.response.area.path)
    title, words = text.checked(title, words)
    known = {
        *(one.name for one in figures()),
        *(f"#{number}" for number in row.response.quotes.values_list("number", flat=True)),
        *(f"@{number}" for number in row.response.brief_pictures.values_list("number", flat=True)),
    }
    for name in text.names_in(title, words):
        if name not in known:
            raise refusals.UNKNOWN_NAME.because(name=f"[{name}]")
    BriefVersion.objects.create(brief=row, title=title, text=words, by=by.ref, happened_at=at, act=current_act())
    record(events.BriefWritten(row.number, row.versions.count()), about=row.ref)
    return Ref(row.ref)


@action
def propose_brief(*, brief: Ref, by: Actor, at: datetime) -> Ref:
    """Ask a third person to publish it with the figures of this moment.

    Who: whoever writes briefs and is not its author: the editor.
    Refuses: editor-is-author, brief-published, brief-figure-too-small, ledger-unbalanced, already-pending.
    Journals: ProposalMade.   Promises: what the third person reads is what is published, to the letter.
    """
    row = queries.find(brief)
    by.require(WRITE_BRIEFS, area=row.response.area.path)
    _check_unpublished(row)
    kept = queries.versions(row)
    if by.ref == kept[0].by:
        raise refusals.EDITOR_IS_AUTHOR.because()
    check_balanced(balance_all(Cutoff(at)))
    content = content_of(row, kept[-1], at)
    _check_small(row.response, content)
    return approvals.propose(
        kind=KIND, about=row.ref, title=_TITLE.filled(n=row.number, title=kept[-1].title),
        effect={
            "figures_told": len(content["figures"]), "quotes_told": len(content["quotes"]),
            "pictures_told": len(content["pictures"]),
        },
        payload={"content": content, "author": kept[0].by, "editor": by.ref, "wrote": sorted({one.by for one in kept})},
        permission=APPROVE_BRIEFS, area_path=row.response.area.path, expires_at=at + LIFE, by=by, at=at,
    )


def publish_brief(proposal: Proposal, by: Actor, at: datetime) -> Ref:
    """What the approval of a brief does. Refuses: approver-wrote-it, brief-published."""
    row, said = queries.find(Ref(proposal.about)), proposal.payload
    if by.ref in said["wrote"]:
        raise refusals.APPROVER_WROTE_IT.because()
    _check_unpublished(row)
    content = said["content"]
    out = PublishedBrief.objects.create(
        brief=row, content=content, author=said["author"], editor=said["editor"], approver=by.ref, published_at=at,
        act=current_act(),
    )
    shown = row.response.brief_pictures.filter(number__in=content["pictures"]).order_by("number")
    PublishedPicture.objects.bulk_create([PublishedPicture(published=out, picture=one) for one in shown])
    cutoff = datetime.fromisoformat(content["cutoff_at"])
    record(
        events.BriefPublished(
            row.number, sorted(content["figures"]), sorted(content["quotes"]), cutoff, sorted(content["pictures"])
        ),
        about=row.ref,
    )
    return Ref(row.ref)


@action
def withdraw_brief(*, brief: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """Take a published brief back; the public reads that, and why. One person is enough.

    Who: whoever writes briefs.   Refuses: brief-not-out, reason-missing.   Journals: BriefWithdrawn.
    """
    row = queries.find(brief)
    by.require(WRITE_BRIEFS, area=row.response.area.path)
    out = getattr(row, "published", None)
    if out is None or hasattr(out, "withdrawal"):
        raise refusals.NOT_PUBLISHED.because()
    if not reason.strip():
        raise refusals.BRIEF_REASON.because()
    WithdrawnBrief.objects.create(published=out, reason=reason.strip()[:200], by=by.ref, happened_at=at, act=current_act())
    record(events.BriefWithdrawn(row.number, reason.strip()[:200]), about=row.ref)
    return Ref(row.ref)


def content_of(row: Brief, version: BriefVersion, at: datetime) -> dict[str, Any]:
    """A version with its figures at a moment and its quotes, as readers would see it. A bounded number of queries a figure."""
    names = text.names_in(version.title, version.text)
    known = {one.name: one for one in figures()}
    counted = {name: known[name].value(Cutoff(at)) for name in names if name[0] not in text.KINDS}
    stored = {one.number: one for one in row.response.quotes.filter(number__in=_numbers(names, "#"))}
    pictures = row.response.brief_pictures.select_related("picture").filter(number__in=_numbers(names, "@"))
    shown = {one.number: one for one in pictures}

    def said(part: text.Part) -> dict[str, str]:
        if part.kind == "figure":
            return {"kind": "figure", "text": f"{counted[part.text]:,}", "name": part.text}
        if part.kind == "picture":
            one = shown[int(part.text[1:])]
            return {"kind": "picture", "text": one.caption, "source": one.source, "token": token_of(one.picture.ref)}
        quote = stored[int(part.text[1:])]
        return {"kind": "quote", "text": quote.words, "speaker": quote.speaker, "source": quote.source}

    return {
        "title": text.filled(text.paragraphs(version.title)[0], said),
        "paragraphs": [text.filled(parts, said) for parts in text.paragraphs(version.text)],
        "figures": counted, "quotes": sorted(stored), "pictures": sorted(shown), "cutoff_at": iso(at),
    }


def _numbers(names: Iterable[str], sign: str) -> list[int]:
    return [int(name[1:]) for name in names if name[0] == sign]


def _check_unpublished(row: Brief) -> None:
    if hasattr(row, "published"):
        raise refusals.PUBLISHED_ALREADY.because()


def _check_small(response: Response, content: dict[str, Any]) -> None:
    few = adopted(response.plan.ref).section(ReportsSection).daily.cells_below_people.value
    titles = {one.name: one.title for one in figures()}
    for name, value in content["figures"].items():
        if 0 < value < few:
            raise refusals.FIGURE_TOO_SMALL.because(figure=titles[name], value=value, few=few)


def _response(ref: Ref) -> Response:
    row = Response.objects.select_related("area", "plan").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row
