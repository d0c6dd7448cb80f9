"""The one way to change state: one transaction, at least one event, a refusal on record, a repeat without effect."""

from datetime import datetime
from pathlib import Path

import pytest

from firebreak.engine.journal.acting import SilentAct, action, current_act, keyed, record
from firebreak.engine.journal.models import Act, Event
from firebreak.kernel.actor import Actor
from firebreak.kernel.refusals import Refusal, RefusalKind
from firebreak.kernel.text import T
from tests.support.acts import START, WRITER, Noted, note

NOT_TODAY = RefusalKind("not-today", T("今天不行。", "Not today."))

@action
def hush(*, by: Actor, at: datetime) -> None:
    """Change nothing and say nothing."""


@action
def note_twice(*, by: Actor, at: datetime) -> list[int]:
    """Two actions within one."""
    return [note(count=number, by=by, at=at) for number in (1, 2)]


@action
def note_if(*, willing: bool, by: Actor, at: datetime) -> int:
    """Write something, then refuse unless willing."""
    record(Noted(1, "记"), about="note:1")
    if not willing:
        raise NOT_TODAY.because()
    return 1


@action
def hush_after_a_note(*, by: Actor, at: datetime) -> None:
    """Speak only through the action called."""
    note(count=1, by=by, at=at)


def test_an_act_names_who_did_what_and_when(ledger: Path) -> None:
    note(count=5, by=WRITER, at=START)
    act = Act.objects.get()
    event = Event.objects.get()
    assert (act.name, act.by, act.at, act.outcome, act.key) == ("support.note", WRITER.ref, START, "done", None)
    assert (event.act, event.type, event.about, event.payload) == (act, "Noted", "note:5", {"count": 5, "words": "记"})


def test_an_act_that_journals_nothing_leaves_nothing(ledger: Path) -> None:
    with pytest.raises(SilentAct):
        hush(by=WRITER, at=START)
    assert (Act.objects.count(), Event.objects.count()) == (0, 0)


def test_actions_called_by_an_action_join_its_act(ledger: Path) -> None:
    assert note_twice(by=WRITER, at=START) == [1, 2]
    act = Act.objects.get()
    assert (act.name.rpartition(".")[2], act.events.count()) == ("note_twice", 2)


def test_an_event_of_a_joined_action_counts_for_the_whole_act(ledger: Path) -> None:
    hush_after_a_note(by=WRITER, at=START)
    assert Act.objects.get().events.count() == 1


def test_a_refusal_rolls_back_and_stays_on_record(ledger: Path) -> None:
    with pytest.raises(Refusal):
        note_if(willing=False, by=WRITER, at=START)
    act = Act.objects.get()
    assert (act.outcome, act.refusal) == ("refused", "not-today")
    assert [(event.type, event.payload) for event in act.events.all()] == [("ActRefused", {"code": "not-today"})]


def test_a_repeat_with_its_key_gets_the_first_answer_and_does_nothing(ledger: Path) -> None:
    answers = []
    for count in (1, 2):
        with keyed("phone-1"):
            answers.append(note(count=count, by=WRITER, at=START))
    assert (answers, Event.objects.count()) == ([1, 1], 1)


def test_a_refusal_leaves_the_key_free(ledger: Path) -> None:
    with keyed("desk-1"):
        with pytest.raises(Refusal):
            note_if(willing=False, by=WRITER, at=START)
        assert note_if(willing=True, by=WRITER, at=START) == 1
    assert list(Act.objects.order_by("id").values_list("outcome", "key")) == [("refused", None), ("done", "desk-1")]


def test_outside_an_action_nothing_can_be_journaled(ledger: Path) -> None:
    with pytest.raises(LookupError):
        current_act()
