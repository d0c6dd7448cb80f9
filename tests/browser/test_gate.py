"""A gate without a network tells a true badge from a false one, one out of date and one it knows to be withdrawn."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from firebreak.engine.units import badges
from firebreak.engine.units.models import Service
from firebreak.kernel.refs import Ref
from firebreak.kernel.signing import bytes_of, text_of
from tests.browser.test_activation import desk
from tests.support.desk import person
from tests.support.staffing import AT, HOUR, everybody, staffed


def forged(code: str) -> str:
    """The same badge with another name on it."""
    body, _, signature = code.removeprefix("FB1:B:").partition(".")
    return "FB1:B:" + text_of(bytes_of(body).replace(b"grid_b0", b"grid_b9")) + "." + signature


@pytest.mark.django_db(transaction=True)
def test_a_gate_without_a_network_lets_in_the_true_badge_only(
    browser: Any, live_server_url: str, settings: Any, clock_at: Callable[[datetime], None]
) -> None:
    settings.FIREBREAK_DRILL = True
    clock_at(AT)
    posts = staffed()
    by = everybody()
    badges.issue_badges(unit=Ref(posts["grid_b"].unit.ref), not_after=AT + HOUR, by=by, at=AT)
    true, ended = badges.good(AT).filter(service__post__code__in=["grid_b", "grid_a2"]).order_by("-service__post_id")
    true_code, ended_code = badges.codes([true, ended])
    Service.objects.filter(pk=ended.service_id).update(ends_at=AT, end_act=ended.service.act)
    short = badges.Badge(ref=true.ref, service=true.service, not_after=AT - timedelta(minutes=1))
    (late_code,) = badges.codes([short])
    person("guard", "grid_worker")
    page = desk(browser, live_server_url, "guard")
    page.goto("/gate")
    page.context.set_offline(True)
    words = []
    for code in (true_code, forged(true_code), late_code, ended_code, "FB1:P:abc"):
        page.fill("#code", code)
        page.press("#code", "Enter")
        before = words[-1] if words else "请扫证件"
        page.wait_for_function("(before) => document.querySelector('#verdict-word').textContent !== before", arg=before)
        words.append(page.inner_text("#verdict-word"))
    assert words == ["放行", "假证,拦下并报告", "已过期,拦下", "已作废,拦下", "不是证件码,请再扫"]
    assert (page.inner_text("#count-good"), page.inner_text("#count-bad")) == ("1", "3")
