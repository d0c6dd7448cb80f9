"""From the area tree to the quiet district map: projection, tiles, zones. Draws no HTML.

The map is a plain equirectangular projection at the district's middle latitude; a district is small enough
that no eye sees the difference. Shapes are SVG path text in map units, computed once per version of the
areas and kept.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from firebreak.engine.areas.ground import Ground, ground_of
from firebreak.engine.areas.models import Area
from firebreak.engine.areas.queries import newest
from firebreak.kernel.text import T
from firebreak.surfaces.common.shapes import MapFrame, MapTile, MapZone

WIDTH = 1000.0
MARGIN = 12.0
POINT_SIDE = 4.0


@dataclass(frozen=True, slots=True)
class Projection:
    """Longitude, latitude → map units; x grows east, y grows south."""

    west: float
    north: float
    x_scale: float
    y_scale: float
    height: float

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Map units of a point."""
        return (
            MARGIN + (lon - self.west) * self.x_scale,
            MARGIN + (self.north - lat) * self.y_scale,
        )

    def spot(self, x: float, y: float) -> tuple[float, float]:
        """Longitude, latitude of a point in map units."""
        return self.west + (x - MARGIN) / self.x_scale, self.north - (y - MARGIN) / self.y_scale

    def path(self, points: Iterable[Sequence[float]], *, closed: bool = True) -> str:
        """SVG path text of a ring or line."""
        placed = [self.place(point[0], point[1]) for point in points]
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in placed) + ("Z" if closed else "")


@dataclass(frozen=True, slots=True)
class Tile:
    """A building on the map before anybody asks how it stands."""

    area: int
    code: str
    name: T
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything of the map that changes only with the areas."""

    projection: Projection
    tiles: tuple[Tile, ...]
    water: tuple[str, ...]
    roads: tuple[str, ...]
    ground: Ground


def sheet() -> Sheet | None:
    """The map of the district's buildings, or `None` before any has a place. Three queries, two when kept."""
    version = newest()
    return _sheet(version, Path(settings.DATA)) if version[0] else None


@dataclass(frozen=True, slots=True)
class ZoneDrawn:
    """A zone to draw: by its GeoJSON polygon, or around its buildings."""

    tier: str
    label: T
    polygon: Mapping[str, Any] | None
    buildings: Sequence[int]


def district_frame(
    question: T, states: Mapping[int, str], zones: Sequence[ZoneDrawn] = (), *,
    hrefs: Mapping[int, str] | None = None, href: str = "",
) -> MapFrame | None:
    """The map as a component. `states` says done, open or late, `hrefs` where a click leads, by building key."""
    drawn = sheet()
    if drawn is None:
        return None
    links = hrefs or {}
    by_key = {tile.area: tile for tile in drawn.tiles}
    return MapFrame(
        question=question, width=WIDTH, height=drawn.projection.height, water=drawn.water, roads=drawn.roads,
        zones=tuple(_zone(drawn.projection, by_key, zone) for zone in zones),
        tiles=tuple(
            MapTile(tile.path, states.get(tile.area, "open"), tile.name if key in links else "", links.get(key, ""))
            for key, tile in by_key.items()
        ),
        places=tuple(
            (*drawn.projection.place(spot.lon, spot.lat), str(T(spot.name_zh, spot.name_en)))
            for spot in drawn.ground.places
        ),
        href=href,
    )


def _zone(projection: Projection, tiles: Mapping[int, Tile], zone: ZoneDrawn) -> MapZone:
    """A zone by its polygon, or by the box around its buildings."""
    if zone.polygon is not None:
        rings = [[projection.place(point[0], point[1]) for point in ring] for ring in outer_rings(zone.polygon)]
    else:
        inside = [tiles[key] for key in zone.buildings if key in tiles]
        rings = [_box([(tile.x, tile.y) for tile in inside])] if inside else []
    points = [point for ring in rings for point in ring]
    path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings)
    x = sum(point[0] for point in points) / len(points) if points else 0.0
    y = min((point[1] for point in points), default=0.0)
    return MapZone(zone.tier, path, zone.label, x, y)


def outer_rings(geometry: Mapping[str, Any]) -> list[list[Sequence[float]]]:
    """Outer rings of a GeoJSON polygon, multipolygon, feature or collection."""
    kind = geometry.get("type")
    if kind == "Feature":
        return outer_rings(geometry["geometry"])
    if kind == "FeatureCollection":
        return [ring for feature in geometry["features"] for ring in outer_rings(feature)]
    if kind == "Polygon":
        return [geometry["coordinates"][0]]
    return [polygon[0] for polygon in geometry["coordinates"]] if kind == "MultiPolygon" else []


def _box(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    west, east, north, south = min(xs) - 6, max(xs) + 6, min(ys) - 6, max(ys) + 6
    return [(west, north), (east, north), (east, south), (west, south)]


@lru_cache(maxsize=2)
def _sheet(version: tuple[int, int], data: Path) -> Sheet | None:
    """`version` names what the areas are now; when it changes, the sheet is drawn again."""
    rows = Area.objects.filter(level=Area.Level.BUILDING, ended_at=None, lon__isnull=False, lat__isnull=False)
    found = list(rows.order_by("code").only("id", "code", "name_zh", "name_en", "lon", "lat", "geometry"))
    if not found:
        return None
    projection = _projection([_point(row) for row in found])
    under = ground_of(data)
    return Sheet(
        projection=projection, ground=under,
        tiles=tuple(_tile(projection, row) for row in found),
        water=tuple(projection.path(ring) for ring in under.water),
        roads=tuple(projection.path(line, closed=False) for line in under.roads),
    )


def _tile(projection: Projection, row: Area) -> Tile:
    x, y = projection.place(*_point(row))
    rings = outer_rings(row.geometry) if row.geometry else []
    half = POINT_SIDE / 2
    square = f"M{x - half:.1f} {y - half:.1f}h{POINT_SIDE}v{POINT_SIDE}h-{POINT_SIDE}Z"
    path = "".join(projection.path(ring) for ring in rings) or square
    return Tile(row.pk, row.code, T(row.name_zh, row.name_en or row.name_zh), path, x, y)


def _point(row: Area) -> tuple[float, float]:
    return row.lon or 0.0, row.lat or 0.0


def _projection(points: Sequence[tuple[float, float]]) -> Projection:
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    west, east, south, north = min(lons), max(lons), min(lats), max(lats)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * squeeze, 1e-6)
    return Projection(west, north, scale * squeeze, scale, (north - south) * scale + 2 * MARGIN)
