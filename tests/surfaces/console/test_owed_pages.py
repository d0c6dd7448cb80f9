"""Who owes what now: by unit and by post, added up from the tasks themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from firebreak.command.activation.models import Response
from firebreak.engine.tasks import queries
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Post
from firebreak.kernel.refs import token_of
from tests.support.desk import at_desk, person
from tests.support.zoned import FOUR, zoned_district


@pytest.fixture
def response(db: None, clock_at: Callable[[datetime], None]) -> Response:
    clock_at(FOUR)
    return zoned_district()


@pytest.fixture
def chief(response: Response) -> Client:
    return at_desk(person("chief", "commander"))


@pytest.mark.parametrize("field", ["owner_id", "owner__unit_id"])
def test_the_loads_add_up_to_every_live_task(response: Response, field: str) -> None:
    live = Task.objects.exclude(status="ended")
    for now in (FOUR, FOUR + timedelta(days=1)):
        loads = queries.loads(field, now)
        assert sum(one.live for one in loads) == live.count()
        assert sum(one.late for one in loads) == live.filter(due_at__lt=now).count()


def test_who_is_latest_stands_first(response: Response) -> None:
    now = FOUR + timedelta(hours=4)
    late = [one.late for one in queries.loads("owner_id", now)]
    assert (late, late[0] > 0) == (sorted(late, reverse=True), True)


def test_a_line_leads_to_each_thing_it_owes(response: Response, chief: Client) -> None:
    post = Post.objects.get(code="lead_testing")
    link = f"/tasks?post={token_of(post.ref)}"
    assert link in chief.get("/owed?by=post").content.decode()
    page = chief.get(link).content.decode()
    assert page.count('class="row-link"') == Task.objects.exclude(status="ended").filter(owner=post).count()


def test_a_unit_leads_to_its_tasks(response: Response, chief: Client) -> None:
    unit = Post.objects.get(code="lead_testing").unit
    page = chief.get("/owed").content.decode()
    assert (f"/tasks?unit={token_of(unit.ref)}" in page, unit.name_zh in page) == (True, True)


def test_the_page_costs_the_same_few_queries_for_any_number_of_tasks(
    response: Response, chief: Client, django_assert_max_num_queries: object
) -> None:
    chief.get("/owed")
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        chief.get("/owed?by=post")
