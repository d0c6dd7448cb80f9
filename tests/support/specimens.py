"""A round of ten people whose tubes were filled and sealed, phones to pack and carry them, and a laboratory."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from firebreak.command.activation.models import Response
from firebreak.engine.access.models import Account
from firebreak.engine.areas.models import Area
from firebreak.engine.ledgers.registry import balance_all
from firebreak.engine.plans.queries import adopted
from firebreak.engine.registry.models import Person
from firebreak.engine.units import badges
from firebreak.engine.units.models import Service
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T
from firebreak.operations.laboratory import cards
from firebreak.operations.laboratory.actions import LaboratoryRow, enter_laboratory
from firebreak.operations.laboratory.models import Laboratory
from firebreak.operations.rounds.actions import SiteRow, add_sites, open_round
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.plan import RoundsSection
from firebreak.operations.zones.plan import ZonesSection
from tests.support.testing_round import Phone, plant_phone
from tests.support.zoned import CHIEF, FOUR, zoned_district

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SAMPLED = FOUR + HOUR
PACKED, LEFT, ARRIVED = SAMPLED + HOUR, SAMPLED + 2 * HOUR, SAMPLED + 3 * HOUR
TESTED, TOLD = SAMPLED + 6 * HOUR, SAMPLED + 7 * HOUR
Answer = tuple[str, str, dict[str, object]]
TUBES = ("TA-0001", "TA-0002")


@dataclass
class Sampled:
    """An open round, who was swabbed into which tube, and who does what next."""

    response: Response
    row: Round
    people: list[Ref]
    lead: Phone
    driver: Phone
    laboratory: Laboratory

    def sent(self, phone: Phone, type_: str, at: datetime, **body: object) -> Answer:
        """One event of a phone: its status, code and note."""
        phone.event(type_, at, **body)
        (answer,) = phone.send(at + MINUTE).as_json()["answers"]
        return answer["status"], answer["code"], answer["note"] or {}

    def packed(self, bag: str = "BAG-1", tubes: tuple[str, ...] = TUBES, at: datetime = PACKED) -> Answer:
        """A bag closed at the site."""
        return self.sent(self.lead, "bag.packed", at, bag=bag, tubes=list(tubes))

    def handed(
        self, phone: Phone, codes: list[str], taker: str, at: datetime, expected: int = 0
    ) -> Answer:
        """What was scanned goes to a badge or a counter's card."""
        return self.sent(phone, "custody.handed", at, codes=codes, taker=taker, expected=expected)

    def delivered(self, codes: tuple[str, ...] = ("BAG-1",)) -> None:
        """Packed, carried and received."""
        self.packed()
        self.handed(self.lead, list(codes), badge_of(self.driver), LEFT)
        self.handed(self.driver, list(codes), cards.card_of(self.laboratory), ARRIVED)


def badge_of(phone: Phone) -> str:
    """The badge of whoever holds a phone, issued now."""
    member = Account.objects.get(ref=phone.by.ref).member_ref
    return badges.codes(badges.good(FOUR).filter(service__member__ref=member))[0]


def sampled() -> Sampled:
    """Ten people of three houses, five in each of two tubes, sealed an hour after four."""
    response = zoned_district()
    add_sites(rows=[SiteRow("S1", T("一号点", "Site 1"), "HT-01", 118.01, 24.05, 2)], by=CHIEF, at=FOUR)
    pack = adopted(response.plan.ref)
    ref = open_round(
        response=Ref(response.ref), area_code="HT", plan=pack.section(RoundsSection), number=1, due_at=FOUR + 24 * HOUR,
        by=CHIEF, at=FOUR, zones=pack.section(ZonesSection),
    )
    people = [Ref(one) for one in Person.objects.order_by("id").values_list("ref", flat=True)]
    area = Area.objects.get(code="HT")
    lead, driver = plant_phone(area, ref, "lead"), plant_phone(area, ref, "driver", "specimen_driver")
    _serve(driver)
    for number, tube in enumerate(TUBES):
        lead.event("tube.opened", SAMPLED, tube=tube, site="S1")
        for place, person in enumerate(people[number * 5 : number * 5 + 5]):
            lead.scan(tube, person, SAMPLED + place * MINUTE)
        lead.event("tube.sealed", SAMPLED + 6 * MINUTE, tube=tube)
    answers = lead.send(SAMPLED + 10 * MINUTE).as_json()["answers"]
    assert {(answer["status"], answer["code"]) for answer in answers} == {("accepted", "")}
    made = enter_laboratory(row=LaboratoryRow("LAB1", T("市检测中心", "City laboratory"), "HT", 5000), by=CHIEF, at=FOUR)
    return Sampled(response, Round.objects.get(ref=ref), people, lead, driver, Laboratory.objects.get(ref=made))


def _serve(phone: Phone) -> None:
    """Put the phone's holder into service with a badge that is good for the day."""
    service = Service.objects.filter(ends_at=None, role="holder").select_related("member", "post__unit").order_by("id").first()
    assert service is not None
    Account.objects.filter(ref=phone.by.ref).update(member_ref=service.member.ref)
    badges.issue_badges(unit=Ref(service.post.unit.ref), not_after=FOUR + 24 * HOUR, by=CHIEF, at=FOUR)


def book(name: str, at: datetime) -> Balance | None:
    """One book at a moment."""
    return next((one for one in balance_all(Cutoff(at)) if one.name == name), None)


def handed_straight(round_ref: str, codes: list[str], card: str, at: datetime) -> None:
    """A phone of the district takes tubes from their site straight to a laboratory's counter."""
    phone = plant_phone(Area.objects.get(code="HT"), round_ref, "courier", "specimen_driver")
    phone.event("custody.handed", at, codes=codes, taker=card)
    (answer,) = phone.send(at).as_json()["answers"]
    assert answer["status"] == "accepted", answer
