"""The papers of the Incident Command System say what the data say, name staff and never a resident."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firebreak.command.activation.models import Response
from firebreak.command.headquarters.actions import accept_order, finish_order
from firebreak.command.headquarters.models import Order
from firebreak.engine.registry.models import Person
from firebreak.engine.units.actions import name_deputy
from firebreak.engine.units.models import Post
from firebreak.kernel.refs import Ref
from tests.support.desk import at_desk, person
from tests.support.zoned import CHIEF, FOUR, in_force, zoned_district

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PAPERS = ("/ics/201", "/ics/203", "/ics/204/testing", "/ics/209", "/ics/214/testing")


@pytest.fixture
def response(clock_at: object) -> Response:
    made = zoned_district()
    in_force(made, "control")
    clock_at(FOUR + HOUR)  # type: ignore[operator]
    return made


@pytest.fixture
def officer(response: Response) -> Client:
    return at_desk(person("duty", "duty_officer"))


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"<[^>]+>", " ", str(answer.content.decode()))


def test_every_paper_says_incident_period_and_who_prepared_it(officer: Client, response: Response) -> None:
    for address in PAPERS:
        page = read(officer, address)
        said = (f"ICS {address.split('/')[2]}", response.name_zh, response.document_number, "2022-06-05 14:", "核签")
        assert [one for one in said if one not in page] == [], address


def test_no_resident_is_named_on_any_paper(officer: Client) -> None:
    names = list(Person.objects.values_list("name", flat=True))
    assert [(address, name) for address in PAPERS for name in names if name in read(officer, address)] == []


def test_201_says_what_is_meant_done_and_led(officer: Client, response: Response) -> None:
    page = read(officer, "/ics/201")
    order = Order.objects.filter(response_ref=response.ref).order_by("task__due_at").first()
    assert order is not None
    assert [one for one in (order.title_zh, "一号区", "管控区", "预案启动") if one not in page] == []


def test_203_lists_every_post_with_holder_and_deputy(officer: Client) -> None:
    post = Post.objects.get(code="lead_testing")
    name_deputy(post=Ref(post.ref), member=Ref("member:grid-04-1"), reason="备岗", by=CHIEF, at=FOUR)
    page = read(officer, "/ics/203")
    assert [one.name_zh for one in Post.objects.all() if one.name_zh not in page] == []
    assert "grid-041" in page


def test_204_is_the_work_of_one_unit_only(officer: Client, response: Response) -> None:
    page = read(officer, "/ics/204/testing")
    own = Order.objects.filter(unit__key="testing").values_list("title_zh", flat=True)
    others = Order.objects.exclude(unit__key="testing").values_list("title_zh", flat=True)
    assert ([title for title in own if title not in page], [title for title in others if title in page]) == ([], [])


def test_209_counts_as_the_figures_do_and_prints_the_books(officer: Client) -> None:
    page = re.sub(r"\s+", " ", read(officer, "/ics/209"))
    assert "生效分区 1" in page
    assert "在办指令 " in page


def test_214_tells_what_the_unit_received_and_finished(officer: Client, response: Response) -> None:
    order = Order.objects.filter(unit__key="testing", response_ref=response.ref).latest("id")
    accept_order(order=Ref(order.ref), by=CHIEF, at=FOUR)
    finish_order(order=Ref(order.ref), text="已布设三个采样点", by=CHIEF, at=FOUR + HOUR / 2)
    page = read(officer, "/ics/214/testing")
    assert [one for one in (f"接令 {order.number}", "已布设三个采样点") if one not in page] == []
    assert "没有人在岗" not in page


def test_an_unknown_unit_and_a_reader_of_a_part_get_no_paper(officer: Client) -> None:
    assert officer.get("/ics/204/none").status_code == 404
    part = at_desk(person("part", "community_leader", area="HT-01"))
    assert [part.get(address).status_code for address in PAPERS] == [404] * 5


def test_papers_cost_a_bounded_number_of_queries(officer: Client) -> None:
    for address in PAPERS:
        officer.get(address)
        with CaptureQueriesContext(connection) as queries:
            officer.get(address)
        assert len(queries) <= 45, (address, len(queries))
