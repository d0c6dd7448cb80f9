"""Regions that refresh themselves, and what a reader sees when the server falls silent."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import override_settings


@pytest.fixture(autouse=True)
def _drill() -> Iterator[None]:
    with override_settings(FIREBREAK_DRILL=True):
        yield


class Board:
    """A fragment that answers 304 until its words change, and counts what was asked of it."""

    def __init__(self) -> None:
        self.words = "<p>68,412</p>"
        self.marks: list[str | None] = []
        self.silent = False

    def answer(self, route: Any) -> None:
        if self.silent:
            return route.abort()
        self.marks.append(route.request.headers.get("if-none-match"))
        mark = f'"{hash(self.words)}"'
        if self.marks[-1] == mark:
            return route.fulfill(status=304)
        return route.fulfill(status=200, headers={"ETag": mark, "Content-Type": "text/html"}, body=self.words)


def with_region(route: Any) -> None:
    """The gallery page with one live region in it and a pulse of our own."""
    answer = route.fetch()
    region = '<div id="board" data-live="/board" data-every="1"><p>68,000</p><input id="note"></div>'
    body = answer.text().replace('data-pulse=""', 'data-pulse="/pulse-of-test"')
    body = body.replace('<div class="answer', region + '<div class="answer', 1)
    route.fulfill(response=answer, body=body)


@pytest.fixture
def board(browser_page: Any) -> Board:
    """A gallery page with one live region."""
    found = Board()
    browser_page.clock.install()
    browser_page.route("**/board", found.answer)
    browser_page.route("**/gallery", with_region)
    browser_page.route(
        "**/pulse-of-test",
        lambda route: (
            route.abort()
            if found.silent
            else route.fulfill(json={"now": "2022-06-08T13:40:00+00:00", "day": "2022年6月8日 周三", "time": "21:40"})
        ),
    )
    return found


def later(page: Any, seconds: int) -> None:
    """Let the page live through some seconds, with its answers."""
    for _ in range(seconds):
        page.clock.run_for(1000)
        page.wait_for_timeout(60)


def until(page: Any, condition: Callable[[], bool], seconds: int = 60) -> None:
    """Let the page live until the condition holds."""
    for _ in range(seconds):
        later(page, 1)
        if condition():
            return
    raise AssertionError(f"not within {seconds} s")


def test_region_asks_with_its_mark_and_changes_when_the_answer_does(browser_page: Any, board: Board) -> None:
    browser_page.goto("/gallery")
    until(browser_page, lambda: browser_page.locator("#board").inner_text() == "68,412")
    until(browser_page, lambda: len(board.marks) >= 2)
    assert board.marks[0] is None
    assert board.marks[1] == f'"{hash(board.words)}"'
    board.words = "<p>68,413</p>"
    until(browser_page, lambda: browser_page.locator("#board").inner_text() == "68,413")


def test_region_is_left_alone_while_somebody_types_in_it(browser_page: Any, board: Board) -> None:
    browser_page.goto("/gallery")
    browser_page.locator("#note").fill("第二名医生")
    later(browser_page, 3)
    assert browser_page.locator("#note").input_value() == "第二名医生"
    assert board.marks == []


def test_ten_seconds_of_silence_raise_the_band_and_an_answer_takes_it_down(browser_page: Any, board: Board) -> None:
    browser_page.goto("/gallery")
    later(browser_page, 2)
    assert browser_page.locator("#linkband").is_hidden()
    board.silent = True
    later(browser_page, 8)
    assert browser_page.locator("#linkband").is_hidden()
    until(browser_page, browser_page.locator("#linkband").is_visible)
    assert "断开" in browser_page.locator("[data-sync]").inner_text()
    board.silent = False
    until(browser_page, browser_page.locator("#linkband").is_hidden)
    assert browser_page.locator("[data-sync]").inner_text() == "实时"


def test_tile_older_than_twice_its_period_is_greyed_with_its_age(browser_page: Any, board: Board) -> None:
    browser_page.goto("/gallery")
    browser_page.evaluate(
        """const tile = document.querySelector(".books");
           tile.dataset.asOf = "2022-06-08T13:39:00+00:00"; tile.dataset.period = "15";"""
    )
    until(browser_page, lambda: browser_page.locator(".stale-age").count() == 1)
    assert "stale" in browser_page.locator(".books").first.get_attribute("class").split()
    assert browser_page.locator(".stale-age").inner_text() == "1 分钟前的数字"
    assert browser_page.locator("[data-clock-time]").inner_text() == "21:40"
