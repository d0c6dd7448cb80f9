"""What becomes of everybody in the first round, planned by quota: one end for each line of the register, and the
people who are found though no list names them.

A plan of events to play, not a result: who was sampled is only what the drill then records. Never more and never
fewer sampled than `quotas.sampled_goal` says, for every seed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from firebreak.command.drill.district.families import TODAY, age_of, birth_of
from firebreak.command.drill.district.names import full_name, surname
from firebreak.command.drill.district.nouns import Building, District, IdKind, Need, Presence, Resident, Use
from firebreak.command.drill.district.papers import FOUND_DIVISION, Papers
from firebreak.command.drill.district.quotas import (
    EXCUSED,
    FOUND,
    FOUND_LATER,
    LATER,
    NOT_SAMPLED,
    ON_VISIT,
    SWABBED_TWICE,
    found_parts,
    part_of,
    register_sampled,
)
from firebreak.command.drill.district.streams import lively_shares, stream

ROUND_ON = TODAY + timedelta(days=1)
_PHONES_FROM = 60_000_000
Draw = Callable[[Random], "Fate"]


class End(StrEnum):
    """How somebody ends in the round. `away` and `unreachable` stay open and are handed over by name."""

    SAMPLED = "sampled"
    SAMPLED_TWICE = "sampled_twice"
    SAMPLED_ON_VISIT = "sampled_on_visit"
    EXCUSED = "excused"
    REFUSED = "refused"
    MOVED = "moved"
    DIED = "died"
    AWAY = "away"
    UNREACHABLE = "unreachable"

    @property
    def sampled(self) -> bool:
        """True when the person ends with a swab."""
        return self in (End.SAMPLED, End.SAMPLED_TWICE, End.SAMPLED_ON_VISIT)


@dataclass(frozen=True, slots=True)
class Try:
    """Somebody calls or knocks before the end. `way` is call or visit; `result` as an attempt records it."""

    way: str
    result: str


@dataclass(frozen=True, slots=True)
class Fate:
    """One end, what was tried before it, the plan's reason, and the day of a move or a death."""

    end: End
    tries: tuple[Try, ...] = ()
    reason: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody on no list, met at a building while the round runs."""

    number: int
    name: str
    sex: int
    birth_on: date
    id_kind: IdKind
    id_number: str
    phone: str
    building: str
    door: str
    presence: Presence
    fate: Fate


@dataclass(frozen=True, slots=True)
class Fates:
    """The plan of the first round. `of` stands in the order of `District.residents`."""

    of: tuple[Fate, ...]
    found: tuple[Found, ...]

    @property
    def sampled(self) -> int:
        """Distinct persons this plan has sampled."""
        return sum(fate.end.sampled for fate in self.of) + sum(found.fate.end.sampled for found in self.found)


_SAMPLED, _TWICE = Fate(End.SAMPLED), Fate(End.SAMPLED_TWICE)
_KNOCKED, _CALLED = Try("visit", "away"), Try("call", "unreachable")
_ON_VISIT = tuple(
    Fate(End.SAMPLED_ON_VISIT, tries)
    for tries in ((_KNOCKED,), (_CALLED, _KNOCKED), (Try("call", "promised"),), (_KNOCKED, Try("call", "promised")))
)
_REFUSED = Fate(End.REFUSED, (Try("call", "refused"), Try("visit", "refused"), Try("visit", "refused")))
_AWAY = (Fate(End.AWAY, (_KNOCKED, Try("call", "away"))), Fate(End.AWAY, (Try("call", "away"),)))
_UNREACHABLE = Fate(End.UNREACHABLE, (_CALLED, _KNOCKED, _CALLED))


def plan_fates(district: District, seed: int) -> Fates:
    """One fate for every line of the district's register, and the people found beside it."""
    dealer = _Dealer(district, stream(seed, "fates"))
    people = district.people
    otherwise = people - register_sampled(people)
    parts = lively_shares(otherwise, NOT_SAMPLED)
    for reason, count in lively_shares(parts["excused"], EXCUSED).items():
        dealer.deal(count, _FITS[reason], _always(Fate(End.EXCUSED, (), reason)), families=reason == "isolation")
    dealer.deal(parts["died"], _old, _some_day(End.DIED, 200))
    dealer.deal(parts["moved"], _at_home, _some_day(End.MOVED, 300), families=True)
    dealer.deal(parts["refused"], _grown, _always(_REFUSED))
    dealer.deal(parts["unreachable"], _grown, _always(_UNREACHABLE))
    dealer.deal(parts["away"], _anybody, _always(*_AWAY), families=True)
    dealer.deal(part_of(ON_VISIT, people), _anybody, _always(*_ON_VISIT))
    dealer.deal(part_of(SWABBED_TWICE, people), _grown, _always(_TWICE))
    return Fates(tuple(dealer.of), _find(district, stream(seed, "found")))


class _Dealer:
    """Deals fates to residents in a shuffled order; whoever has none yet is simply sampled."""

    def __init__(self, district: District, chance: Random) -> None:
        self.of: list[Fate] = [_SAMPLED] * len(district.residents)
        self._residents = district.residents
        self._family = {home.number: home.residents for home in district.households}
        self._chance = chance
        self._free = [True] * len(district.residents)
        self._order = list(range(len(district.residents)))
        chance.shuffle(self._order)

    def deal(
        self, count: int, fits: Callable[[Resident], bool], fate: Draw, families: bool = False
    ) -> None:
        """Give a fate to so many who fit, whole families where that is how it happens; anybody if too few fit."""
        left = count
        for suits in (fits, _anybody):
            for number in self._order:
                if not left:
                    return
                if self._free[number] and suits(self._residents[number]):
                    left -= self._give(number, left, fate, families)

    def _give(self, number: int, left: int, fate: Draw, families: bool) -> int:
        drawn = fate(self._chance)
        household = self._residents[number].household
        people = self._family[household] if families and household else (number,)
        taken = [one for one in people if self._free[one]][:left]
        for one in taken:
            self.of[one] = drawn
            self._free[one] = False
        return len(taken)


def _always(*fates: Fate) -> Draw:
    """One of these fates."""
    return lambda chance: chance.choice(fates)


def _some_day(end: End, days: int) -> Draw:
    """An end that came within the last so many days, and is learned at the door."""
    return lambda chance: Fate(end, (_KNOCKED,), "", TODAY - timedelta(days=chance.randint(2, days)))


def _anybody(resident: Resident) -> bool:
    return True


def _grown(resident: Resident) -> bool:
    return age_of(resident.birth_on) >= 18


def _at_home(resident: Resident) -> bool:
    return resident.presence is Presence.LIVES


def _old(resident: Resident) -> bool:
    return age_of(resident.birth_on) >= 66 and _at_home(resident)


def _homebound(resident: Resident) -> bool:
    return Need.LIMITED_MOBILITY in resident.needs or age_of(resident.birth_on) >= 84


def _infant(resident: Resident) -> bool:
    return Need.INFANT in resident.needs


def _ill(resident: Resident) -> bool:
    return age_of(resident.birth_on) >= 45 and _at_home(resident)


def _outside_worker(resident: Resident) -> bool:
    return resident.presence is Presence.WORKS


_FITS: dict[str, Callable[[Resident], bool]] = {
    "vaccinated_48h": _grown, "homebound_old": _homebound, "isolation": _at_home, "infant": _infant, "medical": _ill,
    "in_hospital": _ill, "tested_elsewhere": _outside_worker,
}


_LASTING = ("isolation", "homebound_old", "infant", "medical", "in_hospital")
_ELSEWHERE, _IN_HOSPITAL = Fate(End.EXCUSED, (), "tested_elsewhere"), Fate(End.EXCUSED, (), "in_hospital")
_AFTER: dict[End, tuple[Fate, ...]] = {
    End.AWAY: (_ELSEWHERE, _ELSEWHERE, _SAMPLED), End.UNREACHABLE: (Fate(End.MOVED, (_KNOCKED,)), _IN_HOSPITAL),
    End.REFUSED: (_REFUSED, _ON_VISIT[0], _ON_VISIT[1]),
}


def plan_later_fates(seed: int, number: int, before: Sequence[Fate]) -> list[Fate]:
    """One fate for everybody on a later round's list; `before` is how the round before ended for each, in its order.

    What held back somebody the day before goes on to hold (illness, isolation), or is cleared up; of the others so
    many are missed as `quotas.LATER` says.
    """
    chance = stream(seed, f"fates {number}")
    fates = [_after(fate, chance) for fate in before]
    free = [place for place, fate in enumerate(fates) if fate is _SAMPLED]
    chance.shuffle(free)
    kinds = {
        "away": _AWAY, "unreachable": (_UNREACHABLE,), "refused": (_REFUSED,),
        "moved": (Fate(End.MOVED, (_KNOCKED,)),), "on_visit": _ON_VISIT, "twice": (_TWICE,),
    }
    for kind, ends in kinds.items():
        for _ in range(part_of(LATER[kind], len(before))):
            fates[free.pop()] = chance.choice(ends)
    return fates


def _after(before: Fate, chance: Random) -> Fate:
    """What follows from the round before for one person; most simply come again."""
    if before.end is End.EXCUSED and before.reason in _LASTING:
        return before
    return chance.choice(_AFTER[before.end]) if before.end in _AFTER else _SAMPLED


def find_later(district: District, seed: int, number: int) -> tuple[Found, ...]:
    """The list misses of a later round; all of them are sampled."""
    papers = Papers(
        f"99011{number}", stream(seed, f"found {number}"), phones_from=_PHONES_FROM + number * 100_000,
        scatter=district.seed,
    )
    places, chance = _meeting_places(district.buildings), stream(seed, f"met {number}")
    return tuple(
        _stranger(one, "sampled", places, papers, chance) for one in range(part_of(FOUND_LATER, district.people))
    )


def _find(district: District, chance: Random) -> tuple[Found, ...]:
    """The list misses: guests and tenants, people at work, people passing."""
    parts = found_parts(district.people)
    papers = Papers(FOUND_DIVISION, chance, phones_from=_PHONES_FROM, scatter=district.seed)
    places = _meeting_places(district.buildings)
    ends = [end for end in FOUND for _ in range(parts[end])]
    return tuple(_stranger(number, end, places, papers, chance) for number, end in enumerate(ends))


def _meeting_places(buildings: Sequence[Building]) -> dict[Presence, list[Building]]:
    uses = {
        Presence.LIVES: (Use.FLATS, Use.HOUSE, Use.SHOPHOUSE, Use.DORMITORY),
        Presence.WORKS: (Use.FACTORY, Use.WAREHOUSE, Use.MARKET, Use.OFFICE, Use.SHOPHOUSE, Use.BERTH),
        Presence.PASSING: (Use.TERMINAL, Use.HOTEL, Use.BERTH),
    }
    return {
        kind: [building for building in buildings if building.use in fitting] or list(buildings)
        for kind, fitting in uses.items()
    }


def _stranger(number: int, end: str, places: dict[Presence, list[Building]], papers: Papers, chance: Random) -> Found:
    draw = chance.random()
    presence = Presence.LIVES if draw < 0.6 else Presence.WORKS if draw < 0.84 else Presence.PASSING
    building = chance.choice(places[presence])
    age = chance.randint(1, 84) if presence is Presence.LIVES else chance.randint(19, 58)
    sex, born = chance.choice((1, 2)), birth_of(age, chance)
    kind = IdKind.RESIDENT if chance.random() < 0.94 else chance.choice((IdKind.NONE, IdKind.PASSPORT, IdKind.PERMIT))
    door = ""
    if presence is Presence.LIVES:
        door = f"{chance.randint(1, building.floors)}{chance.randint(1, 2):02d}"
        door = f"{chance.randint(1, building.units)}-{door}" if building.units > 1 else door
    fates = {
        "sampled": Fate(End.SAMPLED_ON_VISIT) if presence is Presence.LIVES else _SAMPLED,
        "excused": Fate(End.EXCUSED, (), "vaccinated_48h"), "refused": _REFUSED,
    }
    return Found(
        number, full_name(surname(chance), sex, born.year, chance), sex, born, kind, papers.number(kind, born, sex),
        papers.phone() if age > 13 else "", building.code, door, presence, fates[end],
    )
