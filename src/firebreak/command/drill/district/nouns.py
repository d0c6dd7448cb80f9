"""The nouns of the invented district, as values. Places are WGS-84 longitude, latitude; rings are closed.

Nothing here draws, decides or counts anything for a screen.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from firebreak.kernel.text import T

Point = tuple[float, float]
Line = tuple[Point, ...]
Ring = tuple[Point, ...]
Outline = tuple[Ring, ...]
"""The coordinates of a GeoJSON polygon: the outer ring, then holes."""


class Use(StrEnum):
    """What a building is for."""

    FLATS = "flats"
    HOUSE = "house"
    SHOPHOUSE = "shophouse"
    DORMITORY = "dormitory"
    FACTORY = "factory"
    WAREHOUSE = "warehouse"
    OFFICE = "office"
    SCHOOL = "school"
    CLINIC = "clinic"
    MARKET = "market"
    HOTEL = "hotel"
    BERTH = "berth"
    TERMINAL = "terminal"


class Presence(StrEnum):
    """Why somebody is in the district."""

    LIVES = "lives"
    WORKS = "works"
    PASSING = "passing"


class IdKind(StrEnum):
    """The paper that proves who somebody is."""

    RESIDENT = "resident"
    PASSPORT = "passport"
    PERMIT = "permit"
    NONE = "none"


class Need(StrEnum):
    """A need the community keeps in mind."""

    ALONE_OLD = "alone_old"
    DIALYSIS = "dialysis"
    PREGNANT = "pregnant"
    INFANT = "infant"
    LIMITED_MOBILITY = "limited_mobility"
    PSYCHIATRIC = "psychiatric"
    NO_PHONE = "no_phone"


@dataclass(frozen=True, slots=True)
class Coast:
    """Where land ends: the land and the sea inside the frame of the map, and the line between them."""

    land: Ring
    sea: Ring
    islets: tuple[Ring, ...]
    line: Line


@dataclass(frozen=True, slots=True)
class Road:
    """A road by its middle line. `kind` is arterial, street or lane."""

    name: T
    kind: str
    line: Line
    width_m: float


@dataclass(frozen=True, slots=True)
class Orchard:
    """A waxberry orchard on the hills; 15 mu are one hectare."""

    name: T
    outline: Ring
    mu: int


@dataclass(frozen=True, slots=True)
class Port:
    """The port: its ground, its quays, and the buildings at its berths."""

    name: T
    outline: Ring
    quays: tuple[Line, ...]
    berths: tuple[str, ...]
    terminal: str


@dataclass(frozen=True, slots=True)
class Ship:
    """A ship at a berth; its crew are people too."""

    name: T
    berth: str
    crew: int


@dataclass(frozen=True, slots=True)
class Community:
    """A community: `kind` says what sort of quarter it is."""

    code: str
    name: T
    kind: str
    outline: Outline
    grids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The part of a community that one grid worker knows by heart."""

    code: str
    name: T
    community: str
    outline: Outline
    buildings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compound:
    """A walled estate, campus, street front or hamlet: the buildings behind one gate."""

    code: str
    name: T
    kind: str
    grid: str
    outline: Ring
    gate: Point
    buildings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Building:
    """A building with its footprint. Doors are counted by floors and units (staircases)."""

    code: str
    name: T
    grid: str
    compound: str
    compound_name: T
    use: Use
    footprint: Ring
    lon: float
    lat: float
    floors: int
    units: int
    address: T


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where people work who may live elsewhere."""

    code: str
    name: T
    building: str
    headcount: int


@dataclass(frozen=True, slots=True)
class Household:
    """People behind one door; `residents` are their places in `District.residents`."""

    number: str
    building: str
    door: str
    residents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Resident:
    """One line of the register. `number` is the place in `District.residents`; `household` is "" for none."""

    number: int
    name: str
    sex: int
    birth_on: date
    id_kind: IdKind
    id_number: str
    phone: str
    building: str
    door: str
    household: str
    presence: Presence
    workplace: str
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class TestSite:
    """A sampling site and the buildings it serves; `people` is how many of the register live or work in them."""

    code: str
    name: T
    grid: str
    lon: float
    lat: float
    buildings: tuple[str, ...]
    people: int
    benches: int


@dataclass(frozen=True, slots=True)
class District:
    """The whole invented district."""

    seed: int
    people: int
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
    workplaces: tuple[Workplace, ...]
    ships: tuple[Ship, ...]
    households: tuple[Household, ...]
    residents: tuple[Resident, ...]
    sites: tuple[TestSite, ...]
