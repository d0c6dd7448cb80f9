"""Reads of what was made known about zones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet, Sum

from firebreak.command.activation.models import Response
from firebreak.command.zoning.models import Alert, Notice
from firebreak.engine.areas.models import Area
from firebreak.engine.plans.queries import adopted
from firebreak.kernel.cutoff import Cutoff
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection, ZoneTier
from firebreak.operations.zones.queries import memberships


@dataclass(frozen=True, slots=True)
class Known:
    """An alert with how many notices it has and how many people live behind them."""

    alert: Alert
    notices: int
    people: int


def alerts_of(zone: Zone) -> list[Known]:
    """What was made known about a zone, the newest first. Two queries."""
    rows = list(Alert.objects.filter(zone=zone).order_by("-id"))
    counts = Notice.objects.filter(alert__in=rows).values_list("alert_id").annotate(Count("id"), Sum("people"))
    found = {alert: (notices, people) for alert, notices, people in counts}
    return [Known(row, *found.get(row.pk, (0, 0))) for row in rows]


def alerts(response_ref: str, limit: int) -> QuerySet[Alert]:
    """The latest alerts of a response, the newest first. One query."""
    return Alert.objects.filter(response_ref=response_ref).select_related("zone").order_by("-id")[:limit]


def find_alert(ref: str) -> Alert | None:
    """One alert with its zone and the one it brings up to date."""
    return Alert.objects.select_related("zone", "earlier").filter(ref=ref).first()


def notices_of(alert: Alert, within: str, after: int, limit: int) -> Sequence[Notice]:
    """The notices of an alert at or below an area path, by key, from the one after `after`. One query."""
    rows = Notice.objects.filter(alert=alert, building__path__startswith=within, id__gt=after)
    return list(rows.select_related("building").order_by("id")[:limit])


def notices_for(building_code: str) -> QuerySet[Notice]:
    """Every notice a building has had, the newest first, with its zone. One query."""
    rows = Notice.objects.filter(building__code=building_code).select_related("alert__zone", "building")
    return rows.order_by("-id")


def zones_to_clear(response_ref: str) -> list[Zone]:
    """Released zones of a response whose latest alert still says that they hold. Two queries."""
    zones = Zone.objects.filter(response_ref=response_ref, status=Zone.Status.RELEASED).order_by("id")
    latest: dict[int, str] = {}
    for zone, kind in Alert.objects.filter(response_ref=response_ref).order_by("id").values_list("zone_id", "kind"):
        latest[zone] = kind
    return [zone for zone in zones if latest.get(zone.pk, Alert.Kind.ALL_CLEAR) != Alert.Kind.ALL_CLEAR]


def tightened_by(response: Response, path: str, at: datetime) -> list[tuple[Zone, ZoneTier]]:
    """The zones a positive at an area path lies in, by the strictest tier there, that the plan then tightens; and to what.

    A positive known only to lie somewhere in a wider area counts for every zone of it. Four queries.
    """
    section = adopted(response.plan.ref).section(ZonesSection)
    cutoff = Cutoff(at)
    inside = Area.objects.filter(level=Area.Level.BUILDING, path__startswith=path).values_list("id", flat=True)
    buildings = set(inside)
    held = memberships(response.ref, cutoff)
    strictest = {
        max(zones, key=lambda zone: section.ranks[zones[zone]])
        for building, zones in held.items()
        if building in buildings
    }
    rows = Zone.objects.filter(id__in=strictest, status=Zone.Status.IN_FORCE).order_by("id")
    found = []
    for zone in rows:
        upward = section.tier(zone.tier).on_positive_inside
        if upward is not None:
            found.append((zone, section.tier(upward.value)))
    return found
