"""The master plan: thirteen quarters, what is built in each, and which piece of land belongs to which.

A smaller district takes the first quarters of the list; every beginning of it is one connected piece.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shapely.strtree import STRtree

from firebreak.command.drill.district.streets import Face, Streets


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter before it has a name. `plots` are what its blocks are built with, from its middle outwards."""

    kind: str
    at: tuple[float, float]
    buildings: int
    plots: tuple[str, ...]
    villages: tuple[int, ...] = ()


QUARTERS = (
    Quarter("port", (5510, 4180), 105, (
        "dorms", "civic", "slabs", "yard", "market", "dorms", "yard", "walkups", "works", "yard", "dorms",
        "yard", "works", "park",
    )),
    Quarter("bay", (4770, 3400), 125, (
        "slabs", "towers", "civic", "slabs", "school", "towers", "walkups", "slabs", "park", "slabs",
        "towers",
    )),
    Quarter("industry", (5590, 3070), 130, (
        "dorms", "works", "works", "civic", "walkups", "dorms", "works", "park", "slabs", "dorms", "works",
        "works", "walkups",
    )),
    Quarter("old", (3740, 2910), 330, (
        "shops", "walkups", "market", "shops", "school", "walkups", "civic", "shops", "park", "walkups",
    )),
    Quarter("beach", (5590, 2330), 100, (
        "towers", "civic", "slabs", "towers", "park", "school", "towers", "slabs", "towers",
    )),
    Quarter("new", (4220, 2400), 110, (
        "towers", "civic", "slabs", "towers", "school", "park", "slabs", "towers", "market", "slabs",
        "towers",
    )),
    Quarter("village", (5440, 1220), 190, ("houses",), (2, 3)),
    Quarter("bay", (2850, 2960), 130, (
        "slabs", "civic", "walkups", "towers", "school", "slabs", "park", "walkups", "slabs",
    )),
    Quarter("village", (3440, 1020), 150, ("houses",), (1,)),
    Quarter("estates", (2780, 2400), 115, (
        "walkups", "civic", "slabs", "school", "walkups", "park", "slabs", "works", "dorms",
    )),
    Quarter("cape", (1780, 3960), 95, (
        "slabs", "civic", "towers", "park", "slabs", "school", "towers", "slabs",
    )),
    Quarter("campus", (1220, 3070), 150, (
        "dorms", "school", "civic", "dorms", "walkups", "school", "slabs", "dorms", "houses",
    ), (4,)),
    Quarter("village", (1410, 1270), 150, ("houses",), (0,)),
)


def quarter_count(scale: float) -> int:
    """How many quarters a district of this part of the full size has."""
    return min(len(QUARTERS), max(2, round(len(QUARTERS) * math.pow(scale, 0.45))))


def parcel_out(streets: Streets) -> dict[int, int]:
    """Quarter of every face: the nearest middle, then no quarter in two pieces."""
    belongs = {face.number: _nearest(face) for face in streets.faces}
    weights = {face.number: face.shape.area for face in streets.faces}
    return join_up(belongs, neighbours(streets.faces), weights)


def _nearest(face: Face) -> int:
    if face.village >= 0:
        return next(number for number, quarter in enumerate(QUARTERS) if face.village in quarter.villages)
    x, y = face.spot
    kinds = ("village",) if face.ground == "hill" and x > 470 else ()
    fitting = [
        number for number, quarter in enumerate(QUARTERS)
        if (quarter.kind in kinds) == bool(kinds) or (quarter.kind == "campus" and x <= 470)
    ]
    far = [math.dist(QUARTERS[number].at, (x, y)) for number in fitting]
    return fitting[far.index(min(far))]


def neighbours(faces: Sequence[Face]) -> dict[int, list[tuple[int, float]]]:
    """For each face the faces that share a border with it, and how many metres."""
    tree = STRtree([face.shape for face in faces])
    found: dict[int, list[tuple[int, float]]] = {face.number: [] for face in faces}
    for one, other in sorted(map(tuple, tree.query([face.shape for face in faces], predicate="intersects").T.tolist())):
        if one < other:
            shared = faces[one].shape.intersection(faces[other].shape).length
            if shared > 0.05:
                found[faces[one].number].append((faces[other].number, shared))
                found[faces[other].number].append((faces[one].number, shared))
    return found


def join_up(
    belongs: dict[int, int], beside: dict[int, list[tuple[int, float]]], weights: dict[int, float]
) -> dict[int, int]:
    """Give every stray piece of a group to the group it borders most, until each group is one piece."""
    belongs = dict(belongs)
    for _ in range(12):
        strays = _strays(belongs, beside, weights)
        if not strays:
            break
        for piece in strays:
            borders: dict[int, float] = {}
            for number in piece:
                for other, shared in beside[number]:
                    if other in belongs and other not in piece:
                        borders[belongs[other]] = borders.get(belongs[other], 0) + shared
            if borders:
                taker = max(sorted(borders), key=lambda group: borders[group])
                belongs.update(dict.fromkeys(piece, taker))
    return belongs


def _strays(
    belongs: dict[int, int], beside: dict[int, list[tuple[int, float]]], weights: dict[int, float]
) -> list[list[int]]:
    """All pieces of all groups but the heaviest of each."""
    pieces: dict[int, list[list[int]]] = {}
    seen: set[int] = set()
    for start in sorted(belongs):
        if start in seen:
            continue
        seen.add(start)
        piece, ahead = [], [start]
        while ahead:
            number = ahead.pop()
            piece.append(number)
            for other, _ in beside[number]:
                if other not in seen and belongs.get(other) == belongs[start]:
                    seen.add(other)
                    ahead.append(other)
        pieces.setdefault(belongs[start], []).append(sorted(piece))
    strays = []
    for group in sorted(pieces):
        ordered = sorted(pieces[group], key=lambda piece: (-sum(weights[number] for number in piece), piece[0]))
        strays += ordered[1:]
    return strays
