"""What musters journal: refs, numbers and counts, never a name."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MusterCalled:
    """People were called together."""

    number: int
    needed: int
    called: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CallAnswered:
    """Somebody called said whether they come; `instead` were called in their place."""

    number: int
    coming: bool
    instead: int


@dataclass(frozen=True, slots=True)
class MemberArrived:
    """Somebody called is there."""

    number: int
    there: int
    needed: int


@dataclass(frozen=True, slots=True)
class MusterReached:
    """Everybody needed is there, so many minutes after the call."""

    number: int
    minutes: int


@dataclass(frozen=True, slots=True)
class SilentReplaced:
    """Who did not answer in time got somebody called in their place."""

    called: int


@dataclass(frozen=True, slots=True)
class MusterClosedShort:
    """It was ended with fewer than needed."""

    number: int
    missing: int
    reason: str
