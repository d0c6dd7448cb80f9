"""The end of a response: level by level, with nothing owed, and personal data gone on their day with a certificate."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from firebreak.command.activation.models import Response, Signal
from firebreak.command.activation.plan import Level
from firebreak.command.activation.queries import active_response
from firebreak.command.closing import actions, erasing, queries, rules
from firebreak.command.closing.models import Certificate, Erasure, LevelStep
from firebreak.command.consultations.actions import call_consultation
from firebreak.engine.access.actors import actor_of
from firebreak.engine.access.models import Account
from firebreak.engine.approvals.actions import approve
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.areas.models import Area
from firebreak.engine.capture.models import SubjectKey
from firebreak.engine.capture.sealing import keys_for
from firebreak.engine.journal.acting import action, record
from firebreak.engine.ledgers.registry import balance_all
from firebreak.engine.messages.actions import withdraw
from firebreak.engine.messages.models import Message
from firebreak.engine.pictures.actions import keep_picture
from firebreak.engine.pictures.models import Picture
from firebreak.engine.pictures.queries import held
from firebreak.engine.registry.actions import register_people
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.engine.registry.erasing import erase_fields
from firebreak.engine.registry.models import Household, NeedFlag, Person, Presence, PresenceChange
from firebreak.engine.registry.plan import REGISTER_FIELDS
from firebreak.engine.tasks.actions import end_tasks
from firebreak.engine.tasks.queries import of_response
from firebreak.engine.units.models import Post, Unit
from firebreak.kernel.actor import Actor
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from tests.engine.capture.test_erasure import files_of, texts_of_tables
from tests.support.desk import person
from tests.support.pictures import a_picture
from tests.support.staffing import everybody
from tests.support.zoned import FOUR, GRID, PEOPLE, in_force, zoned_district

CHIEF, DEPUTY = everybody("chief"), everybody("deputy")
DAY = timedelta(days=1)
CANARY = NewPerson(
    name="金丝雀名", building=f"{GRID}-1", door="9-901", phone="13912345678", id_kind="passport", id_number="E98765432",
    needs=("dialysis",),
)


def settled(at: datetime = FOUR) -> Response:
    """A response in which every task is done and every message told."""
    response = zoned_district()
    register_people(people=[CANARY], by=CHIEF, at=at)
    end_tasks(
        ids=list(of_response(response.ref).values_list("id", flat=True)), outcome="done", reason="", by=CHIEF, at=at
    )
    told(at)
    return response


def told(at: datetime = FOUR) -> None:
    """No message is left to be told by mouth."""
    withdraw(about=list(Message.objects.values_list("about", flat=True).distinct()), reason="told", by=CHIEF, at=at)


def owner(name: str = "clerk") -> Ref:
    return Ref(person(name, "register_clerk").ref)


def decide(kind: str, at: datetime = FOUR) -> None:
    approve(proposal=Ref(Proposal.objects.get(kind=kind, status="pending").ref), by=DEPUTY, at=at)


def step(response: Response, level: str, at: datetime = FOUR) -> None:
    actions.propose_level(response=Ref(response.ref), level=level, reason="七天无新增", by=CHIEF, at=at)
    decide("level", at)


def closed(at: datetime = FOUR) -> Response:
    """Settled, stepped down and closed by two people; the register clerk answers for its personal data."""
    response = settled(at)
    step(response, "recovery", at)
    actions.propose_closing(response=Ref(response.ref), owner=owner(), reason="疫情结束", by=CHIEF, at=at)
    decide("closing", at)
    return Response.objects.get(pk=response.pk)


def book(at: datetime = FOUR) -> Balance:
    return next(one for one in balance_all(Cutoff(at)) if one.name == "erasures")


def refused(perform: object, **said: object) -> str:
    assert callable(perform)
    with pytest.raises(Refusal) as refusal:
        perform(**{"by": CHIEF, "at": FOUR, **said})
    return refusal.value.code


def obstacles(response: Response, at: datetime = FOUR) -> list[str]:
    row = Response.objects.get(pk=response.pk)
    return [one.text.en for one in queries.obstacles(row, balance_all(Cutoff(at)), at)]


@pytest.mark.django_db
def test_a_level_moves_one_step_by_two_people_and_both_are_on_record() -> None:
    response = settled()
    assert refused(actions.propose_level, response=Ref(response.ref), level="routine", reason="急") == "level-skipped"
    assert refused(actions.propose_level, response=Ref(response.ref), level="red", reason="急") == "unknown-level"
    assert refused(actions.propose_level, response=Ref(response.ref), level="recovery", reason=" ") == "reason-missing"
    step(response, "recovery")

    kept = LevelStep.objects.get()
    assert (kept.before, kept.after, kept.proposed_by, kept.approved_by) == (
        "emergency", "recovery", CHIEF.ref, DEPUTY.ref
    )
    assert Response.objects.get(pk=response.pk).level == "recovery"
    step(response, "emergency")
    assert Response.objects.get(pk=response.pk).level == "emergency"


@pytest.mark.django_db
def test_everything_that_is_owed_keeps_it_open_and_is_named() -> None:
    response = zoned_district()
    in_force(response, "control")
    tasks = of_response(response.ref).count()
    messages = next(one for one in balance_all(Cutoff(FOUR)) if one.name == "messages").open

    assert obstacles(response) == [
        "the level is 'emergency response': step it down first", f"{tasks} tasks have not ended",
        "1 zones have not been lifted", f"Messages: {messages} still open",
    ]
    assert refused(
        actions.propose_closing, response=Ref(response.ref), owner=owner(), reason="结束"
    ) == "closing-blocked"


@pytest.mark.django_db
def test_a_consultation_on_whose_table_nothing_lies_keeps_nothing_open_and_ends_with_it() -> None:
    response = settled()
    step(response, "recovery")
    call_consultation(
        response=Ref(response.ref), title=T("会", "c"), begins_at=FOUR + DAY, minutes=30, by=CHIEF, at=FOUR
    )
    told()
    assert obstacles(response) == []


@pytest.mark.django_db
def test_what_is_owed_again_before_the_second_person_agrees_stops_the_closing() -> None:
    response = settled()
    step(response, "recovery")
    actions.propose_closing(response=Ref(response.ref), owner=owner(), reason="结束", by=CHIEF, at=FOUR)
    in_force(response, "precaution")

    proposal = Ref(Proposal.objects.get(kind="closing").ref)
    assert refused(approve, proposal=proposal, by=DEPUTY) == "closing-blocked"
    assert active_response() is not None


@pytest.mark.django_db
def test_the_owner_of_personal_data_is_somebody_who_can_sign_in() -> None:
    response = settled()
    step(response, "recovery")
    gone = person("gone", "register_clerk")
    Account.objects.filter(pk=gone.pk).update(is_active=False)
    for ref in (Ref(gone.ref), Ref("account:nobody"), Ref(person("tester", "sampler").ref)):
        assert refused(
            actions.propose_closing, response=Ref(response.ref), owner=ref, reason="结束"
        ) == "no-erasure-owner"


@pytest.mark.django_db
def test_closing_stands_everybody_down_and_gives_each_class_an_owner_and_a_day() -> None:
    response = closed()

    assert (response.status, response.level, response.ended_at, active_response()) == ("closed", "routine", FOUR, None)
    assert (Unit.objects.filter(dissolved_at=None).count(), Post.objects.filter(closed_at=None).count()) == (0, 0)
    assert [(row.key, row.owner_ref, (row.due_at - FOUR).days) for row in queries.erasures()] == [
        ("need", "account:clerk", 14), ("visit", "account:clerk", 30), ("identity", "account:clerk", 30),
        ("sampling", "account:clerk", 30), ("proof", "account:clerk", 30),
    ]
    assert (book().owed, book().open, book().overdue, book(FOUR + 31 * DAY).overdue) == (5, 5, 0, 5)
    assert refused(actions.propose_level, response=Ref(response.ref), level="recovery", reason="再起") == "response-ended"


@pytest.mark.django_db
def test_each_class_goes_on_its_day_and_the_totals_stay() -> None:
    response = closed()
    key = keys_for([(Person.objects.get(name=CANARY.name).ref, response.ref)])
    keep_picture(about=Ref("finding:f1"), response=Ref(response.ref), content=a_picture(), by=CHIEF, at=FOUR)
    people = Person.objects.count()

    assert [actions.erase_due(FOUR + 13 * DAY), actions.erase_due(FOUR + 14 * DAY)] == [0, 1]
    assert (NeedFlag.objects.count(), Person.objects.filter(name=CANARY.name).count(), len(key)) == (0, 1, 1)
    assert [actions.erase_due(FOUR + 30 * DAY), actions.erase_due(FOUR + 31 * DAY)] == [4, 0]

    assert Person.objects.count() == people == sum(PEOPLE.values()) + 1
    assert Person.objects.exclude(
        name="", pinyin="", initials="", sex=0, birth_on=None, id_sealed=None, id_hash=None, id_last4="",
        phone_sealed=None, phone_hash="", twin_key="", id_kind="none",
    ).count() == 0
    assert (Presence.objects.count(), Household.objects.exclude(door="").count()) == (0, 0)
    assert (Picture.objects.count(), held(response.ref)) == (1, 0)
    assert (SubjectKey.objects.count(), Signal.objects.exclude(note="").count()) == (0, 0)
    after = book(FOUR + 31 * DAY)
    assert (after.owed, after.done, after.open, after.overdue, after.balanced) == (5, 5, 0, 0, True)


@pytest.mark.django_db
def test_a_certificate_says_what_was_erased_and_the_books_before_and_after() -> None:
    response = closed()
    actions.erase_due(FOUR + 14 * DAY)

    row = Certificate.objects.get()
    said = json.loads(row.document)
    assert row.digest == hashlib.sha256(row.document.encode()).hexdigest()
    assert (said["outcome"], said["rows_erased"], said["rows_left"]) == (
        "erased", {"need_flag.key": 4}, {"need_flag.key": 0}
    )
    assert said["books_before_and_after"] == rules.books(balance_all(Cutoff(FOUR)))
    assert (said["response"]["ref"], said["owner"], said["by"]) == (response.ref, "account:clerk", "system:retention")
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.update(digest="x")


@pytest.mark.django_db
def test_an_erasure_that_would_move_a_book_is_rolled_back(monkeypatch: pytest.MonkeyPatch) -> None:
    closed()
    sides = iter([[{"name": "x", "owed": 1}], [{"name": "x", "owed": 2}]])
    monkeypatch.setattr(erasing.rules, "books", lambda balances: next(sides))
    with pytest.raises(erasing.BooksMoved):
        actions.erase_due(FOUR + 14 * DAY)
    assert (NeedFlag.objects.count(), Certificate.objects.count()) == (4, 0)


@pytest.mark.django_db
def test_only_its_owner_erases_early_and_it_may_be_handed_over() -> None:
    closed()
    row = Erasure.objects.get(key="need")
    assert refused(actions.erase, erasure=Ref(row.ref)) == "not-erasure-owner"

    second = person("second", "register_clerk")
    actions.hand_over(erasure=Ref(row.ref), owner=Ref(second.ref), by=CHIEF, at=FOUR)
    actions.erase(erasure=Ref(row.ref), by=actor_of(second), at=FOUR + DAY)
    assert Certificate.objects.get().by == second.ref
    assert refused(actions.hand_over, erasure=Ref(row.ref), owner=Ref(second.ref)) == "already-erased"


@pytest.mark.django_db
def test_personal_data_whose_owner_left_are_an_alarm_in_the_books() -> None:
    closed()
    Account.objects.filter(username="clerk").update(is_active=False)
    found = book()
    assert (found.unowned, found.balanced, {one.about for one in found.rows}) == (
        5, False, set(Erasure.objects.values_list("ref", flat=True))
    )


@pytest.mark.django_db
def test_the_register_stays_while_another_response_needs_it() -> None:
    first = closed()
    second = Response.objects.get(pk=first.pk)
    second.pk, second.ref, second.status, second.ended_at, second.end_reason = None, "response:two", "active", None, ""
    second.save()
    keys_for([("person:x", first.ref), ("person:x", second.ref)])
    actions.erase_due(FOUR + 30 * DAY)

    outcomes = dict(Certificate.objects.values_list("erasure__key", "outcome"))
    assert outcomes == dict.fromkeys(("need", "visit", "identity", "sampling", "proof"), "in_use")
    assert Person.objects.filter(name=CANARY.name).exists()
    assert list(SubjectKey.objects.values_list("response_ref", flat=True)) == [second.ref]
    found = book(FOUR + 31 * DAY)
    assert (found.owed, found.done, found.excused_by, found.balanced) == (5, 0, {"in_use": 5}, True)


@pytest.mark.django_db
def test_the_register_as_it_stood_is_still_counted_after_erasure() -> None:
    closed()

    def expected(at: datetime) -> int:
        return sum(PresenceChange.objects.filter(happened_at__lte=at).values_list("change", flat=True))

    before = expected(FOUR)
    actions.erase_due(FOUR + 30 * DAY)
    assert (expected(FOUR), expected(FOUR + 31 * DAY)) == (before, 0)


@pytest.mark.django_db
def test_a_planned_last_day_is_not_counted_twice() -> None:
    closed()
    stay = Presence.objects.order_by("id")[0]
    act = PresenceChange.objects.latest("id").act
    PresenceChange.objects.create(
        person=stay.person, building=stay.building, kind=stay.kind, change=-1, reason="planned",
        happened_at=FOUR + 60 * DAY, act=act,
    )
    actions.erase_due(FOUR + 30 * DAY)

    mine = PresenceChange.objects.filter(person=stay.person, building=stay.building, kind=stay.kind)
    assert sum(mine.values_list("change", flat=True)) == 0
    assert sum(mine.filter(happened_at__lte=FOUR + 31 * DAY).values_list("change", flat=True)) == 0


@pytest.mark.django_db
def test_erasing_costs_as_many_statements_for_many_people_as_for_few() -> None:
    def cost(code: str, people: int) -> int:
        grid = Area.objects.get(code=GRID)
        Area.objects.create(code=code, path=f"{grid.path}{code}/", level="building", parent=grid, name_zh=code)
        register_people(
            people=[NewPerson(name=f"多{number}", building=code, door=str(number)) for number in range(people)],
            by=CHIEF, at=FOUR,
        )
        with CaptureQueriesContext(connection) as counted:
            erase_house(f"{grid.path}{code}/")
        return len(counted)

    zoned_district()
    assert cost("few", 2) == cost("many", 60)


def erase_house(path: str) -> None:
    erase_fields(area_path=path, fields=sorted(REGISTER_FIELDS), by=CHIEF, at=FOUR)


def test_no_byte_of_a_resident_is_left_after_the_last_day(committed_ledger: Path) -> None:
    closed()

    @action
    def anything(*, by: Actor, at: datetime) -> None:
        record(_Said(), about="x:1")

    for day in (14, 30):
        actions.erase_due(FOUR + day * DAY)
    anything(by=CHIEF, at=FOUR + 31 * DAY)
    assert CANARY.phone is not None
    for content in [*texts_of_tables().values(), *files_of(committed_ledger)]:
        for secret in (CANARY.name, CANARY.phone, CANARY.id_number, CANARY.door):
            assert secret not in content


@dataclass(frozen=True)
class _Said:
    """An event of a test."""


LEVELS = st.lists(st.integers(0, 9), min_size=2, max_size=6, unique=True).map(
    lambda ranks: [Level(key=f"l{rank}", name_zh="级", name_en="level", rank=rank) for rank in ranks]
)


@given(LEVELS, st.data())
def test_from_every_level_routine_is_reached_by_single_steps(levels: list[Level], data: st.DataObject) -> None:
    lowest = min(levels, key=lambda level: level.rank).key
    now = data.draw(st.sampled_from([level.key for level in levels]))
    steps = 0
    while not rules.may_close_from(levels, now, lowest):
        below = rules.next_levels(levels, now)[0]
        assert rules.check_step(levels, now, below.key) == below
        now, steps = below.key, steps + 1
    assert steps < len(levels)
