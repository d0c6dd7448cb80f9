"""The plan of round one: the published number of people sampled, whatever the seed, and one end for everybody."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.command.drill.district import (
    DEFAULT_PEOPLE,
    End,
    find_later,
    invent_district,
    plan_fates,
    plan_later_fates,
    sampled_goal,
)
from firebreak.command.drill.district.families import TODAY, age_of
from firebreak.command.drill.district.nouns import IdKind, Presence
from firebreak.engine.plans.loader import load_pack
from firebreak.engine.registry.importing.papers import read_resident
from firebreak.operations.rounds.plan import RoundsSection
from tests.support.inventions import ONE_PERCENT, PLAN, district

pytestmark = pytest.mark.one_database


def test_goal_of_the_full_district_is_the_published_figure() -> None:
    assert sampled_goal(DEFAULT_PEOPLE) == 71_368


@pytest.mark.parametrize("seed", [0, 7, 8, 20_220_606])
def test_full_round_samples_71368_distinct_persons_for_every_seed(seed: int) -> None:
    fates = plan_fates(district(), seed)
    sampled = sum(fate.end.sampled for fate in fates.of) + sum(found.fate.end.sampled for found in fates.found)
    assert sampled == fates.sampled == 71_368
    assert len(fates.of) == len(district().residents) == 71_702
    assert len(fates.found) == 214


def test_full_round_has_every_quota() -> None:
    fates = plan_fates(district(), 7)
    assert Counter(fate.end for fate in fates.of) == {
        End.SAMPLED: 70_365, End.SAMPLED_ON_VISIT: 643, End.SAMPLED_TWICE: 152, End.EXCUSED: 203, End.MOVED: 131,
        End.AWAY: 113, End.UNREACHABLE: 44, End.REFUSED: 29, End.DIED: 22,
    }


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**40), people=st.integers(200, 3_000))
def test_any_seed_and_size_samples_its_part_of_71368(seed: int, people: int) -> None:
    fates = plan_fates(invent_district(seed, people), seed)
    assert fates.sampled == round(71_368 * people / 71_702) == sampled_goal(people)
    assert len(fates.of) == people


def test_another_seed_meets_other_people_with_the_same_totals() -> None:
    one, other = plan_fates(district(), 7), plan_fates(district(), 8)
    assert Counter(fate.end for fate in one.of) == Counter(fate.end for fate in other.of)
    assert [fate.end for fate in one.of] != [fate.end for fate in other.of]
    assert plan_fates(district(), 7) == one


def test_end_is_reached_as_the_plan_asks() -> None:
    rounds = load_pack(PLAN).find(RoundsSection)
    assert rounds is not None
    fates = plan_fates(district(), 7)
    attempts = rounds.follow_up.attempts_before_refusal_closes.value
    for fate in (*fates.of, *(found.fate for found in fates.found)):
        assert (fate.reason != "") == (fate.end is End.EXCUSED)
        assert fate.reason == "" or rounds.excuse(fate.reason).key == fate.reason
        assert fate.end is not End.REFUSED or len(fate.tries) == attempts
        assert (fate.on is not None) == (fate.end in (End.MOVED, End.DIED))
        assert fate.on is None or fate.on < TODAY
        assert fate.end not in (End.AWAY, End.UNREACHABLE) or fate.tries[-1].result == fate.end.value
    assert {attempt.result for fate in fates.of for attempt in fate.tries} == {
        "away", "unreachable", "refused", "promised"
    }


def test_end_fits_the_person() -> None:
    place = district()
    for person, fate in zip(place.residents, plan_fates(place, 7).of, strict=True):
        age = age_of(person.birth_on)
        assert fate.end not in (End.REFUSED, End.SAMPLED_TWICE) or age >= 18
        assert fate.end is not End.DIED or age >= 66
        assert fate.reason != "infant" or age == 0
        assert fate.reason != "tested_elsewhere" or person.presence is Presence.WORKS


def test_found_person_is_on_no_list_and_has_papers_of_their_own() -> None:
    place = district()
    found = plan_fates(place, 7).found
    numbers = {person.id_number for person in place.residents}
    phones = {person.phone for person in place.residents}
    houses = {house.code for house in place.buildings}
    assert {one.presence for one in found} == set(Presence)
    for one in found:
        assert one.building in houses
        assert one.id_number == "" or one.id_number not in numbers
        assert one.phone == "" or one.phone not in phones
        if one.id_kind is IdKind.RESIDENT:
            assert read_resident(one.id_number).birth_on == one.birth_on
            assert one.id_number.startswith("990102")
    assert len({one.id_number for one in found if one.id_number}) == sum(one.id_number != "" for one in found)


def test_one_percent_still_has_several_ends_and_a_list_miss() -> None:
    fates = plan_fates(district(ONE_PERCENT), 7)
    assert len({fate.end for fate in fates.of}) >= 6
    assert len(fates.found) == 2


def test_later_round_is_the_same_for_the_same_seed_and_clears_up_whom_the_first_handed_over() -> None:
    before = plan_fates(district(), 7).of
    later = plan_later_fates(7, 2, before)
    assert later == plan_later_fates(7, 2, before) != plan_later_fates(8, 2, before)
    ends = {one.end: {after.end for first, after in zip(before, later, strict=True) if first.end is one.end}
            for one in before}
    assert ends[End.AWAY] <= {End.EXCUSED, End.SAMPLED, End.SAMPLED_ON_VISIT, End.SAMPLED_TWICE}
    assert ends[End.UNREACHABLE] == {End.MOVED, End.EXCUSED}


def test_people_found_in_later_rounds_carry_numbers_nobody_else_has() -> None:
    found = [one for number in (2, 3, 4) for one in find_later(district(), 7, number)]
    numbers = [one.id_number for one in [*plan_fates(district(), 7).found, *found, *district().residents] if one.id_number]
    assert len(numbers) == len(set(numbers))
