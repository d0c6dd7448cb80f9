"""The duty desk as a page: the oldest unanswered first, a line in one step, one sheet with two signatures."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from firebreak.command.activation.models import Response
from firebreak.command.duty.models import HandOver, LogEntry
from firebreak.kernel.refs import token_of
from tests.support.desk import at_desk, person
from tests.support.zoned import FOUR, zoned_district


@pytest.fixture
def response(db: None, clock_at: Callable[[datetime], None]) -> Response:
    clock_at(FOUR)
    return zoned_district()


@pytest.fixture
def officer(response: Response) -> Client:
    return at_desk(person("officer", "duty_officer"))


def test_the_desk_says_what_has_no_answer_and_a_line_is_one_step(officer: Client) -> None:
    assert "件没有答复" in officer.get("/duty").content.decode()
    page = officer.post("/duty/log", {"kind": "came_in", "text": "市疾控来电"}, follow=True).content.decode()
    assert ("市疾控来电" in page, "来电来报" in page) == (True, True)


def test_a_correction_stands_beside_what_it_corrects(officer: Client) -> None:
    officer.post("/duty/log", {"kind": "told", "text": "已告知街道"})
    first = LogEntry.objects.get()
    page = officer.post(
        "/duty/log", {"kind": "note", "text": "已告知物业", "corrects": token_of(first.ref)}, follow=True
    ).content.decode()
    assert ("已告知街道" in page, "已告知物业" in page, "更正" in page) == (True, True, True)


def test_giving_and_taking_the_desk(response: Response, officer: Client) -> None:
    assert "件未了" in officer.get("/duty/hand-over").content.decode()
    page = officer.post("/duty/hand-over", {"remark": "留意三号门"}, follow=True).content.decode()
    assert ("待接班" in page, "留意三号门" in page, "签字接班" in page) == (True, True, False)
    address = f"/duty/hand-overs/{token_of(HandOver.objects.get().ref)}"
    assert officer.post(f"{address}/take").status_code == 409
    deputy = at_desk(person("deputy", "deputy_commander"))
    assert "签字接班" in deputy.get(address).content.decode()
    page = deputy.post(f"{address}/take", follow=True).content.decode()
    assert "两人已签" in page


def test_a_reader_sees_the_sheet_and_signs_nothing(response: Response, officer: Client) -> None:
    officer.post("/duty/hand-over", {})
    address = f"/duty/hand-overs/{token_of(HandOver.objects.get().ref)}"
    leader = at_desk(person("leader", "task_force_leader"), "en")
    page = leader.get(address).content.decode()
    assert ("To be taken" in page, "sign and take" in page, leader.post(f"{address}/take").status_code) == (True, False, 403)


def test_an_unknown_sheet_is_not_found(officer: Client) -> None:
    assert officer.get("/duty/hand-overs/nosuch").status_code == 404
