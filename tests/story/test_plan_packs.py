"""Another disease is another folder: each plan of the repository activates, opens its own kind of round, counts it to
the last person, promises second visits where it says so, and closes by its own rule with certificates of erasure.
"""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from firebreak.command.activation.models import Response
from firebreak.command.closing import queries as closing
from firebreak.engine.ledgers.registry import balance_all
from firebreak.engine.registry.models import Person
from firebreak.engine.tasks.actions import end_tasks
from firebreak.engine.tasks.models import Task
from firebreak.kernel.balance import Balance
from firebreak.kernel.clock import iso
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.operations.laboratory.actions import LaboratoryRow, enter_laboratory, take_message
from firebreak.operations.laboratory.cards import card_of
from firebreak.operations.laboratory.models import Laboratory
from firebreak.operations.laboratory.results import Row
from firebreak.operations.rounds.actions import close_round, excuse_person, record_outcome, seal_tube, undo_outcome
from firebreak.operations.rounds.keying import key_back_swab
from firebreak.operations.rounds.models import Entry, NotOwed, Round, Scan, Tube
from tests.support.outbreak import (
    CHIEF,
    DAY,
    FIVE,
    HOUR,
    close,
    confirm,
    family,
    opened,
    outbreak,
    settle,
    step_down,
)
from tests.support.specimens import handed_straight

pytestmark = pytest.mark.django_db
PACKS = ("covid-2022", "cholera", "measles")


def book(name: str, at: datetime = FIVE) -> Balance:
    return next(one for one in balance_all(Cutoff(at)) if one.name == name)


def sides(name: str, at: datetime = FIVE) -> tuple[int, int, int, int, int]:
    found = book(name, at)
    return found.owed, found.done, found.excused, found.open, found.difference


def done(row: Round, person: Ref, outcome: str, at: datetime = FIVE) -> list[str]:
    return record_outcome(round=Ref(row.ref), person=person, outcome=outcome, taken_at=at, by=CHIEF, at=at)


def states(row: Round) -> list[str]:
    return sorted(Entry.objects.filter(round=row).values_list("state", flat=True))


def refusal_of(perform: object, *args: object) -> str:
    assert callable(perform)
    with pytest.raises(Refusal) as refused:
        perform(*args)
    return refused.value.code


def obstacles(response: Response, at: datetime) -> list[str]:
    row = Response.objects.get(pk=response.pk)
    return [one.text.en for one in closing.obstacles(row, balance_all(Cutoff(at)), at)]


def test_cholera_one_record_at_the_door_covers_the_household() -> None:
    response = outbreak("cholera")
    here, there = family(1), family(2)
    row = opened(response)
    assert (sides("rounds.1"), book("rounds.1").title.en) == ((8, 0, 0, 8, 0), "Round 1: household visits")

    excuse_person(round=Ref(row.ref), person=here.guest, reason="in_treatment", note="在治疗点", by=CHIEF, at=FIVE)
    covered = done(row, here.mother, "visited_well", FIVE + HOUR)
    assert (len(covered), sides("rounds.1", FIVE + HOUR)) == (3, (8, 3, 1, 4, 0))

    undone = undo_outcome(
        round=Ref(row.ref), scans=[UUID(one) for one in covered], reason="slip", by=CHIEF, at=FIVE + HOUR
    )
    assert undone == 3
    assert sides("rounds.1", FIVE + HOUR) == (8, 0, 1, 7, 0)

    done(row, here.child, "visited_well", FIVE + 2 * HOUR)
    done(row, there.mother, "watch", FIVE + 2 * HOUR)
    assert (sides("rounds.1", FIVE + 2 * HOUR), Scan.objects.filter(tube=None).count()) == ((8, 7, 1, 0, 0), 10)


def test_measles_owes_the_children_of_the_age_and_whoever_may_be_one() -> None:
    response = outbreak("measles")
    here = family(1)
    row = opened(response)
    assert {one.person.ref for one in Entry.objects.filter(round=row)} == {here.child, here.guest}
    assert {one.person.ref for one in NotOwed.objects.filter(round=row)} == {here.mother, here.baby}
    assert sides("rounds.1") == (2, 0, 0, 2, 0)

    Person.objects.filter(ref__in=[here.mother, here.child]).update(birth_on=None)
    assert sides("rounds.1") == (2, 0, 0, 2, 0)

    assert len(done(row, here.child, "immune_by_card")) == 1
    assert sides("rounds.1", FIVE) == (2, 1, 0, 1, 0)


def test_a_first_dose_promises_the_second_and_a_later_round_redeems_it() -> None:
    response = outbreak("measles")
    here = family(1)
    first = opened(response)
    done(first, here.child, "dose_first")
    done(first, here.guest, "put_off")
    assert sides("again.1") == (2, 0, 0, 2, 0)
    assert (book("again.1", FIVE + 8 * DAY).overdue, book("again.1", FIVE + 29 * DAY).overdue) == (1, 2)

    close_round(round=Ref(first.ref), by=CHIEF, at=FIVE + HOUR)
    task = Task.objects.get(kind="again")
    assert (task.status, task.owner.duty, task.due_at) == ("open", "doses", first.due_at + 28 * DAY)

    second = opened(response, 2, FIVE + 28 * DAY)
    done(second, here.child, "dose_second", FIVE + 29 * DAY)
    excuse_person(
        round=Ref(second.ref), person=here.guest, reason="had_measles", note="诊断证明", by=CHIEF, at=FIVE + 29 * DAY
    )
    assert sides("again.1", FIVE + 29 * DAY) == (2, 1, 1, 0, 0)
    close_round(round=Ref(second.ref), by=CHIEF, at=FIVE + 29 * DAY)
    assert [one.status for one in Task.objects.filter(kind="again").order_by("id")] == ["ended", "ended"]


def test_a_promise_nobody_answers_for_is_shown_as_unowned() -> None:
    response = outbreak("measles")
    here = family(1)
    done(opened(response), here.child, "dose_first")
    settle(response, FIVE + HOUR)
    end_tasks(ids=[Task.objects.get(kind="again").pk], outcome="done", reason="", by=CHIEF, at=FIVE + HOUR)
    found = book("again.1", FIVE + HOUR)
    assert (found.unowned, found.open, found.balanced) == (1, 0, False)


def test_each_proof_refuses_the_other() -> None:
    response = outbreak("cholera")
    here = family(1)
    row = opened(response)
    assert refusal_of(swab, row, here.mother) == "no-tubes"
    assert refusal_of(done, row, here.mother, "dose_first") == "unknown-outcome"
    assert refusal_of(done, row, Ref("person:nobody"), "watch") == "not-found"


def test_a_round_of_tubes_takes_no_bare_outcome() -> None:
    response = outbreak("covid-2022")
    here = family(1)
    assert refusal_of(done, opened(response), here.mother, "visited_well") == "not-this-proof"


@pytest.mark.parametrize("pack", PACKS)
def test_plan_activates_counts_its_round_to_the_last_person_and_closes_with_certificates(pack: str) -> None:
    response = outbreak(pack)
    here = family(1)
    row = opened(response)
    outcome = {"cholera": "visited_well", "measles": "immune_by_card"}.get(pack)
    for person in (here.mother, here.child, here.baby, here.guest):
        if Entry.objects.filter(round=row, person__ref=person, state="to_do").exists():
            done(row, person, outcome) if outcome else swab(row, person)
    assert set(states(row)) == {"sampled"}
    close_round(round=Ref(row.ref), by=CHIEF, at=FIVE + HOUR)
    if not outcome:
        assert obstacles(response, FIVE + HOUR)[-1] == "Specimens of round 1 does not balance"
        all_negative(row, FIVE + HOUR)
    confirm(response)
    settle(response, FIVE + HOUR)
    step_down(response, FIVE + HOUR)
    settle(response, FIVE + HOUR)

    rule = {"covid-2022": 0, "cholera": 28, "measles": 42}[pack]
    if rule:
        early = FIVE + HOUR
        assert obstacles(response, early) == [
            f"the plan's condition is not met: {rule} days in a row without a new case"
        ]
    last = FIVE + timedelta(days=rule, hours=1)
    assert obstacles(response, last) == []
    before = [(one.name, one.owed, one.done, one.excused, one.open) for one in balance_all(Cutoff(last))]
    certificates = close(response, last)

    assert [(one.erasure.key, one.outcome) for one in certificates] == [
        ("need", "erased"),
        ("visit", "erased"),
        ("identity", "erased"),
        ("sampling", "erased"),
        ("proof", "erased"),
    ]
    assert Person.objects.exclude(name="").count() == 0
    after = [(one.name, one.owed, one.done, one.excused, one.open) for one in balance_all(Cutoff(last))]
    assert [one for one in after if one[0].startswith(("rounds.", "again."))] == [
        one for one in before if one[0].startswith(("rounds.", "again."))
    ]
    assert all(one.balanced for one in balance_all(Cutoff(last + 31 * DAY)))


def swab(row: Round, person: Ref) -> None:
    key_back_swab(round=Ref(row.ref), person=person, tube=f"T{person[-6:]}", taken_at=FIVE, by=CHIEF, at=FIVE)
    for code in Tube.objects.filter(round=row, status="open").values_list("code", flat=True):
        seal_tube(tube=code, by=CHIEF, at=FIVE)


def all_negative(row: Round, at: datetime) -> None:
    """Every tube of a round reaches a laboratory and is negative."""
    made = enter_laboratory(row=LaboratoryRow("LAB1", T("检测中心", "Laboratory"), "HT", 5000), by=CHIEF, at=at)
    codes = list(Tube.objects.filter(round=row, status="sealed").order_by("code").values_list("code", flat=True))
    handed_straight(row.ref, codes, card_of(Laboratory.objects.get(ref=made)), at)
    told = [Row(number, code, "negative", iso(at)) for number, code in enumerate(codes, start=1)]
    take_message(laboratory=made, rows=told, digest="", by=CHIEF, at=at)
