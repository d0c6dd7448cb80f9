"""People entered twice: found by likeness, merged by somebody, taken back exactly, and never proposed again."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firebreak.engine.areas.models import Area
from firebreak.engine.registry.actions import people_left, register_people, register_person
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.engine.registry.erasing import erase_fields
from firebreak.engine.registry.likeness import Entry, alike, judge, score_of
from firebreak.engine.registry.merging import keep_apart, look_for_duplicates, merge_people, undo_merge
from firebreak.engine.registry.models import (
    FoldedStay,
    NeedFlag,
    Person,
    PersonMerge,
    PersonPair,
    Presence,
    PresenceChange,
)
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from tests.support.staffing import everybody, plant_areas

pytestmark = pytest.mark.django_db
AT, LATER = datetime(2022, 6, 5, 1, tzinfo=UTC), datetime(2022, 6, 5, 2, tzinfo=UTC)
BY = everybody()
BORN = date(1980, 3, 4)
WU = NewPerson(name="吴建国", building="A1-1", door="301", birth_on=BORN, sex=1, phone="13800000001")


def entered(*people: NewPerson) -> list[Ref]:
    if not Area.objects.exists():
        plant_areas()
    return register_people(people=list(people), by=BY, at=AT)


def like(person: NewPerson, **changes: Any) -> NewPerson:
    return NewPerson(**{
        name: getattr(person, name) for name in (
            "name", "building", "kind", "door", "birth_on", "sex", "phone", "needs", "id_kind", "id_number", "ends_on"
        )
    } | changes)


def waiting() -> PersonPair:
    return PersonPair.objects.get(status="waiting")


def register() -> list[Any]:
    """Everything the register says now, apart from its history."""
    stays = Presence.objects.order_by("person_id", "building_id", "kind")
    return [
        list(Person.objects.order_by("id").values_list()),
        list(stays.values_list("person_id", "building_id", "kind", "door", "begins_on", "ends_on")),
        sorted(NeedFlag.objects.values_list("person_id", "key")),
    ]


def expected() -> dict[tuple[int, int, str], int]:
    """The history added up: what it says of now."""
    sums: dict[tuple[int, int, str], int] = {}
    for person, building, kind, change in PresenceChange.objects.values_list("person_id", "building_id", "kind", "change"):
        sums[person, building, kind] = sums.get((person, building, kind), 0) + change
    return {key: n for key, n in sums.items() if n}


@pytest.mark.parametrize(("other", "found"), [
    (like(WU, building="B1-1", door="2"), ["same_name", "same_phone", "same_birth"]),
    (like(WU, name="吴健国", birth_on=None, door=""), ["same_sound", "same_phone"]),
    (like(WU, phone="", building="B2-1", door="9"), ["same_name", "same_birth"]),
    (like(WU, phone="", birth_on=date(1980, 4, 3), door="301", sex=0), ["same_name", "near_birth", "same_door"]),
    (like(WU, name="吴建国", phone="", birth_on=date(1951, 3, 4), sex=2), None),
    (like(WU, name="吴小红", sex=2), None), (like(WU, name="李四"), None),
])
def test_what_is_alike_is_said_and_what_is_not_enough_is_not_proposed(other: NewPerson, found: list[str] | None) -> None:
    entered(WU, other)
    assert [list(one.why) for one in alike()] == ([] if found is None else [found])


def test_two_papers_of_one_kind_are_two_people() -> None:
    paper = {"id_kind": "passport"}
    entered(like(WU, **paper, id_number="E11111111"), like(WU, **paper, id_number="E22222222"))
    assert list(alike()) == []


def test_twins_are_not_proposed() -> None:
    entered(like(WU, name="吴佳怡", sex=2), like(WU, name="吴佳豪"))
    assert list(alike()) == []


ENTRY = st.builds(
    Entry, id=st.integers(1, 9), name=st.sampled_from(["吴建国", "吴健国", "李四", ""]),
    pinyin=st.sampled_from(["wujianguo", "lisi", ""]), sex=st.sampled_from([0, 1, 2]),
    birth_on=st.sampled_from([None, BORN, date(1980, 4, 3)]), phone=st.sampled_from(["", "p"]),
    building=st.sampled_from([None, 1, 2]), door=st.sampled_from(["", "1"]),
)


@given(ENTRY, ENTRY)
def test_likeness_does_not_depend_on_the_order(one: Entry, other: Entry) -> None:
    assert (judge(one, other), score_of(judge(one, other))) == (judge(other, one), score_of(judge(other, one)))


def test_a_pair_is_proposed_once_and_apart_is_remembered() -> None:
    entered(WU, like(WU, building="B1-1", door="2"))
    assert [look_for_duplicates(by=BY, at=LATER) for _ in range(2)] == [1, 0]
    keep_apart(pair=Ref(waiting().ref), reason="父子同名", by=BY, at=LATER)
    assert look_for_duplicates(by=BY, at=LATER) == 0
    row = PersonPair.objects.get()
    assert (row.status, row.reason, row.decided_by) == ("apart", "父子同名", BY.ref)
    with pytest.raises(Refusal, match="pair-decided"):
        keep_apart(pair=Ref(row.ref), reason="", by=BY, at=LATER)


def merged(keep: int = 0, *people: NewPerson) -> tuple[Ref, list[Ref]]:
    refs = entered(*(people or (like(WU, needs=("dialysis",)), like(WU, building="B1-1", door="2", needs=("alone",)))))
    look_for_duplicates(by=BY, at=LATER)
    pair = Ref(waiting().ref)
    merge_people(pair=pair, keep=refs[keep], reason="同一人", by=BY, at=LATER)
    return pair, refs


def test_a_merged_person_is_expected_once_with_the_needs_of_both() -> None:
    _, (kept, _folded) = merged()
    assert list(Presence.objects.values_list("person__ref", "building__code")) == [(kept, "A1-1")]
    assert sorted(NeedFlag.objects.filter(person__ref=kept).values_list("key", flat=True)) == ["alone", "dialysis"]
    assert set(expected().values()) == {1}


def test_a_place_only_the_folded_entry_knew_goes_to_the_kept_one_until_its_last_day() -> None:
    last = date(2022, 6, 9)
    _, (kept, _folded) = merged(0, WU, like(WU, building="B1-1", kind="works", door="", ends_on=last))
    stays = Presence.objects.order_by("id").values_list("person__ref", "building__code", "kind", "ends_on")
    assert sorted(stays, key=str) == sorted([(kept, "A1-1", "lives", None), (kept, "B1-1", "works", last)], key=str)
    assert {key[2]: n for key, n in expected().items()} == {"lives": 1}


@pytest.mark.parametrize("keep", [0, 1])
@pytest.mark.parametrize("other", [
    like(WU, building="B1-1", door="2", needs=("alone",)), like(WU, building="B1-1", kind="works", door="", needs=("alone",)),
    like(WU, name="吴健国", door="", phone="13800000001", ends_on=date(2022, 6, 20)),
])
def test_undoing_puts_every_row_back(keep: int, other: NewPerson) -> None:
    refs = entered(like(WU, needs=("dialysis",)), other)
    before, sums = register(), expected()
    look_for_duplicates(by=BY, at=LATER)
    pair = Ref(waiting().ref)
    merge_people(pair=pair, keep=refs[keep], reason="同一人", by=BY, at=LATER)
    assert register() != before
    undo_merge(pair=pair, reason="两人", by=BY, at=LATER)

    assert (register(), expected(), FoldedStay.objects.count()) == (before, sums, 0)
    assert (PersonPair.objects.get().status, look_for_duplicates(by=BY, at=LATER)) == ("apart", 0)
    with pytest.raises(Refusal, match="not-merged"):
        undo_merge(pair=pair, reason="", by=BY, at=LATER)


def test_the_folded_entry_coming_again_in_a_list_is_the_kept_person() -> None:
    paper = {"id_kind": "passport", "id_number": "E11111111"}
    other = like(WU, name="吴健国", building="B1-1", door="2", **paper)
    _, (kept, _folded) = merged(0, WU, other)
    again = register_person(person=other, by=BY, at=LATER)
    assert again == kept
    assert list(Presence.objects.values_list("person__ref", "building__code")) == [(kept, "B1-1")]
    assert Person.objects.count() == 2


def test_whoever_is_merged_is_not_merged_again() -> None:
    _, refs = merged()
    third = register_person(person=like(WU, building="B2-1", door="5"), by=BY, at=LATER)
    look_for_duplicates(by=BY, at=LATER)
    pair = waiting()
    assert {pair.first.ref, pair.second.ref} == {refs[0], third}
    with pytest.raises(Refusal, match="merged-already"):
        merge_people(pair=Ref(pair.ref), keep=third, reason="", by=BY, at=LATER)
    assert merge_people(pair=Ref(pair.ref), keep=refs[0], reason="", by=BY, at=LATER) == third


def test_the_dead_and_the_folded_are_not_proposed() -> None:
    entered(WU, like(WU, building="B1-1", door="2"))
    people_left(moved=[], died={Person.objects.order_by("id")[0].pk: date(2022, 6, 5)}, by=BY, at=LATER)
    assert look_for_duplicates(by=BY, at=LATER) == 0


def test_who_may_not_merge_there_changes_nothing() -> None:
    entered(WU, like(WU, building="B1-1", door="2"))
    look_for_duplicates(by=BY, at=LATER)
    before = register()
    with pytest.raises(Refusal, match="not-permitted"):
        merge_people(
            pair=Ref(waiting().ref), keep=Ref(Person.objects.order_by("id")[0].ref), reason="",
            by=SystemActor("reader", frozenset({"registry.read"})), at=LATER,
        )
    assert register() == before


def test_what_a_merge_kept_for_its_undoing_is_erased_with_the_rest() -> None:
    merged()
    assert FoldedStay.objects.exclude(door="").exists()
    assert PersonMerge.objects.get().needs_added == ["alone"]
    erase_fields(area_path="/HT/", fields=["presence.building", "need_flag.key"], by=BY, at=LATER)
    assert (FoldedStay.objects.count(), PersonMerge.objects.get().needs_added) == (0, [])
