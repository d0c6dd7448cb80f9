"""What inspections journal: refs, numbers and counts; words stay in their rows."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class InspectionDrawn:
    """Things were drawn to be looked at, out of `frame`."""

    number: int
    checklist: str
    drawn: int
    frame: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Somebody was there and looked."""

    inspection: int
    position: int
    outcome: str
    findings: int
    unlisted: int


@dataclass(frozen=True, slots=True)
class InspectionEnded:
    """Everything drawn was looked at."""

    number: int


@dataclass(frozen=True, slots=True)
class FindingRaised:
    """A line was not so; an order to correct it left with it."""

    number: int
    line: str
    unit: str
    order: str


@dataclass(frozen=True, slots=True)
class FindingCorrected:
    """The unit says it is corrected; somebody looks again."""

    number: int


@dataclass(frozen=True, slots=True)
class FindingOrderedAgain:
    """Looked at again, and not so."""

    number: int
    order: str
    tries: int


@dataclass(frozen=True, slots=True)
class FindingClosed:
    """Seen corrected by somebody who did not correct it; or withdrawn as no fault."""

    number: int
    how: str
