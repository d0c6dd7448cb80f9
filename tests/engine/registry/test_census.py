"""A complete list is not a complete register: somebody else's count stands beside it."""

from datetime import date, timedelta

import pytest

from firebreak.engine.journal.models import Event
from firebreak.engine.registry.census import coverage, note_census
from firebreak.engine.registry.models import CensusCount
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.refusals import Refusal
from tests.support.desk import at_desk, person
from tests.support.testing_round import running_round
from tests.support.zoned import CHIEF, FOUR, zoned_district

pytestmark = pytest.mark.django_db
DAY = date(2020, 11, 1)


def note(counts: dict[str, int], **changes: object) -> int:
    said = {"counted_on": DAY, "source": "七普", "by": CHIEF, "at": FOUR, **changes}
    return note_census(counts=counts, **said)  # type: ignore[arg-type]


def test_the_register_is_compared_with_the_latest_count_of_each_area() -> None:
    zoned_district()
    note({"HT": 11, "HT-01": 10})
    note({"HT": 20}, counted_on=DAY + timedelta(days=365), source="派出所")
    note({"HT": 30}, counted_on=DAY - timedelta(days=365), source="六普")
    assert [(one.area.code, one.registered, one.count.people, one.percent) for one in coverage("/")] == [
        ("HT", 10, 20, 50.0), ("HT-01", 10, 10, 100.0)
    ]
    assert [event.payload["areas"] for event in Event.objects.filter(type="CensusNoted").order_by("id")] == [2, 1, 1]


def test_all_but_one_is_never_said_to_be_all() -> None:
    zoned_district()
    note({"HT": 10_001})
    (one,) = coverage("/")
    assert one.percent == 0.0
    one.count.people = 10
    assert one.percent == 100.0
    one.count.people = 11
    assert one.percent == 90.9


@pytest.mark.parametrize(("counts", "changes", "code"), [
    ({}, {}, "census-empty"),
    ({"HT": 10, "XX": 1}, {}, "unknown-area-code"),
    ({"HT": 0}, {}, "census-unreadable"),
    ({"HT": 10}, {"source": " "}, "census-unsourced"),
    ({"HT": 10}, {"counted_on": date(2030, 1, 1)}, "census-in-the-future"),
    ({"HT": 10}, {"by": SystemActor("nobody", frozenset())}, "not-permitted"),
])
def test_a_count_that_cannot_be_is_refused_whole(counts: dict[str, int], changes: dict[str, object], code: str) -> None:
    zoned_district()
    with pytest.raises(Refusal, match=code):
        note(counts, **changes)
    assert CensusCount.objects.count() == 0


def test_the_page_takes_lines_and_keeps_what_it_cannot_read() -> None:
    zoned_district()
    clerk = at_desk(person("clerk", "register_clerk"), "en")
    said = {"lines": "HT 12\nHT-01\t11", "counted_on": "2020-11-01", "source": "census 7"}
    wrong = clerk.post("/register/coverage", {**said, "lines": "HT twelve"})
    assert (wrong.status_code, "HT twelve" in wrong.content.decode()) == (422, True)
    assert clerk.post("/register/coverage", said).status_code == 302
    page = clerk.get("/register/coverage").content.decode()
    assert ("83.3 % of the census" in page, page.count('<th scope="row">')) == (True, 2)


def test_the_round_shows_coverage_by_census_beside_the_list() -> None:
    running_round()
    note({"HT": 25}, by=CHIEF)
    leader = at_desk(person("lin", "testing_leader"), "en")
    assert "the register has 24 people, 96 % of the 25 counted" in leader.get("/rounds/1").content.decode()
