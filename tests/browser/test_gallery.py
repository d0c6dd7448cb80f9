"""The gallery in a real browser: no accessibility violation, no sideways scroll, and small manners that work."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import override_settings

from firebreak.surfaces.common.gallery import FRAMES


@pytest.fixture(autouse=True)
def _drill() -> Iterator[None]:
    with override_settings(FIREBREAK_DRILL=True):
        yield


def speak(page: Any, url: str, language: str) -> None:
    page.context.add_cookies([{"name": "language", "value": language, "url": url}])


def violations(page: Any) -> list[tuple[str, list[Any]]]:
    """What axe-core has against the page as it stands."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_on_any_frame(browser_page: Any, live_server_url: str, language: str) -> None:
    speak(browser_page, live_server_url, language)
    for frame in FRAMES:
        browser_page.goto(f"/gallery/{frame}")
        assert (frame, violations(browser_page)) == (frame, [])


def test_wrong_form_passes_axe_in_the_dark_too(browser_page: Any) -> None:
    browser_page.goto("/gallery?wrong=1")
    assert violations(browser_page) == []
    browser_page.evaluate("document.documentElement.dataset.theme = 'dark'")
    browser_page.wait_for_timeout(400)
    assert violations(browser_page) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_scrolls_sideways(browser_page: Any, live_server_url: str, language: str) -> None:
    """683 × 384 is a laptop at 200 % zoom."""
    speak(browser_page, live_server_url, language)
    for width, height in ((360, 640), (390, 844), (683, 384), (1024, 768), (1366, 768), (1920, 1080)):
        browser_page.set_viewport_size({"width": width, "height": height})
        for frame in ("desk", "phone", "plain"):
            browser_page.goto(f"/gallery/{frame}")
            assert (frame, width) == (frame, browser_page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 1080)])
def test_wall_fits_its_screen_with_words_of_at_least_28_pixels(
    browser_page: Any, live_server_url: str, width: int, height: int
) -> None:
    browser_page.set_viewport_size({"width": width, "height": height})
    browser_page.goto("/gallery/wall")
    assert browser_page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        width,
        height,
    ]
    small = browser_page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((element) =>
             !element.closest(".map, .sr, .more")
             && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
             && element.getClientRects().length && parseFloat(getComputedStyle(element).fontSize) < 27.9)
           .map((element) => element.outerHTML.slice(0, 80))"""
    )
    assert small == []
    heights = browser_page.evaluate(
        "[...document.querySelectorAll('.map text')].map((text) => text.getBoundingClientRect().height)"
    )
    assert min(heights) >= 28


def test_touch_targets_of_the_field_page_are_64_pixels(browser_page: Any) -> None:
    browser_page.set_viewport_size({"width": 360, "height": 640})
    browser_page.goto("/gallery/phone")
    heights = browser_page.evaluate("[...document.querySelectorAll('.field-acts button')].map((b) => b.offsetHeight)")
    assert heights == [64, 64, 64]


def test_answer_is_seen_without_scrolling_on_a_desk(browser_page: Any) -> None:
    browser_page.set_viewport_size({"width": 1366, "height": 768})
    browser_page.goto("/gallery")
    box = browser_page.locator(".books").first.bounding_box()
    assert box["y"] + box["height"] < 300


def test_error_summary_takes_the_focus_and_leads_to_the_field(browser_page: Any) -> None:
    browser_page.goto("/gallery?wrong=1")
    assert browser_page.evaluate("document.activeElement.id") == "error-summary"
    assert browser_page.title().startswith("错误:")
    browser_page.locator("#error-summary a").first.click()
    assert browser_page.evaluate("document.activeElement.id") == "id_name"


def test_find_box_opens_by_ctrl_k_and_keys_by_question_mark(browser_page: Any) -> None:
    browser_page.goto("/gallery")
    browser_page.keyboard.press("Control+k")
    assert browser_page.evaluate("document.activeElement.id") == "find"
    browser_page.keyboard.type("陈")
    browser_page.locator(".found a").first.wait_for()
    browser_page.keyboard.press("ArrowDown")
    assert "陈雨桐" in browser_page.evaluate("document.activeElement.innerText")
    browser_page.keyboard.press("Escape")
    assert browser_page.locator(".found").count() == 0
    browser_page.locator("h1").click()
    browser_page.keyboard.press("Shift+?")
    assert browser_page.locator("#keys").is_visible()
    assert "下达指令" in browser_page.locator("#keys").inner_text()


def test_j_and_k_walk_the_lines_of_the_lists(browser_page: Any) -> None:
    browser_page.goto("/gallery")
    browser_page.locator("h1").click()
    browser_page.keyboard.press("j")
    assert "榆林采样点" in browser_page.evaluate("document.activeElement.innerText")
    browser_page.keyboard.press("j")
    assert "返程座位" in browser_page.evaluate("document.activeElement.innerText")
    browser_page.keyboard.press("k")
    assert "榆林采样点" in browser_page.evaluate("document.activeElement.innerText")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_four_tenths_longer_do_not_break_the_page(browser_page: Any, live_server_url: str, language: str) -> None:
    speak(browser_page, live_server_url, language)
    for width in (360, 1366):
        browser_page.set_viewport_size({"width": width, "height": 800})
        browser_page.goto("/gallery")
        browser_page.evaluate(
            """() => { const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                 while (walk.nextNode()) { const words = walk.currentNode.data.trim();
                   if (words && !walk.currentNode.parentElement.closest("svg, script"))
                     walk.currentNode.data += words.slice(0, Math.ceil(words.length * .4)); } }"""
        )
        assert browser_page.evaluate("document.documentElement.scrollWidth") == width
        cut = browser_page.evaluate(
            "[...document.querySelectorAll('.btn, .chips a, .mark, .due, .books a, h1, h2')]"
            ".filter((part) => part.clientWidth && part.scrollWidth > part.clientWidth + 1)"
            ".map((part) => part.innerText)"
        )
        assert cut == []


def test_single_keys_can_be_switched_off(browser_page: Any) -> None:
    browser_page.goto("/gallery")
    browser_page.locator("body").press("Shift+?")
    browser_page.locator("[data-single-keys]").uncheck()
    browser_page.keyboard.press("Escape")
    browser_page.keyboard.press("Shift+?")
    assert browser_page.locator("#keys").is_hidden()


def test_undo_counts_down_and_goes_away(browser_page: Any) -> None:
    browser_page.clock.install()
    browser_page.goto("/gallery")
    shown = browser_page.locator(".toast [data-left]")
    first = int(shown.inner_text())
    browser_page.clock.run_for(4000)
    assert 0 < int(shown.inner_text()) <= first - 3
    browser_page.clock.run_for(8000)
    assert browser_page.locator(".toast").count() == 0


def test_language_switch_keeps_the_page_and_its_filters(browser_page: Any) -> None:
    browser_page.goto("/gallery?state=away")
    browser_page.get_by_role("button", name="English").click()
    assert browser_page.url.endswith("/gallery?state=away")
    assert browser_page.locator("h1").inner_text() == "Books balance. 3 things are late."


def test_filter_lives_in_the_url_and_back_returns(browser_page: Any) -> None:
    browser_page.goto("/gallery")
    browser_page.locator(".chips a", has_text="拒检").click()
    assert browser_page.url.endswith("?state=refused")
    assert browser_page.locator(".chips a.on").inner_text().startswith("拒检")
    browser_page.go_back()
    assert browser_page.locator(".chips a.on").count() == 0


def test_menu_opens_on_a_phone_without_script(browser: Any, live_server_url: str) -> None:
    context = browser.new_context(
        base_url=live_server_url, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto("/gallery")
    assert page.locator("#rail").is_hidden()
    page.locator(".menu-open").click()
    assert page.locator("#rail").is_visible()
    page.locator(".menu-close").click()
    assert page.locator("#rail").is_hidden()
    context.close()


def test_page_without_script_still_unmasks_and_refuses(browser: Any, live_server_url: str) -> None:
    context = browser.new_context(base_url=live_server_url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/gallery")
    page.locator(".unmask summary").first.click()
    page.locator(".unmask-form select").first.wait_for(state="visible")
    page.locator(".refuse summary").first.click()
    page.locator(".refuse input[name=reason]").first.wait_for(state="visible")
    context.close()
