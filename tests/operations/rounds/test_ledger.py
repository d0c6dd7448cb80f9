"""The books of a round: they balance at every moment, and name the row whenever somebody falsified one."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from firebreak.engine.capture import ledger as capture_ledger
from firebreak.engine.journal.models import Act
from firebreak.engine.ledgers.registry import figure, figures
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff
from firebreak.operations.rounds.actions import add_found_person, excuse_person, record_attempt
from firebreak.operations.rounds.ledger import balances, tube_balances
from firebreak.operations.rounds.models import Entry
from tests.support.testing_round import OPENED, Running, running_round

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LATER = OPENED + 5 * HOUR


@pytest.fixture
def running(ledger: Path) -> Running:
    return worked_round()


def worked_round() -> Running:
    """24 people: 6 sampled (one twice), 1 excused, 1 away, 1 found beside the list."""
    running = running_round(24)
    phone, people = running.phone, running.people
    phone.event("tube.opened", OPENED, tube="T1", site="S-A")
    phone.event("tube.opened", OPENED, tube="T2", site="S-B")
    for number in range(6):
        phone.scan("T1", people[number], OPENED + number * MINUTE)
    phone.scan("T2", people[0], OPENED + 20 * MINUTE)
    phone.send(OPENED + HOUR)
    by, ref = running.by, running.ref
    excuse_person(round=ref, person=people[6], reason="isolation", note="", by=by, at=OPENED + 2 * HOUR)
    record_attempt(round=ref, person=people[7], way="call", result="away", revisit_at=None, by=by, at=OPENED + 2 * HOUR)
    add_found_person(round=ref, person=NewPerson(name="路人", building="B2-1", kind="passing"), by=by, at=OPENED + 3 * HOUR)
    return running


def now() -> Balance:
    return balances(Cutoff(LATER))[0]


def named() -> list[tuple[str, str]]:
    return [(row.about, row.text.en) for row in now().rows]


def test_books_balance_at_every_moment(running: Running) -> None:
    seen = [
        (b.owed, b.done, b.excused, b.open, b.overdue, b.unowned, b.balanced)
        for hours in (0, 1, 2, 3, 30) for b in balances(Cutoff(OPENED + hours * HOUR))
    ]
    assert seen == [
        (24, 1, 0, 23, 0, 0, True), (24, 6, 0, 18, 0, 0, True), (24, 6, 1, 17, 0, 0, True), (25, 6, 1, 18, 0, 0, True),
        (25, 6, 1, 18, 18, 0, True),
    ]
    tubes = tube_balances(Cutoff(LATER))[0]
    assert (tubes.owed, tubes.done, tubes.excused, tubes.open, tubes.balanced) == (2, 0, 0, 2, True)
    captured = capture_ledger.balances(Cutoff(LATER))[0]
    assert (captured.owed, captured.done, captured.open, captured.balanced) == (9, 9, 0, True)


def test_what_is_learned_later_does_not_change_an_older_position(running: Running) -> None:
    cutoff = Cutoff(OPENED + 4 * HOUR, Act.objects.latest("id").pk)
    before = [balance.as_json() for balance in balances(cutoff)] + [figure.count(cutoff) for figure in figures()]
    phone = running.phone
    phone.scan("T2", running.people[6], OPENED + 3 * HOUR)
    phone.event("scan.undone", OPENED + 3 * HOUR, scan=str(first_scan()), reason="wrong_person")
    phone.send(LATER)
    assert now().excused == 0
    assert [balance.as_json() for balance in balances(cutoff)] + [figure.count(cutoff) for figure in figures()] == before


def first_scan() -> object:
    from firebreak.operations.rounds.models import Scan

    return Scan.objects.order_by("happened_at").values_list("event_id", flat=True).first()


def test_figures_open_exactly_their_rows(running: Running) -> None:
    cutoff = Cutoff(LATER)
    mine = [figure for figure in figures() if figure.name.startswith("rounds.")]
    assert [len(list(one.rows(cutoff))) for one in mine] == [one.count(cutoff) for one in mine]
    wanted = {
        "listed": 24, "list-misses": 1, "sampled": 6, "swabs": 7, "doubles": 1, "excused": 1, "away": 1, "to-do": 17,
        "missing": 18, "attempts": 1, "sites": 2, "tubes-open": 2, "tubes-sealed": 0, "refused": 0,
    }
    assert {name: figure(f"rounds.{name}").count(cutoff) for name in wanted} == wanted


def test_deleted_scan_is_named(running: Running, damage: Callable[..., int]) -> None:
    key = Entry.objects.get(person__ref=running.people[1]).person_id
    assert damage("DELETE FROM rounds_scan WHERE person_id = %s", [key]) == 1
    assert (now().difference, now().balanced) == (1, False)
    assert (running.people[1], "Stands as sampled, but there is no scan.") in named()


def test_dropped_entry_is_named(running: Running, damage: Callable[..., int]) -> None:
    key = Entry.objects.get(person__ref=running.people[8]).person_id
    assert damage("DELETE FROM rounds_entry WHERE person_id = %s", [key]) == 1
    assert (now().difference, now().balanced) == (1, False)
    assert named() == [
        (running.people[8], "Is in the register but not on the round's list."),
        ("A1-1", "The building's counters differ from its list."),
    ]


def test_counter_raised_by_one_is_named(running: Running, damage: Callable[..., int]) -> None:
    assert damage(
        "UPDATE rounds_tally SET sampled = sampled + 1 WHERE building_id = %s", [running.areas["B1-1"].pk]
    ) == 1
    assert named()[0] == ("B1-1", "The building's counters differ from its list.")
    assert not now().balanced


def test_task_without_owner_leaves_its_people_unowned(committed_ledger: Path, damage: Callable[..., int]) -> None:
    running = worked_round()
    assert damage(
        "UPDATE tasks_taskchange SET owner_id = 999999 WHERE task_id ="
        " (SELECT task_id FROM rounds_tally WHERE building_id = %s)", [running.areas["B1-1"].pk],
    ) == 1
    assert (now().unowned, now().difference, now().balanced) == (5, 5, False)
    assert [text for _, text in named()] == ["Is without an end, a live task or an owner."] * 5


def test_removed_row_of_the_register_is_named(running: Running, damage: Callable[..., int]) -> None:
    key = Entry.objects.get(person__ref=running.people[9]).person_id
    assert damage("DELETE FROM registry_presencechange WHERE person_id = %s", [key]) == 1
    assert (now().owed, now().difference) == (24, -1)
    assert named() == [
        (running.people[9], "Is on the round's list but neither in its register nor found."),
    ]


def test_removed_decision_is_named(running: Running, damage: Callable[..., int]) -> None:
    assert damage("DELETE FROM rounds_decision") == 1
    assert named() == [(running.people[6], "Stands as closed, but no decision says so.")]


def test_removed_captured_event_is_named(running: Running, damage: Callable[..., int]) -> None:
    assert damage("DELETE FROM capture_capturedevent WHERE type = 'scan' AND sequence = 3") == 1
    assert [text for _, text in named()] == ["The scan has no event of a phone behind it."]
    captured = capture_ledger.balances(Cutoff(LATER))[0]
    assert (captured.difference, captured.balanced) == (1, False)
    assert [row.text.en for row in captured.rows] == ["What the batch received differs from what was stored."]


def test_tube_with_a_wrong_number_is_named(running: Running, damage: Callable[..., int]) -> None:
    assert damage("UPDATE rounds_tube SET members = 9, status = 'sealed' WHERE code = 'T1'") == 1
    assert named() == [("T1", "The number of people in the tube differs from its scans.")]
    assert [row.about for row in tube_balances(Cutoff(LATER))[0].rows] == ["T1"]


def test_changed_captured_event_differs_from_the_digest_in_the_journal(
    running: Running, damage: Callable[..., int]
) -> None:
    assert capture_ledger.changed_batches(Cutoff(LATER)) == []
    damage("UPDATE capture_capturedevent SET mac = %s WHERE sequence = 3", [b"0" * 16])
    assert len(capture_ledger.changed_batches(Cutoff(LATER))) == 1
