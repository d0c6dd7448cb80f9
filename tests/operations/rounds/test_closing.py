"""Closing a round: nobody is left without an end, or without a follow-up that a named person decided."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from firebreak.engine.ledgers.registry import balance_all
from firebreak.engine.registry.models import Presence
from firebreak.engine.tasks.models import Task
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refusals import Refusal
from firebreak.operations.rounds import ledger as books
from firebreak.operations.rounds.actions import (
    close_round,
    excuse_person,
    open_round,
    open_tube,
    record_attempt,
    record_dead,
    record_moved,
    seal_tube,
)
from firebreak.operations.rounds.models import Entry, Round
from tests.support.staffing import RESPONSE
from tests.support.testing_round import DUE, OPENED, Running, rounds_plan, running_round

LATER = OPENED + timedelta(hours=2)
TOMORROW = DUE + timedelta(hours=12)


def refused(act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as no:
        act()
    return no.value


def swab(running: Running, people: int) -> None:
    """The first so many people are sampled, ten to a tube; the last tube is sealed short."""
    for number in range(people):
        tube = f"T{number // 10:03d}"
        if number % 10 == 0:
            open_tube(round=running.ref, code=tube, site="S-A", by=running.by, at=LATER)
        running.phone.scan(tube, running.people[number], LATER + timedelta(seconds=number))
    running.phone.send(LATER + timedelta(minutes=5))
    seal_tube(tube=f"T{(people - 1) // 10:03d}", by=running.by, at=LATER + timedelta(minutes=6))


def close(running: Running, **more: object) -> str:
    return close_round(round=running.ref, by=running.by, at=LATER + timedelta(hours=1), **more)  # type: ignore[arg-type]


def test_round_with_people_left_does_not_close_and_says_who(ledger: Path) -> None:
    running = running_round(people=3)
    swab(running, 2)
    no = refused(lambda: close(running))
    assert (no.code, no.facts["n"]) == ("people-unaccounted", 1)
    assert running.people[2] in str(no.facts["who"])
    assert Round.objects.get().status == Round.Status.OPEN


def test_round_closes_when_everybody_has_an_end(ledger: Path) -> None:
    running = running_round(people=3)
    swab(running, 2)
    record_moved(round=running.ref, person=running.people[2], note="搬走", by=running.by, at=LATER + timedelta(minutes=9))
    close(running)
    assert Round.objects.get().status == Round.Status.CLOSED
    assert set(Task.objects.filter(kind="sweep").values_list("status", flat=True)) == {"ended"}


def test_round_with_a_tube_in_use_does_not_close(ledger: Path) -> None:
    running = running_round(people=1)
    swab(running, 1)
    open_tube(round=running.ref, code="T900", site="S-A", by=running.by, at=LATER)
    assert refused(lambda: close(running)).code == "tubes-open"


def test_people_handed_over_stay_open_under_their_owner_until_the_new_deadline(ledger: Path) -> None:
    running = running_round(people=3)
    swab(running, 2)
    close(running, follow_up_at=TOMORROW, follow_up="网格岗明早上门")
    assert Round.objects.get().status == Round.Status.CLOSED
    live = Task.objects.filter(kind="sweep").exclude(status="ended")
    assert list(live.values_list("due_at", flat=True)) == [TOMORROW]
    found = balance(running, DUE + timedelta(hours=1))
    assert (found.owed, found.done, found.open, found.overdue, found.unowned, found.balanced) == (3, 2, 1, 0, 0, True)


def test_somebody_handed_over_can_still_be_decided(ledger: Path) -> None:
    running = running_round(people=3)
    swab(running, 2)
    close(running, follow_up_at=TOMORROW, follow_up="网格岗明早上门")
    morning = DUE + timedelta(hours=9)
    record_attempt(
        round=running.ref, person=running.people[2], way="visit", result="away", revisit_at=None, by=running.by, at=morning
    )
    record_moved(round=running.ref, person=running.people[2], note="搬走", by=running.by, at=morning + timedelta(hours=1))
    found = balance(running, morning + timedelta(hours=2))
    assert (found.open, found.excused, found.balanced) == (0, 1, True)
    assert set(Task.objects.filter(kind="sweep").values_list("status", flat=True)) == {"ended"}


def test_hand_over_without_words_or_with_a_past_deadline_is_refused(ledger: Path) -> None:
    running = running_round(people=3)
    swab(running, 2)
    assert refused(lambda: close(running, follow_up_at=TOMORROW)).code == "follow-up-unclear"
    assert refused(lambda: close(running, follow_up_at=OPENED, follow_up="上门")).code == "follow-up-unclear"


def test_closed_round_takes_no_attempt_about_somebody_who_has_an_end(ledger: Path) -> None:
    running = running_round(people=2)
    swab(running, 2)
    close(running)
    no = refused(lambda: record_attempt(
        round=running.ref, person=running.people[0], way="call", result="away", revisit_at=None, by=running.by, at=DUE
    ))
    assert no.code == "round-not-open"


def balance(running: Running, at: datetime) -> Balance:
    return books.balance(Round.objects.select_related("area").get(pk=running.row.pk), Cutoff(at))


def test_who_moved_or_died_is_not_on_the_list_of_the_next_round(ledger: Path) -> None:
    running = running_round(people=3, buildings=("A1-1",))
    record_moved(round=running.ref, person=running.people[0], note="搬走", by=running.by, at=LATER)
    record_dead(round=running.ref, person=running.people[1], note="家属证实", by=running.by, at=LATER)
    excuse_person(round=running.ref, person=running.people[2], reason="in_hospital", note="住院", by=running.by, at=LATER)
    assert Presence.objects.count() == 3
    close_round(round=running.ref, by=running.by, at=LATER)
    assert list(Presence.objects.values_list("person__ref", flat=True)) == [running.people[2]]

    following = open_round(
        response=RESPONSE, area_code="HT", plan=rounds_plan(), number=2, due_at=DUE + timedelta(days=1),
        by=running.by, at=LATER + timedelta(hours=1),
    )
    assert list(Entry.objects.filter(round__ref=following).values_list("person__ref", flat=True)) == [running.people[2]]
    assert all(balance.balanced for balance in balance_all(Cutoff(LATER + timedelta(hours=1))))


def test_a_person_handed_over_who_has_moved_leaves_the_register_at_once(ledger: Path) -> None:
    running = running_round(people=1, buildings=("A1-1",))
    record_attempt(
        round=running.ref, person=running.people[0], way="visit", result="away", revisit_at=None, by=running.by, at=LATER
    )
    close_round(round=running.ref, follow_up_at=DUE, follow_up="再去一次", by=running.by, at=LATER)
    assert Presence.objects.count() == 1
    record_moved(round=running.ref, person=running.people[0], note="搬走", by=running.by, at=LATER + timedelta(hours=1))
    assert Presence.objects.count() == 0
