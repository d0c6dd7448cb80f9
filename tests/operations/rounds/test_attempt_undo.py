"""An attempt written down by a slip is taken back by a fact of its own: nothing is erased, and the books hold."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from firebreak.engine.journal.models import Act, Event
from firebreak.engine.ledgers.registry import figure
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refusals import Refusal
from firebreak.operations.rounds import actions
from firebreak.operations.rounds.boards import standing
from firebreak.operations.rounds.ledger import balance
from firebreak.operations.rounds.models import Attempt, AttemptUndo, Entry, EntryOutcome, Tally
from tests.support.staffing import everybody
from tests.support.testing_round import OPENED, Running, running_round

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
AT = OPENED + 10 * MINUTE


@pytest.fixture
def running(ledger: Path) -> Running:
    return running_round(8)


def tried(running: Running, result: str = "away", at: timedelta = timedelta()) -> UUID:
    """A visit to the first person of the round."""
    return UUID(actions.record_attempt(
        round=running.ref, person=running.people[0], way="visit", result=result, revisit_at=None, by=running.by,
        at=AT + at,
    ))


def undo(running: Running, attempt: UUID, at: timedelta = 5 * SECOND) -> None:
    actions.undo_attempt(round=running.ref, attempt=attempt, by=running.by, at=AT + at)


def stands(running: Running) -> tuple[str, int, object]:
    entry = Entry.objects.get(round=running.row, person__ref=running.people[0])
    return entry.state, entry.attempts, entry.revisit_at


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value.code


def test_an_attempt_taken_back_leaves_the_person_as_before_and_stays_written_down(running: Running) -> None:
    attempt = tried(running)
    assert (stands(running)[:2], standing(running.row).away) == (("away", 1), 1)

    undo(running, attempt)

    assert stands(running) == ("to_do", 0, None)
    assert (standing(running.row).away, standing(running.row).to_do) == (0, 8)
    assert (Attempt.objects.count(), AttemptUndo.objects.get().attempt_event_id) == (1, attempt)
    told = Event.objects.get(type="AttemptUndone")
    assert (told.about, told.payload) == (
        running.ref, {"person": running.people[0], "way": "visit", "result": "away"},
    )


def test_the_attempt_before_it_holds_again(running: Running) -> None:
    tried(running, "unreachable")
    before = stands(running)
    slip = tried(running, "promised", MINUTE)
    assert stands(running) == ("to_do", 2, None)

    undo(running, slip, MINUTE + SECOND)

    assert stands(running) == before


@pytest.mark.parametrize("later", [timedelta(), 5 * SECOND])
def test_the_books_hold_at_every_cutoff(running: Running, later: timedelta) -> None:
    attempt = tried(running)
    between = Act.objects.latest("id").pk
    undo(running, attempt, later)

    def at(cutoff: Cutoff) -> tuple[bool, int, int, int]:
        book = balance(running.row, cutoff)
        return book.balanced, book.open, figure("rounds.away").count(cutoff), figure("rounds.attempts").count(cutoff)

    assert at(Cutoff(AT, between)) == (True, 8, 1, 1)
    assert at(Cutoff(AT - SECOND)) == (True, 8, 0, 0)
    assert at(Cutoff(AT + 5 * SECOND)) == (True, 8, 0, 0)
    assert len(list(figure("rounds.attempts").rows(Cutoff(AT, between)))) == 1


def test_only_whoever_wrote_it_down_takes_it_back(running: Running) -> None:
    attempt = tried(running)
    somebody = everybody("somebody")

    assert refusal(lambda: actions.undo_attempt(round=running.ref, attempt=attempt, by=somebody, at=AT)) == (
        "not-your-attempt"
    )
    assert (stands(running)[:2], AttemptUndo.objects.count()) == (("away", 1), 0)


def test_whoever_lost_the_right_to_record_takes_nothing_back(running: Running) -> None:
    from firebreak.kernel.actor import SystemActor

    attempt = tried(running)
    stripped = SystemActor(running.by.ref.removeprefix("system:"), frozenset())

    assert stripped.ref == running.by.ref
    assert refusal(lambda: actions.undo_attempt(round=running.ref, attempt=attempt, by=stripped, at=AT)) == "not-permitted"


def test_a_second_press_is_refused_and_changes_nothing(running: Running) -> None:
    attempt = tried(running)
    undo(running, attempt)
    after, rows = stands(running), EntryOutcome.objects.count()

    assert refusal(lambda: undo(running, attempt)) == "already-undone"
    assert (stands(running), AttemptUndo.objects.count(), EntryOutcome.objects.count()) == (after, 1, rows)


def test_an_attempt_nobody_wrote_down_is_unknown(running: Running) -> None:
    assert refusal(lambda: undo(running, uuid4())) == "unknown-attempt"


def test_attempts_on_which_a_refusal_rests_stay(running: Running) -> None:
    attempts = [tried(running, "refused", number * MINUTE) for number in range(3)]
    actions.record_refused(
        round=running.ref, person=running.people[0], note="三次上门均拒绝", by=everybody(), at=AT + 3 * MINUTE
    )

    assert refusal(lambda: undo(running, attempts[-1], 4 * MINUTE)) == "refusal-rests-on-it"
    assert stands(running)[:2] == ("refused", 3)


def test_nothing_is_taken_back_from_a_round_called_off(running: Running) -> None:
    attempt = tried(running)
    actions.cancel_round(round=running.ref, reason="信号有误", by=everybody(), at=AT + SECOND)

    assert refusal(lambda: undo(running, attempt)) == "round-not-open"


def test_a_building_whose_last_person_was_only_excused_after_a_slip_still_has_its_task(running: Running) -> None:
    attempt = tried(running)
    undo(running, attempt)

    board = Tally.objects.select_related("task").get(round=running.row, building__code="A1-1")
    assert (board.to_do, board.away, board.task and board.task.status) == (2, 0, "open")


@pytest.mark.parametrize("table", ["rounds_attempt", "rounds_attemptundo"])
def test_the_database_keeps_attempts_and_what_took_them_back(running: Running, table: str) -> None:
    undo(running, tried(running))

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET happened_at = happened_at")


def test_a_phone_takes_its_attempt_back_in_any_order_and_once(running: Running) -> None:
    phone = running.phone
    attempt = phone.event("attempt", AT, person=running.people[0], way="call", result="away")
    back = phone.event("attempt.undone", AT + 5 * SECOND, attempt=attempt["id"])
    again = phone.event("attempt.undone", AT + 6 * SECOND, attempt=attempt["id"])
    phone.waiting.clear()

    early = phone.send(AT + MINUTE, [back]).answers[0]
    whole = phone.send(AT + 2 * MINUTE, [attempt, again]).answers

    assert (early["status"], early["code"]) == ("quarantined", "unknown-attempt")
    assert [item["status"] for item in whole] == ["accepted", "accepted"]
    assert (stands(running), AttemptUndo.objects.count()) == (("to_do", 0, None), 1)
    assert phone.send(AT + 3 * MINUTE, [back]).answers[0]["status"] == "duplicate"
    assert balance(running.row, Cutoff(AT + MINUTE)).balanced
