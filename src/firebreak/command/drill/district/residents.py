"""Everybody on the register: households behind doors, workers in dormitories, people at work and passing through.

Fills a built town with exactly as many people as asked. Says nothing about what happens to them in a round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from firebreak.command.drill.district.families import birth_of, draw_family
from firebreak.command.drill.district.names import full_name, latin_name, surname
from firebreak.command.drill.district.naming import Namer
from firebreak.command.drill.district.nouns import (
    Building,
    Household,
    IdKind,
    Need,
    Presence,
    Resident,
    Ship,
    Use,
    Workplace,
)
from firebreak.command.drill.district.papers import REGISTER_DIVISION, Papers
from firebreak.command.drill.district.quotas import register_parts
from firebreak.command.drill.district.streams import shares, stream
from firebreak.command.drill.district.town import Town
from firebreak.command.drill.district.work import crew_by_berth, guests_by_building, jobs_by_building, staff

HOMES = (Use.FLATS, Use.HOUSE, Use.SHOPHOUSE)


@dataclass(frozen=True, slots=True)
class Population:
    """The people of a town and what binds them."""

    residents: tuple[Resident, ...]
    households: tuple[Household, ...]
    workplaces: tuple[Workplace, ...]
    ships: tuple[Ship, ...]


def people_town(town: Town, seed: int, people: int, namer: Namer) -> Population:
    """Fill the town with a register of this many lines."""
    parts = register_parts(people)
    homes = _homes_by_building(town, parts["home"], HOMES)
    dormitories = _homes_by_building(town, parts["dormitory"], (Use.DORMITORY,))
    offices = staff(town, namer)
    jobs = jobs_by_building(town, parts["works"])
    crews, ships = crew_by_berth(town, parts["passing"], namer)
    guests = guests_by_building(town, parts["passing"] - sum(crews.values()))
    students = {grid for community in town.communities if community.kind == "campus" for grid in community.grids}
    filler = _Filler(seed)
    for building in town.buildings:
        code = building.code
        filler.households(building, homes.get(code, 0))
        filler.dormitory(building, dormitories.get(code, 0), offices.employers, building.grid in students)
        filler.workers(building, jobs.get(code, 0), offices.of_building.get(code, ""))
        filler.passing(building, crews.get(code, 0) + guests.get(code, 0), code in crews)
    return Population(
        tuple(filler.residents), tuple(filler.homes), offices.counted(filler.residents), ships
    )


def _homes_by_building(town: Town, people: int, uses: Sequence[Use]) -> dict[str, int]:
    codes = [building.code for building in town.buildings if building.use in uses]
    return dict(zip(codes, shares(people, [town.homes[code] for code in codes]), strict=True))


class _Filler:
    """Writes the register line by line."""

    def __init__(self, seed: int) -> None:
        self.residents: list[Resident] = []
        self.homes: list[Household] = []
        self._chance = stream(seed, "residents")
        self._twins: set[tuple[str, str, date]] = set()
        self._papers = Papers(REGISTER_DIVISION, stream(seed, "papers"), scatter=seed)

    def households(self, building: Building, people: int) -> None:
        """Families until the building's share is used up, each behind a door of its own."""
        rural = building.use is Use.HOUSE
        families = []
        while people:
            family = draw_family(rural, self._chance)[:people]
            people -= len(family)
            families.append(family)
        doors = _doors(building, len(families), self._chance)
        for number, (door, family) in enumerate(zip(doors, families, strict=True), start=1):
            household = f"{building.code}-H{number:03d}"
            names = (surname(self._chance), surname(self._chance), surname(self._chance))
            first = len(self.residents)
            for age, sex, line in family:
                self._add(building.code, door, age, sex, names[line], Presence.LIVES, household, "", len(family))
            self.homes.append(Household(household, building.code, door, tuple(range(first, len(self.residents)))))

    def dormitory(self, building: Building, people: int, employers: Sequence[str], students: bool) -> None:
        """People in shared rooms: workers, or students of the college."""
        chance = self._chance
        rooms = -(-people // 6)
        doors = [door for door in _doors(building, rooms, chance) for _ in range(6)][:people]
        for number, door in enumerate(doors):
            age = chance.randint(17, 21) if students else min(54, int(chance.triangular(18, 55, 25)))
            sex = 1 if chance.random() < (0.5 if students else 0.62) else 2
            job = "" if students or not employers else employers[(len(self.residents) + number) % len(employers)]
            self._add(building.code, door, age, sex, surname(chance), Presence.LIVES, "", job, 0)

    def workers(self, building: Building, people: int, job: str) -> None:
        """People who work here and live outside the district."""
        chance = self._chance
        for _ in range(people):
            sex = 1 if chance.random() < 0.56 else 2
            age = int(chance.triangular(19, 59, 34))
            self._add(building.code, "", age, sex, surname(chance), Presence.WORKS, "", job, 0)

    def passing(self, building: Building, people: int, crew: bool) -> None:
        """Ships' crews at their berth, guests in their hotel."""
        chance = self._chance
        for number in range(people):
            sex = 1 if (crew and chance.random() < 0.97) or chance.random() < 0.55 else 2
            age = int(chance.triangular(20, 60, 33))
            door = "" if crew else f"{2 + number // 20}{1 + number % 20:02d}"
            self._add(building.code, door, age, sex, surname(chance), Presence.PASSING, "", "", -1 if crew else 0)

    def _add(
        self, building: str, door: str, age: int, sex: int, family: str, presence: Presence, household: str, job: str,
        housemates: int,
    ) -> None:
        chance = self._chance
        born = birth_of(age, chance)
        kind = _paper_kind(age, presence, housemates, chance)
        foreign = kind is IdKind.PASSPORT and chance.random() < 0.8
        name = latin_name(chance) if foreign else full_name(family, sex, born.year, chance)
        while (building, name, born) in self._twins:
            name = full_name(family, sex, born.year, chance)
        self._twins.add((building, name, born))
        phone = self._papers.phone() if chance.random() < _phone_chance(age) else ""
        self.residents.append(Resident(
            len(self.residents), name, sex, born, kind, self._papers.number(kind, born, sex), phone, building, door,
            household, presence, job, _needs(age, sex, phone, housemates, chance),
        ))


def _doors(building: Building, count: int, chance: Random) -> list[str]:
    """As many different doors as asked, upwards: 1101, or 2-1101 where there are several staircases."""
    if not count:
        return []
    floors, units = building.floors, building.units
    rooms = max(2 if building.use is Use.FLATS else 1, -(-count * 107 // (100 * floors * units)))
    per_floor = rooms * units
    found = []
    for place in sorted(chance.sample(range(floors * per_floor), count)):
        floor, rest = divmod(place, per_floor)
        unit, room = divmod(rest, rooms)
        door = f"{floor + 1}{room + 1:02d}"
        found.append(f"{unit + 1}-{door}" if units > 1 else door)
    return found


def _paper_kind(age: int, presence: Presence, housemates: int, chance: Random) -> IdKind:
    fate = chance.random()
    if housemates < 0:
        return IdKind.PASSPORT if fate < 0.55 else IdKind.RESIDENT
    if age == 0 and fate < 0.42:
        return IdKind.NONE
    if fate < 0.988:
        return IdKind.RESIDENT
    if fate < 0.993:
        return IdKind.PERMIT
    if fate < 0.997:
        return IdKind.PASSPORT
    return IdKind.NONE


def _phone_chance(age: int) -> float:
    if age < 10:
        return 0.0
    if age < 14:
        return 0.25
    return 0.97 if age < 62 else 0.86 if age < 76 else 0.55


def _needs(age: int, sex: int, phone: str, housemates: int, chance: Random) -> tuple[Need, ...]:
    """What the community must keep in mind about somebody; `housemates` is the size of the household."""
    if 10 <= age < 19:
        return ()
    fate = chance.random()
    if age < 10:
        return (Need.INFANT,) if age == 0 else ()
    found = []
    if age >= 65 and housemates == 1:
        found.append(Need.ALONE_OLD)
    if fate < (0.0006 if age < 45 else 0.003):
        found.append(Need.DIALYSIS)
    elif sex == 2 and 21 <= age <= 40 and fate > 0.982:
        found.append(Need.PREGNANT)
    elif age >= 62 and fate > (0.80 if age >= 78 else 0.95):
        found.append(Need.LIMITED_MOBILITY)
    elif 0.5 < fate < 0.503:
        found.append(Need.PSYCHIATRIC)
    if not phone and age >= 60:
        found.append(Need.NO_PHONE)
    return tuple(found)
