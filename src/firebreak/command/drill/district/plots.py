"""Footprints: how a block is filled with buildings, row by row along its streets. Metres on the drawing board.

A footprint lies inside its block, clear of the pavement and of every other footprint. Never names anything.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

from shapely import affinity
from shapely.geometry import LineString, Polygon, box
from shapely.prepared import prep

from firebreak.command.drill.district.frame import biggest, polygons
from firebreak.command.drill.district.nouns import Use

SETBACK_M = {"town": 21.0, "village": 7.5}


@dataclass(frozen=True, slots=True)
class Plot:
    """One footprint, its use and its size. `homes` is the relative number of people who live in it."""

    shape: Polygon
    use: Use
    floors: int
    units: int
    homes: float


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of equal footprints: width along the row, depth across it, and the gaps between."""

    use: Use
    width: float
    depth: float
    gap: float
    between: float
    floors: tuple[int, int]
    units: int
    homes_per_floor: float
    garden: float = 0.0
    most: int = 99
    skip: float = 0.0
    wobble: float = 0.0


_ROWS: dict[str, tuple[Rows, ...]] = {
    "towers": (
        Rows(Use.FLATS, 27, 22, 26, 34, (14, 22), 1, 7.5, garden=42),
        Rows(Use.FLATS, 44, 17, 22, 36, (11, 18), 2, 8.0, garden=38),
    ),
    "slabs": (
        Rows(Use.FLATS, 54, 13.5, 15, 27, (6, 9), 3, 10.0),
        Rows(Use.FLATS, 40, 13.5, 14, 28, (7, 11), 2, 8.0, garden=30),
    ),
    "walkups": (
        Rows(Use.FLATS, 42, 11.5, 11, 17, (5, 6), 3, 9.0),
        Rows(Use.FLATS, 30, 11.5, 9, 16, (5, 7), 2, 7.0),
    ),
    "dorms": (Rows(Use.DORMITORY, 62, 15, 16, 21, (5, 6), 1, 40.0, most=8),),
    "works": (
        Rows(Use.FACTORY, 84, 46, 20, 22, (1, 3), 1, 0, most=5),
        Rows(Use.FACTORY, 120, 52, 22, 26, (1, 2), 1, 0, most=3),
    ),
    "yard": (Rows(Use.WAREHOUSE, 96, 34, 18, 30, (1, 1), 1, 0, most=4),),
    "school": (Rows(Use.SCHOOL, 58, 16, 20, 30, (4, 5), 1, 0, most=3),),
    "houses": (
        Rows(Use.HOUSE, 12.0, 10.0, 6.0, 8.5, (2, 4), 1, 2.2, skip=0.24, wobble=1.4),
        Rows(Use.HOUSE, 10.5, 11.0, 5.0, 8.0, (1, 3), 1, 2.0, skip=0.30, wobble=1.2),
    ),
}
_CIVIC = (
    (Use.OFFICE, 40, 20, (5, 9)), (Use.CLINIC, 46, 22, (3, 5)), (Use.HOTEL, 36, 22, (8, 14)),
    (Use.OFFICE, 34, 22, (6, 14)),
    (Use.MARKET, 50, 30, (1, 2)),
)
_MARKET = ((Use.MARKET, 70, 40, (1, 2)), (Use.HOTEL, 34, 20, (5, 8)), (Use.OFFICE, 36, 18, (4, 6)))


def fill_block(block: Polygon, kind: str, ground: str, chance: Random) -> list[Plot]:
    """The footprints of one block."""
    inner = block.buffer(-SETBACK_M.get(ground, 21.0), join_style="mitre")
    found: list[Plot] = []
    for part in polygons(inner):
        if part.area > 900:
            found += _FILLERS.get(kind, _in_rows)(part, kind, chance)
    return found


def _in_rows(ground: Polygon, kind: str, chance: Random) -> list[Plot]:
    """Parallel rows turned to the sun, as far as the block's edges allow."""
    rows = chance.choice(_ROWS[kind])
    if rows.use is Use.HOUSE:
        rows = replace(rows, most=chance.randint(14, 26))
    return list(_lattice(ground, rows, chance))


def _lattice(ground: Polygon, rows: Rows, chance: Random) -> Iterator[Plot]:
    angle = _sunny_angle(ground)
    middle = ground.centroid
    level = affinity.rotate(ground, -angle, origin=middle)
    fits = prep(level)
    x0, y0, x1, y1 = level.bounds
    deep = max(1, int((y1 - y0 + rows.between) // (rows.depth + rows.between)))
    spare = (y1 - y0) - deep * rows.depth - (deep - 1) * rows.between
    stretch = min(rows.between * 0.5, spare / deep)
    placed = 0
    y = y0 + (spare - stretch * (deep - 1)) / 2
    for _ in range(deep):
        for shape in _row(level, fits, rows, y, (x0, x1), chance):
            if placed < rows.most and _far(shape, level) >= rows.garden:
                placed += 1
                yield _plot(affinity.rotate(shape, angle, origin=middle), rows, chance)
        y += rows.depth + rows.between + stretch


def _row(
    level: Polygon, fits: object, rows: Rows, y: float, reach: tuple[float, float], chance: Random
) -> Iterator[Polygon]:
    """One row: footprints of equal gaps, filling the part of the row that lies inside."""
    inside = level.intersection(box(reach[0], y, reach[1], y + rows.depth))
    for part in polygons(inside):
        a, b = _clear_span(part, y, y + rows.depth)
        count = int((b - a + rows.gap) // (rows.width + rows.gap))
        if count < 1:
            continue
        spread = min(rows.gap * 1.7, (b - a - count * rows.width) / max(1, count - 1)) if count > 1 else 0.0
        x = a + ((b - a) - count * rows.width - (count - 1) * spread) / 2
        for _ in range(count):
            shift = chance.uniform(-rows.wobble, rows.wobble), chance.uniform(-rows.wobble, rows.wobble)
            shape = box(x + shift[0], y + shift[1], x + rows.width + shift[0], y + rows.depth + shift[1])
            if chance.random() >= rows.skip and fits.contains(shape):  # type: ignore[attr-defined]  # PreparedGeometry
                yield shape
            x += rows.width + spread


def _clear_span(part: Polygon, low: float, high: float) -> tuple[float, float]:
    """West and east end of a strip where it is as deep as the whole row."""
    left, right = part.bounds[0], part.bounds[2]
    edges = [x for x, y in part.exterior.coords if abs(y - low) < 0.01 or abs(y - high) < 0.01]
    lows = [x for x, y in part.exterior.coords if abs(y - low) < 0.01]
    highs = [x for x, y in part.exterior.coords if abs(y - high) < 0.01]
    if len(edges) < 4 or not lows or not highs:
        return left, left
    return max(min(lows), min(highs), left), min(max(lows), max(highs), right)


def _far(shape: Polygon, level: Polygon) -> float:
    return float(shape.centroid.distance(level.centroid))


def _sunny_angle(ground: Polygon) -> float:
    """Degrees by which rows follow the block's long side, never more than half a right angle off east-west."""
    frame = list(biggest(ground.minimum_rotated_rectangle).exterior.coords)
    sides = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(frame[:3])]
    angles = [math.degrees(math.atan2(dy, dx)) for dx, dy in sides]
    turned = [(angle + 45) % 90 - 45 for angle in angles]
    return min(turned, key=abs)


def _plot(shape: Polygon, rows: Rows, chance: Random) -> Plot:
    floors = chance.randint(*rows.floors)
    return Plot(shape, rows.use, floors, rows.units, rows.homes_per_floor * floors)


def _shop_street(ground: Polygon, kind: str, chance: Random) -> list[Plot]:
    """An old quarter: shophouses wall to wall, back to back, with alleys between the double rows."""
    angle, middle = _sunny_angle(ground), ground.centroid
    level = affinity.rotate(ground, -angle, origin=middle)
    fits = prep(level)
    x0, y0, x1, y1 = level.bounds
    found: list[Plot] = []
    y, back = y0 + 1.0, False
    while y + 12 < y1:
        deep = chance.uniform(13, 16)
        for shape in _terrace(x0, x1, y, deep, chance):
            if fits.contains(shape):
                turned = affinity.rotate(shape, angle, origin=middle)
                found.append(Plot(turned, Use.SHOPHOUSE, chance.randint(2, 4), 1, 6.0))
        y += deep + (9.0 if back else 0.8)
        back = not back
    return found


def _terrace(x0: float, x1: float, y: float, deep: float, chance: Random) -> Iterator[Polygon]:
    """One row of shophouses of unequal width, broken by an alley every few doors."""
    x, doors = x0 + chance.uniform(0, 4), chance.randint(4, 8)
    while x < x1:
        wide = chance.uniform(10, 15)
        yield box(x, y, x + wide, y + deep - chance.uniform(0, 1.2))
        doors -= 1
        x += wide + 0.5
        if not doors:
            x, doors = x + 5.0, chance.randint(4, 8)


def _singles(ground: Polygon, kind: str, chance: Random) -> list[Plot]:
    """Public buildings, each in its own grounds."""
    wanted = list(_MARKET if kind == "market" else _CIVIC)
    found: list[Plot] = []
    angle, middle = _sunny_angle(ground), ground.centroid
    level = affinity.rotate(ground, -angle, origin=middle)
    fits = prep(level)
    x0, y0, x1, y1 = level.bounds
    y, taken = y0 + 4.0, False
    while wanted and y < y1:
        x, deepest = x0 + 4.0, 0.0
        while wanted and x < x1:
            use, width, depth, floors = wanted[0]
            shape = box(x, y, x + width, y + depth)
            taken = fits.contains(shape)
            if taken:
                wanted.pop(0)
                turned = affinity.rotate(shape, angle, origin=middle)
                found.append(Plot(turned, use, chance.randint(*floors), 1, 0.0))
                x, deepest = x + width + 26, max(deepest, float(depth))
            else:
                x += 6
        y += deepest + 30 if deepest else 6.0
    return found


def _nothing(ground: Polygon, kind: str, chance: Random) -> list[Plot]:
    return []


_FILLERS: dict[str, Callable[[Polygon, str, Random], list[Plot]]] = {
    "shops": _shop_street, "civic": _singles, "market": _singles, "park": _nothing,
}


def quay_houses(quays: tuple[LineString, ...], count: int) -> list[Polygon]:
    """Small houses for the men at the berths, a few metres behind the edge of the quays."""
    whole = sum(quay.length for quay in quays)
    found: list[Polygon] = []
    for number in range(count):
        along = whole * (number + 0.5) / count
        for quay in quays:
            if along <= quay.length:
                found.append(_beside(quay, along))
                break
            along -= quay.length
    return found


def _beside(quay: LineString, along: float) -> Polygon:
    (ax, ay), (bx, by) = quay.coords[0], quay.coords[-1]
    ux, uy = (bx - ax) / quay.length, (by - ay) / quay.length
    middle = quay.interpolate(along)
    x, y = middle.x + uy * 30, middle.y - ux * 30
    half, deep = 8.0, 5.0
    return Polygon([
        (x + ux * s * half + uy * t * deep, y + uy * s * half - ux * t * deep)
        for s, t in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ])
