"""The rounds of the drill: each opened before dawn, sampled all day, chased in the evening, closed at night.

What phones say goes through capture like any phone's batch; what leaders decide goes through the actions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from firebreak.command.activation import queries as activation
from firebreak.command.drill.cast import Cast
from firebreak.command.drill.custody_scenes import way_of
from firebreak.command.drill.day import Day, DayPlan, Listed, Roll, Ruling, token_of
from firebreak.command.drill.devices import Phone, Tail, envelope
from firebreak.command.drill.district import End, Fate, Found, find_later, plan_fates, plan_later_fates
from firebreak.command.drill.district.streams import stream
from firebreak.command.drill.founding import Founded
from firebreak.command.drill.moments import june
from firebreak.command.drill.steps import Step
from firebreak.engine.capture.actions import enrol_device
from firebreak.engine.capture.envelope import envelope_of
from firebreak.engine.capture.intake import take_batch
from firebreak.engine.capture.models import Device
from firebreak.engine.journal.acting import keyed
from firebreak.engine.registry.actions import end_presence
from firebreak.engine.registry.models import Presence
from firebreak.kernel.refs import Ref
from firebreak.operations.rounds import actions as rounds
from firebreak.operations.rounds.models import Entry, ListMiss, Round, SiteDuty
from firebreak.operations.rounds.plan import RoundsSection
from firebreak.operations.zones.plan import ZonesSection

LEADER = "lead_testing"
GONE = (End.MOVED, End.DIED)
HANDED_OVER = (End.AWAY, End.UNREACHABLE)
REPEATED_EVERY = 40
"""Every so many batches the answer is lost on the way and the phone sends the batch again."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A round of the story: its number, its day of June, and when it opens and closes."""

    number: int
    day: int
    opens: str
    closes: str


ROUNDS = (
    Turn(1, 6, "00:20", "23:55"), Turn(2, 7, "04:30", "23:55"), Turn(3, 8, "04:30", "23:55"),
    Turn(4, 9, "04:30", "23:55"),
)


@dataclass(frozen=True, slots=True)
class Played:
    """A round as planned: what becomes of whom, by ref (of people found: by token), and the day it makes."""

    roll: Roll
    ends: Mapping[str, Fate]
    tails: Mapping[str, Tail]
    day: Day


class RoundScenes:
    """The testing line's part of the story."""

    def __init__(self, founded: Founded, cast: Cast, seed: int) -> None:
        self.founded = founded
        self.cast = cast
        self.seed = seed
        self.community_of = {
            building.code: grid.community
            for grid in founded.district.grids for building in founded.district.buildings if building.grid == grid.code
        }
        self._devices: dict[str, Device] = {}
        self._played: Played | None = None

    def steps(self) -> Iterator[Step]:
        """Opening, and what follows from it, round by round."""
        for turn in ROUNDS:
            name = f"round {turn.number}"
            yield Step(
                june(turn.day, turn.opens), f"open {name}", partial(self._open, turn), partial(self._follow, turn)
            )
            yield Step(june(turn.day, "05:20"), f"enrol phones {name}", partial(self._enrol, turn))
            yield Step(june(turn.day, turn.closes), f"close {name}", partial(self._close, turn))
            correct = june(turn.day, turn.closes) + timedelta(minutes=2)
            yield Step(correct, f"correct register {name}", partial(self._correct, turn, correct))

    def _follow(self, turn: Turn) -> Iterator[Step]:
        """Batches and decisions in order; the day is planned once the round's list and pool sizes exist."""
        day = self._plan(turn).day
        batches = (
            Step(at, f"sync {phone.label} {events[0]['seq']}", partial(self._sync, phone, events, at, place))
            for place, (at, phone, events) in enumerate(_arrivals(day))
        )
        rulings = (
            Step(ruling.at, f"decide {turn.number} {place}", partial(self._decide, ruling, f"{turn.number} {place}"))
            for place, ruling in enumerate(day.rulings)
        )
        return iter(sorted([*batches, *rulings], key=lambda step: step.at))

    def _plan(self, turn: Turn) -> Played:
        """The round planned from its list; a drill that goes on after a stop plans the earlier ones again."""
        if self._played is None or self._played.roll.number != turn.number:
            before = self._plan(ROUNDS[turn.number - 2]) if turn.number > 1 else None
            self._played = self._planned(turn, before)
        return self._played

    def _planned(self, turn: Turn, before: Played | None) -> Played:
        district, running = self.founded.district, Round.objects.get(number=turn.number)
        entries = list(
            Entry.objects.filter(round=running, origin="listed").order_by("person_id")
            .values_list("person__ref", "building__code")
        )
        fates: list[Fate]
        found: tuple[Found, ...]
        if before is None:
            first = plan_fates(district, self.seed)
            fates, found = list(first.of), first.found
        else:
            fates = plan_later_fates(self.seed, turn.number, [before.ends[person] for person, _ in entries])
            found = find_later(district, self.seed, turn.number)
        listed = [Listed(person, code, fate) for (person, code), fate in zip(entries, fates, strict=True)]
        pools = dict(SiteDuty.objects.filter(round=running).values_list("building__code", "pool_size"))
        roll = Roll(
            turn.number, turn.day, Ref(running.ref), listed, found, pools, before.tails if before else {},
            way_of(turn.number),
        )
        day = DayPlan(district, roll).plan()
        if before is not None:
            day.rulings = sorted(
                [*day.rulings, *self._settlements(before, roll)], key=lambda ruling: (ruling.at, ruling.person)
            )
        tails = {**roll.tails, **{phone.label: phone.end() for phone in day.phones}}
        return Played(roll, _Ends(roll), tails, day)

    def _settlements(self, before: Played, roll: Roll) -> Iterator[Ruling]:
        """The people handed over by the round before are accounted for before their deadline the next day."""
        chance = stream(self.seed, f"settle {before.roll.number}")
        now = {listed.person: listed.fate for listed in roll.listed}
        for listed in before.roll.listed:
            if listed.fate.end in HANDED_OVER:
                at = june(roll.day, "09:00") + timedelta(minutes=chance.randint(0, 600))
                moved = now[listed.person].end is End.MOVED
                reason = "" if moved else now[listed.person].reason or "tested_elsewhere"
                end = End.MOVED if moved else End.EXCUSED
                yield Ruling(before.roll.number, at, listed.person, end, reason)

    def _open(self, turn: Turn) -> None:
        response = activation.active_response()
        if response is None:
            raise LookupError("no response is active")
        pack = self.founded.pack
        serves = {code: site.code for site in self.founded.district.sites for code in site.buildings}
        with keyed(f"drill open round {turn.number}"):
            rounds.open_round(
                response=Ref(response.ref), area_code=self.founded.district.code, plan=pack.section(RoundsSection),
                number=turn.number, due_at=june(turn.day, "24:00"), zones=pack.section(ZonesSection), serves=serves,
                by=self.cast.actor(LEADER), at=june(turn.day, turn.opens),
            )

    def _enrol(self, turn: Turn) -> None:
        known = set(Device.objects.values_list("label", flat=True))
        for phone in self._plan(turn).day.phones:
            if phone.label not in known:
                account = self.cast.actor(phone.account)
                enrol_device(
                    label=phone.label, account=account.ref, by=self.cast.actor(LEADER), at=june(turn.day, "05:20")
                )

    def _device(self, label: str) -> Device:
        if label not in self._devices:
            self._devices = {device.label: device for device in Device.objects.all()}
        return self._devices[label]

    def _sync(self, phone: Phone, events: list[dict[str, object]], at: datetime, turn: int) -> None:
        device, by = self._device(phone.label), self.cast.actor(phone.account)
        take_batch(device=device, envelope=envelope_of(envelope(events)), by=by, at=at)
        if turn % REPEATED_EVERY == REPEATED_EVERY - 1:
            take_batch(device=device, envelope=envelope_of(envelope(events)), by=by, at=at)

    def _decide(self, ruling: Ruling, name: str) -> None:
        running, by = Ref(Round.objects.get(number=ruling.number).ref), self.cast.actor(LEADER)
        person, at = Ref(ruling.person), ruling.at
        with keyed(f"drill decide {name}"):
            if ruling.end is End.EXCUSED:
                rounds.excuse_person(
                    round=running, person=person, reason=ruling.reason, note="已核实凭据。", by=by, at=at
                )
            elif ruling.end is End.MOVED:
                rounds.record_moved(round=running, person=person, note="邻居和房东证实已搬走。", by=by, at=at)
            elif ruling.end is End.DIED:
                rounds.record_dead(round=running, person=person, note="家属证实。", by=by, at=at)
            else:
                rounds.record_refused(round=running, person=person, note="当面劝说三次。", by=by, at=at)

    def _close(self, turn: Turn) -> None:
        with keyed(f"drill close round {turn.number}"):
            rounds.close_round(
                round=Ref(Round.objects.get(number=turn.number).ref), follow_up_at=june(turn.day + 1, "20:00"),
                follow_up="外出和失联的人,由各网格岗明晚八点前逐一落实去向。",
                by=self.cast.actor(LEADER), at=june(turn.day, turn.closes),
            )

    def _correct(self, turn: Turn, at: datetime) -> None:
        """Whoever moved away leaves the other places where they were expected too: the round knew only their home."""
        ends = {one.person for one in self._plan(turn).roll.listed if one.fate.end in GONE}
        stays = Presence.objects.filter(person__ref__in=ends).select_related("person", "building").order_by("id")
        for stay in stays:
            code = stay.building.code
            by, person = self.cast.actor(f"team-{self.community_of[code].lower()}"), Ref(stay.person.ref)
            with keyed(f"drill correct {turn.number} {stay.person.ref} {code} {stay.kind}"):
                end_presence(person=person, building=code, kind=stay.kind, reason="moved", by=by, at=at)


class _Ends(dict[str, Fate]):
    """What became of everybody in a round, by ref; people found are asked for when the register knows them."""

    def __init__(self, roll: Roll) -> None:
        super().__init__((listed.person, listed.fate) for listed in roll.listed)
        self._roll = roll

    def __missing__(self, person: str) -> Fate:
        fates = {token_of(self._roll.number, found): found.fate for found in self._roll.found}
        misses = ListMiss.objects.filter(round__ref=self._roll.round).values_list("person__ref", "token")
        self.update({ref: fates[token] for ref, token in misses})
        if person not in self:
            raise KeyError(person)
        return self[person]


def _arrivals(day: Day) -> Iterator[tuple[datetime, Phone, list[dict[str, object]]]]:
    """Every batch of every phone, in order of arrival."""
    arriving = [(at, phone.label, phone, events) for phone in day.phones for at, events in phone.batches()]
    for at, _, phone, events in sorted(arriving, key=lambda batch: batch[:2]):
        yield at, phone, events
