"""Pure judgements about zones: what a polygon encloses, whether a zone may be set. No database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from shapely import STRtree, is_valid_reason, points
from shapely.errors import GEOSException
from shapely.geometry import MultiPolygon, Polygon, shape

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

NOT_A_POLYGON = RefusalKind(
    "not-a-polygon",
    T(
        "这不是多边形:{what}。没有划定任何分区。请上传 GeoJSON Polygon 或 MultiPolygon(WGS-84 经度、纬度)。",
        "This is no polygon: {what}. No zone was set. Give a GeoJSON Polygon or MultiPolygon (WGS-84 longitude, "
        "latitude).",
    ),
)
CROSSES_ITSELF = RefusalKind(
    "polygon-crosses-itself",
    T(
        "边界在 {where} 处自相交。没有划定任何分区。请把这一点改开后再提交。",
        "The border crosses itself at {where}. No zone was set. Pull that point apart and send it again.",
    ),
)
EMPTY_ZONE = RefusalKind(
    "zone-is-empty",
    T(
        "范围内没有一栋楼。没有划定任何分区。请检查边界或楼栋编码。",
        "There is not one building inside. No zone was set. Check the border or the building codes.",
    ),
)
UNKNOWN_BUILDINGS = RefusalKind(
    "unknown-buildings",
    T(
        "底册中没有这些楼栋:{codes}。没有划定任何分区。请先导入或改正编码。",
        "The register has no such buildings: {codes}. No zone was set. Import them first or correct the codes.",
    ),
)
UNKNOWN_TIER = RefusalKind(
    "unknown-tier",
    T("预案里没有“{tier}”这一级。没有改动。", "The plan has no tier '{tier}'. Nothing was changed."),
)
REVIEW_TOO_LATE = RefusalKind(
    "review-too-late",
    T(
        "复核日不能晚于 {latest}(预案:最长 {days} 天),也不能早于生效日。没有改动。",
        "The review day may not be after {latest} (plan: at most {days} days) nor before it takes effect. Nothing "
        "was changed.",
    ),
)
EFFECT_IN_THE_PAST = RefusalKind(
    "zone-begins-in-the-past",
    T(
        "生效时间已过。没有划定任何分区。留空则批准后立即生效,或写一个以后的时间。",
        "The time of effect has passed. No zone was set. Leave it empty to take force on approval, or give a later one.",
    ),
)
SAME_TIER = RefusalKind(
    "overlaps-the-same-tier",
    T(
        "{n} 栋已在同级分区“{zones}”内。没有划定任何分区。请改画范围避开它,或在它的页面提出改划。",
        "{n} buildings already stand in '{zones}', a zone of the same tier. No zone was set. Draw round it, or propose "
        "on its page to change it.",
    ),
)
NOTHING_CHANGES = RefusalKind(
    "nothing-changes",
    T(
        "等级和范围都与现在的“{zone}”相同。没有改动。请改等级或范围;只是解封,请提出解封。",
        "Tier and area are those of '{zone}' as it is. Nothing was changed. Change the tier or the area; to end it, "
        "propose its release.",
    ),
)
NO_BASIS = RefusalKind(
    "no-legal-basis",
    T(
        "缺少法律依据或文号。没有改动,请补上。",
        "The legal basis or the document number is missing. Nothing was changed; add it.",
    ),
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A building as the zone rules see it: its key and the point that stands for it."""

    key: int
    lon: float
    lat: float


def read_polygon(geometry: Mapping[str, Any]) -> Polygon | MultiPolygon:
    """A valid polygon from GeoJSON (a geometry, or a Feature or FeatureCollection of one).

    Errors: refuses `not-a-polygon`, `polygon-crosses-itself` (with the point, longitude latitude).
    """
    drawn = _geometry_of(geometry)
    try:
        polygon = shape(dict(drawn))
    except (GEOSException, ValueError, TypeError, AttributeError, KeyError, IndexError) as wrong:
        raise NOT_A_POLYGON.because(what=str(wrong)[:80]) from wrong
    if not isinstance(polygon, Polygon | MultiPolygon) or polygon.is_empty:
        raise NOT_A_POLYGON.because(what=drawn.get("type", "?"))
    west, south, east, north = polygon.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise NOT_A_POLYGON.because(what=f"{west:.0f}, {south:.0f} … {east:.0f}, {north:.0f}")
    if not polygon.is_valid:
        reason = is_valid_reason(polygon)
        raise CROSSES_ITSELF.because(where=reason[reason.find("[") + 1 : reason.rfind("]")] or reason)
    return polygon


def enclosed(polygon: Polygon | MultiPolygon, spots: Sequence[Spot]) -> list[int]:
    """Keys of the buildings whose point lies in the polygon (border included), in the order given."""
    if not spots:
        return []
    tree = STRtree(points([(spot.lon, spot.lat) for spot in spots]))
    return [spots[index].key for index in sorted(tree.query(polygon, predicate="intersects"))]


def check_authority(legal_basis: str, document_number: str) -> None:
    """A zone restricts people, so it names its law and its paper."""
    if not legal_basis.strip() or not document_number.strip():
        raise NO_BASIS.because()


def check_effect(effective_at: datetime, at: datetime) -> None:
    """A rule binds nobody backwards: it may begin in this minute or later."""
    if effective_at < at.replace(second=0, microsecond=0):
        raise EFFECT_IN_THE_PAST.because()


def check_review(effective_at: datetime, review_on: date, max_days: int) -> None:
    """The review day lies between the effective day and `max_days` after it (a plan value, in days)."""
    first = effective_at.date()
    latest = first + timedelta(days=max_days)
    if not first <= review_on <= latest:
        raise REVIEW_TOO_LATE.because(latest=latest.isoformat(), days=max_days)


def strictest(tiers: Iterable[str], rank: Mapping[str, int]) -> str:
    """The tier of highest rank; empty when there is none."""
    return max((tier for tier in tiers if tier), key=lambda tier: rank.get(tier, 0), default="")


def _geometry_of(drawn: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(drawn, Mapping):
        raise NOT_A_POLYGON.because(what=type(drawn).__name__)
    if drawn.get("type") == "Feature":
        return _geometry_of(drawn.get("geometry") or {})
    if drawn.get("type") == "FeatureCollection":
        features = drawn.get("features") or []
        if len(features) != 1:
            raise NOT_A_POLYGON.because(what=f"{len(features)} features")
        return _geometry_of(features[0])
    return drawn
