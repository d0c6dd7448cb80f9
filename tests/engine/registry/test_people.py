"""The register: one person once, every move written down, any past version listable."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firebreak.engine.areas.actions import AreaRow, add_areas
from firebreak.engine.registry import queries
from firebreak.engine.registry.actions import end_presence, people_left, register_people, register_person
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.engine.registry.identity import open_id, open_phone
from firebreak.engine.registry.models import Household, NeedFlag, Person, Presence, PresenceChange
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
AT = datetime(2022, 6, 5, 6, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=5)
BY = SystemActor("test", frozenset({"areas.write", "registry.write", "registry.read"}))
LI = NewPerson("李小芳", "B1", door="301", id_number="11010519491231002x", phone="138 0013 8000", needs=("dialysis",))
ZHANG = NewPerson("张三", "B1", door="302", birth_on=date(1980, 1, 2), sex=1)


@pytest.fixture(autouse=True)
def _buildings(db: None) -> None:
    add_areas(rows=[
        AreaRow("HT", "district", "海投"), AreaRow("HT-01", "community", "东澳社区", parent="HT"),
        AreaRow("G1", "grid", "第一网格", parent="HT-01"), AreaRow("G2", "grid", "第二网格", parent="HT-01"),
        AreaRow("B1", "building", "1号楼", parent="G1"), AreaRow("B2", "building", "2号楼", parent="G2"),
    ], by=BY, at=AT)


def present(path: str, at: datetime) -> list[tuple[str, str]]:
    """Name and kind of everybody present."""
    rows = queries.present_at(path, Cutoff(at)).rows()
    names = {person.pk: person.name for person in Person.objects.all()}
    return sorted((names[person], kind) for person, _, kind in rows)


def test_a_registered_person_is_sealed_spelled_housed_and_present() -> None:
    ref = register_person(person=LI, by=BY, at=AT)
    person = Person.objects.get(ref=ref)
    assert (person.pinyin, person.initials, person.sex, person.birth_on) == ("lixiaofang", "lxf", 2, date(1949, 12, 31))
    assert (open_id(ref, person.id_sealed), open_phone(ref, person.phone_sealed)) == ("11010519491231002X",
        "13800138000")
    assert person.household is not None
    assert (person.household.door, person.id_last4) == ("301", "002X")
    assert [need.key for need in person.needs.all()] == ["dialysis"]
    assert present("/HT/", AT) == [("李小芳", "lives")]
    assert b"110105" not in bytes(person.id_sealed or b"")


def test_the_same_paper_gives_the_same_person_and_changes_nothing() -> None:
    first = register_person(person=LI, by=BY, at=AT)
    assert register_person(person=LI, by=BY, at=LATER) == first
    assert (Person.objects.count(), PresenceChange.objects.count(), Household.objects.count()) == (1, 1, 1)
    assert NeedFlag.objects.count() == 1


def test_a_paper_registered_under_another_name_is_refused() -> None:
    register_person(person=LI, by=BY, at=AT)
    with pytest.raises(Refusal) as refused:
        register_person(person=replace(LI, name="王五"), by=BY, at=LATER)
    assert refused.value.code == "id-has-other-name"


def test_a_person_without_papers_is_recognised_by_name_door_and_birth() -> None:
    first = register_person(person=ZHANG, by=BY, at=AT)
    assert register_person(person=ZHANG, by=BY, at=LATER) == first
    assert register_person(person=replace(ZHANG, door="303"), by=BY, at=LATER) != first


def test_papers_shown_later_complete_the_same_person() -> None:
    first = register_person(person=replace(LI, id_number="", birth_on=date(1949, 12, 31)), by=BY, at=AT)
    assert register_person(person=LI, by=BY, at=LATER) == first
    assert register_person(person=replace(LI, building="B2"), by=BY, at=LATER) == first
    assert Person.objects.get().id_kind == "resident"


def test_a_move_is_two_explicit_steps_and_the_past_can_still_be_listed() -> None:
    register_person(person=LI, by=BY, at=AT)
    register_person(person=replace(LI, building="B2", door="101"), by=BY, at=LATER)
    steps = PresenceChange.objects.order_by("id").values_list("building__code", "change", "reason")
    assert list(steps) == [("B1", 1, "registered"), ("B1", -1, "moved"), ("B2", 1, "registered")]
    assert present("/HT/HT-01/G1/", AT) == [("李小芳", "lives")]
    assert present("/HT/HT-01/G1/", LATER) == []
    assert present("/HT/HT-01/G2/", LATER) == [("李小芳", "lives")]
    assert Presence.objects.get().building.code == "B2"


def test_somebody_present_twice_is_listed_once_where_they_live() -> None:
    register_person(person=LI, by=BY, at=AT)
    register_person(person=replace(LI, building="B2", kind="works", door=""), by=BY, at=AT)
    assert present("/HT/", AT) == [("李小芳", "lives")]
    assert present("/HT/HT-01/G2/", AT) == [("李小芳", "works")]


def test_a_planned_last_day_ends_the_presence_by_itself() -> None:
    register_person(person=replace(ZHANG, kind="passing", ends_on=date(2022, 6, 6)), by=BY, at=AT)
    assert present("/HT/", datetime(2022, 6, 6, 15, 59, tzinfo=UTC)) == [("张三", "passing")]
    assert present("/HT/", datetime(2022, 6, 6, 16, 0, tzinfo=UTC)) == []


def test_ending_a_presence_early_takes_the_planned_last_day_back() -> None:
    ref = register_person(person=replace(ZHANG, kind="passing", ends_on=date(2022, 6, 6)), by=BY, at=AT)
    end_presence(person=ref, building="B1", kind="passing", reason="sailed", by=BY, at=LATER)
    register_person(person=ZHANG, by=BY, at=LATER)
    assert present("/HT/", datetime(2022, 6, 9, tzinfo=UTC)) == [("张三", "lives")]
    with pytest.raises(Refusal) as refused:
        end_presence(person=ref, building="B1", kind="passing", reason="sailed", by=BY, at=LATER)
    assert refused.value.code == "not-present"


def test_nothing_more_is_asked_of_the_dead() -> None:
    ref = register_person(person=LI, by=BY, at=AT)
    key = Person.objects.get(ref=ref).pk
    assert people_left(moved=[], died={key: date(2022, 6, 5)}, by=BY, at=LATER) == 1
    assert present("/HT/", LATER) == []
    with pytest.raises(Refusal) as refused:
        register_person(person=LI, by=BY, at=LATER)
    assert refused.value.code == "person-died"


def test_who_moved_leaves_that_building_only_and_leaving_twice_changes_nothing() -> None:
    ref = register_person(person=LI, by=BY, at=AT)
    register_person(person=replace(LI, building="B2", kind="works", door=""), by=BY, at=AT)
    stay = Presence.objects.get(person__ref=ref, kind="lives")
    pair = (stay.person_id, stay.building_id)
    assert [people_left(moved=[pair], died={}, by=BY, at=LATER) for _ in range(2)] == [1, 0]
    assert present("/HT/", LATER) == [("李小芳", "works")]
    assert present("/HT/", AT) == [("李小芳", "lives")]


@pytest.mark.parametrize(("person", "code"), [
    (replace(LI, building="B9"), "unknown-building"),
    (replace(LI, id_number="110105194912310021"), "person-unreadable"),
    (replace(LI, birth_on=date(1950, 1, 1)), "person-unreadable"),
    (replace(LI, phone="12"), "person-unreadable"),
])
def test_a_person_who_cannot_be_read_is_refused_and_nothing_is_written(person: NewPerson, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        register_person(person=person, by=BY, at=AT)
    assert refused.value.code == code
    assert Person.objects.count() == 0


def test_statements_do_not_grow_with_the_number_of_people() -> None:
    counts = []
    for size in (250, 600):
        people = [NewPerson(f"张{size}甲{index}", "B1", door=f"{index}") for index in range(size)]
        with CaptureQueriesContext(connection) as seen:
            register_people(people=people, by=BY, at=AT)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_sampling_table_finds_by_paper_and_by_door_with_last_four() -> None:
    register_person(person=LI, by=BY, at=AT)
    found = queries.by_id_number("110105 19491231 002x")
    assert found is not None
    assert found.name == "李小芳"
    assert queries.by_id_number("x") is None
    assert [person.name for person in queries.by_door("B1", "301室", "002x")] == ["李小芳"]
