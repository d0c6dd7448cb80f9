"""Entry, accounts and people in a real browser: forms pass the token check, axe finds nothing, nothing scrolls."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from firebreak.engine.access.models import Account
from tests.support.entering import account_as, client_of
from tests.support.places import two_communities
from tests.support.residents import household, resident

GOOD = "long enough to be good"


@pytest.fixture(autouse=True)
def _people(committed_ledger: object) -> None:
    places = two_communities()
    home = household(places["A-1"])
    resident("张三", places["A-1"], token="zhang", number="350622198001011234", phone="13900001234", household=home)


def enter(page: Any, url: str, account: Account) -> None:
    """Carry a session that is signed in and confirmed."""
    client = client_of(account)
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "session", "value": client.session.session_key, "url": url}])


def violations(page: Any) -> list[tuple[str, list[Any]]]:
    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


def test_person_signs_in_through_the_form_and_is_told_when_it_fails(browser_page: Any) -> None:
    account = account_as("grid_worker", "A", username="li")
    account.set_password(GOOD)
    account.save()
    browser_page.goto("/account")
    browser_page.fill("input[name=username]", "li")
    browser_page.fill("input[name=password]", "wrong")
    browser_page.click("main .btn-primary")
    assert browser_page.title().startswith("错误:")
    browser_page.fill("input[name=password]", GOOD)
    browser_page.click("main .btn-primary")
    browser_page.wait_for_url("**/account")
    assert browser_page.locator("h1").inner_text().startswith("li")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser_page: Any, live_server_url: str, language: str,
) -> None:
    other = account_as("sampler", "A", username="zhao").ref.removeprefix("account:")
    pages = {
        "": ("/sign-in", "/first-password", "/no-such-page"),
        "system_admin": ("/account", "/account/password", "/accounts", "/accounts/new", "/accounts/many", f"/accounts/{other}"),
        "security_admin": (f"/accounts/{other}",),
        "community_leader": ("/find", "/people/zhang", "/households/h1", "/areas/A-1/people"),
        "auditor": ("/people/zhang/looks",),
    }
    for role, addresses in pages.items():
        if role:
            enter(browser_page, live_server_url, account_as(role))
        browser_page.context.add_cookies([{"name": "language", "value": language, "url": live_server_url}])
        for address in addresses:
            browser_page.set_viewport_size({"width": 1366, "height": 768})
            browser_page.goto(address)
            assert (address, violations(browser_page)) == (address, [])
            browser_page.set_viewport_size({"width": 360, "height": 740})
            assert (address, browser_page.evaluate("document.documentElement.scrollWidth")) == (address, 360)


def test_find_box_answers_while_typing_and_keeps_words_out_of_addresses(
    browser_page: Any, live_server_url: str,
) -> None:
    enter(browser_page, live_server_url, account_as("community_leader", "A"))
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.goto("/account")
    browser_page.fill("#find", "张三")
    browser_page.wait_for_selector("#found a")
    assert browser_page.locator("#found a").get_attribute("href") == "/people/zhang"
    assert [url for url in asked if "%E5%BC%A0" in url or "张" in url] == []


def test_unmasking_asks_why_and_shows_once(browser_page: Any, live_server_url: str) -> None:
    enter(browser_page, live_server_url, account_as("community_leader", "A"))
    browser_page.goto("/people/zhang")
    browser_page.click("details.unmask-more summary")
    browser_page.select_option("select[name=purpose]", "identity")
    browser_page.click("details.unmask-more button")
    assert browser_page.get_by_text("350622198001011234").count() == 1
    browser_page.goto("/people/zhang")
    assert browser_page.get_by_text("350622198001011234").count() == 0
