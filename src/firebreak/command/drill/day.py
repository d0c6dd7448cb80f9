"""The day of a round, person by person: who comes to which bench when, who is called and visited, who is found.

Turns the fates planned for everybody into the logs of phones. Decides nothing about counting: what was sampled
is only what the ledger then counts.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from firebreak.command.drill.carrying import NO_WAY, Way, carry
from firebreak.command.drill.devices import Phone, Said, Tail
from firebreak.command.drill.district import District, End, Fate, Found
from firebreak.command.drill.district.nouns import Presence, TestSite
from firebreak.command.drill.district.streams import stream
from firebreak.command.drill.moments import june
from firebreak.kernel.refs import Ref

FIRST_SWAB, LAST_SWAB = "06:00", "21:00"
CALLS_BEGIN, VISITS_END = "15:00", "23:10"
_RUSH = (7, 10, 11, 9, 7, 5, 3, 4, 6, 7, 7, 6, 7, 6, 5)
"""How many of a hundred come in each hour from 06:00 on."""
PAUSE = timedelta(seconds=25)


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on a round's list: who, at which building, and what becomes of them."""

    person: str
    building: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Roll:
    """A round as it is played on a day of June: its list in the order of the register, and who is met beside it.

    `pools` is the pool size by building; `tails` where each phone's log ended the day before; `way` who carries its tubes.
    """

    number: int
    day: int
    round: Ref
    listed: Sequence[Listed]
    found: Sequence[Found]
    pools: Mapping[str, int]
    tails: Mapping[str, Tail] = field(default_factory=dict)
    way: Way = NO_WAY


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision of a named person about somebody who is not sampled, in a round."""

    number: int
    at: datetime
    person: str
    end: End
    reason: str


@dataclass(slots=True)
class Day:
    """Every phone's day, and the decisions that belong to it."""

    phones: list[Phone] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)


class DayPlan:
    """Plans a round's day in a district."""

    def __init__(self, district: District, roll: Roll) -> None:
        self.district = district
        self.roll = roll
        self.pools = roll.pools
        self.round = roll.round
        self.site_of = {code: site for site in district.sites for code in site.buildings}
        self.community_of = {grid.code: grid.community for grid in district.grids}
        self.grid_of = {building.code: building.grid for building in district.buildings}
        self.chance = stream(district.seed, f"day {roll.number}")

    def plan(self) -> Day:
        """The whole day."""
        day = Day()
        benches = [self._bench(site, number) for site in self.district.sites for number in range(site.benches)]
        queues = self._queues(benches)
        for bench in benches:
            self._fill(bench, queues[bench.label])
        teams = self._teams()
        for listed in self.roll.listed:
            if listed.fate.end not in (End.SAMPLED, End.SAMPLED_TWICE):
                self._follow(teams, day, listed)
        for found in self.roll.found:
            self._meet(benches, teams, day, found)
        day.phones = [phone for phone in (*benches, *(team.phone for team in teams.values())) if phone.log]
        for team in teams.values():
            team.swab_all()
        day.phones += carry(day.phones, self.roll.way, self.round, self._at, self._phone, self.roll.number)
        day.rulings.sort(key=lambda ruling: (ruling.at, ruling.person))
        return day

    def _bench(self, site: TestSite, number: int) -> Phone:
        return self._phone(f"{site.code}-{number + 1}", f"site-{site.code.lower()}")

    def _phone(self, label: str, account: str) -> Phone:
        tail = self.roll.tails.get(label, Tail())
        return Phone(label, account, self.district.seed, tail=tail, day=self.roll.number)

    def _come(self, part: float) -> datetime:
        return self._at(FIRST_SWAB) + _into_day(part)

    def _at(self, clock: str) -> datetime:
        return june(self.roll.day, clock)

    def _queues(self, benches: Sequence[Phone]) -> dict[str, list[tuple[datetime, str, int]]]:
        """Bench → (moment, person, pool size), household by household; a few come to a second bench later."""
        at_site: dict[str, list[int]] = defaultdict(list)
        order = {code: place for site in self.district.sites for place, code in enumerate(site.buildings)}
        everybody = self.roll.listed
        for place, listed in enumerate(everybody):
            if listed.fate.end in (End.SAMPLED, End.SAMPLED_TWICE):
                at_site[self.site_of[listed.building].code].append(place)
        queues: dict[str, list[tuple[datetime, str, int]]] = {bench.label: [] for bench in benches}
        again: list[tuple[datetime, str, int]] = []
        for site in self.district.sites:
            people = sorted(at_site[site.code], key=lambda one: (order[everybody[one].building], one))
            for number in range(site.benches):
                share = people[number * len(people) // site.benches : (number + 1) * len(people) // site.benches]
                for place, one in enumerate(share):
                    listed = everybody[one]
                    entry = (self._come((place + 0.5) / len(share)), listed.person, self.pools[listed.building])
                    queues[f"{site.code}-{number + 1}"].append(entry)
                    if listed.fate.end is End.SAMPLED_TWICE:
                        again.append(entry)
        labels = sorted(queues)
        for at, person, pool in again:
            later = min(at + timedelta(minutes=self.chance.randint(40, 200)), self._at(LAST_SWAB) - timedelta(minutes=5))
            queues[self.chance.choice(labels)].append((max(later, at + timedelta(minutes=4)), person, pool))
        return queues

    def _fill(self, bench: Phone, queue: list[tuple[datetime, str, int]]) -> None:
        """Tubes and scans of a bench: a tube takes people of one pool size and is sealed short before a break."""
        rack = _Rack(bench, self.round, bench.label.rpartition("-")[0], self.roll.number)
        for at, person, pool in sorted(queue):
            rack.swab(at, {"person": person}, pool)
        rack.finish()

    def _teams(self) -> dict[str, "_Team"]:
        """One team with a phone for every community."""
        first_site = {self.community_of[site.grid]: site.code for site in reversed(self.district.sites)}
        anywhere = self.district.sites[0].code
        return {
            community.code: _Team(
                self._phone(f"TEAM-{community.code}", f"team-{community.code.lower()}"), self.round,
                first_site.get(community.code, anywhere), min(self.pools.values()), self.roll.number,
            )
            for community in self.district.communities
        }

    def _team_of(self, teams: Mapping[str, "_Team"], building: str) -> "_Team":
        return teams[self.community_of[self.grid_of[building]]]

    def _follow(self, teams: Mapping[str, "_Team"], day: Day, call: Listed) -> None:
        """Calls and visits to one person, then the swab at the door or the decision."""
        team, chance = self._team_of(teams, call.building), self.chance
        at, last = _between(chance, self._at(CALLS_BEGIN), self._at("19:00")), self._at(VISITS_END)
        for tried in call.fate.tries:
            team.attempt(at, {"person": call.person}, tried.way, tried.result)
            at = min(at + timedelta(minutes=chance.randint(35, 80)), last - timedelta(minutes=8))
        if call.fate.end is End.SAMPLED_ON_VISIT:
            team.swabs.append((_between(chance, at, last), {"person": call.person}, self.pools[call.building]))
        elif call.fate.end in (End.EXCUSED, End.MOVED, End.DIED, End.REFUSED):
            early = call.fate.end is End.EXCUSED
            ruled = _between(chance, self._at("08:30"), self._at("20:00")) if early else at
            day.rulings.append(
                Ruling(self.roll.number, _late_enough(ruled, call.fate), call.person, call.fate.end, call.fate.reason)
            )

    def _meet(self, benches: Sequence[Phone], teams: Mapping[str, "_Team"], day: Day, found: Found) -> None:
        """Somebody on no list is met: at a bench by day, or by the team at a door; the token names them."""
        token = token_of(self.roll.number, found)
        home = self.site_of[found.building]
        team = self._team_of(teams, found.building)
        by_day = found.presence is not Presence.LIVES and found.fate.end.sampled
        at = _between(self.chance, self._at("07:00"), self._at("19:00")) if by_day else _between(
            self.chance, self._at("16:00"), self._at("21:30"))
        phone = next(one for one in benches if one.label == f"{home.code}-1") if by_day else team.phone
        phone.log.append(Said(at, "person.found", _described(found, self.round, token)))
        pool = self.pools[found.building]
        if by_day:
            tube = f"{phone.label}-{self.roll.number}-F{found.number:03d}"
            phone.log += _single(phone, self.round, home.code, tube, token, at + PAUSE)
        elif found.fate.end.sampled:
            team.swabs.append((at + timedelta(minutes=2), {"person": token}, pool))
        else:
            for turn, tried in enumerate(found.fate.tries, start=1):
                team.attempt(at + timedelta(minutes=9 * turn), {"person": token}, tried.way, tried.result)
            ruled = max(at + timedelta(minutes=9 * (len(found.fate.tries) + 1)), self._at("22:40"))
            day.rulings.append(Ruling(self.roll.number, ruled, token, found.fate.end, found.fate.reason))


class _Rack:
    """The tube in hand at a bench or with a team."""

    def __init__(self, phone: Phone, round_ref: Ref, site: str, turn: int) -> None:
        self.phone, self.round, self.site, self.turn = phone, round_ref, site, turn
        self.number = self.members = self.pool = 0
        self.last: datetime | None = None

    @property
    def code(self) -> str:
        return f"{self.phone.label}-{self.turn}-{self.number:03d}"

    def swab(self, at: datetime, whom: dict[str, Any], pool: int) -> None:
        """A person into the tube; a fresh tube when it is full or meant for another pool size."""
        if self.last is not None:
            at = max(at, self.last + timedelta(seconds=1))
        if self.members == 0 or pool != self.pool:
            self.finish()
            self.number += 1
            self.pool = pool
            self.phone.log.append(Said(at, "tube.opened", {"tube": self.code, "round": self.round, "site": self.site}))
            at += timedelta(seconds=1)
        self.phone.log.append(Said(at, "scan", {"tube": self.code, "round": self.round, **whom}))
        self.members, self.last = self.members + 1, at
        if self.members == self.pool:
            self.finish()

    def finish(self) -> None:
        """Seal the tube in hand, full or not."""
        if self.members and self.last is not None:
            self.last += timedelta(seconds=1)
            self.phone.log.append(Said(self.last, "tube.sealed", {"tube": self.code, "round": self.round}))
            self.members = 0


@dataclass(slots=True)
class _Team:
    """A community's team: its phone, and the swabs it takes at doors."""

    phone: Phone
    round: Ref
    site: str
    pool: int
    turn: int
    swabs: list[tuple[datetime, dict[str, Any], int]] = field(default_factory=list)

    def attempt(self, at: datetime, whom: dict[str, Any], way: str, result: str) -> None:
        """A call or a visit."""
        body = {"round": self.round, **whom, "way": way, "result": result}
        self.phone.log.append(Said(at, "attempt", body))

    def swab_all(self) -> None:
        """Fill tubes with everybody met at a door, in order of time."""
        rack = _Rack(self.phone, self.round, self.site, self.turn)
        for at, whom, pool in sorted(self.swabs, key=lambda swab: (swab[0], str(swab[1]))):
            rack.swab(at, whom, pool)
        rack.finish()


def _described(found: Found, round_ref: Ref, token: str) -> dict[str, Any]:
    return {
        "round": round_ref, "token": token, "building": found.building, "door": found.door,
        "kind": found.presence.value, "name": found.name, "id_kind": found.id_kind.value, "id_number": found.id_number,
        "birth_on": found.birth_on.isoformat(), "sex": found.sex, "phone": found.phone,
    }


def _single(phone: Phone, round_ref: Ref, site: str, tube: str, token: str, at: datetime) -> list[Said]:
    """A tube of one's own for somebody who came unlisted."""
    return [
        Said(at, "tube.opened", {"tube": tube, "round": round_ref, "site": site}),
        Said(at + timedelta(seconds=4), "scan", {"tube": tube, "round": round_ref, "person": token}),
        Said(at + timedelta(seconds=8), "tube.sealed", {"tube": tube, "round": round_ref}),
    ]


def token_of(number: int, found: Found) -> str:
    """What a phone calls somebody found in a round until the register has a ref for them."""
    return f"found-{number}-{found.number:04d}"


def _into_day(part: float) -> timedelta:
    """How long after the first swab the given part of the day's people have come, by the hours' rush."""
    wanted = part * sum(_RUSH)
    for hour, people in enumerate(_RUSH):
        if wanted <= people:
            return timedelta(hours=hour, seconds=int(3600 * wanted / people))
        wanted -= people
    return timedelta(hours=len(_RUSH))


def _between(chance: Random, first: datetime, last: datetime) -> datetime:
    span = max(0, int((last - first).total_seconds()))
    return first + timedelta(seconds=chance.randint(0, span))


def _late_enough(at: datetime, fate: Fate) -> datetime:
    """A decision comes after what was tried has arrived on the books: half an hour and the phones' own delay."""
    return at + timedelta(minutes=40) if fate.tries else at
