"""What zoning journals: refs, tiers and counts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ZoneAnnounced:
    """A decision about a zone was made known and followed: so many orders, notices and messages."""

    kind: str
    tier: str
    buildings: int
    people: int
    orders: int
    notices: int
    messages: int


@dataclass(frozen=True, slots=True)
class CadenceLookedAt:
    """Zones that are due for a round, and those that no longer are."""

    due: int
    over: int
