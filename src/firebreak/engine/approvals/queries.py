"""Reads of approvals: what waits for whom."""

from django.db.models import Q, QuerySet

from firebreak.engine.approvals.models import UNDECIDED, Proposal
from firebreak.kernel.actor import Actor


def waiting() -> QuerySet[Proposal]:
    """Everything that still lacks its second person, oldest first."""
    return Proposal.objects.filter(status__in=UNDECIDED).order_by("proposed_at", "id")


def inbox(by: Actor) -> list[Proposal]:
    """What this person may decide now: the right over its area is held and the proposal is somebody else's."""
    return [row for row in waiting().exclude(proposed_by=by.ref) if by.may(row.permission, area=row.area_path)]


def own(by: Actor) -> QuerySet[Proposal]:
    """What this person proposed and nobody has decided."""
    return waiting().filter(proposed_by=by.ref)


def decided(limit: int) -> QuerySet[Proposal]:
    """The latest decisions, newest first."""
    return Proposal.objects.filter(~Q(decided_at=None)).order_by("-decided_at", "-id")[:limit]


def find(ref: str) -> Proposal | None:
    """One proposal."""
    return Proposal.objects.filter(ref=ref).first()
