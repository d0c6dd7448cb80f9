"""The roster of the drill: people for every post of the plan, a few posts not quite filled."""

from collections import Counter

import pytest

from firebreak.command.drill.district import DEFAULT_PEOPLE, invent_roster
from firebreak.command.drill.district.roster import Standing
from tests.support.inventions import ONE_PERCENT, district, posts, roster

pytestmark = pytest.mark.one_database
SIZES = pytest.mark.parametrize("people", [ONE_PERCENT, DEFAULT_PEOPLE])


@SIZES
def test_roster_fills_the_posts_of_the_plan_with_nearly_a_thousand_people(people: int) -> None:
    enrolled = roster(people)
    wanted = [(post.key, post.required_people) for post in posts(district(people))]
    assert [(post.code, post.required) for post in enrolled.posts] == wanted
    assert len(enrolled.posts) == 154
    assert 970 <= len(enrolled.members) <= 990
    assert sorted(number for post in enrolled.posts for number in post.members) == list(range(len(enrolled.members)))


@SIZES
def test_three_or_four_posts_are_short_and_none_is_too_full(people: int) -> None:
    missing = [post.required - len(post.members) for post in roster(people).posts]
    assert 3 <= sum(gap > 0 for gap in missing) <= 4
    assert min(missing) == 0


def test_post_has_one_holder_who_is_named_for_it() -> None:
    enrolled = roster()
    for post in enrolled.posts:
        named = [enrolled.members[number] for number in post.members]
        assert [member.post for member in named] == [post.code] * len(named)
        assert [member.number for member in named if member.holder] == [post.holder]
        assert enrolled.members[post.holder].standing is Standing.PARTY


def test_headquarters_has_a_commander_deputies_duty_officers_and_eleven_leaders() -> None:
    enrolled = roster()
    assert len(enrolled.holders("commander")) == 1
    assert len(enrolled.filling("deputy_commander")) == 2
    assert len(enrolled.filling("duty_officer")) == 6
    assert len(enrolled.holders("task_force_leader")) == 11


def test_member_is_one_person_with_a_phone_a_branch_and_a_team() -> None:
    members = roster().members
    assert len({member.name for member in members}) == len({member.phone for member in members}) == len(members)
    assert {member.branch for member in members} == {member.team for member in members} == set(range(1, 15))
    assert set(Counter(member.standing for member in members)) == set(Standing)
    register = {person.phone for person in district().residents}
    assert [member.name for member in members if member.phone in register] == []


def test_same_seed_enrols_the_same_people_and_another_seed_others() -> None:
    place = district(ONE_PERCENT)
    again, other = (invent_roster(place, seed, posts(place)) for seed in (7, 8))
    assert again == roster(ONE_PERCENT)
    assert [member.name for member in other.members] != [member.name for member in again.members]
