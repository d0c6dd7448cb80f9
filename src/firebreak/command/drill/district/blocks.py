"""Which blocks are built up, and with what: the quarters of the master plan filled from their middles outwards.

Knows footprints and faces, no names and no people. Metres on the drawing board.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from shapely import affinity
from shapely.geometry import Polygon, box
from shapely.prepared import prep
from shapely.strtree import STRtree

from firebreak.command.drill.district.land import Land
from firebreak.command.drill.district.nouns import Use
from firebreak.command.drill.district.plots import Plot, fill_block, quay_houses
from firebreak.command.drill.district.quarters import QUARTERS, Quarter
from firebreak.command.drill.district.streams import shares
from firebreak.command.drill.district.streets import Face

BUILDINGS = 1_900
"""Buildings of the full district, about: blocks are filled whole."""
_SMALLEST_BLOCK_M2 = 9_500
_TALL = (Use.FLATS, Use.DORMITORY, Use.HOTEL, Use.OFFICE)


@dataclass(frozen=True, slots=True)
class Block:
    """A face that is built up. `kind` is the plot kind, or quay for the water's edge of the port."""

    face: Face
    quarter: int
    kind: str
    plots: tuple[Plot, ...]


def build_up(
    faces: Sequence[Face], belongs: Mapping[int, int], land: Land, quarters: int, scale: float, chance: Random
) -> list[Block]:
    """Fill the first quarters with buildings, in the order of their faces."""
    planned = QUARTERS[:quarters]
    budgets = shares(round(BUILDINGS * scale**0.8), [quarter.buildings for quarter in planned])
    blocks: list[Block] = []
    for number, (quarter, budget) in enumerate(zip(planned, budgets, strict=True)):
        own = [face for face in faces if belongs[face.number] == number]
        blocks += _fill_quarter(number, quarter, own, budget, chance)
        if quarter.kind == "port":
            blocks += _waterside(number, own, land, max(2, round(9 * scale**0.3)))
    lower = min(1.0, scale**0.2)
    lowered = [replace(block, plots=tuple(_lowered(plot, lower) for plot in block.plots)) for block in blocks]
    return sorted(lowered, key=lambda block: block.face.number)


def _lowered(plot: Plot, part: float) -> Plot:
    return replace(plot, floors=max(1, round(plot.floors * part))) if plot.use in _TALL else plot


def _fill_quarter(number: int, quarter: Quarter, own: Sequence[Face], budget: int, chance: Random) -> list[Block]:
    """Blocks of one quarter until its budget of buildings is spent."""
    near = sorted(own, key=lambda face: (_far(face, quarter.at), face.number))
    hamlet = [face for face in near if face.ground == "village"]
    town = [face for face in near if face.ground == "town" and face.shape.area > _SMALLEST_BLOCK_M2]
    kinds = [kind for kind in quarter.plots if kind != "houses"]
    blocks = _fill(number, hamlet, ["houses"], round(budget * 0.4) if kinds else budget, chance) if hamlet else []
    if kinds:
        blocks += _fill(number, town, kinds, budget - sum(len(block.plots) for block in blocks), chance)
    return blocks


def _fill(number: int, faces: Sequence[Face], kinds: Sequence[str], budget: int, chance: Random) -> list[Block]:
    blocks: list[Block] = []
    placed = turn = 0
    for face in faces:
        if placed >= budget:
            break
        kind = kinds[turn % len(kinds)]
        plots = fill_block(face.shape, kind, face.ground, chance)
        if plots or kind == "park":
            turn += 1
        if kind in ("houses", "shops"):
            plots = plots[: max(4, budget - placed)]
        if plots:
            placed += len(plots)
            blocks.append(Block(face, number, kind, tuple(plots)))
    return blocks


def _far(face: Face, at: tuple[float, float]) -> float:
    x, y = face.spot
    return (x - at[0]) ** 2 + (y - at[1]) ** 2


def _waterside(number: int, own: Sequence[Face], land: Land, berths: int) -> list[Block]:
    """Berth houses on the quays and the ferry terminal on the bay, each inside one face."""
    edge = [face for face in own if face.ground != "town"]
    tree = STRtree([face.shape for face in edge])
    wanted = [(shape, Use.BERTH) for shape in quay_houses(land.quays, berths)]
    wanted.append((box(4600, 4400, 4616, 4444), Use.TERMINAL))
    found: dict[int, list[Plot]] = {}
    for shape, use in wanted:
        placed = _settled(shape, edge, tree)
        if placed:
            place, footprint = placed
            found.setdefault(place, []).append(Plot(footprint, use, 1 if use is Use.BERTH else 2, 1, 0.0))
    return [Block(edge[place], number, "quay", tuple(found[place])) for place in sorted(found)]


def _settled(shape: Polygon, edge: Sequence[Face], tree: STRtree) -> tuple[int, Polygon] | None:
    """The footprint pushed aside until it stands in one face."""
    for push in (0, 12, -12, 24, -24, 40, -40, 60, -60):
        for dx, dy in ((push, 0), (0, push)):
            moved = affinity.translate(shape, dx, dy)
            for place in sorted(tree.query(moved).tolist()):
                if prep(edge[place].shape.buffer(-2)).contains(moved):
                    return place, moved
    return None
