"""What screens show of a round: the board, the missing in pages, reasons, the swabs of a tube."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test.utils import CaptureQueriesContext

from firebreak.engine.registry.models import Person
from firebreak.operations.rounds import boards, queries
from firebreak.operations.rounds.actions import excuse_person, record_attempt
from tests.support.testing_round import OPENED, Running, running_round

MINUTE = timedelta(minutes=1)


@pytest.fixture
def running(ledger: Path) -> Running:
    running = running_round(24)
    phone = running.phone
    phone.event("tube.opened", OPENED, tube="T1", site="S-A")
    phone.event("tube.opened", OPENED, tube="T2", site="S-B")
    for person in running.people[:3]:
        phone.scan("T1", person, OPENED + MINUTE)
    phone.scan("T2", running.people[0], OPENED + 20 * MINUTE)
    phone.send(OPENED + 30 * MINUTE)
    return running


def test_board_goes_from_communities_to_grids_to_buildings(running: Running) -> None:
    def below(code: str) -> list[tuple[str, int, int, int]]:
        rows = boards.board(running.row, running.areas[code])
        return [(row.code, row.standing.listed, row.standing.sampled, row.standing.open) for row in rows]

    assert below("HT") == [("A", 18, 3, 15), ("B", 6, 0, 6)]
    assert below("A") == [("A1", 12, 2, 10), ("A2", 6, 1, 5)]
    assert below("A1") == [("A1-1", 6, 1, 5), ("A1-2", 6, 1, 5)]


def test_missing_are_paged_without_gap_or_repeat(running: Running) -> None:
    record_attempt(
        round=running.ref, person=running.people[9], way="call", result="away", revisit_at=None, by=running.by,
        at=OPENED + MINUTE,
    )
    whole = queries.missing(running.row.pk, "/HT/", "", 100)
    paged, key = [], ""
    while page := queries.missing(running.row.pk, "/HT/", key, 4):
        paged += page
        key = page[-1].key
    refs = dict(Person.objects.values_list("id", "ref"))
    assert paged == whole
    by_building = sorted(set(range(3, 24)) - {9}, key=lambda number: (number % 4, number))
    assert [refs[row.person] for row in whole] == [running.people[number] for number in (9, *by_building)]
    below = queries.missing(running.row.pk, "/HT/B/", "", 100)
    assert [refs[row.person] for row in below] == running.people[3::4]


def test_missing_reads_no_more_however_many_are_listed(running: Running) -> None:
    from django.db import connection

    with CaptureQueriesContext(connection) as counted:
        queries.missing(running.row.pk, "/HT/", "", 5)
    assert len(counted) == 3


def test_burn_down_counts_people_by_quarter(running: Running) -> None:
    points = queries.burn_down(running.row)
    assert [(point.at, point.sampled, point.open) for point in points] == [(OPENED, 3, 21)]


def test_people_closed_are_counted_by_reason_and_swabs_listed_by_tube(running: Running) -> None:
    excuse_person(
        round=running.ref, person=running.people[5], reason="isolation", note="", by=running.by, at=OPENED + 60 * MINUTE
    )

    assert queries.excused_by_reason(running.row.pk) == {"isolation": 1}
    assert sorted(row.ref for row in queries.members("T1")) == sorted(running.people[:3])
