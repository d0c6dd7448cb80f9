"""Communities cut into grids: connected pieces of land with about the same number of people to visit.

Works on faces, so that a grid ends at streets and every piece of land lies in exactly one grid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shapely.geometry import Polygon
from shapely.ops import unary_union

from firebreak.command.drill.district.blocks import Block
from firebreak.command.drill.district.cutting import Weight, cut
from firebreak.command.drill.district.frame import biggest
from firebreak.command.drill.district.quarters import join_up
from firebreak.command.drill.district.streams import shares
from firebreak.command.drill.district.streets import Face

Neighbours = Mapping[int, list[tuple[int, float]]]
GRIDS = 100
"""Grids of the full district, about."""
_VISIT = 9.0
"""A building costs a grid worker about as much way as this many people."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A grid before it has a code."""

    quarter: int
    faces: tuple[int, ...]
    shape: Polygon


def cut_grids(
    faces: Sequence[Face], belongs: Mapping[int, int], beside: Neighbours,
    blocks: Sequence[Block], people_of: Mapping[int, float], scale: float,
) -> list[Patch]:
    """Grids of all built-up quarters, north to south within each; `people_of` counts people by face."""
    quarters = sorted({block.quarter for block in blocks})
    load = _load(blocks, people_of)
    by_quarter = {
        quarter: [block.face for block in blocks if block.quarter == quarter and block.kind != "quay"]
        for quarter in quarters
    }
    wanted = shares(max(2 * len(quarters), round(GRIDS * scale**0.7)), [
        sum(load[face.number] for face in by_quarter[quarter]) for quarter in quarters
    ])
    patches: list[Patch] = []
    for quarter, count in zip(quarters, wanted, strict=True):
        own = [face for face in faces if belongs[face.number] == quarter]
        patches += _cut_quarter(quarter, own, by_quarter[quarter], load, beside, max(2, count))
    return patches


def _load(blocks: Sequence[Block], people_of: Mapping[int, float]) -> dict[int, float]:
    load: dict[int, float] = {}
    for block in blocks:
        face = block.face.number
        load[face] = load.get(face, people_of.get(face, 0.0)) + _VISIT * len(block.plots)
    return load


def _cut_quarter(
    quarter: int, own: Sequence[Face], built: Sequence[Face], load: Mapping[int, float],
    beside: Neighbours, count: int,
) -> list[Patch]:
    weights = [Weight(face.number, *face.spot, load[face.number]) for face in built]
    inside = {face.number for face in own}
    belongs = {number: group for group, part in enumerate(cut(weights, count)) for number in part}
    while len(belongs) < len(own):
        grown = _grow(belongs, beside, inside)
        if not grown:
            break
        belongs.update(grown)
    whole = join_up(
        belongs, {number: beside[number] for number in inside},
        {number: load.get(number, 0.0) + 1e-6 for number in inside},
    )
    shapes = {face.number: face.shape for face in own}
    patches = []
    for group in sorted(set(whole.values())):
        numbers = tuple(number for number in sorted(whole) if whole[number] == group)
        joined = biggest(unary_union([shapes[number] for number in numbers]))
        patches.append(Patch(quarter, numbers, joined))
    return sorted(patches, key=lambda patch: (-round(patch.shape.centroid.y / 260), patch.shape.centroid.x))


def _grow(belongs: Mapping[int, int], beside: Neighbours, inside: set[int]) -> dict[int, int]:
    """Empty faces next to a grid join the one they border most."""
    grown: dict[int, int] = {}
    for number in sorted(inside):
        if number in belongs:
            continue
        borders: dict[int, float] = {}
        for other, shared in beside[number]:
            if other in belongs:
                borders[belongs[other]] = borders.get(belongs[other], 0.0) + shared
        if borders:
            grown[number] = max(sorted(borders), key=lambda group: borders[group])
    return grown
