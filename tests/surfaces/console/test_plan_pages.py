"""The dry run of an amendment as a commander sees it, and its way through a second person."""

from datetime import timedelta
from pathlib import Path

import pytest

from firebreak.command.activation.models import Response
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.plans.actions import adopt_plan
from firebreak.engine.plans.loader import load_pack
from firebreak.kernel.refs import token_of
from tests.support.desk import at_desk, person
from tests.support.zoned import CHIEF, FOUR, in_force, zoned_district

pytestmark = pytest.mark.django_db
PLANS = Path(__file__).parents[3] / "plans"


@pytest.fixture
def address(clock_at: object) -> str:
    """The dry run of the 9th edition beside a control zone; it is an hour later."""
    in_force(zoned_district())
    ref = adopt_plan(pack=load_pack(PLANS / "covid-2022-ed9"), authority="海指30号", by=CHIEF, at=FOUR)
    clock_at(FOUR + timedelta(hours=1))  # type: ignore[operator]
    return f"/plans/{token_of(ref)}"


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_the_dry_run_says_what_changes_before_anybody_asks(address: str) -> None:
    commander = at_desk(person("boss", "commander"))
    assert ("试算:改用这个预案" in text_of(commander.get(address)), "响应正在用" in text_of(commander.get("/plans"))) == (
        True, True
    )
    page = text_of(commander.get(f"{address}/amend"))
    said = ("由第 8 版改为第 9 版", "管控区", "中风险区", "clean_days", "最早", "提请修订")
    assert [one for one in said if one not in page] == []
    assert Proposal.objects.filter(kind="amendment").count() == 0


def test_two_people_amend_the_plan_and_the_pages_speak_its_words(address: str) -> None:
    commander, deputy = at_desk(person("boss", "commander")), at_desk(person("second", "deputy_commander"))
    sent = commander.post(f"{address}/amend", {"document_number": "海指31号", "reason": "第九版公布"})
    assert (sent.status_code, sent["Location"]) == (302, "/approvals")
    assert "等第二人批准" in text_of(commander.get(f"{address}/amend"))
    proposal = Proposal.objects.get(kind="amendment")
    assert "件未了事项按新版判断" in text_of(deputy.get("/approvals"))
    deputy.post(f"/approvals/{token_of(proposal.ref)}/approve")

    assert Response.objects.get().plan.pack == "covid-2022-ed9"
    assert ("中风险区" in text_of(deputy.get("/zones")), "管控区" in text_of(deputy.get("/zones?at=2022-06-05T16:30"))) == (
        True, True
    )
    assert "预案改为第 9 版" in text_of(deputy.get("/since"))
    assert "没有要改的" in text_of(commander.get(f"{address}/amend"))


def test_an_amendment_without_its_paper_stays_in_the_form(address: str) -> None:
    answer = at_desk(person("boss", "commander")).post(f"{address}/amend", {"document_number": "", "reason": "急"})
    assert (answer.status_code, 'value="急"' in text_of(answer), Proposal.objects.filter(kind="amendment").count()) == (
        422, True, 0
    )


def test_who_only_reads_plans_sees_the_dry_run_and_no_button(address: str) -> None:
    page = text_of(at_desk(person("looks", "auditor")).get(f"{address}/amend"))
    assert ("clean_days" in page, "提请修订" in page) == (True, False)
