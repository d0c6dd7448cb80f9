"""A zone nobody approved does not stay proposed: refused, taken back or left alone, it ends with its proposal."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from firebreak.engine.approvals import actions as approvals
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.journal.models import Event
from firebreak.engine.plans.queries import adopted
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.operations.zones import queries
from firebreak.operations.zones.actions import PROPOSAL_LIFE, propose_release, propose_zone
from firebreak.operations.zones.models import TierChange, Zone
from firebreak.operations.zones.plan import ZonesSection
from tests.support.district import adopt
from tests.support.staffing import AT, everybody, plant_areas

pytestmark = pytest.mark.django_db
CHIEF, DEPUTY = everybody("chief"), everybody("deputy")
SOON, LATE = AT + timedelta(minutes=5), AT + PROPOSAL_LIFE
RESPONSE = Ref("response:test")


@pytest.fixture
def section() -> ZonesSection:
    """The tiers of the plan, over a small district."""
    plant_areas()
    return adopted(adopt()).section(ZonesSection)


def proposed(section: ZonesSection) -> Ref:
    """A lockdown of grid A1 that waits for its second person."""
    strict = next(tier for tier in section.tiers if tier.restrictive)
    return propose_zone(
        response=RESPONSE, within="/HT/", section=section, tier=strict.key, name=T("一号封控区", "Lockdown 1"),
        legal_basis="法", document_number="1号", effective_at=AT, review_on=(AT + timedelta(days=1)).date(),
        areas=["A1"], by=CHIEF, at=AT,
    )


def proposal(kind: str = "zone") -> Ref:
    return Ref(Proposal.objects.get(kind=kind).ref)


ENDS: dict[str, tuple[Callable[[], object], str, str]] = {
    "refused": (
        lambda: approvals.refuse(proposal=proposal(), reason="依据不足", by=DEPUTY, at=SOON), "依据不足", "ProposalRefused",
    ),
    "withdrawn": (
        lambda: approvals.withdraw(proposal=proposal(), reason="画错了", by=CHIEF, at=SOON), "画错了", "ProposalWithdrawn",
    ),
    "expired": (lambda: approvals.expire_due(LATE), approvals.NOBODY_DECIDED, "ProposalsExpired"),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_zone_ends_with_its_proposal(section: ZonesSection, end: str) -> None:
    ref = proposed(section)
    act, reason, told = ENDS[end]

    act()

    zone = Zone.objects.get()
    gone = Event.objects.get(type="ZoneWithdrawn")
    assert (Proposal.objects.get().status, zone.status) == (end, "withdrawn")
    assert zone.ended_at == (LATE if end == "expired" else SOON)
    assert (gone.about, gone.payload) == (ref, {"tier": zone.tier, "buildings": 2, "reason": reason})
    assert gone.act_id == Event.objects.get(type=told).act_id
    assert TierChange.objects.count() == 0


def test_a_zone_that_was_given_up_can_be_proposed_again_and_approved(section: ZonesSection) -> None:
    proposed(section)
    approvals.refuse(proposal=proposal(), reason="依据不足", by=DEPUTY, at=SOON)

    again = proposed(section)
    approvals.approve(proposal=Ref(Proposal.objects.get(about=again).ref), by=DEPUTY, at=SOON)

    assert list(Zone.objects.order_by("id").values_list("status", flat=True)) == ["withdrawn", "in_force"]


def test_a_zone_stays_in_force_when_its_release_is_refused(section: ZonesSection) -> None:
    ref = proposed(section)
    approvals.approve(proposal=proposal(), by=DEPUTY, at=AT)
    propose_release(zone=ref, reason="无新增", within="/HT/", by=CHIEF, at=SOON)

    approvals.refuse(proposal=proposal("zone-release"), reason="再等三天", by=DEPUTY, at=SOON)

    held = queries.memberships(RESPONSE, Cutoff(SOON, Event.objects.latest("id").act_id))
    assert (Zone.objects.get().status, len(held)) == ("in_force", 2)


def test_a_proposal_that_cannot_be_ended_leaves_its_zone_as_it_was(section: ZonesSection) -> None:
    proposed(section)

    with pytest.raises(Refusal, match="own-proposal"):
        approvals.refuse(proposal=proposal(), reason="依据不足", by=CHIEF, at=SOON)

    assert (Proposal.objects.get().status, Zone.objects.get().status) == ("pending", "proposed")
