"""From metres on the drawing board (east, north of its corner) to WGS-84 degrees, and small plane geometry.

The board is flat: over its seven kilometres the earth's curve is less than a pavement is wide.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import cast

from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from firebreak.command.drill.district.nouns import Line, Outline, Point, Ring

WEST, SOUTH = 117.970, 24.335
WIDTH_M, HEIGHT_M = 7_100.0, 5_400.0
_LON_M = 111_320.0 * math.cos(math.radians(SOUTH + 0.024))
_LAT_M = 110_765.0


def lonlat(x: float, y: float) -> Point:
    """Degrees to a centimetre."""
    return round(WEST + x / _LON_M, 7), round(SOUTH + y / _LAT_M, 7)


def board(lon: float, lat: float) -> Point:
    """Metres on the board."""
    return (lon - WEST) * _LON_M, (lat - SOUTH) * _LAT_M


def ring_of(shape: Polygon) -> Ring:
    """The outer ring in degrees, counter-clockwise as RFC 7946 wants it."""
    points = list(shape.exterior.coords)
    if not shape.exterior.is_ccw:
        points.reverse()
    return tuple(lonlat(x, y) for x, y in points)


def outline_of(shape: Polygon) -> Outline:
    """The outer ring and the holes in degrees."""
    holes = [Polygon(hole.coords) for hole in shape.interiors]
    return (ring_of(shape), *(tuple(reversed(ring_of(hole))) for hole in holes))


def line_of(points: Iterable[Sequence[float]]) -> Line:
    """A line in degrees."""
    return tuple(lonlat(point[0], point[1]) for point in points)


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """The polygons of whatever an intersection left, west to east."""
    parts = list(getattr(shape, "geoms", [shape]))
    found = [part for part in parts if isinstance(part, Polygon) and not part.is_empty]
    for part in parts:
        if isinstance(part, MultiPolygon):
            found += polygons(part)
    return sorted(found, key=_place)


def lines(shape: BaseGeometry) -> list[LineString]:
    """The lines of whatever an intersection left, west to east."""
    parts = list(getattr(shape, "geoms", [shape]))
    return sorted((part for part in parts if isinstance(part, LineString) and not part.is_empty), key=_place)


def biggest(shape: BaseGeometry) -> Polygon:
    """The largest polygon of a shape."""
    return max(polygons(shape), key=lambda part: part.area)


def _place(shape: BaseGeometry) -> tuple[float, ...]:
    return tuple(round(edge, 3) for edge in cast("tuple[float, ...]", shape.bounds))


def smooth(points: Sequence[Point], rounds: int = 3, closed: bool = False) -> list[Point]:
    """Chaikin's corner cutting: a drawn line becomes a shore."""
    line = list(points)
    for _ in range(rounds):
        ends = [*line, line[0]] if closed else line
        cut = [] if closed else [line[0]]
        for (ax, ay), (bx, by) in pairwise(ends):
            cut += [(0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by), (0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by)]
        line = cut if closed else [*cut, line[-1]]
    return line
