"""Invented districts for tests: the full one, and small ones of any seed, each invented once per process."""

from functools import cache
from pathlib import Path

from firebreak.command.drill.district import DEFAULT_PEOPLE, District, Roster, invent_district, invent_roster
from firebreak.engine.plans.loader import load_pack
from firebreak.engine.units.plan import PostSpec, UnitsSection, expand_posts

PLAN = Path(__file__).parents[2] / "plans" / "covid-2022"
ONE_PERCENT = 714


@cache
def district(people: int = DEFAULT_PEOPLE, seed: int = 7) -> District:
    """The district of a seed."""
    return invent_district(seed, people)


def posts(place: District) -> list[PostSpec]:
    """The plan's posts spread over a district."""
    units = load_pack(PLAN).find(UnitsSection)
    assert units is not None
    codes = {
        "district": [place.code], "community": [community.code for community in place.communities],
        "grid": [grid.code for grid in place.grids],
    }
    return expand_posts(units, codes, parent_of={grid.code: grid.community for grid in place.grids})


@cache
def roster(people: int = DEFAULT_PEOPLE, seed: int = 7) -> Roster:
    """The roster of a district, for the posts of the plan."""
    place = district(people, seed)
    return invent_roster(place, seed, posts(place))
