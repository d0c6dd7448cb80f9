"""Orders over time: each in its unit's lane, in rows that never overlap, late from its deadline on."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from firebreak.command.headquarters.models import Order
from firebreak.kernel.text import T
from firebreak.surfaces.common.plots import swim_lanes
from firebreak.surfaces.common.shapes import LaneBar, SwimLanes
from tests.support.desk import at_desk, person
from tests.support.zoned import FOUR, zoned_district

HOUR = timedelta(hours=1)


def bar(begins: int, due: int, taken: int | None = None, ended: int | None = None) -> LaneBar:
    moments = [None if hour is None else FOUR + hour * HOUR for hour in (taken, ended)]
    return LaneBar("x", "/x", FOUR + begins * HOUR, FOUR + due * HOUR, *moments)


def plot(*bars: LaneBar, now: int = 10) -> SwimLanes:
    return SwimLanes(T("?", "?"), FOUR, FOUR + now * HOUR, (("U", bars),))


def test_an_order_is_late_from_its_deadline_on() -> None:
    (mark,) = swim_lanes(plot(bar(0, 4, 2), now=8)).lanes[0].marks
    hour = mark.late_x / 4
    assert (round(mark.waiting / hour, 1), round(mark.working / hour, 1), round(mark.late / hour, 1)) == (2.0, 6.0, 4.0)


@pytest.mark.parametrize(("given_bar", "late"), [
    (bar(0, 4, 1, 3), False), (bar(0, 4, 1, 5), True), (bar(0, 12), False), (bar(0, 4), True),
])
def test_lateness_ends_with_the_order(given_bar: LaneBar, late: bool) -> None:
    (mark,) = swim_lanes(plot(given_bar)).lanes[0].marks
    assert mark.is_late is late


BARS = st.lists(
    st.tuples(st.integers(-5, 9), st.integers(1, 8), st.integers(0, 3), st.one_of(st.none(), st.integers(0, 6))),
    max_size=12,
).map(lambda rows: [
    bar(begins, begins + due, begins + taken, None if ended is None else begins + taken + ended)
    for begins, due, taken, ended in rows
])


@given(BARS)
def test_no_two_orders_of_a_row_overlap_and_nothing_leaves_the_picture(bars: list[LaneBar]) -> None:
    (lane,) = swim_lanes(plot(*bars)).lanes
    now = FOUR + 10 * HOUR
    taken: dict[int, datetime] = {}
    for mark in lane.marks:
        assert 0 <= mark.x <= 100
        assert mark.work_x + mark.working <= 100.01
        assert mark.bar.begins_at >= taken.get(mark.y, mark.bar.begins_at)
        taken[mark.y] = mark.bar.ended_at or max(now, mark.bar.due_at)
    assert len(lane.marks) == len(bars)


@pytest.mark.django_db
def test_the_page_draws_every_open_order_with_a_table_behind_it(clock_at: object) -> None:
    response = zoned_district()
    clock_at(FOUR + 30 * HOUR)  # type: ignore[operator]
    client: Client = at_desk(person("duty", "duty_officer"))
    page = client.get("/orders/lanes").content.decode()
    titles = Order.objects.filter(response_ref=response.ref).values_list("title_zh", flat=True)
    assert [title for title in titles if title not in page] == []
    assert ("哪些指令在等、在办、在拖?" in page, "逾期" in page, "看表" in page) == (True, True, True)
    assert "没有指令" not in page
