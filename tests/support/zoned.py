"""An activated district with houses and people in it, and a zone to ask for."""

from datetime import timedelta
from typing import Any

from firebreak.command.activation.models import Response
from firebreak.command.releasing.actions import attest
from firebreak.command.zoning.actions import ZoneDraft, propose_zone
from firebreak.engine.approvals.actions import approve
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.areas.models import Area
from firebreak.engine.registry.actions import register_people
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T
from tests.story.test_activation import MINUTE, TWO_O_CLOCK, activated
from tests.support.staffing import everybody

FOUR = TWO_O_CLOCK + 120 * MINUTE
CHIEF, DEPUTY = everybody("chief"), everybody("deputy")
GRID = "HT-01-01"
PEOPLE = {f"{GRID}-1": 5, f"{GRID}-2": 3, f"{GRID}-3": 2}


def zoned_district() -> Response:
    """Grid HT-01-01 has houses 1 to 3 with five, three and two people; the first of each needs dialysis."""
    response = activated()
    grid = Area.objects.get(code=GRID)
    for number, code in enumerate(PEOPLE, start=1):
        Area.objects.create(
            code=code, path=f"{grid.path}{code}/", level="building", parent=grid, name_zh=f"{number}号楼",
            name_en=f"House {number}", lon=118 + number / 100, lat=24.05,
        )
    register_people(
        people=[
            NewPerson(
                name=f"测{code[-1]}{number}", building=code, door=str(100 + number // 2),
                needs=("dialysis",) if number == 0 else (),
            )
            for code, count in PEOPLE.items() for number in range(count)
        ],
        by=CHIEF, at=TWO_O_CLOCK,
    )
    return response


def draft(tier: str = "control", **changes: Any) -> ZoneDraft:
    """A zone over the grid."""
    return ZoneDraft(**{
        "tier": tier, "name": T("一号区", "Zone 1"), "legal_basis": "传染病防治法", "document_number": "1号",
        "review_on": (FOUR + timedelta(days=3)).date(), "areas": [GRID], **changes,
    })


def proposed(response: Response, tier: str = "control", at: Any = FOUR, **changes: Any) -> Ref:
    """A zone that waits for its second person (or holds, where it restricts nobody)."""
    return propose_zone(response=Ref(response.ref), draft=draft(tier, **changes), by=CHIEF, at=at)


def pending() -> Ref:
    """The proposal that waits."""
    return Ref(Proposal.objects.filter(status="pending").latest("id").ref)


def in_force(response: Response, tier: str = "control", at: Any = FOUR, **changes: Any) -> Ref:
    """A zone that two people have set."""
    ref = proposed(response, tier, at, **changes)
    if Proposal.objects.filter(about=ref, status="pending").exists():
        approve(proposal=pending(), by=DEPUTY, at=at)
    return ref


def panel_decides(zone: Ref, at: Any) -> None:
    """Three experts decide that the zone may end before its days are over."""
    attest(
        about=zone,
        primitive="expert_override",
        holds=True,
        since=at,
        people=3,
        statement="三人一致",
        source="专家组1号",
        by=CHIEF,
        at=at,
    )
