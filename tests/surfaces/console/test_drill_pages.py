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
from firebreak.command.drill.takeover import PARTS, Changes, Taken
from tests.support.entering import client_as


@pytest.fixture
def pace(ledger: object, settings: Any, clock_at: Callable[[datetime], None]) -> Iterator[PaceFile]:
    """A drill at three in the afternoon of the first round."""
    settings.FIREBREAK_DRILL = True
    clock_at(june(6, "15:00"))
    folder = Path(configured.DATA)
    (folder / "drill").mkdir(exist_ok=True)
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


@pytest.mark.parametrize("path", ["/drill/take", "/drill/give-back", "/drill/undo"])
def test_on_real_data_no_part_can_be_taken(ledger: object, path: str) -> None:
    assert client_as("commander").post(path, {"role": "commander"}).status_code == 404


def test_page_offers_the_parts_and_says_what_no_longer_applied(pace: PaceFile) -> None:
    Changes(pace.path.parent).skip("approve control")
    page = client_as("commander").get("/drill", headers={"accept-language": "en"}).content.decode()
    assert [f'value="{role}"' in page for role in PARTS] == [True] * 4
    assert "1 step no longer applied" in page


def test_while_a_part_is_taken_every_page_says_so_and_the_pace_is_nobodys(pace: PaceFile) -> None:
    Taken("duty_officer", june(6, "15:00"), Pace(480.0)).write(pace.path.with_name("taken.json"))
    browsers = {role: client_as(role) for role in ("commander", "duty_officer", "sampler")}
    pages = {role: browser.get("/find").content.decode() for role, browser in browsers.items()}
    assert {role: ("故事停在" in page, "全部撤回" in page) for role, page in pages.items()} == {
        "commander": (True, True), "duty_officer": (True, True), "sampler": (True, False)
    }
    refused = browsers["commander"].post("/drill", {"speed": "max"})
    assert (refused.status_code, pace.read()) == (409, Pace(0.0))
    assert browsers["sampler"].post("/drill/undo").status_code == 403
    browsers["commander"].get("/drill/undo")
    assert pace.path.with_name("taken.json").exists()


def test_giving_back_lets_the_story_go_on_at_the_pace_before(pace: PaceFile) -> None:
    Taken("duty_officer", june(6, "15:00"), Pace(480.0)).write(pace.path.with_name("taken.json"))
    assert client_as("duty_officer").post("/drill/give-back").status_code == 302
    assert (pace.read(), Changes(pace.path.parent).skipped()) == (Pace(480.0), [])
