"""Writes of approvals: propose, approve, confirm alone where the plan allows it, refuse, withdraw, expire."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from firebreak.engine.access.models import Account
from firebreak.engine.approvals.events import (
    ProposalApproved,
    ProposalConfirmedAlone,
    ProposalMade,
    ProposalRefused,
    ProposalsDropped,
    ProposalsExpired,
    ProposalWithdrawn,
)
from firebreak.engine.approvals.kinds import kind_of
from firebreak.engine.approvals.models import UNDECIDED, Proposal
from firebreak.engine.approvals.refusals import (
    ALREADY_DECIDED,
    ALREADY_PENDING,
    NO_SOLE_CONFIRMATION,
    OWN_PROPOSAL,
    PROPOSAL_EXPIRED,
    REASON_NEEDED,
)
from firebreak.engine.approvals.states import STATUS_WORDS
from firebreak.engine.journal.acting import action, record
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.clock import iso
from firebreak.kernel.refs import Ref, new_ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

WATCH = SystemActor("watch", frozenset())
NOBODY_DECIDED = "期限内无人决定 nobody decided in time"
Json = dict[str, Any]  # Any: JSON


@action
def propose(
    *, kind: str, about: str, title: T, effect: Json, payload: Json, permission: str, area_path: str,
    expires_at: datetime, by: Actor, at: datetime, sole_minutes: int | None = None,
) -> Ref:
    """Ask for a second person.

    Who: whoever the calling domain lets propose.   Refuses: already-pending.
    Journals: ProposalMade.   Promises: `payload` is executed as it stands here; `effect` is what people see.
    """
    if Proposal.objects.filter(kind=kind, about=about, status=Proposal.Status.PENDING).exists():
        raise ALREADY_PENDING.because()
    row = Proposal.objects.create(
        ref=new_ref("proposal"), kind=kind, about=about, title_zh=title.zh, title_en=title.en, effect=effect,
        payload=payload, permission=permission, area_path=area_path, proposed_by=by.ref, proposed_at=at,
        expires_at=expires_at, sole_minutes=sole_minutes,
    )
    record(ProposalMade(kind, about), about=row.ref)
    return Ref(row.ref)


@action
def approve(*, proposal: Ref, by: Actor, at: datetime) -> Ref | None:
    """Agree as the second person; what was proposed happens in this transaction.

    Who: holders of the proposal's permission over its area, never its proposer (nor another account of theirs).
    Refuses: own-proposal, already-decided, proposal-expired, and whatever the execution refuses.
    Journals: ProposalApproved and the events of the execution.   Promises: both happen or neither.
    """
    row = _open(proposal, at)
    _check_second(row, by)
    after_sole = row.status == Proposal.Status.SOLE
    row.status, row.decided_by, row.decided_at = Proposal.Status.APPROVED, by.ref, at
    row.executed_at = row.executed_at or at
    row.save(update_fields=["status", "decided_by", "decided_at", "executed_at"])
    record(ProposalApproved(row.kind, row.about, after_sole), about=row.ref)
    return Ref(row.about) if after_sole else kind_of(row).execute(row, by, at)


@action
def confirm_alone(*, proposal: Ref, by: Actor, at: datetime) -> Ref | None:
    """Go ahead on one person's word, as the plan allows at night; a second person is due within minutes.

    Who: the proposer, holding the proposal's permission.
    Refuses: no-sole-confirmation, already-decided, proposal-expired, and whatever the execution refuses.
    Journals: ProposalConfirmedAlone.   Promises: it stays open until a second person has spoken.
    """
    row = _open(proposal, at)
    kind = kind_of(row)
    by.require(row.permission, area=row.area_path)
    allowed = row.sole_minutes is not None and kind.reverse is not None and by.ref == row.proposed_by
    if not allowed or row.sole_minutes is None or row.status != Proposal.Status.PENDING:
        raise NO_SOLE_CONFIRMATION.because()
    row.status, row.executed_at = Proposal.Status.SOLE, at
    row.second_due_at = at + timedelta(minutes=row.sole_minutes)
    row.save(update_fields=["status", "executed_at", "second_due_at"])
    record(ProposalConfirmedAlone(row.kind, row.about, iso(row.second_due_at)), about=row.ref)
    return kind.execute(row, by, at)


@action
def refuse(*, proposal: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """Say no as the second person; what one person had confirmed alone is taken back.

    Who: as for approve.   Refuses: own-proposal, reason-missing, already-decided, proposal-expired.
    Journals: ProposalRefused and what the domain gives up or takes back.
    Promises: nothing proposed has happened, or it has been reversed.
    """
    row = _open(proposal, at)
    _check_second(row, by)
    if not reason.strip():
        raise REASON_NEEDED.because()
    reverse = kind_of(row).reverse if row.status == Proposal.Status.SOLE else None
    row.status, row.decided_by, row.decided_at, row.reason = Proposal.Status.REFUSED, by.ref, at, reason
    row.save(update_fields=["status", "decided_by", "decided_at", "reason"])
    record(ProposalRefused(row.kind, row.about, reason, reverse is not None), about=row.ref)
    if reverse is not None:
        reverse(row, by, at)
    else:
        _give_up(row, by, at)
    return Ref(row.ref)


@action
def withdraw(*, proposal: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """Take back one's own proposal before anybody has decided it.

    Who: the proposer, or the program when the matter fell away.   Refuses: already-decided, not-found.
    Journals: ProposalWithdrawn and what the domain gives up.
    """
    row = _locked(proposal)
    if row.status != Proposal.Status.PENDING:
        raise ALREADY_DECIDED.because(status=STATUS_WORDS[row.status])
    if by.ref != row.proposed_by:
        by.require(row.permission, area=row.area_path)
    row.status, row.decided_by, row.decided_at, row.reason = Proposal.Status.WITHDRAWN, by.ref, at, reason
    row.save(update_fields=["status", "decided_by", "decided_at", "reason"])
    record(ProposalWithdrawn(row.kind, row.about), about=row.ref)
    _give_up(row, by, at)
    return Ref(row.ref)


@action
def drop(*, about: Sequence[str], reason: str, by: Actor, at: datetime) -> int:
    """Withdraw every proposal about matters that fell away; how many.

    Who: the action by which they fell away, which also takes back what one person had confirmed alone.
    Journals: ProposalsDropped and what the domains give up.
    Promises: none of them can be approved, none waits for its second person any longer.
    """
    undecided = Proposal.objects.filter(about__in=list(about), status__in=UNDECIDED)
    dropped = _end_without_deciding(undecided, Proposal.Status.WITHDRAWN, reason, by, at)
    record(ProposalsDropped(dropped, reason), about=about[0] if about else by.ref)
    return dropped


def expire_due(now: datetime) -> int:
    """End proposals nobody decided in time; how many. Opens no act when there are none."""
    if not _overdue(now).exists():
        return 0
    return _expire(by=WATCH, at=now)


@action
def _expire(*, by: Actor, at: datetime) -> int:
    """Who: the program.   Journals: ProposalsExpired and what the domains give up.

    Promises: several workers expire each one once.
    """
    expired = _end_without_deciding(_overdue(at), Proposal.Status.EXPIRED, NOBODY_DECIDED, by, at)
    record(ProposalsExpired(expired), about=by.ref)
    return expired


def _overdue(now: datetime) -> QuerySet[Proposal]:
    return Proposal.objects.filter(status=Proposal.Status.PENDING, expires_at__lte=now)


def _end_without_deciding(ending: QuerySet[Proposal], status: str, reason: str, by: Actor, at: datetime) -> int:
    """End proposals that nobody approved or refused; how many."""
    rows = list(ending.select_for_update().order_by("id"))
    for row in rows:
        happened = row.status == Proposal.Status.SOLE
        row.status, row.decided_at, row.reason = status, at, reason
        row.save(update_fields=["status", "decided_at", "reason"])
        if not happened:
            _give_up(row, by, at)
    return len(rows)


def _give_up(row: Proposal, by: Actor, at: datetime) -> None:
    """Tell the domain that the proposal ended and nothing of it happened."""
    give_up = kind_of(row).give_up
    if give_up is not None:
        give_up(row, by, at)


def _locked(proposal: Ref) -> Proposal:
    row = Proposal.objects.select_for_update().filter(ref=proposal).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def _open(proposal: Ref, at: datetime) -> Proposal:
    """A proposal that can still be decided, locked."""
    row = _locked(proposal)
    if row.status not in UNDECIDED:
        raise ALREADY_DECIDED.because(status=STATUS_WORDS[row.status])
    if row.status == Proposal.Status.PENDING and row.expires_at <= at:
        raise PROPOSAL_EXPIRED.because()
    return row


def _check_second(row: Proposal, by: Actor) -> None:
    by.require(row.permission, area=row.area_path)
    if by.ref == row.proposed_by or _same_person(by.ref, row.proposed_by):
        raise OWN_PROPOSAL.because()


def _same_person(one: str, other: str) -> bool:
    """Whether two accounts belong to one member of the roster."""
    members = Account.objects.filter(ref__in=[one, other]).exclude(member_ref="").values_list("member_ref", flat=True)
    return len(members) == 2 and len(set(members)) == 1
