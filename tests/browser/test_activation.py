"""From the signal to all task forces told, by two people at two desks, within a minute (with the machine's speed)."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from firebreak.engine.messages.models import Message
from tests.story.test_activation import TWO_O_CLOCK
from tests.support.desk import PASSWORD, person
from tests.support.district import adopt, plant_district, plant_roster


def desk(browser: Any, address: str, username: str) -> Any:
    """A page in which this person is signed in."""
    page = browser.new_context(base_url=address, locale="zh-CN", viewport={"width": 1366, "height": 768}).new_page()
    page.goto("/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


@pytest.mark.django_db(transaction=True)
def test_two_people_activate_the_plan_within_a_minute(
    browser: Any, live_server_url: str, settings: Any, clock_at: Callable[[datetime], None]
) -> None:
    settings.FIREBREAK_DRILL = True
    clock_at(TWO_O_CLOCK + timedelta(minutes=5))
    plant_roster(plant_district())
    adopt()
    person("officer", "duty_officer")
    person("commander", "commander")
    officer, commander = (desk(browser, live_server_url, name) for name in ("officer", "commander"))
    begun = time.monotonic()

    officer.goto("/activation")
    officer.keyboard.press("n")
    officer.fill("[name=reporter]", "市疾控中心")
    officer.click("form.form .btn-primary")
    officer.click("text=提请启动")
    officer.wait_for_selector("text=您提出的事项由另一人确认")
    commander.goto("/approvals")
    commander.click("text=我复核无误")
    commander.wait_for_url("**/activation")

    assert time.monotonic() - begun < 60
    assert commander.locator("h1").inner_text().startswith("海潭区应急响应:接报后 0 分钟启动")
    assert Message.objects.filter(template="order").count() == 11


@pytest.mark.django_db(transaction=True)
def test_its_owner_opens_an_order_and_the_page_says_seen(
    browser: Any, live_server_url: str, settings: Any, clock_at: Callable[[datetime], None]
) -> None:
    from firebreak.command.headquarters.models import Order
    from firebreak.kernel.refs import token_of
    from tests.story.test_activation import activated

    settings.FIREBREAK_DRILL = True
    clock_at(TWO_O_CLOCK + timedelta(minutes=12))
    activated()
    person("leader", "testing_leader", member="member:lead_testing-0")
    order = Order.objects.get(unit__key="testing")
    leader = desk(browser, live_server_url, "leader")

    leader.set_viewport_size({"width": 390, "height": 844})
    with leader.expect_response(lambda answer: answer.url.endswith("/see")) as seen:
        leader.goto(f"/orders/{token_of(order.ref)}")
    assert seen.value.status == 204
    leader.click("text=接收")
    leader.wait_for_selector("text=报结")

    order.refresh_from_db()
    assert (order.seen_at is not None, order.accepted_at is not None) == (True, True)
    assert leader.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
