"""Outlines from lists: WKT or GeoJSON text to a checked GeoJSON geometry. Never mends a wrong polygon in silence."""

import json
import re
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from firebreak.engine.registry.importing.problems import Unreadable
from firebreak.kernel.text import T

_POINT = re.compile(r"\[(-?[\d.e+-]+) (-?[\d.e+-]+)\]")
_AGAIN = T("请在地图软件里改好这条边界再导出。", "Mend the outline in a map program and export it again.")
LIMIT = 1_000_000


def parse_outline(text: str) -> dict[str, Any]:
    """A polygon or multipolygon as GeoJSON in WGS-84 longitude, latitude. Errors: `Unreadable`."""
    outline = _read(text.strip())
    if outline.geom_type not in ("Polygon", "MultiPolygon") or outline.is_empty:
        raise Unreadable(
            "outline-no-polygon", T("边界不是多边形。", "The outline is not a polygon."),
            T("请给出 Polygon 或 MultiPolygon。", "Give a Polygon or a MultiPolygon."),
        )
    west, south, east, north = outline.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Unreadable(
            "outline-out-of-range",
            T("边界坐标超出经纬度范围。", "The outline's coordinates are no longitude and latitude."),
            T("请导出 WGS-84 经纬度,经度在前。", "Export WGS-84 degrees, longitude first."),
        )
    if not outline.is_valid:
        raise crossing(shapely.is_valid_reason(outline))
    geometry: dict[str, Any] = json.loads(json.dumps(mapping(shapely.force_2d(outline))))
    return geometry


def crossing(reason: str) -> Unreadable:
    """The sentence for an outline that is no area, with the point where it goes wrong."""
    found = _POINT.search(reason)
    where = f"{float(found[1]):.6f}, {float(found[2]):.6f}" if found else "?"
    if reason.startswith(("Self-intersection", "Ring Self-intersection")):
        return Unreadable(
            "outline-crosses-itself",
            T(f"边界在 {where} 与自己相交。", f"The outline crosses itself at {where}."), _AGAIN,
        )
    return Unreadable(
        "outline-not-valid",
        T(f"边界在 {where} 处不成面。", f"The outline is no area at {where} ({reason.split('[')[0].strip()})."), _AGAIN,
    )


def _read(text: str) -> BaseGeometry:
    try:
        if len(text) > LIMIT:
            raise ValueError("too long")
        if not text.startswith("{"):
            return shapely.from_wkt(text)
        content = json.loads(text)
        if content.get("type") == "FeatureCollection" and len(content["features"]) == 1:
            content = content["features"][0]
        if content.get("type") == "Feature":
            content = content["geometry"]
        return shape(content)
    except (shapely.errors.ShapelyError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise Unreadable(
            "outline-unreadable", T("边界读不出来。", "The outline cannot be read."),
            T("请给出 WKT 或 GeoJSON 文字。", "Give it as WKT or GeoJSON text."),
        ) from None
