"""What waits for a second person, and deciding it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.engine.access.actors import AccountActor
from firebreak.engine.approvals import actions, queries
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.approvals.rights import DECIDE_APPROVALS, READ_APPROVALS
from firebreak.engine.approvals.states import STATUS_WORDS
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.text import T
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.nav import NavBadge
from firebreak.surfaces.common.shapes import Cell, Column, Confirm, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import Words
from firebreak.surfaces.console.approvals.effects import effects_of, sight_of, title_of
from firebreak.surfaces.console.people_at_work import names_of

SHOWN = 20
NEEDED = T("须由另一位有权人员确认", "another entitled person must confirm")
SECOND = T("已先行执行,须由第二人补充确认", "done already; a second person must still confirm")
OWN = T("您提出的事项由另一人确认,请通知对方。", "You proposed this; another person confirms it. Let them know.")
NOT_YOURS = T("您的岗位没有这项权限。", "Your post does not carry this right.")


@needs(READ_APPROVALS)
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything that waits, those this reader may decide first; then the latest decisions."""
    by = actor(request)
    waiting = list(queries.waiting())
    decided = list(queries.decided(SHOWN))
    names = names_of({row.proposed_by for row in [*waiting, *decided]} | {row.decided_by for row in decided} - {""})
    panels = sorted(
        ((row, panel(row, by, names)) for row in waiting), key=lambda pair: (bool(pair[1].blocked), pair[0].id)
    )
    mine = sum(not shown.blocked for _, shown in panels)
    return render(request, "console/approvals/inbox.html", {
        "mine": mine, "waiting": len(waiting), "own": by.ref,
        "panels": [(row, token_of(row.ref), shown) for row, shown in panels],
        "decided": Listing(
            caption=T("最近的决定", "Latest decisions"), rows=tuple(_decided(row, names) for row in decided),
            columns=(
                Column(T("事项", "Matter")), Column(T("提出", "Proposed by")), Column(T("决定", "Decided by")),
                Column(T("结论", "Decision")), Column(T("时间", "When")),
            ),
            empty=T("还没有做过决定。", "Nothing has been decided yet."),
        ),
    })


@needs(post=DECIDE_APPROVALS)
def approve(request: HttpRequest, token: str) -> HttpResponse:
    """Agree as the second person."""
    ref = make_ref("proposal", token)
    outcome = actions.approve(proposal=ref, by=actor(request), at=clock.now())
    return _after(request, ref, outcome, T("已确认,已生效。", "Confirmed and in effect."))


@needs(post=DECIDE_APPROVALS)
def go_ahead(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm alone, as the plan allows at night."""
    ref = make_ref("proposal", token)
    outcome = actions.confirm_alone(proposal=ref, by=actor(request), at=clock.now())
    return _after(request, ref, outcome, T("已先行执行,等第二人确认。", "Done; the second person's word is due."))


@needs(post=DECIDE_APPROVALS)
def refuse(request: HttpRequest, token: str) -> HttpResponse:
    """Say no, with a reason."""
    reason = request.POST.get("reason", "")[:200]
    ref = actions.refuse(proposal=make_ref("proposal", token), reason=reason, by=actor(request), at=clock.now())
    return _after(request, ref, None, T("已退回,写明了理由。", "Sent back with your reason."))


@needs(post=DECIDE_APPROVALS)
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take back one's own proposal."""
    ref = make_ref("proposal", token)
    actions.withdraw(proposal=ref, reason="", by=actor(request), at=clock.now())
    return _after(request, ref, None, T("已撤回。", "Withdrawn."))


def panel(row: Proposal, by: AccountActor, names: dict[str, Words]) -> Confirm:
    """The decision panel of a proposal for this reader."""
    sole, token = row.status == Proposal.Status.SOLE, token_of(row.ref)
    blocked = OWN if row.proposed_by == by.ref else NOT_YOURS
    may = row.proposed_by != by.ref and by.may(row.permission, area=row.area_path)
    sight = sight_of(row)
    return Confirm(
        title=title_of(row), effects=sight.effects if sight else effects_of(row.effect), asked_by=names[row.proposed_by],
        asked_at=row.proposed_at, needs=SECOND if sole else NEEDED,
        confirm_url=reverse("approval-approve", args=[token]), refuse_url=reverse("approval-refuse", args=[token]),
        blocked="" if may else blocked,
        expires_at=row.second_due_at if sole else row.expires_at, detail=sight.detail if sight else None,
    )


def waiting_badge(request: HttpRequest) -> NavBadge | None:
    """How many decisions wait for this reader."""
    count = len(queries.inbox(actor(request)))
    return NavBadge(T(f"{count} 待批", f"{count} to decide"), "bad") if count else None


def _after(request: HttpRequest, ref: Ref, outcome: Ref | None, words: T) -> HttpResponse:
    tell(request, words, tone="good")
    row = queries.find(ref)
    if outcome is not None and row is not None and row.kind == "activation":
        return redirect("activation")
    return redirect("approvals")


def _decided(row: Proposal, names: dict[str, Words]) -> Row:
    return Row((
        Cell(title_of(row), small=row.reason), Cell(names[row.proposed_by]),
        Cell(names[row.decided_by] if row.decided_by else T("无人决定", "nobody")),
        Cell(STATUS_WORDS[row.status]), row.decided_at,
    ))
