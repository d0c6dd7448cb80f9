"""What just happened, as a wall may say it: figures in good English, an order by its unit and never by its words."""

from collections.abc import Callable
from datetime import datetime

import pytest

from firebreak.command.headquarters.models import Order
from firebreak.surfaces.common import happenings
from tests.story.test_activation import TWO_O_CLOCK, activated

OPENED = {"number": 1, "listed": 1500, "buildings": 96, "sites": 1}


@pytest.mark.parametrize(("kind", "payload", "english"), [
    ("RoundOpened", OPENED, "Round 1 opened: 1,500 people, 96 buildings, 1 site"),
    ("ZoneInForce", {"buildings": 1}, "Zone in force: 1 building"),
    ("ZoneInForce", {"buildings": 21}, "Zone in force: 21 buildings"),
    ("ZoneReleased", {"buildings": 1001}, "Zone released: 1,001 buildings"),
    ("TasksEscalated", {"climbed": 3}, "3 overdue tasks climbed one step"),
])  # fmt: skip
def test_figure_of_one_is_said_in_the_singular(kind: str, payload: dict[str, int], english: str) -> None:
    assert happenings.sentence(kind, payload).en == english


@pytest.mark.django_db
def test_order_is_told_by_its_unit_and_never_by_its_words(clock_at: Callable[[datetime], None]) -> None:
    clock_at(TWO_O_CLOCK)
    activated()
    told = {str(one.text.en) for one in happenings.latest(40) if one.text.en.startswith("Order ")}
    assert told == {
        f"Order {number} issued · {unit}" for number, unit in Order.objects.values_list("number", "unit__name_en")
    }
