"""A response to any plan of the repository, with houses, families and sites in one grid, from signal to closing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from firebreak.command.activation import actions as activation
from firebreak.command.activation.models import Response, Signal
from firebreak.command.closing import actions as closing
from firebreak.command.closing.models import Certificate
from firebreak.engine.approvals.actions import approve
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.areas.models import Area
from firebreak.engine.messages.actions import withdraw
from firebreak.engine.messages.models import Message
from firebreak.engine.registry.actions import register_people
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.engine.tasks.actions import end_tasks
from firebreak.engine.tasks.queries import of_response
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T
from firebreak.operations.rounds.actions import SiteRow, add_sites, open_round
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.plan import RoundsSection
from tests.story.test_activation import TWO_O_CLOCK
from tests.support.desk import person
from tests.support.district import adopt, pack_named, plant_district, plant_roster
from tests.support.staffing import everybody

CHIEF, DEPUTY = everybody("chief"), everybody("deputy")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIVE = TWO_O_CLOCK + 3 * HOUR
GRID = "HT-01-01"
SIGNALS = {
    "covid-2022": ("screening_positive", "confirmed_case"),
    "cholera": ("rapid_test_positive", "confirmed_case"),
    "measles": ("confirmed_case", "confirmed_case"),
}


@dataclass
class Family:
    """Behind one door: a mother of thirty, a child of three, a baby of two months, and a guest nobody knows the age of."""

    mother: Ref
    child: Ref
    baby: Ref
    guest: Ref


def outbreak(pack: str) -> Response:
    """The plan at work, with two families in two houses and one site."""
    plant_roster(plant_district(), pack=pack)
    plan = adopt(pack)
    kind, _ = SIGNALS[pack]
    signal = activation.take_signal(
        kind=kind, channel="telephone", reporter="市疾控中心", area_code="HT", by=CHIEF, at=TWO_O_CLOCK
    )
    proposal = activation.propose_activation(signal=signal, plan=plan, area_code="HT", by=CHIEF, at=TWO_O_CLOCK)
    ref = approve(proposal=proposal, by=DEPUTY, at=TWO_O_CLOCK)
    grid = Area.objects.get(code=GRID)
    for number in (1, 2):
        Area.objects.create(
            code=f"{GRID}-{number}",
            path=f"{grid.path}{GRID}-{number}/",
            level="building",
            parent=grid,
            name_zh=f"{number}号楼",
            name_en=f"House {number}",
            lon=118 + number / 100,
            lat=24.05,
        )
    add_sites(rows=[SiteRow("P1", T("一号点", "Point 1"), "HT-01", 118.0, 24.05, 2)], by=CHIEF, at=TWO_O_CLOCK)
    return Response.objects.get(ref=ref)


def family(number: int = 1) -> Family:
    """A family in house `number`."""

    def one(name: str, born: date | None) -> NewPerson:
        return NewPerson(
            name=f"{name}{number}", building=f"{GRID}-{number}", door="301", household=f"h{number}", birth_on=born
        )

    refs = register_people(
        people=[
            one("母", date(1992, 1, 1)),
            one("孩", date(2019, 3, 1)),
            one("婴", date(2022, 4, 20)),
            one("客", None),
        ],
        by=CHIEF,
        at=TWO_O_CLOCK,
    )
    return Family(*refs)


def opened(response: Response, number: int = 1, at: datetime = FIVE) -> Round:
    """A round of the plan's own kind over the whole district."""
    ref = open_round(
        response=Ref(response.ref),
        area_code="HT",
        plan=section(response),
        number=number,
        due_at=at + 2 * DAY,
        by=CHIEF,
        at=at,
    )
    return Round.objects.get(ref=ref)


def section(response: Response) -> RoundsSection:
    """What the plan says of rounds."""
    return pack_named(response.plan.pack).section(RoundsSection)


def confirm(response: Response, at: datetime = FIVE) -> None:
    """The laboratory confirms the signal."""
    signal = Signal.objects.get(pk=response.signal_id)
    if signal.status == Signal.Status.SUSPECTED:
        activation.judge_signal(
            signal=Ref(signal.ref),
            status="confirmed",
            classification="confirmed_case",
            reason="培养阳性",
            by=CHIEF,
            at=at,
        )


def settle(response: Response, at: datetime) -> None:
    """Every task but those of rounds is done and every message told."""
    rows = of_response(response.ref).exclude(kind__in=["sweep", "again"])
    end_tasks(ids=list(rows.values_list("id", flat=True)), outcome="done", reason="", by=CHIEF, at=at)
    withdraw(about=list(Message.objects.values_list("about", flat=True).distinct()), reason="told", by=CHIEF, at=at)


def decide(kind: str, at: datetime) -> None:
    """The second person agrees."""
    approve(proposal=Ref(Proposal.objects.get(kind=kind, status="pending").ref), by=DEPUTY, at=at)


def step_down(response: Response, at: datetime) -> None:
    """One level down by two people."""
    closing.propose_level(response=Ref(response.ref), level="recovery", reason="形势好转", by=CHIEF, at=at)
    decide("level", at)


def close(response: Response, at: datetime) -> list[Certificate]:
    """Closed by two people; a month later everything personal is gone. Answers the certificates."""
    owner = Ref(person("clerk", "register_clerk").ref)
    closing.propose_closing(response=Ref(response.ref), owner=owner, reason="疫情结束", by=CHIEF, at=at)
    decide("closing", at)
    closing.erase_due(at + 31 * DAY)
    return list(Certificate.objects.order_by("id"))
