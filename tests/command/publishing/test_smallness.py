"""No count that is shown, and no difference of counts that are shown, is between 1 and the limit."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from firebreak.command.publishing.smallness import Count, together

FEW = 5
PLACES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=7).map(
    lambda pairs: [Count((f"C{n}",), max(pair), min(pair)) for n, pair in enumerate(pairs)]
)


def sums(rows: list[Count]) -> Count:
    whole = Count((), 0, 0)
    for row in rows:
        whole = whole.with_(row)
    return whole


@given(PLACES)
def test_everybody_is_counted_once_or_nothing_is_shown_by_place(places: list[Count]) -> None:
    shown = together(places, FEW)
    if not shown:
        assert not places or sums(places).small(FEW)
        return
    assert (sums(shown).owed, sums(shown).left) == (sums(places).owed, sums(places).left)
    assert sorted(code for row in shown for code in row.codes) == sorted(code for row in places for code in row.codes)


@given(PLACES)
def test_no_subtraction_of_shown_rows_finds_a_small_group(places: list[Count]) -> None:
    """Whoever adds and subtracts shown rows and the whole gets sums of shown rows only, none of them small."""
    shown = together(places, FEW)
    for size in range(1, len(shown) + 1):
        for chosen in combinations(shown, size):
            assert not sums(list(chosen)).small(FEW)


def test_places_without_small_counts_stay_as_they_are() -> None:
    places = [Count(("A",), 100, 0), Count(("B",), 50, 10)]
    assert together(places, FEW) == places


def test_a_small_place_is_counted_together_with_the_smallest_other() -> None:
    places = [Count(("A",), 100, 20), Count(("B",), 50, 10), Count(("C",), 30, 2)]
    assert together(places, FEW) == [Count(("A",), 100, 20), Count(("C", "B"), 80, 12)]


def test_when_all_together_are_small_nothing_is_shown_by_place() -> None:
    assert together([Count(("A",), 100, 1), Count(("B",), 50, 2)], FEW) == []
