"""What a decision about a zone would do: counted before, counted again by the second person, and nothing written."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from firebreak.command.zoning.actions import look_again, look_at
from firebreak.command.zoning.measures import compare, measures_of
from firebreak.command.zoning.preview import Preview, moved
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act
from firebreak.engine.registry.actions import register_people
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.rules import strictest
from tests.support.district import covid
from tests.support.testing_round import zones_plan
from tests.support.zoned import CHIEF, FOUR, GRID, draft, in_force, proposed, zoned_district

pytestmark = pytest.mark.django_db
RANKS = {"lockdown": 3, "control": 2, "precaution": 1}


def counts(look: Preview) -> list[tuple[str, str, int, int, int]]:
    return [(group.before, group.after, group.buildings, group.households, group.people) for group in look.groups]


def test_a_new_zone_counts_its_buildings_households_people_and_needs() -> None:
    response = zoned_district()
    look = look_at(response, draft("lockdown"), FOUR)

    assert counts(look) == [("", "lockdown", 3, 6, 10)]
    assert (look.needs, look.kept) == ({"dialysis": 3}, 0)
    assert [(one.order.key, one.post.unit.key, one.minutes) for one in look.orders] == [
        ("guard_border", "security", 60), ("tell_every_door", "community", 120), ("bring_to_door", "supplies", 240),
        ("look_after_needs", "medical", 180), ("test_by_household", "testing", 360),
    ]


def test_somebody_with_two_places_is_counted_once_where_they_live() -> None:
    response = zoned_district()
    for number, kind in ((1, "lives"), (2, "works")):
        one = NewPerson("测双", f"{GRID}-{number}", kind=kind, id_kind="passport", id_number="E12345678")
        register_people(people=[one], by=CHIEF, at=FOUR)

    look = look_at(response, draft(), FOUR)

    assert (look.people, sorted(stake.people for stake in look.stakes)) == (11, [2, 3, 6])


def test_where_a_stricter_zone_holds_nothing_changes() -> None:
    response = zoned_district()
    in_force(response, "lockdown", areas=[f"{GRID}-1"])

    look = look_at(response, draft("control"), FOUR)

    assert (counts(look), look.kept) == ([("", "control", 2, 3, 5)], 1)


def test_a_stricter_zone_is_compared_with_the_one_that_holds_now() -> None:
    response = zoned_district()
    in_force(response, "control")

    look = look_at(response, draft("lockdown", areas=[f"{GRID}-1"]), FOUR)

    assert counts(look) == [("control", "lockdown", 1, 3, 5)]
    assert [(one.name.en, one.old.en, one.new.en) for one in compare(zones_plan(), "control", "lockdown")] == [
        ("Leaving home", "only for a pick-up slot", "not allowed"),
        ("Passes", "pick-up slot", "emergencies only: approved, own car, closed loop"),
        ("Deliveries", "to the building door", "to the home door"),
        ("Pooling", "5 people a tube", "by household, 10 a tube at most"),
    ]


def test_a_release_falls_back_to_the_strictest_that_remains() -> None:
    response = zoned_district()
    in_force(response, "precaution")
    zone = Zone.objects.get(ref=in_force(response, "lockdown", areas=[f"{GRID}-1"]))

    look = look_at(response, draft("control", areas=[f"{GRID}-2"], replaces=zone.ref), FOUR)

    assert counts(look) == [("lockdown", "precaution", 1, 3, 5), ("precaution", "control", 1, 2, 3)]
    assert [one.order.key for one in look.orders] == ["guard_border", "tell_every_door", "bring_to_building", "open_border"]


def test_the_second_person_is_shown_the_numbers_of_their_moment() -> None:
    response = zoned_district()
    proposed(response)
    proposal = Proposal.objects.get(kind="zone")
    register_people(people=[NewPerson("测新", f"{GRID}-3", door="9")], by=CHIEF, at=FOUR)

    again = look_again(proposal, FOUR)

    assert again is not None
    assert (proposal.effect["people"], again.as_json()["people"]) == (10, 11)


def test_looking_writes_nothing() -> None:
    response = zoned_district()
    before = Act.objects.count()
    look_at(response, draft(), FOUR)
    assert (Act.objects.count(), Zone.objects.count()) == (before, 0)


def test_the_queries_of_a_preview_do_not_grow_with_the_zone() -> None:
    response = zoned_district()
    look_at(response, draft(), FOUR)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            look_at(response, draft("lockdown"), FOUR)
        return len(seen)

    small = asked()
    grid = Area.objects.get(code=GRID)
    for number in range(4, 60):
        code = f"{GRID}-{number}"
        Area.objects.create(code=code, path=f"{grid.path}{code}/", level="building", parent=grid, name_zh=code, lon=118, lat=24)
    register_people(people=[NewPerson(f"测{n}", f"{GRID}-{4 + n % 56}", door=str(n)) for n in range(300)], by=CHIEF, at=FOUR)

    assert (asked(), small <= 9) == (small, True)


def test_every_tier_of_the_plan_says_every_measure() -> None:
    for tier in covid().section(type(zones_plan())).tiers:
        said = measures_of(tier)
        assert [one.key for one in said] == [one.key for one in measures_of(None)]
        assert all(one.words.zh and one.words.en for one in said)


tiers = st.sampled_from(["lockdown", "control", "precaution"])
held = st.dictionaries(st.integers(0, 6), st.dictionaries(st.integers(0, 3), tiers, max_size=4), max_size=7)


@given(held, st.frozensets(st.integers(0, 6)), tiers, st.one_of(st.none(), st.integers(0, 3)))
def test_what_moves_is_exactly_what_would_differ_afterwards(
    zones: dict[int, dict[int, str]], inside: frozenset[int], tier: str, leaving: int | None
) -> None:
    after = {key: {zone: one for zone, one in of.items() if zone != leaving} for key, of in zones.items()}
    for key in inside:
        after.setdefault(key, {})[99] = tier
    expected = {
        key: (old, new) for key in range(7)
        if (old := strictest(zones.get(key, {}).values(), RANKS)) != (new := strictest(after.get(key, {}).values(), RANKS))
    }

    assert moved(zones, range(7), inside, tier, leaving, RANKS) == expected
