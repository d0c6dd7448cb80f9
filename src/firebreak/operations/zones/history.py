"""Who lived under which tier, from when until when: presences and tiers of buildings, both as told by their steps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from firebreak.engine.registry.models import PresenceChange
from firebreak.operations.zones.models import TierChange, Zone


@dataclass(frozen=True, slots=True)
class Spell:
    """A person was expected in a building that stood under a zone; `ends_at` None: still so, as far as is written."""

    zone: Zone
    building: int
    tier: str
    begins_at: datetime
    ends_at: datetime | None


def spells_of(person: int) -> list[Spell]:
    """Every spell of a person under a zone, the latest first. Two queries."""
    there: dict[int, list[tuple[datetime, int]]] = {}
    steps = PresenceChange.objects.filter(person_id=person).order_by("happened_at", "id")
    for building, at, change in steps.values_list("building_id", "happened_at", "change"):
        there.setdefault(building, []).append((at, change))
    under: dict[tuple[int, int], list[TierChange]] = {}
    changes = TierChange.objects.filter(building_id__in=there).select_related("zone").order_by("happened_at", "id")
    for one in changes:
        under.setdefault((one.building_id, one.zone_id), []).append(one)
    spells = [
        Spell(tiers[0].zone, building, tier, max(begun, since), _earlier(ended, until))
        for (building, _), tiers in under.items()
        for tier, begun, ended in _tiers(tiers)
        for since, until in _stays(there[building])
        if (ended is None or since < ended) and (until is None or begun < until)
    ]
    return sorted(spells, key=lambda spell: (spell.begins_at, spell.zone.pk), reverse=True)


def _tiers(changes: list[TierChange]) -> Iterator[tuple[str, datetime, datetime | None]]:
    """Tier, from, until, of one building in one zone."""
    ends = [one.happened_at for one in changes[1:]] + [None]
    for one, end in zip(changes, ends, strict=True):
        if one.tier and (end is None or one.happened_at < end):
            yield one.tier, one.happened_at, end


def _stays(steps: Iterable[tuple[datetime, int]]) -> Iterator[tuple[datetime, datetime | None]]:
    """From, until, of one person in one building; steps up and down at one moment leave no gap."""
    count, since = 0, None
    sums: dict[datetime, int] = {}
    for at, change in steps:
        sums[at] = sums.get(at, 0) + change
    for at in sorted(sums):
        count += sums[at]
        if count > 0 and since is None:
            since = at
        elif count <= 0 and since is not None:
            yield since, at
            since = None
    if since is not None:
        yield since, None


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    known = [moment for moment in (one, other) if moment is not None]
    return min(known) if known else None
