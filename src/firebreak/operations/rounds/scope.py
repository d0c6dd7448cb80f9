"""Whom of an area a round owes: everybody, those of one zone, those under one tier, or those with one need.

Who is present and not meant is written down as not owed when the round opens, so its list is closed like any other.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from firebreak.engine import bulk
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T
from firebreak.operations.rounds import refusals
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection
from firebreak.operations.zones.queries import tiers_at, zone_buildings

Query = tuple[str, list[Any]]
EVERYBODY: Query = ("1 = 0", [])
"""Nobody present is beyond it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a round is narrowed to: `kind` is zone (key: its ref), tier or need (key: as the plan names it)."""

    kind: str
    key: str
    zh: str
    en: str

    @classmethod
    def read(cls, stored: dict[str, str]) -> Self | None:
        """From a round's row; None when it owes everybody."""
        return cls(**stored) if stored else None

    @property
    def stored(self) -> dict[str, str]:
        """As a round's row keeps it."""
        return asdict(self)

    @property
    def name(self) -> T:
        """星垵邻里中心封控区 / the zone, tier or need in words."""
        return T(self.zh, self.en)


def outside(scope: Scope | None, response: str, zones: ZonesSection | None, at: datetime) -> Query:
    """SQL of somebody `present` whom a scope does not mean, at a moment, and its values. Two queries at most.

    Errors: refuses `nobody-in-scope` for a zone without buildings in force and for a tier nobody is under.
    """
    if scope is None:
        return EVERYBODY
    if scope.kind == "need":
        return (
            "NOT EXISTS (SELECT 1 FROM registry_needflag f WHERE f.person_id = present.person_id AND f.key = %s)", [scope.key]
        )
    buildings = _of_zone(scope.key, response, at) if scope.kind == "zone" else _under_tier(scope.key, response, zones, at)
    if not buildings:
        raise refusals.NOBODY_IN_SCOPE.because(scope=scope.name)
    if bulk.is_postgres():
        return "NOT (present.building_id = ANY(%s::bigint[]))", [buildings]
    return "present.building_id NOT IN (SELECT value FROM json_each(%s))", [bulk.as_json(buildings)]


def _of_zone(ref: str, response: str, at: datetime) -> list[int]:
    zone = Zone.objects.filter(ref=ref, response_ref=response, status=Zone.Status.IN_FORCE).first()
    return list(zone_buildings(zone, at).values_list("id", flat=True)) if zone else []


def _under_tier(tier: str, response: str, zones: ZonesSection | None, at: datetime) -> list[int]:
    ranks = zones.ranks if zones else {}
    return [building for building, held in tiers_at(response, Cutoff(at), ranks).items() if held == tier]
