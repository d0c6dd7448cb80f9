"""Areas as people draw them: blocks between roads, a circle round a place, borders given in GCJ-02. Pure, no database.

Coordinates are longitude, latitude in degrees; WGS-84 unless a name says otherwise.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import LineString, Polygon, box, mapping

Point = tuple[float, float]
METRES_PER_DEGREE = 111_320.0
SMALLEST_BLOCK = 1e-8
# GCJ-02 as published by those who measured it: an offset in metres on the Krasovsky ellipsoid, mainland China only.
_AXIS, _ECCENTRICITY = 6378245.0, 0.00669342162296594323
_ROUNDS = 12


def to_gcj02(lon: float, lat: float) -> Point:
    """A WGS-84 place as maps sold in mainland China show it, some hundreds of metres away."""
    x, y = lon - 105.0, lat - 35.0
    waves = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    bend = 1 - _ECCENTRICITY * math.sin(math.radians(lat)) ** 2
    north = math.degrees(north / (_AXIS * (1 - _ECCENTRICITY) / (bend * math.sqrt(bend))))
    east = math.degrees(east / (_AXIS / math.sqrt(bend) * math.cos(math.radians(lat))))
    return lon + east, lat + north


def from_gcj02(lon: float, lat: float) -> Point:
    """The WGS-84 place that GCJ-02 shows here, to well under a metre: the offset has no inverse, so it is approached."""
    guess = lon, lat
    for _ in range(_ROUNDS):
        shown = to_gcj02(*guess)
        guess = guess[0] + lon - shown[0], guess[1] + lat - shown[1]
    return guess


def converted(drawn: Mapping[str, Any]) -> dict[str, Any]:
    """GeoJSON in GCJ-02 (geometry, feature or collection) as WGS-84; what is no coordinate stays as it is."""
    return {key: _converted(value) if key == "coordinates" else _inner(value) for key, value in drawn.items()}


def circle(lon: float, lat: float, metres: float) -> dict[str, Any]:
    """A GeoJSON polygon of 64 corners, each `metres` from the centre."""
    narrow = math.cos(math.radians(lat))
    ring = [
        (
            lon + metres * math.cos(2 * math.pi * step / 64) / (METRES_PER_DEGREE * narrow),
            lat + metres * math.sin(2 * math.pi * step / 64) / METRES_PER_DEGREE,
        )
        for step in range(64)
    ]
    return {"type": "Polygon", "coordinates": [[list(point) for point in (*ring, ring[0])]]}


def blocks(roads: Sequence[Sequence[Point]], shores: Sequence[Sequence[Point]], spots: Sequence[Point]) -> list[Polygon]:
    """The blocks between roads and shores that hold at least one of `spots`, from north-west to south-east.

    The edge of what is known closes the outermost ones.
    """
    lines = [LineString(line) for line in (*roads, *shores) if len(line) > 1]
    if not lines or not spots:
        return []
    whole = shapely.union_all([*lines, shapely.multipoints(list(spots))]).bounds
    edge = box(whole[0] - 0.001, whole[1] - 0.001, whole[2] + 0.001, whole[3] + 0.001).exterior
    noded = shapely.union_all([*lines, edge])
    found = [part for part in shapely.get_parts(shapely.polygonize([noded])).tolist() if part.area > SMALLEST_BLOCK]
    tree = shapely.STRtree(shapely.points(list(spots)))
    held = [part for part in found if len(tree.query(part, predicate="contains"))]
    return sorted(held, key=lambda part: (-round(part.centroid.y, 4), part.centroid.x))


def joined(parts: Sequence[Polygon]) -> dict[str, Any]:
    """Blocks as one GeoJSON border."""
    return dict(mapping(shapely.union_all(list(parts))))


def _inner(value: Any) -> Any:  # Any: whatever JSON holds
    if isinstance(value, Mapping):
        return converted(value)
    return [_inner(part) for part in value] if isinstance(value, list) else value


def _converted(value: Any) -> Any:  # Any: nested lists of numbers, or whatever a broken file holds
    if not isinstance(value, list | tuple):
        return value
    if len(value) >= 2 and all(isinstance(part, int | float) for part in value):
        return [*from_gcj02(float(value[0]), float(value[1])), *value[2:]]
    return [_converted(part) for part in value]
