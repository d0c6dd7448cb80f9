"""Sampling sites: where they stand and which buildings each serves, about equally many people near by."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from firebreak.command.drill.district.cutting import Weight, cut
from firebreak.command.drill.district.frame import board
from firebreak.command.drill.district.naming import join
from firebreak.command.drill.district.nouns import Building, Compound, Point, Resident, TestSite
from firebreak.command.drill.district.town import Town

PEOPLE_PER_SITE = 2_450
PEOPLE_PER_BENCH = 700
_SLACK = 0.17
_GROUNDS = {
    "school": ("操场采样点", "Schoolyard Site"), "civic": ("广场采样点", "Square Site"),
    "market": ("广场采样点", "Square Site"),
}


def place_sites(town: Town, residents: Sequence[Resident]) -> tuple[TestSite, ...]:
    """One site for every 2,000 to 3,000 people, at a school, a square or a gate in the middle of those it serves."""
    people = Counter(resident.building for resident in residents)
    at = {number: board(building.lon, building.lat) for number, building in enumerate(town.buildings)}
    heads = {number: people[building.code] for number, building in enumerate(town.buildings)}
    count = max(1, round(len(residents) / PEOPLE_PER_SITE))
    parts = cut([Weight(number, *at[number], heads[number] + 0.01) for number in at], count)
    middles = [_middle(part, at, heads) for part in parts]
    served = _nearer(parts, middles, at, heads)
    return _sites(town, served, at, heads)


def _middle(part: Sequence[int], at: Mapping[int, Point], heads: Mapping[int, int]) -> Point:
    whole = sum(heads[number] + 0.01 for number in part)
    return (
        sum(at[number][0] * (heads[number] + 0.01) for number in part) / whole,
        sum(at[number][1] * (heads[number] + 0.01) for number in part) / whole,
    )


def _nearer(
    parts: Sequence[Sequence[int]], middles: Sequence[Point], at: Mapping[int, Point], heads: Mapping[int, int]
) -> list[list[int]]:
    """Move buildings to a nearer site as long as no site gets too many people or too few."""
    home = {number: site for site, part in enumerate(parts) for number in part}
    load = [sum(heads[number] for number in part) for part in parts]
    mean = sum(load) / len(load)
    for number in sorted(home):
        now = home[number]
        best = min(range(len(middles)), key=lambda site: (_far(at[number], middles[site]), site))
        fits = load[best] + heads[number] <= mean * (1 + _SLACK) and load[now] - heads[number] >= mean * (1 - _SLACK)
        if best != now and fits:
            home[number] = best
            load[best] += heads[number]
            load[now] -= heads[number]
    return [[number for number in sorted(home) if home[number] == site] for site in range(len(parts))]


def _far(one: Point, other: Point) -> float:
    return math.hypot(one[0] - other[0], one[1] - other[1])


def _sites(
    town: Town, served: Sequence[Sequence[int]], at: Mapping[int, Point], heads: Mapping[int, int]
) -> tuple[TestSite, ...]:
    free = list(town.compounds)
    found = []
    for number, part in enumerate(served, start=1):
        compound = _ground(_middle(part, at, heads), free)
        free.remove(compound)
        people = sum(heads[place] for place in part)
        buildings: list[Building] = [town.buildings[place] for place in part]
        found.append(TestSite(
            code=f"S{number:02d}", name=join(compound.name, *_GROUNDS.get(compound.kind, ("门口采样点", "Gate Site"))),
            grid=compound.grid, lon=compound.gate[0], lat=compound.gate[1],
            buildings=tuple(building.code for building in buildings), people=people,
            benches=max(1, math.ceil(people / PEOPLE_PER_BENCH)),
        ))
    return tuple(found)


def _ground(middle: Point, free: Sequence[Compound]) -> Compound:
    """The nearest gate; a school or a square may be a quarter of a kilometre farther and is still taken."""
    def cost(compound: Compound) -> tuple[float, str]:
        bonus = 250.0 if compound.kind in _GROUNDS else 0.0
        return _far(board(*compound.gate), middle) - bonus, compound.code

    return min(free, key=cost)
