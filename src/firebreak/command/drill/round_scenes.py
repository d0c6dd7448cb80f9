"""Round one in the drill: opened after midnight, sampled all day, chased in the evening, closed when nobody is left.

What phones say goes through capture like any phone's batch; what leaders decide goes through the actions.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from firebreak.command.activation import queries as activation
from firebreak.command.drill.cast import Cast
from firebreak.command.drill.day import Day, DayPlan, Ruling
from firebreak.command.drill.devices import Phone, envelope
from firebreak.command.drill.district import End, plan_fates
from firebreak.command.drill.founding import Founded
from firebreak.command.drill.moments import june
from firebreak.command.drill.steps import Step
from firebreak.engine.capture.actions import enrol_device
from firebreak.engine.capture.envelope import envelope_of
from firebreak.engine.capture.intake import take_batch
from firebreak.engine.capture.models import Device
from firebreak.engine.journal.acting import keyed
from firebreak.engine.registry.models import Person
from firebreak.kernel.refs import Ref
from firebreak.operations.rounds import actions as rounds
from firebreak.operations.rounds.models import Round, SiteDuty
from firebreak.operations.rounds.plan import RoundsSection
from firebreak.operations.zones.plan import ZonesSection

LEADER = "lead_testing"
REPEATED_EVERY = 40
"""Every so many batches the answer is lost on the way and the phone sends the batch again."""


class RoundScenes:
    """The testing line's part of the story."""

    def __init__(self, founded: Founded, cast: Cast, seed: int) -> None:
        self.founded = founded
        self.cast = cast
        self.fates = plan_fates(founded.district, seed)
        self._devices: dict[str, Device] = {}
        self._day: Day | None = None

    def steps(self) -> Iterator[Step]:
        """Opening, and what follows from it."""
        yield Step(june(6, "00:20"), "open round", self._open, self._after_opening)
        yield Step(june(6, "05:20"), "enrol phones", self._enrol)
        yield Step(june(6, "23:55"), "close round", self._close)

    def _after_opening(self) -> Iterator[Step]:
        """Batches and decisions in order; the day is planned once the round's list and pool sizes exist."""
        day = self._planned()
        batches = (
            Step(at, f"sync {phone.label} {events[0]['seq']}", partial(self._sync, phone, events, at, turn))
            for turn, (at, phone, events) in enumerate(_arrivals(day))
        )
        rulings = (
            Step(ruling.at, f"decide {number}", partial(self._decide, ruling, number))
            for number, ruling in enumerate(day.rulings)
        )
        return iter(sorted([*batches, *rulings], key=lambda step: step.at))

    def _planned(self) -> Day:
        if self._day is None:
            running = Round.objects.get(number=1)
            pools = dict(SiteDuty.objects.filter(round=running).values_list("building__code", "pool_size"))
            refs = list(Person.objects.order_by("id").values_list("ref", flat=True)[: len(self.fates.of)])
            plan = DayPlan(self.founded.district, self.fates, refs, pools, Ref(running.ref))
            self._day = plan.plan()
        return self._day

    def _open(self) -> None:
        response = activation.active_response()
        if response is None:
            raise LookupError("no response is active")
        at = june(6, "00:20")
        pack = self.founded.pack
        serves = {code: site.code for site in self.founded.district.sites for code in site.buildings}
        with keyed("drill open round"):
            rounds.open_round(
                response=Ref(response.ref), area_code=self.founded.district.code, plan=pack.section(RoundsSection),
                number=1, due_at=june(6, "24:00"), zones=pack.section(ZonesSection), serves=serves,
                by=self.cast.actor(LEADER), at=at,
            )

    def _enrol(self) -> None:
        known = set(Device.objects.values_list("label", flat=True))
        for phone in self._planned().phones:
            if phone.label not in known:
                account = self.cast.actor(phone.account)
                enrol_device(label=phone.label, account=account.ref, by=self.cast.actor(LEADER), at=june(6, "05:20"))

    def _device(self, label: str) -> Device:
        if label not in self._devices:
            self._devices = {device.label: device for device in Device.objects.all()}
        return self._devices[label]

    def _sync(self, phone: Phone, events: list[dict[str, object]], at: datetime, turn: int) -> None:
        device, by = self._device(phone.label), self.cast.actor(phone.account)
        take_batch(device=device, envelope=envelope_of(envelope(events)), by=by, at=at)
        if turn % REPEATED_EVERY == REPEATED_EVERY - 1:
            take_batch(device=device, envelope=envelope_of(envelope(events)), by=by, at=at)

    def _decide(self, ruling: Ruling, number: int) -> None:
        running, by = Ref(Round.objects.get(number=1).ref), self.cast.actor(LEADER)
        person, at = Ref(ruling.person), ruling.at
        with keyed(f"drill decide {number}"):
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

    def _close(self) -> None:
        with keyed("drill close round"):
            rounds.close_round(
                round=Ref(Round.objects.get(number=1).ref), follow_up_at=june(7, "20:00"),
                follow_up="外出和失联的人,由各网格岗明晚八点前逐一落实去向。",
                by=self.cast.actor(LEADER), at=june(6, "23:55"),
            )


def _arrivals(day: Day) -> Iterator[tuple[datetime, Phone, list[dict[str, object]]]]:
    """Every batch of every phone, in order of arrival."""
    arriving = [(at, phone.label, phone, events) for phone in day.phones for at, events in phone.batches()]
    for at, _, phone, events in sorted(arriving, key=lambda batch: batch[:2]):
        yield at, phone, events
