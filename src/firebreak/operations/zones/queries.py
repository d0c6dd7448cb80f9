"""Reads of zones: which tier each building stands under, now or at any past cut-off."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Max, QuerySet

from firebreak.engine.areas.models import Area
from firebreak.kernel.cutoff import Cutoff
from firebreak.operations.zones.models import TierChange, Zone
from firebreak.operations.zones.rules import Spot, strictest


def spots_within(path: str) -> list[Spot]:
    """Every building below an area path that has a point. One query."""
    rows = Area.objects.filter(level=Area.Level.BUILDING, path__startswith=path, ended_at=None, lon__isnull=False)
    placed = rows.order_by("code").values_list("id", "lon", "lat")
    return [Spot(key, lon, lat) for key, lon, lat in placed if lon is not None and lat is not None]


def memberships(response_ref: str, cutoff: Cutoff) -> dict[int, dict[int, str]]:
    """building → zone → tier as known at the cut-off; released buildings are left out. Two queries."""
    known = TierChange.objects.filter(response_ref=response_ref, **cutoff.known())
    latest = known.values("building_id", "zone_id").annotate(last=Max("id")).values("last")
    found: dict[int, dict[int, str]] = {}
    for building, zone, tier in TierChange.objects.filter(id__in=latest).values_list("building_id", "zone_id", "tier"):
        if tier:
            found.setdefault(building, {})[zone] = tier
    return found


def tiers_at(response_ref: str, cutoff: Cutoff, rank: Mapping[str, int]) -> dict[int, str]:
    """building → the strictest tier it stands under at the cut-off; `rank` comes from the plan."""
    return {
        building: strictest(zones.values(), rank) for building, zones in memberships(response_ref, cutoff).items()
    }


def zones_of(response_ref: str) -> QuerySet[Zone]:
    """Every zone of a response, newest first."""
    return Zone.objects.filter(response_ref=response_ref).order_by("-effective_at", "-id")


def zone_buildings(zone: Zone, at: datetime) -> QuerySet[Area]:
    """The buildings the zone covers at a moment, by code. Two queries."""
    known = zone.changes.filter(happened_at__lte=at)
    latest = known.values("building_id").annotate(last=Max("id")).values("last")
    covered = zone.changes.filter(id__in=latest).exclude(tier="").values("building_id")
    return Area.objects.filter(id__in=covered).order_by("code")
