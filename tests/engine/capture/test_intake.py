"""What becomes of events: stored once, judged at their moment, kept apart when bad, missed when absent."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firebreak.engine.access.models import Grant
from firebreak.engine.capture.actions import declare_lost, settle_quarantined
from firebreak.engine.capture.ledger import balances
from firebreak.engine.capture.models import CapturedEvent, Gap, Quarantined, SealedPart, SubjectKey
from firebreak.engine.capture.sealing import open_part
from firebreak.engine.journal.models import Act, Event
from firebreak.engine.registry.models import Person
from firebreak.engine.tasks.models import Task
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.operations.rounds.boards import standing
from firebreak.operations.rounds.models import Entry, ListMiss, Scan, Tube, Undo
from tests.support.staffing import _Person, everybody
from tests.support.testing_round import OPENED, Running, running_round

MINUTE = timedelta(minutes=1)
NOON = OPENED + timedelta(hours=2)


@pytest.fixture
def running(ledger: Path) -> Running:
    running = running_round(120)
    running.phone.event("tube.opened", OPENED, tube="T1", site="S-A")
    running.phone.send(OPENED)
    return running


def said(answer: Any) -> list[tuple[str, str]]:
    return [(item["status"], item["code"]) for item in answer.answers]


def capture_balances() -> bool:
    return balances(Cutoff(NOON + timedelta(days=9)))[0].balanced


def test_wholly_repeated_batch_changes_nothing_and_is_journaled(running: Running) -> None:
    events = [running.phone.scan("T1", running.people[0], OPENED + MINUTE)]
    running.phone.send(NOON)
    before = standing(running.row)
    assert said(running.phone.send(NOON, events)) == [("duplicate", "")]
    assert standing(running.row) == before
    assert Event.objects.latest("id").type == "BatchRepeated"
    assert (CapturedEvent.objects.count(), Scan.objects.count()) == (2, 1)


def test_same_id_with_other_bytes_is_kept_apart_with_an_owner(running: Running) -> None:
    event = running.phone.scan("T1", running.people[0], OPENED + MINUTE)
    running.phone.send(NOON)
    forged = event | {"body": event["body"] | {"person": running.people[1]}}
    answer = running.phone.send(NOON, [forged])
    assert said(answer) == [("quarantined", "other-bytes")]
    assert said(running.phone.send(NOON, [forged])) == [("quarantined", "other-bytes")]
    row = Quarantined.objects.get()
    task = Task.objects.get(kind="quarantine")
    assert (row.sequence, task.about, task.owner.code) == (None, row.ref, "hq_lead")
    assert Entry.objects.get(person__ref=running.people[1]).state == "to_do"
    assert balances(Cutoff(NOON))[0].open == 1
    settle_quarantined(event=Ref(row.ref), resolution="compared with the paper list", by=everybody(), at=NOON)
    after = balances(Cutoff(NOON))[0]
    assert (after.open, after.excused_by, after.balanced, SubjectKey.objects.count()) == (0, {"settled": 1}, True, 0)


def test_poison_event_among_a_hundred_leaves_ninety_nine(running: Running) -> None:
    phone = running.phone
    for number in range(100):
        phone.scan("T1", running.people[number], OPENED + MINUTE)
    phone.waiting[41] = phone.waiting[41] | {"body": {"round": running.ref, "tube": "T1", "person": 7}}
    answer = phone.send(NOON)
    assert said(answer).count(("accepted", "")) == 99
    assert said(answer)[41] == ("quarantined", "malformed-event")
    assert answer.answers[41]["zh"] != answer.answers[41]["en"] != ""
    assert standing(running.row).sampled == 99
    assert (Gap.objects.count(), answer.expected_seq) == (0, 102)
    balance = balances(Cutoff(NOON))[0]
    assert (balance.owed, balance.done, balance.open, balance.difference) == (101, 100, 1, 0)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"id": "x"}, "malformed-event"), ({"seq": 0}, "malformed-event"), ({"seq": 10**9}, "malformed-event"),
        ({"at": "yesterday"}, "malformed-event"), ({"type": "swab"}, "unknown-type"),
        ({"body": None}, "malformed-event"),
        ({"actor": "account:nobody"}, "author-not-permitted"), ({"type": "scan"}, "unknown-person"),
        ({"mono_ms": -1}, "malformed-event"), ({"seq": "7"}, "malformed-event"),
        ({"at": "2022-06-05T07:00:00"}, "malformed-event"),
    ],
)
def test_bad_event_is_kept_whole_with_its_reason(running: Running, broken: dict[str, Any], code: str) -> None:
    event = running.phone.event("tube.sealed", OPENED + MINUTE, tube="T1")
    assert said(running.phone.send(NOON, [event | broken])) == [("quarantined", code)]
    assert Quarantined.objects.get().code == code


@pytest.mark.parametrize("nonsense", [None, 7, "text", [], {}])
def test_event_that_is_no_event_is_kept_apart(running: Running, nonsense: Any) -> None:
    assert said(running.phone.send(NOON, [nonsense])) == [("quarantined", "malformed-event")]
    assert said(running.phone.send(NOON, [nonsense])) == [("quarantined", "malformed-event")]
    assert Quarantined.objects.count() == 1


def test_number_of_another_event_is_not_taken_twice(running: Running) -> None:
    first = running.phone.scan("T1", running.people[0], OPENED + MINUTE)
    running.phone.send(NOON)
    second = running.phone.scan("T1", running.people[1], OPENED + MINUTE) | {"seq": first["seq"]}
    running.phone.waiting = []
    assert said(running.phone.send(NOON, [second])) == [("quarantined", "number-used")]


def test_missing_numbers_are_named_filled_in_parts_and_declared_lost(running: Running) -> None:
    phone = running.phone
    events = [phone.scan("T1", running.people[number], OPENED + MINUTE) for number in range(8)]
    phone.waiting = []
    assert phone.send(NOON, events[5:]).gaps == [(2, 6)]
    assert phone.send(NOON, events[2:3]).gaps == [(2, 3), (5, 6)]
    assert phone.send(NOON, events[3:5]).gaps == [(2, 3)]
    gap = Gap.objects.get(filled_at=None)
    with pytest.raises(Refusal) as refused:
        declare_lost(gap=gap.pk, reason="phone in the river", by=everybody(), at=NOON)
    assert refused.value.code == "needs-a-named-person"
    declare_lost(gap=gap.pk, reason="phone in the river", by=_Resolver("lead2"), at=NOON)
    balance = balances(Cutoff(NOON))[0]
    assert (balance.owed, balance.done, balance.excused_by, balance.balanced) == (9, 7, {"lost": 2}, True)
    assert said(phone.send(NOON, events[:2])) == [("accepted", ""), ("accepted", "")]
    assert standing(running.row).sampled == 8
    assert balances(Cutoff(NOON))[0].balanced


class _Resolver(_Person):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        object.__setattr__(self, "rights", frozenset({"capture.resolve"}))


@pytest.mark.parametrize(
    ("clock", "happened", "skewed"),
    [
        (OPENED + MINUTE, OPENED + MINUTE, False),
        (NOON + timedelta(minutes=4), NOON, False),
        (NOON + timedelta(days=3), NOON, True),
        (OPENED - timedelta(days=3), NOON, True),
    ],
)
def test_clock_that_is_off_is_corrected_and_flagged(
    running: Running, clock: datetime, happened: datetime, skewed: bool
) -> None:
    running.phone.scan("T1", running.people[0], clock)
    assert said(running.phone.send(NOON)) == [("accepted", "")]
    event = CapturedEvent.objects.get(type="scan")
    assert (event.happened_at, event.device_at, event.skewed) == (happened, clock, skewed)
    assert Scan.objects.get().happened_at == happened


def test_clock_that_is_off_is_put_right_by_the_monotonic_clock(running: Running) -> None:
    for number, mono in ((0, 1_000), (1, 61_000)):
        running.phone.scan("T1", running.people[number], OPENED + timedelta(days=3))
        running.phone.waiting[-1]["mono_ms"] = mono
    running.phone.send(NOON)
    assert list(Scan.objects.order_by("happened_at").values_list("happened_at", flat=True)) == [NOON - MINUTE, NOON]


def test_right_is_judged_at_the_moment_of_the_event(running: Running) -> None:
    Grant.objects.update(ends_at=OPENED + timedelta(hours=1))
    running.phone.scan("T1", running.people[0], OPENED + MINUTE)
    running.phone.scan("T1", running.people[1], OPENED + timedelta(minutes=61))
    assert said(running.phone.send(NOON)) == [("accepted", ""), ("quarantined", "author-not-permitted")]


def test_event_waits_for_what_it_needs_and_is_counted_when_it_comes(running: Running) -> None:
    phone = running.phone
    opened = phone.event("tube.opened", OPENED + MINUTE, tube="T2", site="S-B")
    scan = phone.scan("T2", running.people[3], OPENED + MINUTE)
    undone = phone.event("scan.undone", OPENED + 2 * MINUTE, scan=scan["id"], reason="wrong_person")
    phone.waiting = []
    assert said(phone.send(NOON, [undone])) == [("quarantined", "unknown-scan")]
    assert said(phone.send(NOON, [scan])) == [("quarantined", "unknown-tube")]
    assert said(phone.send(NOON, [opened])) == [("accepted", "")]
    assert (Scan.objects.count(), Undo.objects.count(), Tube.objects.get(code="T2").members) == (1, 1, 0)
    assert said(phone.send(NOON, [scan, undone])) == [("duplicate", ""), ("duplicate", "")]
    assert set(Quarantined.objects.values_list("resolution", flat=True)) == {"counted"}
    assert Task.objects.filter(kind="quarantine").exclude(status="ended").count() == 0
    assert (standing(running.row).sampled, Gap.objects.filter(filled_at=None).count()) == (0, 0)
    assert capture_balances()


def test_unknown_fields_are_kept_sealed_and_named(running: Running) -> None:
    running.phone.scan("T1", running.people[0], OPENED + MINUTE)
    running.phone.waiting[-1] |= {"battery": 12}
    running.phone.waiting[-1]["body"]["photo"] = "王某某"
    running.phone.send(NOON)
    event = CapturedEvent.objects.get(type="scan")
    assert event.unknown == ["photo", "battery"]
    assert "photo" not in event.body
    assert open_part(event.id) == {"photo": "王某某", "event": {"battery": 12}}


def test_person_found_is_registered_listed_and_sealed(running: Running) -> None:
    phone = running.phone
    found = phone.event(
        "person.found", OPENED + MINUTE, building="B2-1", door="9", kind="works", name="金丝雀", id_kind="none",
        id_number="", birth_on="1990-02-03", sex=1, phone="13800138000", token="tok-1",
    )
    phone.scan("T1", "tok-1", OPENED + 2 * MINUTE)
    assert said(phone.send(NOON)) == [("accepted", ""), ("accepted", "")]
    person = Person.objects.get(name="金丝雀")
    assert (ListMiss.objects.get().person_id, Entry.objects.get(person=person).state) == (person.pk, "sampled")
    event = CapturedEvent.objects.get(id=found["id"])
    assert event.body == {"round": running.ref, "building": "B2-1", "kind": "works", "token": "tok-1"}
    key = SubjectKey.objects.get()
    assert (key.subject, key.response_ref) == (person.ref, running.row.response_ref)
    assert (open_part(event.id) or {})["name"] == "金丝雀"
    assert "金丝雀" not in json.dumps(list(Event.objects.values_list("payload", flat=True)), ensure_ascii=False)
    key.delete()
    assert (open_part(event.id), SealedPart.objects.count()) == (None, 0)


def test_act_of_a_batch_carries_count_and_digest(running: Running) -> None:
    running.phone.scan("T1", running.people[0], OPENED + MINUTE)
    running.phone.send(NOON)
    event = Event.objects.get(type="BatchTaken", act=Act.objects.latest("id"))
    assert (event.payload["received"], event.payload["captured"], len(event.payload["sha256"])) == (1, 1, 64)
