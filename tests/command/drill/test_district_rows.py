"""The lists of the drill are lists the importer reads: every header known, every cell read without a complaint."""

from collections.abc import Iterable

import pytest

from firebreak.command.drill.district import area_rows, building_rows, people_rows, roster_rows
from firebreak.engine.registry.importing.kinds import KINDS, Kind, plain_header
from tests.support.inventions import ONE_PERCENT, district, roster

pytestmark = pytest.mark.one_database


def read(kind: Kind, rows: Iterable[list[str]]) -> list[dict[str, object]]:
    """Every row through the importer's own readers, by field."""
    header, *body = rows
    fields = [kind.by_key[kind.words[plain_header(cell)]] for cell in header]
    assert len({field.key for field in fields}) == len(header)
    assert {field.key for field in kind.fields if field.required} <= {field.key for field in fields}
    taken = []
    for row in body:
        assert len(row) == len(header)
        taken.append({field.key: field.parse(cell) for field, cell in zip(fields, row, strict=True) if cell})
    return taken


@pytest.mark.parametrize("people", [ONE_PERCENT, 7_000])
def test_people_are_read_back_as_they_were_invented(people: int) -> None:
    place = district(people)
    taken = read(KINDS["people"], people_rows(place))
    for row, person in zip(taken, place.residents, strict=True):
        assert (row["name"], row["birth_on"], row["sex"]) == (person.name, person.birth_on, person.sex)
        assert (row["building"], row.get("door", ""), row.get("household", "")) == (
            person.building, person.door, person.household
        )
        assert (row["presence"], row["id_kind"]) == (person.presence.value, person.id_kind.value)
        assert (row.get("id_number", ""), row.get("phone", "")) == (person.id_number, person.phone)
        assert row.get("needs", []) == sorted(need.value for need in person.needs)


def test_buildings_are_read_back_with_their_footprints() -> None:
    place = district()
    taken = read(KINDS["buildings"], building_rows(place))
    for row, house in zip(taken, place.buildings, strict=True):
        assert (row["code"], row["parent"], row["floors"], row["units"]) == (
            house.code, house.grid, house.floors, house.units
        )
        assert row["geometry"] == {"type": "Polygon", "coordinates": [[list(point) for point in house.footprint]]}
        assert (row["lon"], row["lat"]) == (house.lon, house.lat)


def test_areas_are_read_back_parents_before_children() -> None:
    place = district()
    taken = read(KINDS["areas"], area_rows(place))
    known: set[object] = {""}
    for row in taken:
        assert row.get("parent", "") in known
        known.add(row["code"])
    assert [row["level"] for row in taken] == (
        ["district"] + ["community"] * len(place.communities) + ["grid"] * len(place.grids)
    )


def test_roster_is_read_back_with_posts_and_roles() -> None:
    enrolled = roster()
    taken = read(KINDS["roster"], roster_rows(enrolled))
    for row, member in zip(taken, enrolled.members, strict=True):
        assert (row["name"], row["phone"], row["post"]) == (member.name, member.phone, member.post)
        assert row["role"] == ("holder" if member.holder else "member")
        assert tuple(row.get("skills", ())) == member.skills  # type: ignore[arg-type]  # a list of words
