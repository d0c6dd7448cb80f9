"""Which entries of the register may be one human being: candidates by one statement, judged pair by pair.

Evidence only proposes; a person decides. Two entries with two papers of one kind are two people and are never proposed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from rapidfuzz.distance import OSA

from firebreak.engine.registry.enrolment import as_day

ENOUGH = 5
"""Points from which a pair is proposed."""
POINTS = {
    "same_name": 3, "same_sound": 2, "near_sound": 1, "same_phone": 3, "same_birth": 3, "near_birth": 1, "same_door": 2,
    "same_building": 1, "other_sex": -3, "other_birth": -3,
}
"""What each likeness counts. Twins share birth, door and often a phone, but neither name nor its sound."""


class Entry(NamedTuple):
    """What is compared of one entry. `place` is where they live; empty fields are unknown."""

    id: int
    name: str
    pinyin: str
    sex: int
    birth_on: date | None
    phone: str
    building: int | None
    door: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two entries, the lower key first, and what is alike."""

    first: int
    second: int
    score: int
    why: tuple[str, ...]


def judge(one: Entry, other: Entry) -> tuple[str, ...]:
    """What is alike and unlike about two entries; () when their names have nothing in common."""
    name = _names(one, other)
    if not name:
        return ()
    found = [name]
    if one.phone and one.phone == other.phone:
        found.append("same_phone")
    if one.birth_on and other.birth_on:
        found.append(_births(one.birth_on, other.birth_on))
    if one.building is not None and one.building == other.building:
        found.append("same_door" if one.door and one.door == other.door else "same_building")
    if one.sex in (1, 2) and other.sex in (1, 2) and one.sex != other.sex:
        found.append("other_sex")
    return tuple(found)


def score_of(why: tuple[str, ...]) -> int:
    """Points of what was found; a name that only sounds near needs the same birthday."""
    if not why or ("near_sound" in why and "same_birth" not in why):
        return 0
    return sum(POINTS[one] for one in why)


def alike() -> Iterator[Likeness]:
    """Every pair worth a look, among those nobody has decided about. One statement, whatever the size of the register."""
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES)
        for row in cursor.fetchall():
            one, other = _entry(row[:8]), _entry(row[8:])
            why = judge(one, other)
            if (score := score_of(why)) >= ENOUGH:
                yield Likeness(one.id, other.id, score, why)


_COLUMNS = "{x}.id, {x}.name, {x}.pinyin, {x}.sex, {x}.birth_on, {x}.phone_hash, {x}h.building_id, {x}h.door"
_PAIR = (
    "SELECT a.id AS first, b.id AS second FROM registry_person a JOIN registry_person b ON {on}"
    " WHERE a.id < b.id AND a.died_on IS NULL AND b.died_on IS NULL"
    " AND (a.id_hash IS NULL OR b.id_hash IS NULL OR a.id_kind <> b.id_kind)"
)
CANDIDATES = (
    f"SELECT {_COLUMNS.format(x='a')}, {_COLUMNS.format(x='b')} FROM ("
    + " UNION ".join(
        _PAIR.format(on=on) for on in (
            "a.phone_hash = b.phone_hash AND a.phone_hash <> '' AND a.pinyin = b.pinyin",
            "a.pinyin = b.pinyin AND a.birth_on = b.birth_on AND a.pinyin <> ''",
            "a.household_id = b.household_id AND a.pinyin = b.pinyin AND a.pinyin <> ''",
            "a.birth_on = b.birth_on AND a.phone_hash = b.phone_hash AND a.phone_hash <> '' AND a.pinyin <> b.pinyin",
            "a.birth_on = b.birth_on AND a.household_id = b.household_id AND a.pinyin <> b.pinyin",
        )
    )
    + ") near JOIN registry_person a ON a.id = near.first JOIN registry_person b ON b.id = near.second"
    " LEFT JOIN registry_household ah ON ah.id = a.household_id LEFT JOIN registry_household bh ON bh.id = b.household_id"
    " WHERE NOT EXISTS (SELECT 1 FROM registry_personpair p WHERE p.first_id = near.first AND p.second_id = near.second)"
    " AND NOT EXISTS (SELECT 1 FROM registry_personmerge m WHERE m.undone_at IS NULL"
    " AND m.folded_id IN (near.first, near.second))"
    " ORDER BY a.id, b.id"
)
"""Both entries' columns of every pair that shares something and is not decided; the blocks are what an index answers."""


def _entry(row: tuple[Any, ...]) -> Entry:
    key, name, pinyin, sex, birth, phone, building, door = row
    return Entry(key, name, pinyin, sex, as_day(birth), phone, building, door or "")


def _names(one: Entry, other: Entry) -> str:
    if one.name == other.name:
        return "same_name"
    if one.pinyin and one.pinyin == other.pinyin:
        return "same_sound"
    near = len(one.name) == len(other.name) and OSA.distance(one.pinyin, other.pinyin, score_cutoff=1) <= 1
    return "near_sound" if near and one.pinyin and other.pinyin else ""


def _births(one: date, other: date) -> str:
    """Equal; near: one figure differs, or day and month changed places; else another day."""
    if one == other:
        return "same_birth"
    left, right = one.isoformat(), other.isoformat()
    changed = one.year == other.year and (one.month, one.day) == (other.day, other.month)
    return "near_birth" if changed or sum(a != b for a, b in zip(left, right, strict=True)) == 1 else "other_birth"
