"""Who would stand under another tier, counted from the register before anything changes.

Set-based: a bounded number of queries for any number of buildings and people. Writes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from firebreak.command.activation.models import Response
from firebreak.command.zoning.orders import Planned, planned_orders
from firebreak.engine import bulk
from firebreak.engine.plans.queries import adopted
from firebreak.kernel.cutoff import Cutoff
from firebreak.operations.zones import queries
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection
from firebreak.operations.zones.rules import strictest

# Everybody once: where they live, else work, else pass, among the buildings asked about.
_PLACED = (
    "WITH placed AS (SELECT person_id, building_id, ROW_NUMBER() OVER (PARTITION BY person_id ORDER BY"
    " CASE kind WHEN 'lives' THEN 0 WHEN 'works' THEN 1 ELSE 2 END, building_id) AS place"
    " FROM registry_presence WHERE building_id IN {values})"
)
_PEOPLE = "SELECT building_id, COUNT(*) FROM placed WHERE place = 1 GROUP BY building_id"
_NEEDS = (
    "SELECT p.building_id, n.key, COUNT(*) FROM placed p JOIN registry_needflag n ON n.person_id = p.person_id"
    " WHERE p.place = 1 GROUP BY p.building_id, n.key"
)
_HOUSEHOLDS = "SELECT building_id, COUNT(*) FROM registry_household WHERE building_id IN {values} GROUP BY building_id"


@dataclass(frozen=True, slots=True)
class Stake:
    """A building whose tier would change (empty: none), with whom the register expects in it."""

    building: int
    before: str
    after: str
    households: int = 0
    people: int = 0
    needs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Buildings that go from one tier to the same other one."""

    before: str
    after: str
    buildings: int
    households: int
    people: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a decision about a zone would do. `kept` counts its buildings for which nothing changes."""

    stakes: tuple[Stake, ...]
    kept: int
    orders: tuple[Planned, ...]
    begins_at: datetime

    @property
    def households(self) -> int:
        """Households in buildings whose tier would change."""
        return sum(stake.households for stake in self.stakes)

    @property
    def people(self) -> int:
        """People in them, each counted once."""
        return sum(stake.people for stake in self.stakes)

    @property
    def needs(self) -> dict[str, int]:
        """People among them by need; somebody with two needs counts under both."""
        return dict(sum((Counter(stake.needs) for stake in self.stakes), Counter[str]()))

    @property
    def groups(self) -> tuple[Group, ...]:
        """The stakes by what they change from and to, the largest first."""
        pairs: dict[tuple[str, str], list[Stake]] = {}
        for stake in self.stakes:
            pairs.setdefault((stake.before, stake.after), []).append(stake)
        found = [
            Group(*pair, len(rows), sum(row.households for row in rows), sum(row.people for row in rows))
            for pair, rows in pairs.items()
        ]
        return tuple(sorted(found, key=lambda group: (-group.people, group.before, group.after)))

    def as_json(self) -> dict[str, Any]:
        """The numbers as a proposal keeps them: counts only."""
        return {
            "changing": len(self.stakes), "households": self.households, "people": self.people,
            "needs": sum(self.needs.values()), "kept": self.kept, "zone_orders": len(self.orders), "notices": len(self.stakes),
            "moves": {f"{group.before or '-'}>{group.after or '-'}": group.buildings for group in self.groups},
        }


def preview_zone(
    response: Response, *, tier: str, buildings: Sequence[int], at: datetime, replaces: Zone | None = None
) -> Preview:
    """What setting a tier over buildings would do, in place of `replaces` when given. Nine queries at most."""
    return _preview(response, tier, frozenset(buildings), replaces, at)


def preview_release(response: Response, zone: Zone, at: datetime) -> Preview:
    """What ending a zone would do: its buildings fall back to the strictest of their other zones. Nine queries."""
    return _preview(response, "", frozenset(), zone, at)


def preview_gone(held: Mapping[int, str], at: datetime) -> Preview:
    """What it means that a whole response is over: buildings fall from the tier that held them to none. No order."""
    return Preview(_counted({key: (tier, "") for key, tier in held.items()}), 0, (), at)


def _preview(
    response: Response, tier: str, inside: frozenset[int], leaving: Zone | None, at: datetime
) -> Preview:
    section = adopted(response.plan.ref).section(ZonesSection)
    held = queries.memberships(response.ref, Cutoff(at))
    gone = None if leaving is None else leaving.pk
    concerned = inside | {key for key, zones in held.items() if gone in zones}
    moves = moved(held, concerned, inside, tier, gone, section.ranks)
    stakes = _counted(moves)
    orders = planned_orders(
        response, section, begins=tier if any(stake.after == tier for stake in stakes) else "",
        ends=_ended(stakes, leaving),
    )
    return Preview(stakes, len(concerned) - len(stakes), orders, at)


def moved(
    held: Mapping[int, Mapping[int, str]], concerned: Iterable[int], inside: frozenset[int], tier: str,
    leaving: int | None, ranks: Mapping[str, int],
) -> dict[int, tuple[str, str]]:
    """building → (tier now, tier then) where the two differ. `held` is building → zone → tier. Pure."""
    found: dict[int, tuple[str, str]] = {}
    for key in concerned:
        zones = held.get(key, {})
        then = [other for zone, other in zones.items() if zone != leaving]
        before = strictest(zones.values(), ranks)
        after = strictest([*then, tier] if key in inside else then, ranks)
        if before != after:
            found[key] = before, after
    return found


def _counted(moves: Mapping[int, tuple[str, str]]) -> tuple[Stake, ...]:
    """The stakes with their people, in order of key. Three queries."""
    keys = sorted(moves)
    people = dict(bulk.select_in(" ".join((_PLACED, _PEOPLE)), keys, "bigint"))
    households = dict(bulk.select_in(_HOUSEHOLDS, keys, "bigint"))
    needs: dict[int, dict[str, int]] = {}
    for building, key, count in bulk.select_in(" ".join((_PLACED, _NEEDS)), keys, "bigint"):
        needs.setdefault(building, {})[key] = count
    return tuple(
        Stake(key, *moves[key], households.get(key, 0), people.get(key, 0), needs.get(key, {})) for key in keys
    )


def _ended(stakes: Iterable[Stake], leaving: Zone | None) -> str:
    """The tier that ends for somebody."""
    if leaving is None or not any(stake.before == leaving.tier != stake.after for stake in stakes):
        return ""
    return leaving.tier
