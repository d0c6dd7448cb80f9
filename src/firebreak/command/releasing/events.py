"""What releasing journals: refs and figures, never the words of a statement."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FactAttested:
    """Somebody stated a fact about the end of a zone or response, or took it back."""

    primitive: str
    holds: bool
    since: datetime
    people: int


@dataclass(frozen=True, slots=True)
class EndsLookedAt:
    """Every condition was asked; `due` have become true, `gone` no longer are."""

    due: int
    gone: int
