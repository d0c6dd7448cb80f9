"""Geometry: bars fill exactly their hundred per cent, plots say their last value."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firebreak.kernel.text import T
from firebreak.surfaces.common.plots import book_segments, burn_down_curve, day_bars, meter_line, part_segments
from firebreak.surfaces.common.shapes import Book, BurnDown, EpiCurve, Meter, Parts

OPENED = datetime(2022, 6, 6, 0, 0, tzinfo=UTC)
counts = st.lists(st.integers(0, 5000), min_size=6, max_size=6).filter(any)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
@given(counts)
def test_parts_that_add_up_fill_the_bar_without_overlap(found: list[int]) -> None:
    segments = part_segments(Parts(sum(found), *found))
    assert abs(sum(part.width for part in segments) - 100) < 0.01
    assert [part.count for part in segments] == [count for count in found if count]
    for before, after in pairwise(segments):
        assert abs(before.x + before.width - after.x) < 0.01


def test_late_is_drawn_inside_the_open_share() -> None:
    book = Book("指令", "#", 57, "", owed=200, done=140, excused=0, open=60, late=2)
    assert [(part.css, part.count) for part in book_segments(book)] == [("done", 140), ("open", 58), ("late", 2)]


def test_book_that_does_not_add_up_says_by_how_much() -> None:
    assert Book("轮次", "#", 1, "", owed=100, done=90, excused=2, open=5).difference == 3


def test_burn_down_says_its_last_value_and_keeps_the_deadline_inside() -> None:
    plot = BurnDown(
        T("能采完吗?", "Will it end?"),
        OPENED,
        OPENED + timedelta(hours=10),
        OPENED + timedelta(hours=4),
        1000,
        tuple((OPENED + timedelta(hours=hour), 1000 - 100 * hour) for hour in range(5)),
        (OPENED + timedelta(hours=9), OPENED + timedelta(hours=12)),
    )
    curve = burn_down_curve(plot)
    assert curve.last == 600
    assert 0 < curve.now < curve.deadline < 100
    assert len(curve.line.split()) == 5
    assert len(curve.band.split()) == 3


def test_burn_down_of_a_round_nobody_has_started_is_drawn() -> None:
    plot = BurnDown("?", OPENED, OPENED + timedelta(hours=1), OPENED, 0, ())
    assert burn_down_curve(plot).last == 0


def test_meter_of_sound_books_is_a_line_in_the_middle() -> None:
    line, last_y, last = meter_line(Meter("?", tuple((OPENED + timedelta(hours=hour), 0) for hour in range(3))))
    assert {point.split(",")[1] for point in line.split()} == {"500"}
    assert (last_y, last) == (50.0, 0)


def test_the_epidemic_curve_stacks_suspicions_on_cases_and_names_few_days() -> None:
    first = date(2022, 6, 5)
    plot = EpiCurve("?", tuple((first + timedelta(days=n), n % 3, n % 2) for n in range(20)))
    bars = day_bars(plot)
    assert [bar.day for bar in bars] == [day for day, _, _ in plot.days]
    assert all(round(bar.suspected_y + bar.suspected_height, 1) == round(bar.confirmed_y, 1) for bar in bars)
    assert all(round(bar.confirmed_y + bar.confirmed_height, 1) == 100 for bar in bars)
    assert max(bar.confirmed_height + bar.suspected_height for bar in bars) == 100
    assert sum(bar.named for bar in bars) == 7
    assert (bars[0].x, round(bars[-1].x + bars[-1].width, 1)) == (0.5, 99.5)
