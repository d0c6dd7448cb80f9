"""The muster board: how many are there is the first thing on it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from firebreak.command.activation.models import Response
from firebreak.command.musters import queries
from firebreak.command.musters.models import Muster
from firebreak.engine.units.models import Unit
from firebreak.kernel.refs import token_of
from tests.support.desk import at_desk, person
from tests.support.entering import client_as
from tests.support.zoned import FOUR, zoned_district


@pytest.fixture
def response(db: None, clock_at: Callable[[datetime], None]) -> Response:
    clock_at(FOUR)
    return zoned_district()


@pytest.fixture
def officer(response: Response) -> Client:
    return at_desk(person("officer", "duty_officer"))


def form(response: Response, **changed: str) -> dict[str, str]:
    unit = Unit.objects.get(response_ref=response.ref, key="security")
    return {
        "needed": "2", "due_at": "2022-06-05T17:00", "title": "值守", "place": "大厅", "unit": unit.ref, **changed,
    }


def test_called_answered_and_there(response: Response, officer: Client) -> None:
    page = officer.post("/musters/new", form(response), follow=True).content.decode()
    assert ("到场 0 / 2" in page, "还差 2 人" in page) == (True, True)
    muster = Muster.objects.get()
    address = f"/musters/{token_of(muster.ref)}"
    first, second = (token_of(call.ref) for call, _ in queries.board(muster))
    page = officer.post(f"{address}/answer", {"call": first, "coming": "no"}, follow=True).content.decode()
    assert ("已叫下一位" in page, "不能到 1" in page) == (True, True)
    third = token_of(queries.board(muster)[-1][0].ref)
    for call in (second, third):
        page = officer.post(f"{address}/arrive", {"call": call}, follow=True).content.decode()
    assert ("到场 2 / 2" in page, "到齐" in page) == (True, True)


def test_a_time_that_has_passed_is_said_beside_its_field_and_the_words_stay(response: Response, officer: Client) -> None:
    answer = officer.post("/musters/new", form(response, due_at="2022-06-05T01:00", place="三号门"))
    page = answer.content.decode()
    assert (answer.status_code, "集合时间已经过去" in page, "三号门" in page) == (422, True, True)


def test_a_badge_nobody_was_called_by_is_said(response: Response, officer: Client) -> None:
    officer.post("/musters/new", form(response))
    answer = officer.post(f"/musters/{token_of(Muster.objects.get().ref)}/arrive", {"said": "FB1:B:nobody"})
    assert (answer.status_code, "没有叫到" in answer.content.decode()) == (409, True)


def test_a_list_without_a_response_says_what_a_muster_is_for(ledger: object) -> None:
    page = client_as("duty_officer").get("/musters").content.decode()
    assert ("没有进行中的集结" in page, "一次叫齐" in page) == (True, True)
