"""One box finds people, doors, buildings, tubes, orders and posts, each only for whoever may see them."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from firebreak.command.activation.models import Response
from firebreak.command.headquarters.models import Order
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Event
from firebreak.engine.registry.models import Household, Person, Presence
from firebreak.kernel.refs import token_of
from firebreak.operations.rounds.models import Tube
from firebreak.surfaces.console.finding import AT_MOST
from tests.support.desk import at_desk, person
from tests.support.staffing import AT
from tests.support.testing_round import running_round
from tests.support.zoned import FOUR, GRID, zoned_district


@pytest.fixture
def response(db: None, clock_at: Callable[[datetime], None]) -> Response:
    clock_at(FOUR)
    return zoned_district()


@pytest.fixture
def leader(response: Response) -> Client:
    return at_desk(person("leader", "testing_leader"))


def found(client: Client, text: str) -> str:
    return client.post("/find", {"q": text}, headers={"HX-Request": "true"}).content.decode()


def test_a_door_is_found_by_its_building_and_number(leader: Client) -> None:
    row = Household.objects.filter(building__code=f"{GRID}-1").order_by("door")[0]
    for typed in (f"{GRID}-1 {row.door}", f"1号楼 {row.door}", f"house 1 {row.door}"):
        assert (typed, f"/households/{token_of(row.ref)}" in found(leader, typed)) == (typed, True)


def test_an_order_is_found_by_its_number_and_by_a_word_of_its_title(leader: Client) -> None:
    order = Order.objects.order_by("number")[0]
    link = f"/orders/{token_of(order.ref)}"
    assert (link in found(leader, order.document_number), link in found(leader, order.title_zh[:4])) == (True, True)


def test_a_post_is_found_by_unit_and_by_who_holds_it(leader: Client) -> None:
    page = found(leader, "核酸检测专班组长")
    assert "/units/posts/" in page
    name = page.split("<small>")[1].split("</small>")[0]
    assert "核酸检测专班组长" in found(leader, name)


def test_more_than_fit_are_said_to_be_there(leader: Client) -> None:
    page = found(leader, "HT")
    assert (page.count(f'/areas/{GRID[:2]}') <= AT_MOST, "还有更多" in page) == (True, True)


def test_a_scanned_code_of_a_roster_finds_its_person_and_the_look_is_journaled(leader: Client) -> None:
    one = Person.objects.order_by("id")[0]
    assert f"/people/{token_of(one.ref)}" in found(leader, f"FB1:P:{token_of(one.ref)}")
    assert Event.objects.filter(type="PersonalRead", payload__page="find").count() == 1


def test_who_may_not_see_a_list_does_not_find_in_it(response: Response) -> None:
    clerk = at_desk(person("clerk", "register_clerk"))
    order = Order.objects.order_by("number")[0]
    assert (order.document_number in found(clerk, order.document_number), "没有找到" in found(clerk, "核酸检测专班")) == (
        False, True,
    )


def test_a_grid_worker_finds_only_the_doors_of_the_own_grid(response: Response) -> None:
    elsewhere = Area.objects.filter(level="grid").exclude(code=GRID).order_by("code")[0]
    worker = at_desk(person("grid", "grid_worker", area=elsewhere.code))
    row = Household.objects.filter(building__code=f"{GRID}-1")[0]
    inside = Presence.objects.filter(building__path__startswith=elsewhere.path).count()
    assert ("没有找到" in found(worker, f"{GRID}-1 {row.door}"), inside) == (True, 0)


def test_a_tube_is_found_by_the_beginning_of_its_code(db: None) -> None:
    row = running_round().row
    Tube.objects.create(
        round=row, code="HT-00042", site=row.duties.select_related("site")[0].site, pool_size=10, opened_at=AT,
        act=row.act,
    )
    leader = at_desk(person("testing", "testing_leader"))
    link = f"/rounds/{token_of(row.ref)}/tubes/HT-00042"
    assert (link in found(leader, "ht-0004"), leader.get(link).status_code) == (True, 200)
