"""The built district without its people: communities, grids, compounds, buildings, roads, orchards and the port.

Draws the land, fills it, cuts it into grids and names everything. Counts nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from shapely.geometry import LineString, Point, Polygon
from shapely.ops import nearest_points, unary_union
from shapely.strtree import STRtree

from firebreak.command.drill.district.blocks import Block, build_up
from firebreak.command.drill.district.frame import biggest, line_of, lonlat, outline_of, ring_of
from firebreak.command.drill.district.grids import Patch, cut_grids
from firebreak.command.drill.district.land import Land, coast_in_degrees, draw_land, draw_orchards, mu
from firebreak.command.drill.district.naming import Namer, join
from firebreak.command.drill.district.nouns import (
    Building,
    Coast,
    Community,
    Compound,
    Grid,
    Orchard,
    Outline,
    Port,
    Road,
    Use,
)
from firebreak.command.drill.district.places import numeral
from firebreak.command.drill.district.plots import Plot
from firebreak.command.drill.district.quarters import QUARTERS, neighbours, parcel_out, quarter_count
from firebreak.command.drill.district.streams import stream
from firebreak.command.drill.district.streets import WIDTHS_M, Streets, draw_streets
from firebreak.kernel.text import T


@dataclass(frozen=True, slots=True)
class Town:
    """The district as built. `homes` is the relative number of people who live in a building, by its code."""

    code: str
    name: T
    outline: Outline
    coast: Coast
    port: Port
    roads: tuple[Road, ...]
    orchards: tuple[Orchard, ...]
    communities: tuple[Community, ...]
    grids: tuple[Grid, ...]
    compounds: tuple[Compound, ...]
    buildings: tuple[Building, ...]
    homes: Mapping[str, float]


def build_town(seed: int, scale: float, people: int, namer: Namer) -> Town:
    """The district for about so many people; `scale` is their part of the full size."""
    land = draw_land()
    streets = draw_streets(land, stream(seed, "streets"))
    belongs = parcel_out(streets)
    blocks = build_up(streets.faces, belongs, land, quarter_count(scale), scale, stream(seed, "blocks"))
    load = _people_by_face(blocks, people)
    patches = cut_grids(streets.faces, belongs, neighbours(streets.faces), blocks, load, scale)
    names = {quarter: namer.quarter(QUARTERS[quarter].kind) for quarter in range(quarter_count(scale))}
    roads, street_index = _name_roads(streets, namer, {number: name for number, (_, name, _) in names.items()})
    grids, compounds, buildings, homes = _name_blocks(blocks, patches, names, namer, street_index)
    zh, en, code = namer.district
    return Town(
        code=code, name=join(T(zh, en), "湾开发区", "Bay Development Zone"), coast=coast_in_degrees(land),
        outline=outline_of(biggest(unary_union([patch.shape for patch in patches]))),
        port=_port(land, buildings, join(T(zh, en), "港", "Port")), roads=roads,
        orchards=_name_orchards(land, streets, namer, stream(seed, "orchards")),
        communities=_communities(names, patches, grids), grids=grids, compounds=compounds, buildings=buildings,
        homes=homes,
    )


def _people_by_face(blocks: Sequence[Block], people: int) -> dict[int, float]:
    whole = sum(plot.homes for block in blocks for plot in block.plots)
    found: dict[int, float] = {}
    for block in blocks:
        found[block.face.number] = sum(plot.homes for plot in block.plots) * people / whole
    return found


@dataclass(frozen=True, slots=True)
class StreetIndex:
    """Finds the street a house stands on."""

    tree: STRtree
    lines: tuple[LineString, ...]
    names: tuple[T, ...]
    eastward: tuple[bool, ...]

    def address(self, place: Point) -> T:
        """Street and number; numbers count ten-metre fronts from the west or the south."""
        nearest = int(self.tree.nearest(place))
        on = self.lines[nearest].interpolate(self.lines[nearest].project(place))
        far, side = (on.x, place.y > on.y) if self.eastward[nearest] else (on.y, place.x > on.x)
        number = 2 * int(far / 10) + (1 if side else 2)
        name = self.names[nearest]
        return T(f"{name.zh}{number}号", f"{number} {name.en}")


def _name_roads(
    streets: Streets, namer: Namer, quarter_names: Mapping[int, T]
) -> tuple[tuple[Road, ...], StreetIndex]:
    roads, lines, names, eastward = [], [], [], []
    lanes: dict[int, T] = {}
    for road in streets.roads:
        village = None
        if road.where == "village":
            if road.number not in lanes:
                home = next(number for number, quarter in enumerate(QUARTERS) if road.number in quarter.villages)
                lanes[road.number] = quarter_names.get(home) or namer.quarter("village")[1]
            village = lanes[road.number]
        name = namer.road(road.where, road.number, road.kind, village)
        roads.append(Road(name, road.kind, line_of(road.line.coords), WIDTHS_M[road.kind]))
        west, south, east, north = road.line.bounds
        lines.append(road.line)
        names.append(name)
        eastward.append(east - west >= north - south)
    return tuple(roads), StreetIndex(STRtree(lines), tuple(lines), tuple(names), tuple(eastward))


def _name_orchards(land: Land, streets: Streets, namer: Namer, chance: Random) -> tuple[Orchard, ...]:
    keep_off = unary_union([
        *(village.buffer(70) for village in streets.villages),
        *(road.line.buffer(30) for road in streets.roads if road.where == "hill"),
    ])
    return tuple(Orchard(namer.orchard(), ring_of(shape), mu(shape)) for shape in draw_orchards(land, keep_off, chance))


Named = Mapping[int, tuple[str, T, T]]


def _name_blocks(
    blocks: Sequence[Block], patches: Sequence[Patch], names: Named, namer: Namer, index: StreetIndex
) -> tuple[tuple[Grid, ...], tuple[Compound, ...], tuple[Building, ...], dict[str, float]]:
    """Codes and names down the tree: grids of each community, compounds of each grid, buildings of each."""
    by_face: dict[int, list[Block]] = {}
    for block in blocks:
        by_face.setdefault(block.face.number, []).append(block)
    grids: list[Grid] = []
    compounds: list[Compound] = []
    buildings: list[Building] = []
    homes: dict[str, float] = {}
    turns: dict[int, int] = {}
    for patch in patches:
        turns[patch.quarter] = turns.get(patch.quarter, 0) + 1
        grid = _grid(patch, names[patch.quarter], turns[patch.quarter])
        first = len(buildings)
        own = [block for face in patch.faces for block in by_face.get(face, [])]
        for number, block in enumerate(own, start=1):
            name = namer.block(block.kind, names[patch.quarter][1], QUARTERS[patch.quarter].kind)
            added = _buildings(block, name, grid, f"{grid.code}-C{number:02d}", len(buildings) - first, namer, index)
            compounds.append(_compound(block, name, added))
            for building, weight in added:
                buildings.append(building)
                homes[building.code] = weight
        codes = tuple(building.code for building in buildings[first:])
        grids.append(Grid(grid.code, grid.name, grid.community, grid.outline, codes))
    return tuple(grids), tuple(compounds), tuple(buildings), homes


def _grid(patch: Patch, named: tuple[str, T, T], number: int) -> Grid:
    code, _, full = named
    name = join(full, f"第{numeral(number)}网格", f"Grid {number}")
    return Grid(f"{code}-{number:02d}", name, code, outline_of(patch.shape), ())


def _buildings(
    block: Block, name: T, grid: Grid, compound: str, before: int, namer: Namer, index: StreetIndex
) -> list[tuple[Building, float]]:
    """Buildings of a block, numbered row by row from the north-west."""
    ordered = sorted(block.plots, key=lambda plot: (-round(plot.shape.centroid.y / 12), plot.shape.centroid.x))
    return [
        (_building(plot, name, grid, compound, before + number, number, namer, index), plot.homes)
        for number, plot in enumerate(ordered, start=1)
    ]


def _building(
    plot: Plot, block: T, grid: Grid, compound: str, in_grid: int, in_block: int, namer: Namer, index: StreetIndex
) -> Building:
    middle = plot.shape.centroid
    lon, lat = lonlat(middle.x, middle.y)
    return Building(
        code=f"{grid.code}-B{in_grid:03d}", name=namer.building(plot.use, block, in_block), grid=grid.code,
        compound=compound, compound_name=block, use=plot.use, footprint=ring_of(plot.shape), lon=lon, lat=lat,
        floors=plot.floors, units=plot.units, address=index.address(middle),
    )


def _compound(block: Block, name: T, added: Sequence[tuple[Building, float]]) -> Compound:
    """The wall around the buildings, with the gate where it comes nearest to the middle of the block's edge."""
    hull = unary_union([plot.shape for plot in block.plots]).convex_hull.buffer(9, join_style="mitre")
    wall: Polygon = biggest(hull.intersection(block.face.shape.buffer(-4)))
    gate, _ = nearest_points(wall.exterior, Point(block.face.shape.bounds[0], block.face.shape.bounds[1]))
    first = added[0][0]
    return Compound(
        code=first.compound, name=name, kind=block.kind, grid=first.grid, outline=ring_of(wall),
        gate=lonlat(gate.x, gate.y), buildings=tuple(building.code for building, _ in added),
    )


def _communities(names: Named, patches: Sequence[Patch], grids: Sequence[Grid]) -> tuple[Community, ...]:
    return tuple(
        Community(
            code, full, QUARTERS[quarter].kind,
            outline_of(biggest(unary_union([patch.shape for patch in patches if patch.quarter == quarter]))),
            tuple(grid.code for grid in grids if grid.community == code),
        )
        for quarter, (code, _, full) in names.items()
    )


def _port(land: Land, buildings: Sequence[Building], name: T) -> Port:
    return Port(
        name=name, outline=ring_of(land.port), quays=tuple(line_of(quay.coords) for quay in land.quays),
        berths=tuple(building.code for building in buildings if building.use is Use.BERTH),
        terminal=next((building.code for building in buildings if building.use is Use.TERMINAL), ""),
    )
