"""The journal can be read by subject, by person and by kind, newest first, with the seal that holds each act."""

from datetime import timedelta
from pathlib import Path

import pytest

from firebreak.engine.journal import queries, seals
from tests.support.acts import START, note_many


def test_acts_are_newest_first_and_know_their_seal(ledger: Path) -> None:
    note_many(3)
    seals.seal(at=START + timedelta(hours=1))
    note_many(1, first=3)
    lines = queries.acts()
    assert [(line.events[0][1], line.seal) for line in lines] == [
        ("note:3", None), ("note:2", 1), ("note:1", 1), ("note:0", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"about": "note:2"}, ["note:2"]),
        ({"by": "system:test", "limit": 2}, ["note:3", "note:2"]),
        ({"by": "system:other"}, []),
        ({"name": "support.no"}, ["note:3", "note:2", "note:1", "note:0"]),
        ({"outcome": "refused"}, []),
    ],
)
def test_acts_are_found(ledger: Path, asked: dict[str, str], found: list[str]) -> None:
    note_many(4)
    assert [line.events[0][1] for line in queries.acts(**asked)] == found  # type: ignore[arg-type]  # given by name


def test_pages_follow_each_other(ledger: Path) -> None:
    note_many(5)
    first = queries.acts(limit=3)
    assert [line.events[0][1] for line in queries.acts(before=first[-1].id, limit=3)] == ["note:1", "note:0"]


def test_a_page_costs_three_queries(ledger: Path, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    note_many(6)
    with django_assert_num_queries(3):
        queries.acts(limit=5)
