"""The table of a consultation over HTTP: begun, decided in one screen, ended, printed; and who is kept out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firebreak.command.activation.models import Response
from firebreak.command.consultations.models import Attendance, Consultation, Item, Resolution
from firebreak.command.headquarters.models import Order
from firebreak.engine.units.models import Post, Unit
from firebreak.kernel.refs import token_of
from tests.story.test_activation import TWO_O_CLOCK, activated
from tests.support.desk import at_desk, person
from tests.support.district import plant_district

pytestmark = pytest.mark.django_db
NOW = TWO_O_CLOCK + timedelta(minutes=16)


@pytest.fixture(autouse=True)
def _quarter_past(clock_at: Callable[[datetime], None]) -> None:
    clock_at(NOW)


@pytest.fixture
def response() -> Response:
    return activated()


@pytest.fixture
def commander(response: Response) -> Client:
    return at_desk(person("chief", "commander"))


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def called(client: Client) -> str:
    """The address of a consultation called for in a quarter of an hour."""
    answer = client.post("/consultations/new", {"title": "临时会商", "begins_at": "2022-06-05T14:30", "minutes": "30"})
    assert answer.status_code == 302, text_of(answer)
    return str(answer["Location"])


def in_session(client: Client, *raised: str) -> str:
    place = called(client)
    for title in raised:
        client.post(f"{place}/raise", {"title": title})
    client.post(f"{place}/open")
    return place


def order_form(number: int, **changes: str) -> dict[str, str]:
    said = {"unit": Unit.objects.get(key="supplies").ref, "text": "三号门再来两辆车", "due_at": "2022-06-05T18:00", **changes}
    return {"item": str(number), "kind": "order", **{f"i{number}-{name}": value for name, value in said.items()}}


def test_a_consultation_from_called_to_minutes_in_one_screen(commander: Client) -> None:
    place = in_session(commander, "三号门车不够", "夜间上门")
    post = Post.objects.filter(leads_unit=True, unit__kind="task_force", holder__isnull=False).earliest("id")
    commander.post(f"{place}/present", {"post": token_of(post.ref)})
    page = text_of(commander.get(place))
    assert ("还有 2 项待议" in page, "态势(截至 14:16,不再变)" in page, "第一次会商" in page) == (True, True, True)

    assert commander.post(f"{place}/decide", order_form(1)).headers["Location"] == f"{place}#item-1"
    commander.post(f"{place}/decide", {
        "item": "2", "kind": "measure", "i2-measure": "上门组", "i2-was": "1 组", "i2-becomes": "2 组",
        "i2-reason": "敲不完", "i2-effective_at": "2022-06-05T15:00",
    })
    assert "全部议完,可以散会" in text_of(commander.get(place))
    commander.post(f"{place}/close")

    order = Order.objects.latest("id")
    paper = text_of(commander.get(f"{place}/minutes"))
    for said in ("三号门再来两辆车", order.document_number, "<s>1 组</s> → <b>2 组</b>", "敲不完"):
        assert said in paper
    assert post.holder is not None
    assert (post.holder.name in paper, Attendance.objects.count()) == (True, 1)


def test_a_decision_that_cannot_be_taken_keeps_what_was_typed_beside_its_field(commander: Client) -> None:
    place = in_session(commander, "三号门车不够")

    answer = commander.post(f"{place}/decide", order_form(1, due_at="2022-06-05T13:00"))

    assert (answer.status_code, Resolution.objects.count()) == (422, 0)
    page = text_of(answer)
    assert ("时限已经过去" in page, 'value="三号门再来两辆车"' in page, "<title>错误" in page) == (True, True, True)


def test_what_is_left_is_shown_with_the_way_to_the_next_table(commander: Client) -> None:
    place = in_session(commander, "三号门车不够")
    assert "散会,1 项转下次" in text_of(commander.get(place))
    commander.post(f"{place}/close")

    following = Consultation.objects.exclude(closed_at__isnull=False).get()
    assert f'href="/consultations/{token_of(following.ref)}">转下次会商' in text_of(commander.get(place))
    assert "上次未议" in text_of(commander.get(f"/consultations/{token_of(following.ref)}"))


def test_a_leader_raises_and_the_rest_is_kept_from_them(commander: Client) -> None:
    place = called(commander)
    leader = at_desk(person("lead", "task_force_leader"))

    assert leader.post(f"{place}/raise", {"title": "缺防护服"}).status_code == 302
    assert Item.objects.get().title_zh == "缺防护服"
    page = text_of(leader.get(place))
    assert ("开始会商" in page, "列入" in page) == (False, True)


def test_the_list_leads_to_the_table_and_says_when_the_plan_meets(commander: Client) -> None:
    place = called(commander)
    page = text_of(commander.get("/consultations"))
    assert ("下次会商 14:30" in page, "08:30 · 14:30 · 20:30" in page, f'href="{place}"' in page) == (True, True, True)


def test_the_table_costs_as_many_queries_with_twenty_items_as_with_two(commander: Client) -> None:
    def cost(place: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert commander.get(place).status_code == 200
        return len(counted)

    small = in_session(commander, "甲", "乙")
    few = cost(small)
    for number in range(18):
        commander.post(f"{small}/raise", {"title": f"议题{number}"})
    assert cost(small) <= few


def test_no_response_means_nothing_to_call() -> None:
    plant_district()
    answer = at_desk(person("chief", "commander")).get("/consultations/new")
    assert (answer.status_code, "没有指挥部可会商" in text_of(answer)) == (409, True)
