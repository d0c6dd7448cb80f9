"""Who lived under which tier when: a move, a release and a replaced zone each end a spell at their moment."""

from datetime import timedelta

import pytest

from firebreak.engine.areas.models import Area
from firebreak.engine.registry.actions import people_left, register_person
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.engine.registry.models import Person
from firebreak.operations.zones.history import spells_of
from tests.support.desk import at_desk, person
from tests.support.zoned import CHIEF, FOUR, GRID, in_force, zoned_district

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
HOUSE = f"{GRID}-1"


def someone() -> int:
    return Person.objects.get(name="测10").pk


def spells(key: int) -> list[tuple[str, str, timedelta, timedelta | None]]:
    """Building, tier, from and until as hours after four o'clock."""
    codes = dict(Area.objects.values_list("id", "code"))
    return [
        (codes[one.building], one.tier, one.begins_at - FOUR, None if one.ends_at is None else one.ends_at - FOUR)
        for one in spells_of(key)
    ]


def test_nobody_lived_under_a_zone_before_there_was_one() -> None:
    zoned_district()
    assert spells_of(someone()) == []


def test_another_tier_ends_the_spell_and_begins_the_next_without_a_gap() -> None:
    response = zoned_district()
    first = in_force(response, "control")
    in_force(response, "lockdown", at=FOUR + HOUR, replaces=first)
    assert spells(someone()) == [(HOUSE, "lockdown", HOUR, None), (HOUSE, "control", 0 * HOUR, HOUR)]


def test_who_moves_away_leaves_the_tier_and_who_comes_enters_it_then() -> None:
    response = zoned_district()
    in_force(response, "control")
    key = someone()
    house = Area.objects.get(code=HOUSE).pk
    people_left(moved=[(key, house)], died={}, by=CHIEF, at=FOUR + 2 * HOUR)
    late = register_person(person=NewPerson(name="后来", building=HOUSE, door="9"), by=CHIEF, at=FOUR + 3 * HOUR)
    assert spells(key) == [(HOUSE, "control", 0 * HOUR, 2 * HOUR)]
    assert spells(Person.objects.get(ref=late).pk) == [(HOUSE, "control", 3 * HOUR, None)]


def test_two_zones_over_one_house_are_two_spells() -> None:
    response = zoned_district()
    in_force(response, "precaution")
    in_force(response, "control", at=FOUR + HOUR)
    assert [one[1:3] for one in spells(someone())] == [("control", HOUR), ("precaution", 0 * HOUR)]


def test_the_person_page_shows_it_to_whoever_sees_zones(clock_at: object) -> None:
    response = zoned_district()
    in_force(response, "control")
    clock_at(FOUR + HOUR)  # type: ignore[operator]
    page = f"/people/{Person.objects.get(pk=someone()).ref.removeprefix('person:')}"
    seen = at_desk(person("boss", "commander")).get(page).content.decode()
    assert ("住在哪一级分区里" in seen, "管控区" in seen, "至今" in seen) == (True, True, True)
    clerk = at_desk(person("clerk", "register_clerk")).get(page).content.decode()
    assert "住在哪一级分区里" not in clerk
