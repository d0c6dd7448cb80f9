"""What consultations journal: refs, numbers and counts; words stay in their rows."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ConsultationCalled:
    """Headquarters meets at a moment."""

    number: int
    begins_at: datetime


@dataclass(frozen=True, slots=True)
class ConsultationOpened:
    """It began: the picture is frozen and the table laid."""

    number: int
    items: int
    balanced: bool


@dataclass(frozen=True, slots=True)
class AttendanceNoted:
    """Posts sat down."""

    number: int
    posts: int


@dataclass(frozen=True, slots=True)
class ItemRaised:
    """Somebody put something on the table."""

    number: int
    item: int


@dataclass(frozen=True, slots=True)
class ResolutionTaken:
    """Something was decided about an item."""

    number: int
    item: int
    kind: str
    order: str


@dataclass(frozen=True, slots=True)
class ConsultationClosed:
    """It ended; what was not decided lies on the next one's table."""

    number: int
    decided: int
    carried: int
    next: str
