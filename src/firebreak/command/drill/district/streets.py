"""Streets of the drill: a town grid that follows the foot of the hills, hill roads, village lanes; and the faces
(blocks) they cut the land into. Every street ends on another street. Metres on the drawing board.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from shapely import union_all
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, polygonize, unary_union
from shapely.prepared import prep

from firebreak.command.drill.district.frame import WIDTH_M, lines, smooth
from firebreak.command.drill.district.land import FRAME, Land

WIDTHS_M = {"arterial": 28.0, "street": 14.0, "lane": 6.0}
_ARTERIAL_EVERY = 3
_ALONG_M, _ACROSS_M = 222.0, 186.0
_BAY_X = 3550.0
_GRAIN_M = 0.1
Node = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Street:
    """A road before it has a name. `where` says which words suit it: shore, foot, along, across, hill, village.

    Pieces with the same `where` and `number` are one road.
    """

    line: LineString
    kind: str
    where: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Face:
    """A piece of land between streets. `ground` is town, village, shore or hill."""

    number: int
    shape: Polygon
    ground: str
    village: int = -1

    @property
    def spot(self) -> tuple[float, float]:
        """A point inside, near the middle."""
        middle = self.shape.centroid
        if not self.shape.contains(middle):
            middle = self.shape.representative_point()
        return middle.x, middle.y


@dataclass(frozen=True, slots=True)
class Streets:
    """Roads and the faces between them."""

    roads: tuple[Street, ...]
    faces: tuple[Face, ...]
    villages: tuple[Polygon, ...]


VILLAGES = [((1410, 1270), 280, 230), ((3440, 1020), 290, 240), ((5240, 1210), 260, 200), ((6120, 1450), 200, 210),
            ((240, 3130), 200, 200)]
_HILL_ROADS = [
    [(1890, 2410), (1790, 2150), (1600, 1940), (1470, 1640), (1410, 1270), (1300, 960), (1370, 670), (1260, 310),
     (1320, -70)],
    [(3260, 2150), (3280, 1980), (3370, 1740), (3290, 1480), (3440, 1020), (3520, 710), (3400, 410), (3490, -70)],
    [(4900, 2180), (4890, 2010), (4850, 1760), (5050, 1490), (5240, 1210), (5370, 870), (5290, 520), (5480, 220),
     (5440, -70)],
    [(1410, 1270), (1850, 1200), (2330, 1330), (2810, 1100), (3440, 1020), (3960, 920), (4370, 1150), (4770, 1390),
     (5240, 1210), (5620, 1220), (5920, 1330), (6120, 1450), (6280, 1510), (6590, 1520)],
    [(590, 2850), (470, 2860), (360, 2920), (240, 3130), (-70, 3090)],
    [(1410, 1270), (920, 1370), (520, 1150), (-70, 1270)],
]
_WATERSHEDS = [[(2350, 2260), (2380, 1780), (2320, 1110), (2460, 590), (2400, -70)],
               [(4110, 2010), (4290, 1550), (4250, 740), (4430, -70)],
               [(470, 2770), (490, 2370), (-70, 2150)],
               [(5870, 2040), (5760, 1630), (5700, 1110), (5640, 670), (5700, -70)]]


def draw_streets(land: Land, chance: Random) -> Streets:
    """All roads, and the land cut into faces that cover it once."""
    villages = tuple(_village(at, wide, high, chance) for at, wide, high in VILLAGES)
    villages = tuple(_inside(village, land) for village in villages)
    along, across = _along(land, chance), _across(land, chance)
    border = _border_roads(land)
    town = _town_roads(land.built, along, across, chance)
    hill = _hill_roads(land)
    lanes = [lane for number, village in enumerate(villages) for lane in _lanes(number, village, chance)]
    roads = (*border, *town, *hill, *lanes)
    return Streets(roads=roads, faces=_faces(land, roads, villages, [*along, *across]), villages=villages)


def _along(land: Land, chance: Random) -> list[LineString]:
    """Lines beside the foot of the hills, one behind another towards the sea."""
    found, reach, step = [], 0.0, 0
    while reach < 3100:
        step += 1
        reach += _ACROSS_M * chance.uniform(0.88, 1.14)
        lift = reach
        points = [(x, y + lift - 0.10 * lift * math.exp(-(((x - _BAY_X) / 1110) ** 2))) for x, y in land.foot.coords]
        found.append(LineString(points))
    return found


def _across(land: Land, chance: Random) -> list[LineString]:
    """Lines from the hills to the sea, opening like a fan around the bay."""
    found = []
    x = 250.0
    while x < WIDTH_M - 600:
        x += _ALONG_M * chance.uniform(0.86, 1.16)
        lean = (x - _BAY_X) / 2960 * 0.16
        bow = chance.uniform(-25, 25)
        points = [
            (x + lean * (y - 2370) + bow * math.sin((y - 1780) / 820), y) for y in range(1700, 5480, 80)
        ]
        found.append(LineString(points))
    return found


def _town_roads(
    built: Polygon, along: Sequence[LineString], across: Sequence[LineString], chance: Random
) -> list[Street]:
    """The streets of the town, some blocks joined by leaving out the street between them."""
    spared: set[Node] = set()
    roads = []
    for grid, others, where in ((along, across, "along"), (across, along, "across")):
        crossing = unary_union(list(others))
        for number, line in enumerate(grid, start=1):
            arterial = number % _ARTERIAL_EVERY == 2
            for part in lines(line.intersection(built)):
                if arterial:
                    roads.append(Street(part, "arterial", where, number))
                elif part.length > 60:
                    runs = _thinned(part, crossing, spared, chance)
                    roads += [Street(run, "street", where, number) for run in runs]
    return roads


def _thinned(street: LineString, crossing: BaseGeometry, spared: set[Node], chance: Random) -> list[LineString]:
    """A street without a few of its sections; no crossing loses more than one arm, so none is left hanging."""
    runs: list[LineString] = [LineString()]
    for section in _sections(street, crossing):
        ends = [_node(section.coords[0]), _node(section.coords[-1])]
        if chance.random() < 0.10 and not spared.intersection(ends) and section.length > 90:
            spared.update(ends)
            runs.append(LineString())
        else:
            runs[-1] = LineString([*runs[-1].coords, *section.coords[0 if runs[-1].is_empty else 1:]])
    return [_stretched(run) for run in runs if not run.is_empty]


def _stretched(run: LineString) -> LineString:
    """A street drawn a hand's breadth over the middle of the street it ends on, so that both surely meet."""
    points = list(run.coords)
    return LineString([_beyond(points[1], points[0]), *points[1:-1], _beyond(points[-2], points[-1])])


def _beyond(before: Sequence[float], end: Sequence[float]) -> tuple[float, float]:
    far = math.dist(before[:2], end[:2])
    return end[0] + (end[0] - before[0]) * 0.1 / far, end[1] + (end[1] - before[1]) * 0.1 / far


def _sections(street: LineString, crossing: BaseGeometry) -> list[LineString]:
    """A street cut where others cross it, in its own direction."""
    parts = lines(street.difference(crossing.intersection(street).buffer(0.001)))
    return sorted(parts, key=lambda part: street.project(Point(part.coords[0])))


def _node(point: Sequence[float]) -> Node:
    return round(point[0] / 2), round(point[1] / 2)


def _border_roads(land: Land) -> list[Street]:
    """The road along the shore and the road along the foot of the hills: the edge of the town."""
    edge = land.built.exterior
    foot_zone = land.foot.buffer(8)
    foot = edge.intersection(foot_zone)
    rest = edge.difference(foot_zone)
    return [
        Street(part, "arterial", where)
        for shape, where in ((foot, "foot"), (rest, "shore")) for part in lines(linemerge(lines(shape)))
    ]


def _hill_roads(land: Land) -> list[Street]:
    """Roads to the villages, from the foot of the hills to the edge of the map."""
    outside = land.ground.difference(land.built)
    roads = []
    for number, points in enumerate(_HILL_ROADS):
        line = LineString(smooth([(float(x), float(y)) for x, y in points]))
        parts = lines(line.intersection(outside))
        roads += [Street(part, "street", "hill", number) for part in parts if part.length > 80]
    return roads


def _village(at: tuple[int, int], wide: float, high: float, chance: Random) -> Polygon:
    turns = [chance.uniform(0.88, 1.1) for _ in range(12)]
    return Polygon(smooth([
        (at[0] + wide * turn * math.cos(step * math.tau / 12), at[1] + high * turn * math.sin(step * math.tau / 12))
        for step, turn in enumerate(turns)
    ], rounds=2, closed=True))


def _inside(village: Polygon, land: Land) -> Polygon:
    kept = village.intersection(land.ground.buffer(-45)).difference(land.built.buffer(40))
    return max(getattr(kept, "geoms", [kept]), key=lambda part: part.area).simplify(2)  # type: ignore[no-any-return]


def _lanes(number: int, village: Polygon, chance: Random) -> list[Street]:
    """The lane around a village and the lanes through it."""
    x0, y0, x1, y1 = village.bounds
    turn = chance.uniform(-0.25, 0.25)
    middle = village.centroid
    found = [Street(LineString(village.exterior.coords), "lane", "village", number)]
    for count, wide, upright in ((3, x1 - x0, True), (3, y1 - y0, False)):
        for step in range(1, count):
            off = wide * (step / count - 0.5) + chance.uniform(-15, 15)
            bend = chance.uniform(-22, 22)
            points = [
                _turned(middle, off + bend * math.sin(far / 160), float(far), turn, upright)
                for far in range(-600, 601, 40)
            ]
            parts = lines(LineString(points).intersection(village))
            found += [Street(part, "lane", "village", number) for part in parts if part.length > 60]
    return found


def _turned(middle: Point, off: float, far: float, turn: float, upright: bool) -> tuple[float, float]:
    x, y = (off, far) if upright else (far, off)
    return (middle.x + x * math.cos(turn) - y * math.sin(turn), middle.y + x * math.sin(turn) + y * math.cos(turn))


def _faces(
    land: Land, roads: Sequence[Street], villages: Sequence[Polygon], grid: Sequence[LineString]
) -> tuple[Face, ...]:
    """The land cut by every road, by the streets' continuation to the sea, and by the watersheds of the hills."""
    hills = land.ground.difference(land.built)
    seaward = land.built.buffer(240).difference(Polygon([*land.foot.coords, (9000, -900), (-900, -900)]).buffer(-1))
    cuts: list[BaseGeometry] = [land.ground.exterior, land.built.exterior, *(road.line for road in roads)]
    cuts += [line.intersection(land.ground).intersection(seaward).difference(land.built) for line in grid]
    cuts += [LineString(points).intersection(hills) for points in _WATERSHEDS]
    cuts = [piece.intersection(FRAME.buffer(1)) for piece in cuts]
    ground, built = prep(land.ground), prep(land.built)
    near = prep(land.built.buffer(260))
    hollows = [prep(village) for village in villages]
    found = []
    for shape in polygonize(union_all(cuts, grid_size=_GRAIN_M)):
        spot = shape.representative_point()
        if not ground.contains(spot):
            continue
        home = next((number for number, hollow in enumerate(hollows) if hollow.contains(spot)), -1)
        kind = "village" if home >= 0 else "town" if built.contains(spot) else "hill"
        if kind == "hill" and near.contains(shape) and shape.distance(land.shore) < 20:
            kind = "shore"
        found.append((shape, kind, home))
    found.sort(key=lambda face: (round(face[0].centroid.y, 2), round(face[0].centroid.x, 2)))
    return tuple(Face(number, *face) for number, face in enumerate(found))
