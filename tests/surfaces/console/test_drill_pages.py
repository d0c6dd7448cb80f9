"""The pace of a drill: asked for by who plays it, read by everybody, unknown on real data."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured

from firebreak.command.drill.moments import june
from firebreak.command.drill.pace import Pace, PaceFile
from tests.support.entering import client_as


@pytest.fixture
def pace(ledger: object, settings: Any, clock_at: Callable[[datetime], None]) -> Iterator[PaceFile]:
    """A drill at three in the afternoon of the first round."""
    settings.FIREBREAK_DRILL = True
    clock_at(june(6, "15:00"))
    folder = Path(configured.DATA)
    yield PaceFile(folder)
    shutil.rmtree(folder / "drill", ignore_errors=True)


def test_page_says_where_the_story_stands(pace: PaceFile) -> None:
    page = client_as("commander").get("/drill").content.decode()
    assert ("电话追漏" in page, 'aria-current="step"' in page, "暂停" in page) == (True, True, True)


@pytest.mark.parametrize(("form", "asked"), [
    ({"speed": "20s"}, Pace(4320.0)), ({"speed": "3min"}, Pace(480.0)), ({"speed": "24min"}, Pace(60.0)),
    ({"speed": "max"}, Pace(0.0)), ({"paused": "yes"}, Pace(0.0, paused=True)),
])
def test_button_asks_the_player_for_this_pace(pace: PaceFile, form: dict[str, str], asked: Pace) -> None:
    assert client_as("commander").post("/drill", form).status_code == 302
    assert pace.read() == asked


def test_going_on_keeps_the_speed(pace: PaceFile) -> None:
    pace.ask(Pace(480.0, paused=True))
    client_as("commander").post("/drill", {"paused": "no"})
    assert pace.read() == Pace(480.0)


def test_unknown_speed_changes_nothing(pace: PaceFile) -> None:
    assert client_as("commander").post("/drill", {"speed": "yesterday"}).status_code == 422
    assert pace.read() == Pace(0.0)


def test_strip_is_read_by_everybody_and_leads_only_players_further(pace: PaceFile) -> None:
    pages = {role: client_as(role).get("/drill/strip").content.decode() for role in ("commander", "sampler")}
    assert {role: 'href="/drill"' in page for role, page in pages.items()} == {"commander": True, "sampler": False}


def test_on_real_data_there_is_no_such_page(ledger: object) -> None:
    assert client_as("commander").get("/drill").status_code == 404
