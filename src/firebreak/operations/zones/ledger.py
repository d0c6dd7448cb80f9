"""Figures of zones: how many are in force and how many buildings stand under a tier."""

from collections.abc import Iterator

from firebreak.engine.areas.models import Area
from firebreak.engine.ledgers.registry import Figure, Row, register_figure
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T
from firebreak.operations.zones.models import TierChange, Zone
from firebreak.operations.zones.rights import READ_ZONES


def _standing(cutoff: Cutoff) -> dict[int, set[int]]:
    """zone → buildings it covers at the cut-off. One query over the append-only rows."""
    latest: dict[tuple[int, int], str] = {}
    changes = TierChange.objects.filter(**cutoff.known()).order_by("id")
    for zone, building, tier in changes.values_list("zone_id", "building_id", "tier"):
        latest[zone, building] = tier
    covered: dict[int, set[int]] = {}
    for (zone, building), tier in latest.items():
        if tier:
            covered.setdefault(zone, set()).add(building)
    return covered


def _zone_rows(cutoff: Cutoff) -> Iterator[Row]:
    covered = _standing(cutoff)
    for zone in Zone.objects.filter(id__in=covered).order_by("id"):
        yield {
            "zone": zone.name_zh, "tier": zone.tier, "document": zone.document_number,
            "since": zone.effective_at, "review": zone.review_on, "buildings": len(covered[zone.id]),
        }


def _building_rows(cutoff: Cutoff) -> Iterator[Row]:
    keys = set().union(*_standing(cutoff).values())
    for code, name in Area.objects.filter(id__in=keys).order_by("code").values_list("code", "name_zh"):
        yield {"building": code, "name": name}


def register() -> None:
    """Register the figures of this domain (once, when Django starts)."""
    register_figure(
        Figure(
            name="zones-in-force", title=T("生效分区", "Zones in force"), unit=T("个", "zones"),
            count=lambda cutoff: len(_standing(cutoff)), rows=_zone_rows,
            columns={
                "zone": T("分区", "Zone"), "tier": T("级别", "Tier"), "document": T("文号", "Document"),
                "since": T("生效时间", "Since"), "review": T("复核日", "Review"), "buildings": T("楼栋", "Buildings"),
            },
            permission=READ_ZONES, hxl={"buildings": "#affected+buildings", "since": "#date+start"},
        )
    )
    register_figure(
        Figure(
            name="buildings-in-zones", title=T("分区内楼栋", "Buildings in zones"), unit=T("栋", "buildings"),
            count=lambda cutoff: len(set().union(*_standing(cutoff).values())), rows=_building_rows,
            columns={"building": T("楼栋编码", "Building code"), "name": T("楼栋", "Building")},
            permission=READ_ZONES, hxl={"building": "#loc+code"},
        )
    )
