"""Hand-over in a real browser: two numbers, both names, with the network cut; what was not scanned stays with the giver."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from firebreak.engine.access.models import Account
from firebreak.engine.capture.actions import enrol_device
from firebreak.kernel.refs import Ref
from firebreak.operations.laboratory import cards
from firebreak.operations.laboratory.models import CustodyTransfer, Specimen
from tests.support.entering import client_of
from tests.support.specimens import LEFT, PACKED, TUBES, Sampled, badge_of, sampled
from tests.support.zoned import CHIEF, FOUR


@pytest.fixture
def line(committed_ledger: object, clock_at: Callable[[datetime], None]) -> Sampled:
    made = sampled()
    clock_at(PACKED)
    return made


@pytest.fixture
def phone(line: Sampled, browser_page: Any, live_server_url: str) -> Any:
    """The site lead's phone with the hand-over page open."""
    client = client_of(Account.objects.get(username="lead"))
    browser_page.set_viewport_size({"width": 360, "height": 740})
    browser_page.context.add_cookies([{"name": "session", "value": client.session.session_key, "url": live_server_url}])
    made = enrol_device(label="D-page", account=Ref(line.lead.by.ref), by=CHIEF, at=FOUR)
    browser_page.goto(f"/handover#token={made['token']}")
    browser_page.wait_for_selector("#line:not([hidden])")
    return browser_page


def scan(page: Any, code: str) -> None:
    page.fill("#code", code)
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.getElementById('code').value === ''")


def numbers(page: Any) -> tuple[str, str]:
    return page.inner_text("#counted"), page.inner_text("#expected")


def told(page: Any, words: str) -> None:
    page.wait_for_function("words => document.getElementById('outcome').innerText.includes(words)", arg=words, timeout=10_000)


def counted(page: Any, events: int) -> None:
    page.wait_for_function("n => +document.getElementById('count-counted').textContent === n", arg=events, timeout=20_000)


def stages() -> dict[str, str]:
    return dict(Specimen.objects.order_by("code").values_list("code", "stage"))


def test_tubes_and_a_bag_pack_and_a_badge_hands_over_without_a_network(phone: Any, line: Sampled, clock_at: Any) -> None:
    for tube in TUBES:
        scan(phone, f"FB1:T:{tube}")
    scan(phone, "FB1:G:BAG-7")
    told(phone, "BAG-7")
    counted(phone, 1)
    phone.context.set_offline(True)
    scan(phone, "BAG-7")
    phone.wait_for_function("() => document.getElementById('counted').textContent === '2'")
    assert numbers(phone) == ("2", "2")
    scan(phone, badge_of(line.driver))
    told(phone, "已交 2 支给")
    assert (numbers(phone), stages()) == (("0", "0"), dict.fromkeys(TUBES, "packed"))
    clock_at(LEFT)
    phone.context.set_offline(False)
    counted(phone, 2)
    both = list(CustodyTransfer.objects.values_list("counted", "expected"))
    assert (stages(), both) == (dict.fromkeys(TUBES, "carried"), [(2, 2)])


def test_what_is_not_scanned_is_named_before_and_stays_after(phone: Any, line: Sampled) -> None:
    line.packed("BAG-1", TUBES[:1])
    line.packed("BAG-2", TUBES[1:])
    phone.reload()
    phone.wait_for_selector("#line:not([hidden])")
    scan(phone, "BAG-1")
    phone.wait_for_selector("#difference:not([hidden])")
    assert (numbers(phone), "BAG-2" in phone.inner_text("#difference")) == (("1", "2"), True)
    scan(phone, cards.card_of(line.laboratory))
    phone.wait_for_function("() => document.getElementById('expected').textContent === '1'")
    assert numbers(phone) == ("0", "1")


@pytest.mark.parametrize("card", ["FB1:B:AAAA.BBBB", "FB1:L:WyJMQUIxIiwiYSIsImIiXQ.AAAA"])
def test_a_card_that_is_not_ours_hands_over_nothing(phone: Any, line: Sampled, card: str) -> None:
    line.packed("BAG-1")
    phone.reload()
    phone.wait_for_selector("#line:not([hidden])")
    scan(phone, "BAG-1")
    scan(phone, card)
    phone.wait_for_function("() => document.getElementById('outcome').dataset.tone === 'bad'")
    assert (stages(), CustodyTransfer.objects.count(), numbers(phone)) == (dict.fromkeys(TUBES, "packed"), 0, ("2", "2"))


def test_a_reload_returns_to_the_same_count(phone: Any, line: Sampled) -> None:
    scan(phone, f"FB1:T:{TUBES[0]}")
    phone.wait_for_function("() => document.getElementById('counted').textContent === '1'")
    phone.reload()
    phone.wait_for_selector("#line:not([hidden])")
    phone.wait_for_function("() => document.getElementById('counted').textContent === '1'")
    assert phone.inner_text("#scanned li span:first-child") == TUBES[0]
