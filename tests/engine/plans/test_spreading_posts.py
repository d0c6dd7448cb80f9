"""A plan written for any district fills a real one: 154 posts, every area answered for."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firebreak.engine.plans.loader import load_pack
from firebreak.engine.units.plan import UnitsSection, deal, expand_posts, expand_units, numeral
from tests.engine.plans.conftest import SHIPPED

SECTION = load_pack(SHIPPED).section(UnitsSection)


def codes(communities: int, grids: int) -> dict[str, list[str]]:
    return {
        "district": ["D"],
        "community": [f"C{number}" for number in range(communities)],
        "grid": [f"G{number}" for number in range(grids)],
    }


@given(st.integers(1, 60), st.integers(0, 400))
def test_any_district_gets_every_post_and_every_grid_an_owner(communities: int, grids: int) -> None:
    given_codes = codes(communities, grids)
    posts = expand_posts(SECTION, given_codes)
    assert len(posts) == 154
    assert len({post.key for post in posts}) == 154
    assert 960 <= sum(post.required_people for post in posts) <= 990
    assert all(post.areas for post in posts)
    swept = {area for post in posts if post.duty == "grid" for area in post.areas}
    assert swept == set(given_codes["grid"]) | (swept & set(given_codes["community"]))
    assert swept >= set(given_codes["grid"])


@given(st.integers(1, 40), st.lists(st.integers(0, 12), min_size=40, max_size=40))
def test_a_team_stays_in_its_communities_when_parents_are_known(communities: int, sizes: list[int]) -> None:
    parent_of = {f"C{c}-G{g}": f"C{c}" for c in range(communities) for g in range(sizes[c])}
    given_codes = codes(communities, 0) | {"grid": list(parent_of)}
    teams = {unit.key: set(unit.areas) for unit in expand_units(SECTION, given_codes)}
    posts = expand_posts(SECTION, given_codes, parent_of=parent_of)
    for post in posts:
        if post.duty == "grid":
            assert {parent_of.get(area, area) for area in post.areas} <= teams[post.unit_key]
    swept = {area for post in posts if post.duty == "grid" for area in post.areas}
    assert swept >= set(parent_of)


def test_units_stand_under_their_parents_and_each_has_one_leader() -> None:
    units = expand_units(SECTION, codes(9, 180))
    kinds = Counter(unit.kind for unit in units)
    assert kinds == {"headquarters": 1, "task_force": 11, "branch": 14, "team": 14}
    by_key = {unit.key: unit for unit in units}
    assert [unit.key for unit in units if not unit.parent_key] == ["headquarters"]
    assert by_key["team-05"].parent_key == "branch-05"
    assert by_key["team-05"].areas == by_key["branch-05"].areas
    leaders = [post.unit_key for post in expand_posts(SECTION, codes(9, 180)) if post.leads_unit]
    assert sorted(leaders) == sorted(by_key)


def test_alike_units_and_posts_are_numbered_in_both_languages() -> None:
    units = {unit.key: unit.name for unit in expand_units(SECTION, codes(3, 0))}
    assert (units["branch-14"].zh, units["branch-14"].en) == ("第十四临时党支部", "Temporary branch 14")


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (10, "十"), (14, "十四"), (20, "二十"), (70, "七十"), (99, "九十九")]
)
def test_numerals(number: int, written: str) -> None:
    assert numeral(number) == written


@given(st.lists(st.integers().map(str), min_size=1, unique=True), st.integers(1, 30))
def test_dealing_leaves_no_area_and_no_receiver_out(areas: list[str], count: int) -> None:
    dealt = deal(areas, count)
    assert len(dealt) == count
    assert all(dealt)
    assert {area for share in dealt for area in share} == set(areas)
    sizes = [len(share) for share in dealt]
    assert max(sizes) - min(sizes) <= 1
