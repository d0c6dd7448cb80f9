"""Laws of a round that hold for every history: order of arrival does not matter, and what is read back is the fold."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.engine.capture.gaps import holes, without
from firebreak.operations.rounds.rules import Fact, fold, moments, outcomes
from firebreak.operations.rounds.states import DECIDED, OPEN, State

BEGIN = datetime(2022, 6, 6, tzinfo=UTC)
minutes = st.integers(0, 12).map(lambda n: BEGIN + timedelta(minutes=n))
scans = st.builds(
    Fact, st.just("scan"), st.just(State.SAMPLED), minutes, st.uuids().map(lambda key: key.hex),
    undone_at=st.none() | minutes, revisit_at=st.none(), tube=st.just(0),
)
attempts = st.builds(
    Fact, st.just("attempt"), st.sampled_from([State.AWAY, State.UNREACHABLE, State.TO_DO]), minutes,
    st.sampled_from(["a call", "b visit"]), undone_at=st.none() | minutes, revisit_at=st.none() | minutes,
    tube=st.just(0),
)
decisions = st.builds(
    Fact, st.just("decision"), st.sampled_from([*DECIDED, State.TO_DO]), minutes, st.sampled_from(["a", "b"]),
    undone_at=st.none(), revisit_at=st.none(), tube=st.just(0),
)
histories = st.lists(scans | attempts | decisions, max_size=7)


@given(histories.flatmap(lambda facts: st.tuples(st.just(facts), st.permutations(facts))))
def test_state_does_not_depend_on_the_order_of_arrival(pair: tuple[list[Fact], list[Fact]]) -> None:
    facts, shuffled = pair
    assert fold(facts).state == fold(shuffled).state
    assert [fold(facts, at).state for at in sorted(moments(facts))] == [
        fold(shuffled, at).state for at in sorted(moments(facts))
    ]


@given(histories)
def test_fact_that_comes_twice_changes_nothing(facts: list[Fact]) -> None:
    assert fold(facts + facts) == fold(facts)


@given(histories)
def test_swab_not_undone_beats_every_decision(facts: list[Fact]) -> None:
    swab = Fact("scan", State.SAMPLED, BEGIN, "0")
    assert fold([*facts, swab]).state == State.SAMPLED


@given(histories, attempts, minutes)
def test_what_was_undone_says_nothing(facts: list[Fact], attempt: Fact, undone_at: datetime) -> None:
    assert fold([*facts, attempt._replace(undone_at=undone_at)]) == fold(facts)


@given(histories)
def test_everybody_stands_in_exactly_one_bucket(facts: list[Fact]) -> None:
    state = fold(facts).state
    assert [state in OPEN, state in DECIDED, state == State.SAMPLED].count(True) == 1


@settings(max_examples=300)
@given(histories, st.data())
def test_rows_left_by_facts_in_any_order_always_read_back_as_the_fold(facts: list[Fact], data: st.DataObject) -> None:
    arrival = data.draw(st.permutations(facts))
    rows: list[tuple[datetime, int, str]] = []
    known: list[Fact] = []
    while arrival:
        size = data.draw(st.integers(1, len(arrival)))
        after = known + arrival[:size]
        rows += [(at, len(rows) + number, state) for number, (at, state) in enumerate(outcomes(known, after))]
        known, arrival = after, arrival[size:]
        for minute in range(13):
            at = BEGIN + timedelta(minutes=minute)
            read = max((row for row in rows if row[0] <= at), default=(at, 0, State.TO_DO))
            assert read[2] == fold(known, at).state


numbers = st.sets(st.integers(1, 30), max_size=20)


@given(numbers, st.data())
def test_gaps_name_exactly_the_missing_numbers_whatever_the_batches(delivered: set[int], data: st.DataObject) -> None:
    order = data.draw(st.permutations(sorted(delivered)))
    last, missing = 0, []
    while order:
        size = data.draw(st.integers(1, len(order)))
        batch, order = set(order[:size]), order[size:]
        fresh = holes(last, [number for number in batch if number > last])
        missing = [part for gap in missing for part in without(gap, [n for n in batch if gap[0] <= n <= gap[1]])] + fresh
        last = max(last, *batch)
    named = {number for first, end in missing for number in range(first, end + 1)}
    assert named == set(range(1, last + 1)) - delivered
