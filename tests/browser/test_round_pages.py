"""Round pages in Chromium: two sizes, two languages, no accessibility fault, a map that draws without a network."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from firebreak.engine.areas.models import Area
from firebreak.kernel.refs import token_of
from firebreak.operations.rounds.models import Entry
from scripts.browser import ARGUMENTS, chromium
from tests.support.desk import PASSWORD, person
from tests.support.testing_round import OPENED, Running, running_round

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}"
SIZES = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
NO_GPU = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")


@pytest.fixture
def running(committed_ledger: Path, settings: Any, clock_at: Callable[[datetime], None]) -> Running:
    """A round on the map, an hour after it opened, and its leader with a password."""
    settings.FIREBREAK_DRILL = True
    clock_at(OPENED)
    made = running_round()
    for number, area in enumerate(Area.objects.filter(level="building").order_by("code")):
        area.lon, area.lat = 118.0 + number / 500, 24.3 + (number % 3) / 700
        area.save(update_fields=["lon", "lat"])
    clock_at(OPENED + timedelta(hours=1))
    person("leader", "testing_leader")
    return made


@pytest.fixture
def drawing_page(browser: Any, running: Running, live_server_url: str) -> Iterator[Page]:
    """A page of a browser that can draw maps, signed in as the testing leader."""
    drawing = browser.browser_type.launch(executable_path=chromium(), args=[*ARGUMENTS, *NO_GPU])
    yield signed_in(drawing, live_server_url, "zh", SIZES["desk"])
    drawing.close()


def signed_in(browser: Any, address: str, language: str, size: Any) -> Page:
    """A page of the testing leader."""
    locale = {"zh": "zh-CN", "en": "en-GB"}[language]
    page: Page = browser.new_context(base_url=address, locale=locale, viewport=size).new_page()
    page.goto("/sign-in")
    page.fill("[name=username]", "leader")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def faults(page: Page) -> list[str]:
    """What a reader with other eyes or hands would stumble over, and sideways scrolling.

    The window is made as high as the page, as if scrolled: what lies under the bottom bar is not out of reach.
    """
    size = page.viewport_size or SIZES["desk"]
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(2 * height + 200, 900)})
    page.evaluate(AXE)
    found = page.evaluate(
        f"axe.run(document, {RULES}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html.slice(0, 200)))"
    )
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    return [*found, *(["scrolls sideways"] if wide else [])]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_a_round_can_be_read_by_everybody(
    browser: Any, running: Running, live_server_url: str, size: str, language: str
) -> None:
    page, one = signed_in(browser, live_server_url, language, SIZES[size]), token_of(running.people[0])
    found = {}
    for address in (
        "/rounds", "/rounds/1", "/rounds/1/areas/A", "/rounds/1/areas/A1", "/rounds/1/areas/A1-1", "/rounds/1/missing",
        "/rounds/1/missing?area=A1", f"/rounds/1/people/{one}", f"/rounds/1/keying?code=FB1:P:{one}", "/rounds/1/found",
        "/rounds/1/tubes", "/rounds/1/close", "/rounds/1/areas/A1/roster", "/zones", "/devices", "/devices/undecided", "/map",
    ):
        page.goto(address)
        if faulty := faults(page):
            found[address] = faulty
    page.context.close()

    assert found == {}


def test_the_answer_stands_above_the_fold_at_the_duty_desk(
    browser: Any, running: Running, live_server_url: str
) -> None:
    page = signed_in(browser, live_server_url, "zh", SIZES["desk"])
    page.goto("/rounds/1")

    bottom = page.locator(".books").bounding_box()
    page.context.close()

    assert bottom is not None
    assert bottom["y"] + bottom["height"] < SIZES["desk"]["height"]


def test_a_row_of_paper_is_keyed_back_by_a_scanner_that_types(
    browser: Any, running: Running, live_server_url: str
) -> None:
    page = signed_in(browser, live_server_url, "zh", SIZES["desk"])
    page.goto("/rounds/1/keying")
    for place, outcome in ((0, "HT-00001"), (1, "1")):
        page.keyboard.type(f"FB1:P:{token_of(running.people[place])}\n")
        page.wait_for_selector("#id_outcome:focus")
        page.keyboard.type(f"{outcome}\n")
        page.wait_for_selector("#code:focus")
    page.click(".toast-close >> nth=0")
    page.context.close()

    states = Entry.objects.filter(person__ref__in=running.people[:2]).order_by("person_id")
    assert list(states.values_list("state", flat=True)) == ["sampled", "away"]


def test_undo_puts_somebody_back_on_the_list(browser: Any, running: Running, live_server_url: str) -> None:
    page = signed_in(browser, live_server_url, "zh", SIZES["phone"])
    page.goto(f"/rounds/1/people/{token_of(running.people[0])}")
    page.fill("[name=sampled-tube]", "HT-00007")
    page.click("text=记为已采样")
    page.click("text=撤销")
    page.wait_for_selector("text=已撤销,此人又没有结果。")
    page.context.close()

    assert Entry.objects.get(person__ref=running.people[0]).state == "to_do"


@pytest.mark.slow
def test_the_map_draws_buildings_and_states_from_this_server_alone(drawing_page: Page, live_server_url: str) -> None:
    asked: list[str] = []
    drawing_page.on("request", lambda request: asked.append(request.url))
    drawing_page.goto("/map")
    drawing_page.wait_for_selector("#map[data-ready=yes][data-states]", timeout=60_000)

    elsewhere = [url for url in asked if not url.startswith((live_server_url, "blob:", "data:"))]
    states = json.loads(drawing_page.request.get("/map/states.json").text())["states"]
    assert elsewhere == []
    assert drawing_page.get_attribute("#map", "data-states") == str(len(states))
    assert drawing_page.locator("#map-failed").is_hidden()
