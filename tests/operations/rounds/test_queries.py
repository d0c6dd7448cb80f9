"""What screens show of a round: the board, the missing in pages, who was found, doubled, decided."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test.utils import CaptureQueriesContext

from firebreak.engine.registry.enrolment import NewPerson
from firebreak.operations.rounds import queries
from firebreak.operations.rounds.actions import add_found_person, excuse_person, record_attempt
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
    top = queries.board(running.row.pk)
    assert [(row.code, row.totals.listed, row.totals.sampled) for row in top] == [("A", 18, 3), ("B", 6, 0)]
    grids = queries.board(running.row.pk, "/HT/A/")
    assert [(row.code, row.totals.listed, row.totals.open) for row in grids] == [("A1", 12, 10), ("A2", 6, 5)]
    houses = queries.board(running.row.pk, "/HT/A/A1/")
    assert [(row.code, row.totals.sampled) for row in houses] == [("A1-1", 1), ("A1-2", 1)]


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
    assert [row.ref for row in paged] == [row.ref for row in whole]
    assert whole[0].ref == running.people[9]
    assert (whole[0].state, whole[0].attempts, whole[0].revisit_at) == ("away", 1, OPENED + MINUTE + timedelta(hours=4))
    assert {row.ref for row in whole} == set(running.people[3:])
    assert {row.holder for row in whole if row.building == "A1-1"} == {"grid_a10"}
    assert [row.ref for row in queries.missing(running.row.pk, "/HT/B/", "", 100)] == running.people[3::4]


def test_missing_reads_no_more_however_many_are_listed(running: Running) -> None:
    from django.db import connection

    with CaptureQueriesContext(connection) as counted:
        queries.missing(running.row.pk, "/HT/", "", 5)
    assert len(counted) == 3


def test_burn_down_counts_people_by_quarter(running: Running) -> None:
    points = queries.burn_down(running.row.pk)
    assert [(point.at, point.sampled, point.open) for point in points] == [(OPENED, 3, 21)]


def test_person_in_two_tubes_is_listed_with_both(running: Running) -> None:
    rows = queries.doubles(running.row)
    assert [(row.ref, row.tubes) for row in rows] == [(running.people[0], ("T1", "T2"))]


def test_found_decided_attempts_and_log_say_what_was_done(running: Running) -> None:
    at = OPENED + timedelta(hours=2)
    ref = add_found_person(
        round=running.ref, person=NewPerson(name="路人", building="B2-1", kind="passing"), by=running.by, at=at
    )
    excuse_person(round=running.ref, person=running.people[5], reason="isolation", note="", by=running.by, at=at)
    record_attempt(
        round=running.ref, person=running.people[6], way="visit", result="refused", revisit_at=None, by=running.by, at=at
    )
    assert [(row.ref, row.building, row.found_as, row.state) for row in queries.found(running.row.pk, "/HT/")] == [
        (ref, "B2-1", "passing", "to_do")
    ]
    assert [(row.ref, row.reason) for row in queries.decided(running.row.pk, "/HT/")] == [(running.people[5], "isolation")]
    assert [(row.ref, row.result) for row in queries.attempts(running.row.pk, "/HT/")] == [(running.people[6], "refused")]
    assert [(row.kind, row.what) for row in queries.log_of(running.row.pk, running.people[0])] == [
        ("scan", "T1"), ("scan", "T2"),
    ]
    assert [(row.number, row.state) for row in queries.rounds_of_person(running.people[5])] == [(1, "excused")]
    assert len(queries.roster(running.row.pk, "A1-1")) == 6
    assert queries.excused_by_reason(running.row.pk) == {"isolation": 1}
    assert [(row.code, row.members) for row in queries.tubes(running.row.pk)] == [("T1", 3), ("T2", 1)]
    assert sorted(row.ref for row in queries.members("T1")) == sorted(running.people[:3])
