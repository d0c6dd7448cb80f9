"""Where people work or pass: firms and offices, the port's berths with their ships, hotels with their guests."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from firebreak.command.drill.district.naming import Namer
from firebreak.command.drill.district.nouns import Building, Resident, Ship, Use, Workplace
from firebreak.command.drill.district.streams import shares
from firebreak.command.drill.district.town import Town
from firebreak.kernel.text import T

_JOBS = {
    Use.FACTORY: 95.0, Use.WAREHOUSE: 26.0, Use.SCHOOL: 30.0, Use.OFFICE: 30.0, Use.CLINIC: 24.0, Use.MARKET: 34.0,
    Use.HOTEL: 18.0, Use.BERTH: 12.0, Use.TERMINAL: 20.0, Use.SHOPHOUSE: 0.7, Use.DORMITORY: 0.5,
}
"""Relative number of people who come to work in one building of a use."""
_OWN_HOUSE = (Use.OFFICE, Use.CLINIC, Use.MARKET, Use.HOTEL)
_CREW_PART = 0.34


@dataclass(frozen=True, slots=True)
class Offices:
    """Workplaces before anybody is counted."""

    names: Mapping[str, T]
    buildings: Mapping[str, str]
    of_building: Mapping[str, str]
    employers: tuple[str, ...]

    def counted(self, residents: Iterable[Resident]) -> tuple[Workplace, ...]:
        """The workplaces with everybody on the register who works there."""
        heads = Counter(resident.workplace for resident in residents)
        return tuple(
            Workplace(code, name, self.buildings[code], heads[code]) for code, name in self.names.items() if heads[code]
        )


def staff(town: Town, namer: Namer) -> Offices:
    """A workplace for every compound people work in; public houses each have their own."""
    quarter = {grid.code: grid.community for grid in town.grids}
    stems = {community.code: _stem(community.name) for community in town.communities}
    names: dict[str, T] = {}
    seats: dict[str, str] = {}
    of_building: dict[str, str] = {}
    shared: dict[tuple[str, Use], str] = {}
    for building in town.buildings:
        if building.use not in _JOBS:
            continue
        key = (building.code if building.use in _OWN_HOUSE else building.compound, building.use)
        if key not in shared:
            code = f"W{len(names) + 1:03d}"
            shared[key], seats[code] = code, building.code
            names[code] = namer.workplace(building.use, building.compound_name, stems[quarter[building.grid]])
        of_building[building.code] = shared[key]
    employers = tuple(code for (_, use), code in shared.items() if use in (Use.FACTORY, Use.WAREHOUSE))
    return Offices(names, seats, of_building, employers)


def _stem(name: T) -> T:
    """A community's name without the word for community or village."""
    return T(
        name.zh.removesuffix("社区").removesuffix("村"), name.en.removesuffix(" Community").removesuffix(" Village")
    )


def jobs_by_building(town: Town, people: int) -> dict[str, int]:
    """People who come in to work, by building."""
    places = [building for building in town.buildings if building.use in _JOBS]
    parts = shares(people, [_JOBS[building.use] for building in places])
    return {building.code: part for building, part in zip(places, parts, strict=True)}


def crew_by_berth(town: Town, passing: int, namer: Namer) -> tuple[dict[str, int], tuple[Ship, ...]]:
    """A ship at every second berth, and its crew."""
    berths = town.port.berths[::2]
    crews = shares(round(passing * _CREW_PART), [18.0 + 3 * (number % 3) for number in range(len(berths))])
    ships = tuple(Ship(namer.ship(), berth, crew) for berth, crew in zip(berths, crews, strict=True))
    return dict(zip(berths, crews, strict=True)), ships


def guests_by_building(town: Town, people: int) -> dict[str, int]:
    """Guests by hotel; where there is no hotel, people wait for the boat."""
    houses = [building for building in town.buildings if building.use is Use.HOTEL] or _waiting(town)
    return {building.code: part for building, part in zip(houses, shares(people, [1.0] * len(houses)), strict=True)}


def _waiting(town: Town) -> list[Building]:
    terminal = [building for building in town.buildings if building.code == town.port.terminal]
    return terminal or list(town.buildings[:1])
