"""The sampling line in a real browser: three honest counters, words for what is set aside, nothing lost offline."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firebreak.engine.capture.carried import take_outbox
from firebreak.operations.rounds.models import Scan, Tube
from tests.support.entering import account_as, client_of
from tests.support.testing_round import OPENED, Running, running_round

SITE = "/sample/S-A"


@pytest.fixture
def running(committed_ledger: object, clock_at: Callable[[datetime], None]) -> Running:
    made = running_round()
    clock_at(OPENED + timedelta(hours=1))
    return made


@pytest.fixture
def line(running: Running, browser_page: Any, live_server_url: str) -> Any:
    """A phone that opened its enrolment link and chose the site."""
    client = client_of(account_as("site_lead", "HT", username="site-lead"))
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.context.add_cookies([
        {"name": "session", "value": client.session.session_key, "url": live_server_url},
    ])
    browser_page.goto(f"/sample#token={running.phone.token}")
    assert "token" not in browser_page.url
    browser_page.click(f"a[href='{SITE}']")
    browser_page.wait_for_selector("#line:not([hidden])")
    return browser_page


def scan(page: Any, code: str) -> None:
    """A hardware scanner: keys, then Enter."""
    page.locator("#code").press_sequentially(code)
    page.keyboard.press("Enter")


def counters(page: Any) -> tuple[int, int, int]:
    found = [int(page.inner_text(f"#count-{name}")) for name in ("saved", "uploaded", "counted")]
    return found[0], found[1], found[2]


def until(page: Any, saved: int, uploaded: int, counted: int) -> None:
    page.wait_for_function(
        "wanted => ['saved', 'uploaded', 'counted'].map(name => +document.getElementById('count-' + name).textContent)"
        ".join() === wanted.join()", arg=[saved, uploaded, counted], timeout=20_000,
    )


def code_of(running: Running, number: int) -> str:
    return f"FB1:P:{running.people[number].partition(':')[2]}"


def test_link_opened_where_its_page_is_open_already_enrols_too(line: Any, running: Running) -> None:
    line.goto("/sample")
    line.evaluate("localStorage.clear()")
    line.goto(f"/sample#token={running.phone.token}")
    line.wait_for_url(lambda url: url.endswith("/sample"))
    line.click(f"a[href='{SITE}']")
    line.wait_for_selector("#line:not([hidden])")


def test_counters_are_what_the_ledger_holds(line: Any, running: Running) -> None:
    scan(line, "FB1:T:AA-0001")
    for number in range(3):
        scan(line, code_of(running, number))
    until(line, 4, 4, 4)
    assert (Scan.objects.count(), Tube.objects.filter(code="AA-0001").count()) == (3, 1)
    assert line.inner_text("#fill").startswith("3 / ")


def test_reload_returns_to_the_same_tube_and_sealing_ends_it(line: Any, running: Running) -> None:
    scan(line, "FB1:T:AA-0002")
    scan(line, code_of(running, 0))
    until(line, 2, 2, 2)
    line.reload()
    line.wait_for_selector("#line:not([hidden])")
    assert (line.inner_text("#tube"), line.locator("#people li").count()) == ("AA-0002", 1)
    line.click("button[data-command=seal]")
    until(line, 3, 3, 3)
    assert line.inner_text("#fill") == ""
    assert Tube.objects.exclude(sealed_at=None).count() == 1


def test_undo_takes_the_last_person_back(line: Any, running: Running) -> None:
    scan(line, "FB1:T:AA-0003")
    scan(line, code_of(running, 0))
    scan(line, code_of(running, 1))
    line.click("button[data-command=undo]")
    until(line, 4, 4, 4)
    assert line.locator("#people li").count() == 1


def test_unknown_person_is_set_aside_in_words(line: Any) -> None:
    scan(line, "FB1:T:AA-0004")
    scan(line, "FB1:P:nobody")
    until(line, 2, 2, 1)
    assert line.inner_text("#set-aside") == "待查 1"
    assert line.get_attribute("#outcome", "data-tone") == "bad"


def test_unreadable_code_records_nothing(line: Any) -> None:
    scan(line, "???")
    line.wait_for_selector("#outcome[data-tone=bad]")
    assert counters(line) == (0, 0, 0)


def test_events_of_an_offline_phone_arrive_later(line: Any, running: Running) -> None:
    line.context.set_offline(True)
    scan(line, "FB1:T:AA-0005")
    for number in range(5):
        scan(line, code_of(running, number))
    until(line, 6, 0, 0)
    line.wait_for_selector("#network:not([hidden])")
    assert "已存本机" in line.inner_text("#network")
    line.context.set_offline(False)
    until(line, 6, 6, 6)
    assert Scan.objects.count() == 5
    line.wait_for_selector("#network", state="hidden")


def test_connection_that_is_not_secure_says_so(line: Any) -> None:
    line.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    line.goto(SITE)
    line.wait_for_selector("#needs-tls:not([hidden])")
    assert line.locator("#line").is_hidden()


def test_phone_that_is_not_enrolled_says_so(line: Any) -> None:
    line.evaluate("localStorage.clear()")
    line.goto(SITE)
    line.wait_for_selector("#needs-device:not([hidden])")
    assert line.locator("#line").is_hidden()


def ready(page: Any) -> None:
    page.wait_for_selector("#ready[data-ready=ready]", timeout=30_000)


def test_page_opens_from_cold_without_a_network_and_eleven_scans_are_counted_later(line: Any, running: Running) -> None:
    ready(line)
    assert line.inner_text("#ready") == "✓ 断网可用"
    line.context.set_offline(True)
    line.goto("about:blank")
    line.goto(SITE)
    line.wait_for_selector("#line:not([hidden])")
    scan(line, "FB1:T:AA-0011")
    for number in range(10):
        scan(line, code_of(running, number))
    until(line, 12, 0, 0)
    assert line.inner_text("#outcome-title").startswith("已封管")
    line.context.set_offline(False)
    until(line, 12, 12, 12)
    assert (Scan.objects.count(), Tube.objects.get(code="AA-0011").members) == (10, 10)


def test_no_request_precedes_the_confirmation_of_a_scan(line: Any, running: Running) -> None:
    scan(line, "FB1:T:AA-0012")
    until(line, 1, 1, 1)
    line.route("**/api/v1/sync", lambda route: None)
    for number in range(3):
        scan(line, code_of(running, number))
        line.wait_for_function("n => document.querySelectorAll('#people li').length === n", arg=number + 1)
    assert (counters(line)[0], counters(line)[2], line.get_attribute("#outcome", "data-tone")) == (4, 1, "good")


def test_signing_out_takes_the_kept_pages_off_the_phone_and_no_record(line: Any, running: Running) -> None:
    ready(line)
    scan(line, "FB1:T:AA-0013")
    until(line, 1, 1, 1)
    line.goto("/sign-out")
    line.click("main button")
    line.wait_for_url("**/sign-in**")
    kept = line.evaluate("async () => (await (await caches.open('field-pages')).keys()).length")
    assert kept == 0


def test_a_page_with_personal_data_is_never_kept(line: Any, running: Running) -> None:
    ready(line)
    line.goto("/rounds")
    line.goto("/account")
    kept = line.evaluate("async () => (await (await caches.open('field-pages')).keys()).map(one => new URL(one.url).pathname)")
    assert sorted(kept) == [SITE]


def test_an_outbox_that_finds_no_network_is_carried_to_the_desk_as_a_file(line: Any, running: Running) -> None:
    line.context.set_offline(True)
    scan(line, "FB1:T:AA-0021")
    for number in range(3):
        scan(line, code_of(running, number))
    until(line, 4, 0, 0)
    with line.expect_download() as download:
        line.click("#export")
    found = take_outbox(running.phone.device, Path(download.value.path()).read_bytes(), OPENED + timedelta(hours=2))
    assert (dict(found), Scan.objects.count()) == ({"accepted": 4}, 3)
    line.context.set_offline(False)
    until(line, 4, 4, 4)
    assert Scan.objects.count() == 3
