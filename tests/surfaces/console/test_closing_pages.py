"""The end of a response over HTTP: proposed in one screen, agreed by another, certified on paper."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from firebreak.command.activation.models import Response
from firebreak.command.closing.actions import erase_due
from firebreak.command.closing.models import Certificate, Erasure
from firebreak.command.reactions.work import check_due
from firebreak.engine.access.models import Account
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.registry.erasing import erase_fields
from firebreak.engine.registry.models import Person
from firebreak.engine.registry.plan import PERSONAL_FIELDS
from firebreak.kernel.refs import token_of
from firebreak.surfaces.console.closing.views import FIELD_WORDS
from tests.command.closing.test_closing import CANARY, DAY, closed, settled
from tests.support.desk import at_desk, person
from tests.support.staffing import everybody
from tests.support.zoned import FOUR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_o_clock(clock_at: Callable[[datetime], None]) -> None:
    clock_at(FOUR)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def desk(role: str) -> Client:
    return at_desk(person(role.replace("_", "-"), role))


def test_what_keeps_a_response_open_is_listed_with_where_to_settle_it() -> None:
    settled()
    page = text_of(desk("commander").get("/closing"))
    assert ("现在是应急响应" in page, "还有 1 件事挡着解除" in page) == (True, True)
    assert '<a href="/closing">现在是“应急响应”,要先逐级降低</a>' in page
    assert "提请解除响应" not in page


def test_from_emergency_to_closed_by_two_people() -> None:
    settled()
    check_due(FOUR)
    commander, deputy, clerk = desk("commander"), desk("deputy_commander"), person("clerk", "register_clerk")
    commander.post("/closing/level", {"level": "recovery", "reason": "七天无新增"})
    deputy.post(f"/approvals/{token_of(Proposal.objects.get(kind='level').ref)}/approve")
    page = text_of(commander.get("/closing"))
    assert ("没有未了的事,可以提请解除" in page, "应急响应 → 有序恢复" in page) == (True, True)

    commander.post("/closing/propose", {"owner": clerk.ref, "reason": "疫情结束"})
    assert "等第二人批准" in text_of(commander.get("/closing"))
    deputy.post(f"/approvals/{token_of(Proposal.objects.get(kind='closing').ref)}/approve")

    assert Response.objects.get().status == "closed"
    page = text_of(commander.get("/closing"))
    assert ("响应已结束" in page, "特殊需求" in page, "Clerk" in page) == (True, True, True)


def test_a_level_that_is_not_next_stays_in_the_form_with_its_sentence() -> None:
    settled()
    answer = desk("commander").post("/closing/level", {"level": "routine", "reason": "急"})
    assert (answer.status_code, 'value="急"' in text_of(answer), Proposal.objects.filter(kind="level").count()) == (
        422, True, 0
    )


def test_the_certificate_prints_what_went_and_its_file_has_the_digest() -> None:
    closed()
    erase_due(FOUR + 14 * DAY)
    token = token_of(Certificate.objects.get().ref)
    auditor = desk("auditor")

    page = text_of(auditor.get(f"/closing/certificates/{token}"))
    for said in ("个人信息删除证明", "特殊需求", "个人信息保护法", Certificate.objects.get().digest, "总数不变"):
        assert said in page
    kept = auditor.get(f"/closing/certificates/{token}.json")
    assert json.loads(kept.content)["rows_erased"] == {"need_flag.key": 4}
    assert auditor.get("/closing/certificates/none").status_code == 404


def test_only_its_owner_sees_the_button_to_erase_early() -> None:
    closed()
    need = token_of(Erasure.objects.get(key="need").ref)
    owner, commander = at_desk_again("clerk"), desk("commander")
    assert ("现在就删除" in text_of(owner.get("/closing")), "现在就删除" in text_of(commander.get("/closing"))) == (
        True, False
    )
    refused = commander.post(f"/closing/erasures/{need}/erase")
    assert (refused.status_code, "只有负责人可以提前删除" in text_of(refused)) == (409, True)
    assert owner.post(f"/closing/erasures/{need}/erase").status_code == 302


def test_a_person_whose_name_is_erased_is_shown_as_erased() -> None:
    settled()
    ref = _canary()
    erase_fields(area_path="/HT/", fields=["person.name"], by=everybody(), at=FOUR)
    page = text_of(at_desk(person("clerk", "register_clerk")).get(f"/people/{token_of(ref)}"))
    assert ("已删除" in page, CANARY.name in page) == (True, False)


def _canary() -> str:
    return Person.objects.get(name=CANARY.name).ref


def at_desk_again(username: str) -> Client:
    return at_desk(Account.objects.get(username=username))


def test_every_kind_of_personal_data_has_a_word_on_the_page() -> None:
    assert PERSONAL_FIELDS - FIELD_WORDS.keys() == frozenset()
