"""What changed since somebody last looked: told by topic, to whom it is theirs to see, and read only when they say so."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from firebreak.command.activation.models import Response
from firebreak.command.duty.actions import give_desk, take_desk
from firebreak.engine.access.models import Bookmark
from firebreak.engine.journal.models import Act, Event
from firebreak.surfaces.common.happenings import SENTENCES
from firebreak.surfaces.console.since.views import TOPICS
from tests.support.desk import at_desk, person
from tests.support.staffing import everybody
from tests.support.zoned import FOUR, in_force, zoned_district


@pytest.fixture
def response(db: None, clock_at: Callable[[datetime], None]) -> Response:
    clock_at(FOUR)
    return zoned_district()


@pytest.fixture
def chief(response: Response) -> Client:
    return at_desk(person("chief", "commander"))


def read(client: Client) -> None:
    page = client.get("/since").content.decode()
    position = page.split('name="position" value="')[1].split('"')[0]
    client.post("/since", {"position": position})


def test_every_happening_has_a_topic() -> None:
    assert {name for topic in TOPICS for name in topic.types} == set(SENTENCES)


def test_the_first_time_shows_the_last_day(chief: Client) -> None:
    page = chief.get("/since").content.decode()
    assert ("近 24 小时" in page, "预案启动" in page) == (True, True)


def test_what_was_read_is_gone_and_what_comes_after_is_there(response: Response, chief: Client) -> None:
    read(chief)
    assert "没有变化" in chief.get("/since").content.decode()
    in_force(response)
    page = chief.get("/since").content.decode()
    assert ("分区生效" in page, "预案启动" in page) == (True, False)


def test_what_happens_while_the_page_is_open_is_not_lost(response: Response, chief: Client) -> None:
    page = chief.get("/since").content.decode()
    position = page.split('name="position" value="')[1].split('"')[0]
    in_force(response)
    chief.post("/since", {"position": position})
    assert "分区生效" in chief.get("/since").content.decode()


def test_a_bookmark_never_moves_back_nor_past_the_journal(response: Response, chief: Client) -> None:
    chief.post("/since", {"position": "999999999999"})
    last = Act.objects.latest("id").pk
    assert Bookmark.objects.get().position <= last
    chief.post("/since", {"position": "1"})
    chief.post("/since", {"position": "x"})
    assert Bookmark.objects.get().position > 1


def test_each_line_leads_to_its_page(response: Response, chief: Client) -> None:
    read(chief)
    ref = give_desk(remark="", by=everybody("first"), at=FOUR)
    take_desk(hand_over=ref, by=everybody("second"), at=FOUR + timedelta(minutes=1))
    page = chief.get("/since").content.decode()
    link = f"/duty/hand-overs/{ref.split(':')[1]}"
    assert (link in page, chief.get(link).status_code) == (True, 200)


def test_every_link_of_the_page_opens(response: Response, chief: Client) -> None:
    in_force(response)
    page = chief.get("/since").content.decode()
    links = {part.split('"')[0] for part in page.split('<span><a href="')[1:]}
    assert ({chief.get(link).status_code for link in links}, Event.objects.count() > 0) == ({200}, True)
