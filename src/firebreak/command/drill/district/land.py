"""The land of the drill: coast, bay, port, hills and orchards, on the drawing board in metres.

Drawn by hand after no real coast. Its shape is the same for every seed, so that a district is known again;
names, houses and people are the seed's.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from firebreak.command.drill.district import nouns
from firebreak.command.drill.district.frame import HEIGHT_M, WIDTH_M, biggest, line_of, polygons, ring_of, smooth
from firebreak.command.drill.district.streams import stream

FRAME = box(0, 0, WIDTH_M, HEIGHT_M)
_WEST_SHORE = [
    (-220, 3370), (180, 3490), (520, 3570), (850, 3810), (1100, 4160), (1410, 4500), (1790, 4620), (2100, 4500),
    (2260, 4220), (2350, 3910), (2530, 3630), (2810, 3420), (3180, 3280), (3570, 3240), (3940, 3310), (4240, 3480),
    (4440, 3740), (4530, 4060), (4570, 4370),
]
_QUAYS = [
    (4570, 4570), (4750, 4570), (4750, 4750), (5220, 4750), (5220, 4570), (5400, 4570), (5400, 4750), (6010, 4750),
    (6230, 4570), (6230, 3880), (6090, 3880), (6090, 3690), (6230, 3690), (6230, 3420),
]
_EAST_SHORE = [
    (6130, 3240), (5930, 2970), (5850, 2660), (5890, 2340), (6050, 2060), (6280, 1840), (6390, 1570), (6330, 1290),
    (6110, 1100), (5960, 860), (5980, 560), (6110, 280), (6140, -220),
]
_ISLETS = [((3370, 4220), 110, 70), ((3540, 4110), 50, 40), ((5460, 5190), 90, 50), ((6620, 2500), 100, 130)]
_FOOT = [
    (-220, 2690), (440, 2750), (1110, 2680), (1850, 2420), (2590, 2170), (3330, 2010), (4140, 2010), (4880, 2060),
    (5480, 2030), (6660, 1920),
]
_ORCHARDS = [
    ((2150, 1790), 460, 290), ((630, 2190), 530, 360), ((740, 560), 530, 400), ((2150, 700), 460, 460),
    ((2780, 1540), 350, 310), ((2890, 410), 430, 350), ((4180, 1580), 460, 270), ((4070, 470), 430, 360),
    ((4770, 1110), 330, 350), ((5000, 360), 400, 300), ((240, 1300), 310, 430), ((5620, 1610), 270, 250),
]
MU_M2 = 10_000 / 15


@dataclass(frozen=True, slots=True)
class Land:
    """Land, its parts, and the lines that bound them, in metres."""

    ground: Polygon
    sea: Polygon
    islets: tuple[Polygon, ...]
    shore: LineString
    foot: LineString
    built: Polygon
    quays: tuple[LineString, ...]
    port: Polygon


def draw_land() -> Land:
    """Land and sea; the ground that may be built on lies between the shore road and the foot of the hills."""
    shore = LineString([*smooth(_WEST_SHORE)[:-1], *_QUAYS, *smooth(_EAST_SHORE)[1:]])
    ground = biggest(Polygon([*shore.coords, (-220, -220)]).intersection(FRAME))
    islets = tuple(_blob(Point(at), wide, high, stream(round(wide), "islet")) for at, wide, high in _ISLETS)
    foot = LineString(smooth(_FOOT))
    above_foot = Polygon([*foot.coords, (9000, 9000), (-900, 9000)])
    inland = ground.union(box(-600, -300, 0.5, 3370)).buffer(-105, join_style="round")
    built = biggest(inland.intersection(above_foot).intersection(box(470, 0, 9000, 9000)).simplify(3))
    return Land(
        ground=ground, sea=biggest(FRAME.difference(ground)), islets=islets, foot=foot, built=built,
        shore=LineString(shore.intersection(FRAME).coords), quays=_quay_lines(),
        port=biggest(ground.intersection(box(4620, 4110, 9000, 7000).union(box(5980, 3330, 9000, 7000)))),
    )


def _quay_lines() -> tuple[LineString, ...]:
    return tuple(
        LineString(pair) for pair in pairwise(_QUAYS)
        if LineString(pair).length > 280
    )


def _blob(centre: Point, wide: float, high: float, chance: Random) -> Polygon:
    """A smooth, uneven patch."""
    turns = [chance.uniform(0.8, 1.15) for _ in range(14)]
    angles = [step * math.tau / len(turns) for step in range(len(turns))]
    points = [
        (centre.x + wide * turn * math.cos(angle), centre.y + high * turn * math.sin(angle))
        for turn, angle in zip(turns, angles, strict=True)
    ]
    return Polygon(smooth(points, closed=True))


def draw_orchards(land: Land, keep_off: BaseGeometry, chance: Random) -> list[Polygon]:
    """Patches on the slopes, clear of roads and villages, cut into parcels by farm tracks."""
    hills = land.ground.buffer(-60).difference(land.built.buffer(90)).difference(keep_off)
    taken: BaseGeometry = Polygon()
    parcels: list[Polygon] = []
    for at, wide, high in _ORCHARDS:
        patch = _blob(Point(at), wide, high, chance).intersection(hills).difference(taken)
        taken = unary_union([taken, patch.buffer(25)])
        for part in polygons(patch):
            parcels += _parcels(part, chance)
    return parcels


def _parcels(patch: Polygon, chance: Random) -> list[Polygon]:
    """A patch cut across by two or three tracks."""
    x0, y0, x1, y1 = patch.bounds
    lean = chance.uniform(-200, 200)
    tracks = []
    for step in range(1, 3):
        x = x0 + (x1 - x0) * step / 3
        tracks.append(LineString([(x - lean, y0 - 10), (x + lean, y1 + 10)]))
    y = chance.uniform(0.4, 0.6) * (y1 - y0) + y0
    tracks.append(LineString([(x0 - 10, y - lean / 2), (x1 + 10, y + lean / 2)]))
    left = patch.difference(unary_union([track.buffer(5) for track in tracks]))
    rounded = left.buffer(-14).buffer(14).simplify(2)
    return [part for part in polygons(rounded) if part.area > 14_000]


def mu(shape: Polygon) -> int:
    """Area in mu."""
    return round(shape.area / MU_M2)


def coast_in_degrees(land: Land) -> nouns.Coast:
    """The coast as the district carries it."""
    return nouns.Coast(
        land=ring_of(land.ground), sea=ring_of(land.sea), islets=tuple(ring_of(islet) for islet in land.islets),
        line=line_of(land.shore.coords),
    )
