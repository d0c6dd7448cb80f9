"""What approvals journal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProposalMade:
    """Something waits for a second person."""

    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class ProposalApproved:
    """A second person agreed. `after_sole` means it had already been executed on one person's word."""

    kind: str
    subject: str
    after_sole: bool


@dataclass(frozen=True, slots=True)
class ProposalConfirmedAlone:
    """One person went ahead as the plan allows; a second one is due by `second_due_at`."""

    kind: str
    subject: str
    second_due_at: str


@dataclass(frozen=True, slots=True)
class ProposalRefused:
    """A second person said no. `reversed` means what had been executed alone was taken back."""

    kind: str
    subject: str
    reason: str
    reversed: bool


@dataclass(frozen=True, slots=True)
class ProposalWithdrawn:
    """The proposer took it back."""

    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class ProposalsDropped:
    """What they were about fell away."""

    proposals: int
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalsExpired:
    """Nobody decided in time."""

    proposals: int
