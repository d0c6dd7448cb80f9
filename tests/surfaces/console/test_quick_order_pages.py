"""From thought to sent: one line, one look, two Enters."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from firebreak.command.activation.models import Response
from firebreak.command.headquarters.models import Order
from tests.story.test_activation import TWO_O_CLOCK, activated
from tests.support.desk import at_desk, person
from tests.support.district import plant_district

pytestmark = pytest.mark.django_db
LINE = "@transfer by 18:00 two more cars at Gate 3"


@pytest.fixture(autouse=True)
def _two_o_clock(clock_at: Callable[[datetime], None]) -> None:
    clock_at(TWO_O_CLOCK + timedelta(minutes=12))


@pytest.fixture
def commander() -> Client:
    activated()
    return at_desk(person("commander", "commander"))


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def said(page: Any) -> str:
    return str(page.content.decode())


def test_line_is_shown_before_it_is_issued_and_can_be_taken_back(commander: Client) -> None:
    before = Order.objects.count()
    shown = said(commander.post("/orders/quick", {"line": LINE}))
    assert Order.objects.count() == before
    assert ("转运专班" in shown, "two more cars at Gate 3" in shown) == (True, True)

    sent = commander.post("/orders/quick", {"line": LINE, "due": hidden(shown, "due")}, follow=True)
    order = Order.objects.latest("id")
    assert (order.unit.key, order.title_zh, order.task.due_at) == (
        "transfer", "two more cars at Gate 3", datetime(2022, 6, 5, 10, 0, tzinfo=UTC),
    )
    assert f"已下达:{order.document_number}。" in said(sent)


def test_line_without_a_time_gets_the_usual_one_and_says_so(commander: Client) -> None:
    shown = said(commander.post("/orders/quick", {"line": "@transfer two more cars"}))
    assert "没有写时间,按常规" in shown


def test_line_that_cannot_be_read_stays_in_its_field(commander: Client) -> None:
    answer = commander.post("/orders/quick", {"line": "@kitchen two more pots"})
    page = said(answer)
    assert (answer.status_code, 'value="@kitchen two more pots"' in page) == (422, True)
    assert "没有叫“kitchen”的单位。没有下达,请改写单位。" in page


def test_a_deadline_that_passed_while_it_was_looked_at_is_refused(
    commander: Client, clock_at: Callable[[datetime], None]
) -> None:
    shown = said(commander.post("/orders/quick", {"line": "@transfer within 5 min two more cars"}))
    before = Order.objects.count()
    clock_at(TWO_O_CLOCK + timedelta(minutes=20))
    late = commander.post("/orders/quick", {"line": "@transfer within 5 min two cars", "due": hidden(shown, "due")})
    assert (late.status_code, Order.objects.count()) == (422, before)


def test_without_a_response_no_order_can_be_given() -> None:
    plant_district()
    assert Response.objects.count() == 0
    answer = at_desk(person("commander", "commander")).post("/orders/quick", {"line": LINE})
    assert "没有启动中的应急响应" in said(answer)
