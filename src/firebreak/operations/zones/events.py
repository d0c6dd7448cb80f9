"""What zones journal: refs, tiers and counts."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ZoneProposed:
    """A zone was drawn and waits for its second person (or takes force at once)."""

    tier: str
    buildings: int
    document_number: str


@dataclass(frozen=True, slots=True)
class ZoneInForce:
    """From `effective_at` the buildings stand under the tier."""

    tier: str
    buildings: int
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class ZoneReleased:
    """The zone ended."""

    tier: str
    buildings: int
    reason: str


@dataclass(frozen=True, slots=True)
class ZoneWithdrawn:
    """A proposed zone was given up before it took force: refused, taken back, or nobody decided in time."""

    tier: str
    buildings: int
    reason: str


@dataclass(frozen=True, slots=True)
class ZoneReplaced:
    """The zone ended because another one took its place."""

    tier: str
    buildings: int
    by: str
