"""How tubes leave the sites in the drill: packed into bags four times a day, handed to a driver, handed to a laboratory."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from firebreak.command.drill.devices import Phone, Said
from firebreak.kernel.refs import Ref

PICKUPS, LAST_PICKUP = ("10:30", "14:30", "18:30"), "21:10"
TEAMS_PICKUP = "23:20"
BAG = 50
DRIVE = timedelta(minutes=60)
ELSEWHERE = 4
"""Every so many sites send to the second laboratory while it is trusted."""


@dataclass(frozen=True, slots=True)
class Way:
    """Who carries: drivers as (account, badge code); counters' cards by laboratory; until when the second one is used."""

    drivers: tuple[tuple[str, str], ...] = ()
    counters: Mapping[str, str] = field(default_factory=dict)
    second_until: datetime | None = None


NO_WAY = Way()


def carry(
    phones: Iterable[Phone], way: Way, round_ref: Ref, at: Callable[[str], datetime], phone: Callable[[str, str], Phone],
    turn: int,
) -> list[Phone]:
    """Let each phone pack and hand over what it has sealed; the drivers' phones that bring it in."""
    if not way.drivers:
        return []
    brought: dict[tuple[int, datetime, str], list[str]] = defaultdict(list)
    for number, one in enumerate(phones):
        place = number % len(way.drivers)
        team = one.label.startswith("TEAM")
        clocks = (TEAMS_PICKUP,) if team else (*PICKUPS, LAST_PICKUP)
        for moment, bags in _packed(one, [at(clock) for clock in clocks], round_ref, turn):
            handed = moment + timedelta(minutes=3)
            one.log.append(Said(
                handed, "custody.handed", {"round": round_ref, "codes": bags, "taker": way.drivers[place][1], "expected": 0}
            ))
            second = way.second_until is not None and not team and number % ELSEWHERE == 1 and handed < way.second_until
            brought[place, handed, list(way.counters)[1 if second else 0]] += bags
    driven: dict[int, Phone] = {}
    for (place, handed, laboratory), bags in sorted(brought.items()):
        driver = driven.setdefault(place, phone(f"CAR-{place + 1}", way.drivers[place][0]))
        driver.log.append(Said(
            handed + DRIVE, "custody.handed",
            {"round": round_ref, "codes": bags, "taker": way.counters[laboratory], "expected": 0},
        ))
    return list(driven.values())


def _packed(phone: Phone, clocks: list[datetime], round_ref: Ref, turn: int) -> Iterable[tuple[datetime, list[str]]]:
    """The bags closed at each moment over what was sealed since the last; the last moment takes everything left."""
    sealed = sorted((said.at, said.body["tube"]) for said in phone.log if said.type == "tube.sealed")
    begin, number = 0, 0
    for clock in clocks:
        last = clock == clocks[-1]
        end = len(sealed) if last else sum(at <= clock for at, _ in sealed)
        if end == begin:
            continue
        moment = max(clock, sealed[end - 1][0] + timedelta(minutes=1))
        bags = []
        for first in range(begin, end, BAG):
            number += 1
            bags.append(f"BAG-{phone.label}-{turn}-{number}")
            tubes = [tube for _, tube in sealed[first : min(first + BAG, end)]]
            phone.log.append(Said(moment, "bag.packed", {"round": round_ref, "bag": bags[-1], "tubes": tubes}))
        begin = end
        yield moment, bags
