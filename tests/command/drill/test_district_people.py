"""The register of the drill: as many as asked, nobody twice, papers that fit, families that could be."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.command.drill.district import DEFAULT_PEOPLE, invent_district
from firebreak.command.drill.district.families import age_of
from firebreak.command.drill.district.nouns import IdKind, Need, Presence, Resident, Use
from firebreak.command.drill.district.quotas import register_parts
from firebreak.engine.registry.importing.papers import read_resident
from tests.support.inventions import ONE_PERCENT, district

pytestmark = pytest.mark.one_database
SIZES = pytest.mark.parametrize("people", [ONE_PERCENT, DEFAULT_PEOPLE])


def ages(residents: tuple[Resident, ...]) -> list[int]:
    return [age_of(person.birth_on) for person in residents]


@SIZES
def test_register_has_as_many_lines_as_asked_by_reason_of_being_there(people: int) -> None:
    place = district(people)
    counted = Counter(person.presence for person in place.residents)
    parts = register_parts(people)
    assert [person.number for person in place.residents] == list(range(people))
    assert counted == {
        Presence.LIVES: parts["home"] + parts["dormitory"], Presence.WORKS: parts["works"],
        Presence.PASSING: parts["passing"],
    }


@SIZES
def test_resident_number_carries_the_birth_day_and_sex_and_its_check_digit(people: int) -> None:
    for person in district(people).residents:
        if person.id_kind is IdKind.RESIDENT:
            read = read_resident(person.id_number)
            assert (read.number, read.birth_on, read.sex) == (person.id_number, person.birth_on, person.sex)


@SIZES
def test_paper_and_phone_belong_to_one_person(people: int) -> None:
    residents = district(people).residents
    numbers = [person.id_number for person in residents if person.id_number]
    phones = [person.phone for person in residents if person.phone]
    assert len(set(numbers)) == len(numbers)
    assert len(set(phones)) == len(phones)


@SIZES
def test_paper_is_nobody_s_and_phone_rings_nowhere(people: int) -> None:
    for person in district(people).residents:
        assert person.phone == "" or (person.phone.startswith("154") and len(person.phone) == 11)
        assert bool(person.id_number) == (person.id_kind is not IdKind.NONE)
        assert person.id_kind is not IdKind.RESIDENT or person.id_number.startswith("990101")


def test_twin_by_name_birth_day_and_building_never_happens() -> None:
    residents = district().residents
    assert len({(person.name, person.birth_on, person.building) for person in residents}) == len(residents)


@SIZES
def test_household_is_behind_one_door_of_its_building(people: int) -> None:
    place = district(people)
    doors = [(home.building, home.door) for home in place.households]
    assert len(set(doors)) == len(doors)
    for home in place.households:
        for number in home.residents:
            person = place.residents[number]
            assert (person.household, person.building, person.door) == (home.number, home.building, home.door)
            assert person.presence is Presence.LIVES
    in_homes = sum(len(home.residents) for home in place.households)
    assert in_homes == sum(person.household != "" for person in place.residents) == register_parts(people)["home"]


def test_door_has_a_floor_and_a_staircase_of_its_building() -> None:
    place = district()
    houses = {house.code: house for house in place.buildings}
    for home in place.households:
        unit, _, flat = home.door.rpartition("-")
        house = houses[home.building]
        assert 1 <= int(flat[:-2]) <= house.floors
        assert (unit == "") == (house.units == 1)
        assert unit == "" or 1 <= int(unit) <= house.units


def test_household_has_a_grown_up() -> None:
    place = district()
    for home in place.households:
        assert max(age_of(place.residents[number].birth_on) for number in home.residents) >= 18


def test_ages_look_like_a_coastal_zone() -> None:
    counted = ages(district().residents)
    part = {
        "children": sum(age < 15 for age in counted) / len(counted),
        "working": sum(15 <= age < 60 for age in counted) / len(counted),
        "old": sum(age >= 60 for age in counted) / len(counted),
    }
    assert 0.12 < part["children"] < 0.22
    assert 0.62 < part["working"] < 0.78
    assert 0.08 < part["old"] < 0.18
    assert max(counted) < 100


def test_register_holds_every_kind_of_name_paper_and_need() -> None:
    residents = district().residents
    assert {person.id_kind for person in residents} == set(IdKind)
    assert {need for person in residents for need in person.needs} == set(Need)
    assert any(ord(character) > 0xFFFF for person in residents for character in person.name)
    assert any("·" in person.name for person in residents)
    assert any(person.name.isascii() for person in residents)
    assert {len(person.name) for person in residents if unicodedata.name(person.name[0]).startswith("CJK")} >= {2, 3, 4}


def test_need_fits_the_person() -> None:
    place = district()
    homes = {home.number: home for home in place.households}
    for person in place.residents:
        age = age_of(person.birth_on)
        assert Need.INFANT not in person.needs or age == 0
        assert Need.PREGNANT not in person.needs or (person.sex == 2 and 18 <= age <= 45)
        assert Need.ALONE_OLD not in person.needs or (age >= 65 and len(homes[person.household].residents) == 1)
        assert Need.NO_PHONE not in person.needs or person.phone == ""


def test_worker_is_counted_at_a_workplace_and_crew_at_their_ship() -> None:
    place = district()
    at_work = Counter(person.workplace for person in place.residents if person.workplace)
    assert {workplace.code: workplace.headcount for workplace in place.workplaces} == at_work
    assert all(person.workplace for person in place.residents if person.presence is Presence.WORKS)
    uses = {house.code: house.use for house in place.buildings}
    aboard = Counter(
        person.building for person in place.residents
        if person.presence is Presence.PASSING and uses[person.building] is Use.BERTH
    )
    assert {ship.berth: ship.crew for ship in place.ships} == aboard


def test_site_serves_two_to_three_thousand_people_and_every_building_has_one() -> None:
    place = district()
    served = Counter(code for site in place.sites for code in site.buildings)
    assert served == Counter(house.code for house in place.buildings)
    assert 24 <= len(place.sites) <= 36
    assert all(2_000 <= site.people <= 3_000 for site in place.sites)
    assert all(site.benches == -(-site.people // 700) for site in place.sites)
    people = Counter(person.building for person in place.residents)
    assert [site.people for site in place.sites] == [
        sum(people[code] for code in site.buildings) for site in place.sites
    ]


def test_same_seed_gives_the_same_district_and_another_seed_other_people() -> None:
    again, other = invent_district(7, ONE_PERCENT), invent_district(8, ONE_PERCENT)
    assert again == district(ONE_PERCENT)
    assert other.name != again.name or other.communities != again.communities
    assert {person.name for person in other.residents} != {person.name for person in again.residents}
    assert len(other.residents) == len(again.residents)


@pytest.mark.parametrize("people", [0, 199, 200_001])
def test_size_beyond_what_the_land_holds_is_refused_in_both_languages(people: int) -> None:
    with pytest.raises(ValueError, match=r"演练的人数.*The drill takes"):
        invent_district(7, people)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**40), people=st.integers(200, 2_500))
def test_any_seed_and_size_gives_a_whole_small_district(seed: int, people: int) -> None:
    place = invent_district(seed, people)
    assert len(place.residents) == people
    assert len(place.communities) >= 2
    houses = {house.code for house in place.buildings}
    assert {person.building for person in place.residents} <= houses
    assert len({person.id_number for person in place.residents if person.id_number}) == sum(
        person.id_number != "" for person in place.residents
    )
    assert sorted(code for site in place.sites for code in site.buildings) == sorted(houses)
