"""A small district with people, sites, a staffed response, a device and an open round to test with."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from firebreak.engine.access.models import Account, Grant
from firebreak.engine.areas.models import Area
from firebreak.engine.capture.actions import enrol_device
from firebreak.engine.capture.envelope import envelope_of
from firebreak.engine.capture.intake import BatchAnswer, take_batch
from firebreak.engine.capture.models import Device
from firebreak.engine.plans.loader import load_pack
from firebreak.engine.registry.actions import register_people
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.kernel.actor import Actor
from firebreak.kernel.clock import iso
from firebreak.kernel.refs import Ref, new_event_id
from firebreak.kernel.text import T
from firebreak.operations.rounds.actions import SiteRow, add_sites, open_round
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.plan import RoundsSection
from firebreak.operations.zones.plan import ZonesSection
from tests.support.staffing import AT, RESPONSE, everybody, staffed

PLANS = Path(__file__).parents[2] / "plans"
OPENED = AT + timedelta(hours=1)
DUE = OPENED + timedelta(hours=24)


@cache
def rounds_plan() -> RoundsSection:
    """The rounds section of the pack that ships."""
    return load_pack(PLANS / "covid-2022").section(RoundsSection)


@cache
def zones_plan() -> ZonesSection:
    """The zones section of the pack that ships."""
    return load_pack(PLANS / "covid-2022").section(ZonesSection)


def plant_people(count: int, buildings: list[str], at: datetime = AT) -> list[Ref]:
    """People p0, p1, … living in these buildings in turn."""
    people = [
        NewPerson(name=f"测{number:05d}", building=buildings[number % len(buildings)], door=f"{number // 4}")
        for number in range(count)
    ]
    return register_people(people=people, by=everybody(), at=at)


def plant_sites() -> None:
    """One site in each community."""
    add_sites(
        rows=[SiteRow(f"S-{code}", T(f"{code}采样点", f"Site {code}"), code, 118.0, 24.3, 2) for code in ("A", "B")],
        by=everybody(), at=AT,
    )


def plant_account(name: str, role: str, area: Area, begins_at: datetime = AT) -> Account:
    """Somebody who signs in, with one role over an area."""
    account = Account.objects.create(ref=f"account:{name}", username=name, name=name, created_at=AT)
    Grant.objects.create(account=account, role=role, area=area, begins_at=begins_at)
    return account


@dataclass
class Phone:
    """A phone at a site: makes events in order and sends them as batches."""

    device: Device
    by: Actor
    round: str
    token: str = ""
    number: int = 0
    last: str = ""
    waiting: list[dict[str, Any]] = field(default_factory=list)

    def event(self, type_: str, at: datetime, **body: Any) -> dict[str, Any]:
        """Make one event and keep it for the next batch."""
        self.number += 1
        made = {
            "id": str(new_event_id(at.timestamp())), "seq": self.number, "prev": self.last, "type": type_,
            "at": iso(at), "boot": "b1", "mono_ms": 0, "server_seen": None, "actor": "",
            "body": {"round": self.round, **body},
        }
        self.last = sha256(canonical(made)).hexdigest()
        self.waiting.append(made)
        return made

    def scan(self, tube: str, person: str, at: datetime) -> dict[str, Any]:
        """A swab of somebody."""
        return self.event("scan", at, tube=tube, person=person)

    def send(self, at: datetime, events: list[dict[str, Any]] | None = None) -> BatchAnswer:
        """Deliver what is waiting, or these events."""
        chosen = self.waiting if events is None else events
        if events is None:
            self.waiting = []
        envelope = envelope_of({"envelope": 1, "client": "1.0", "events": chosen})
        return take_batch(device=self.device, envelope=envelope, by=self.by, at=at)


def canonical(event: dict[str, Any]) -> bytes:
    """The bytes over which the next event's `prev` is taken."""
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass
class Running:
    """An open round with everything around it."""

    row: Round
    people: list[Ref]
    phone: Phone
    areas: dict[str, Area]
    by: Actor

    @property
    def ref(self) -> Ref:
        return Ref(self.row.ref)


def plant_phone(area: Area, round_ref: str, name: str = "lead", role: str = "site_lead") -> Phone:
    """A phone enrolled for somebody with a role over an area."""
    from firebreak.engine.access.actors import actor_of

    account = plant_account(name, role, area)
    made = enrol_device(label=f"D-{name}", account=Ref(account.ref), by=everybody(), at=AT)
    return Phone(Device.objects.get(ref=made["device"]), actor_of(account, OPENED), round_ref, made["token"])


def running_round(people: int = 24, buildings: tuple[str, ...] = ("A1-1", "A1-2", "A2-1", "B1-1")) -> Running:
    """A round opened for `people` in these buildings of the district HT."""
    staffed()
    areas = {area.code: area for area in Area.objects.all()}
    planted = plant_people(people, list(buildings))
    plant_sites()
    ref = open_round(
        response=RESPONSE, area_code="HT", plan=rounds_plan(), number=1, due_at=DUE, by=everybody(), at=OPENED
    )
    return Running(Round.objects.get(ref=ref), planted, plant_phone(areas["HT"], ref), areas, everybody())
