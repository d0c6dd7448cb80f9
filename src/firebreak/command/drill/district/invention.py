"""From a seed to a whole district."""

from firebreak.command.drill.district.naming import Namer
from firebreak.command.drill.district.nouns import District
from firebreak.command.drill.district.quotas import REGISTER_SIZE, scale_of
from firebreak.command.drill.district.residents import people_town
from firebreak.command.drill.district.sites import place_sites
from firebreak.command.drill.district.streams import stream
from firebreak.command.drill.district.town import build_town

DEFAULT_PEOPLE = REGISTER_SIZE


def invent_district(seed: int, people: int = DEFAULT_PEOPLE) -> District:
    """The district of a seed with a register of `people` lines (200 to 200,000).

    Errors: `ValueError` for another size.
    """
    scale = scale_of(people)
    namer = Namer(stream(seed, "names of places"))
    town = build_town(seed, scale, people, namer)
    population = people_town(town, seed, people, namer)
    return District(
        seed=seed, people=people, code=town.code, name=town.name, outline=town.outline, coast=town.coast,
        port=town.port, roads=town.roads, orchards=town.orchards, communities=town.communities, grids=town.grids,
        compounds=town.compounds, buildings=town.buildings, workplaces=population.workplaces, ships=population.ships,
        households=population.households, residents=population.residents,
        sites=place_sites(town, population.residents),
    )
