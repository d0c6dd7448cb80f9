"""Whatever a response opened falls with it: rounds and zones, too, and nobody can approve what is left over."""

from datetime import timedelta

import pytest

from firebreak.command.activation.actions import judge_signal
from firebreak.engine.approvals.actions import approve
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act
from firebreak.engine.plans.queries import adopted
from firebreak.engine.tasks.actions import finish_task
from firebreak.engine.tasks.models import Task
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Round
from firebreak.operations.zones.actions import propose_zone
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection
from tests.story.test_activation import COMMANDER, OFFICER, TWO_O_CLOCK, activated

pytestmark = pytest.mark.django_db
LATER = TWO_O_CLOCK + timedelta(hours=3)


def test_rounds_zones_and_what_waits_fall_with_the_response() -> None:
    response = activated()
    grid = Area.objects.get(code="HT-01-01")
    Area.objects.create(
        code="B1", path=f"{grid.path}B1/", level="building", parent=grid, name_zh="一号楼", lon=117.0, lat=24.0
    )
    section = adopted(response.plan.ref).section(ZonesSection)
    strict = next(tier for tier in section.tiers if tier.restrictive)
    at = TWO_O_CLOCK + timedelta(hours=1)
    zone = propose_zone(
        response=Ref(response.ref), within="/HT/", section=section, tier=strict.key, name=T("一号楼", "Building 1"),
        legal_basis="法", document_number="1号", effective_at=at,
        review_on=(at + timedelta(days=1)).date(), areas=["B1"], by=OFFICER, at=at,
    )
    act = Act.objects.latest("id")
    Round.objects.create(
        ref="round:1", response_ref=response.ref, number=1, area=response.area, register_at=TWO_O_CLOCK,
        register_position=act.pk, opened_at=TWO_O_CLOCK, due_at=LATER, terms={}, act=act,
    )

    judge_signal(
        signal=Ref(response.signal.ref), status="overturned", classification="overturned", reason="复核阴性",
        by=COMMANDER, at=LATER,
    )

    assert Round.objects.get().status == "cancelled"
    assert Zone.objects.get().status == "withdrawn"
    waiting = Proposal.objects.get(about=zone)
    assert waiting.status == "withdrawn"
    with pytest.raises(Refusal, match="already-decided"):
        approve(proposal=Ref(waiting.ref), by=COMMANDER, at=LATER)


def test_a_line_of_the_first_hour_is_reported_done_and_an_order_is_not_ended_behind_its_back() -> None:
    activated()
    line = Task.objects.get(about__endswith="-sites")
    order = Task.objects.filter(kind="order").first()
    assert order is not None

    finish_task(task=Ref(line.ref), note="已排定", by=COMMANDER, at=LATER)
    with pytest.raises(Refusal, match="ends-elsewhere"):
        finish_task(task=Ref(order.ref), note="", by=COMMANDER, at=LATER)

    line.refresh_from_db()
    assert (line.outcome, line.ended_at) == ("done", LATER)
