"""One knock counts for everybody behind the door: all of them or nobody, one statement, one undo."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firebreak.engine.journal.models import Event
from firebreak.engine.ledgers.registry import balance_all
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.actions import begin_service
from firebreak.engine.units.models import Post
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.operations.rounds.actions import undo_attempt
from firebreak.operations.rounds.models import Attempt, Decision, Entry, Round
from firebreak.operations.rounds.together import assign_people, doors_owed, excuse_people, record_visit, undo_visit
from tests.support.testing_round import OPENED, Running, running_round

pytestmark = pytest.mark.django_db
LATER = OPENED + timedelta(hours=1)


@pytest.fixture
def running() -> Running:
    return running_round()


def knock(running: Running, people: list[Ref], result: str = "away") -> str:
    return record_visit(
        round=running.ref, people=people, way="visit", result=result, revisit_at=None, by=running.by, at=LATER
    )


def states(running: Running, people: list[Ref]) -> list[str]:
    known = dict(Entry.objects.filter(round=running.row).values_list("person__ref", "state"))
    return [known[one] for one in people]


def test_everybody_behind_a_door_has_an_attempt_of_their_own_in_one_act(running: Running) -> None:
    family = running.people[:4]
    knock(running, [*family, family[0]])

    tries = Attempt.objects.filter(round=running.row)
    assert (states(running, family), tries.count(), tries.values("act").distinct().count()) == (["away"] * 4, 4, 1)
    (event,) = Event.objects.filter(type="VisitRecorded")
    assert event.payload == {"people": 4, "way": "visit", "result": "away"}
    assert all(balance.balanced for balance in balance_all(Cutoff(LATER)))


def test_one_who_cannot_be_written_down_leaves_everybody_as_they_were(running: Running) -> None:
    with pytest.raises(Refusal, match="unknown-person"):
        knock(running, [*running.people[:3], Ref("person:nobodynobody")])
    assert (states(running, running.people[:3]), Attempt.objects.count()) == (["to_do"] * 3, 0)


def test_a_visit_is_taken_back_for_everybody_and_nobody_else(running: Running) -> None:
    first, other = knock(running, running.people[:3]), knock(running, running.people[3:5])
    assert undo_visit(round=running.ref, attempt=UUID(first), by=running.by, at=LATER) == 3
    assert states(running, running.people[:5]) == ["to_do"] * 3 + ["away"] * 2
    with pytest.raises(Refusal, match="already-undone"):
        undo_visit(round=running.ref, attempt=UUID(first), by=running.by, at=LATER)
    undo_attempt(round=running.ref, attempt=UUID(other), by=running.by, at=LATER)
    assert undo_visit(round=running.ref, attempt=UUID(other), by=running.by, at=LATER) == 1


def test_a_visit_nobody_wrote_is_not_taken_back(running: Running) -> None:
    with pytest.raises(Refusal, match="unknown-attempt"):
        undo_visit(round=running.ref, attempt=UUID(int=7), by=running.by, at=LATER)


def test_several_people_are_excused_for_one_reason_each_by_a_decision(running: Running) -> None:
    some = running.people[:5]
    assert excuse_people(
        round=running.ref, people=some, reason="in_hospital", note="住院证明", by=running.by, at=LATER
    ) == 5
    assert (states(running, some), Decision.objects.filter(state="excused").count()) == (["excused"] * 5, 5)
    assert all(balance.balanced for balance in balance_all(Cutoff(LATER)))


@pytest.mark.parametrize(("people", "code"), [(0, "nobody-chosen"), (501, "too-many-chosen")])
def test_nobody_and_too_many_are_refused(running: Running, people: int, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        knock(running, [Ref(f"person:{number:012d}") for number in range(people)])


def test_the_buildings_of_the_chosen_go_to_another_post_with_their_deadline(running: Running) -> None:
    before = {task.about: (task.owner_id, task.due_at) for task in Task.objects.filter(kind="sweep")}
    post = Post.objects.exclude(id__in=[owner for owner, _ in before.values()]).filter(holder__isnull=False).first()
    assert post is not None
    given = assign_people(
        round=running.ref, people=[running.people[0], running.people[4], running.people[1]], owner=Ref(post.ref),
        reason="人手不足", by=running.by, at=LATER,
    )
    after = {task.about: (task.owner_id, task.due_at) for task in Task.objects.filter(kind="sweep")}
    moved = {about for about in after if after[about][0] != before[about][0]}
    assert (given, len(moved), {after[about][0] for about in moved}) == (2, 2, {post.pk})
    assert {about: due for about, (_, due) in after.items()} == {about: due for about, (_, due) in before.items()}


def test_no_post_is_given_more_doors_than_its_people_can_work(running: Running) -> None:
    post = Post.objects.get(code="grid_b")
    mine = doors_owed(running.row, post.pk)
    terms = {**running.row.terms, "doors_a_shift": mine}
    Round.objects.filter(pk=running.row.pk).update(terms=terms)
    with pytest.raises(Refusal, match="over-cap"):
        assign_people(round=running.ref, people=[running.people[0]], owner=Ref(post.ref), reason="x", by=running.by, at=LATER)
    assert doors_owed(running.row, post.pk) == mine
    begin_service(post=Ref(post.ref), member=Ref("member:grid_a1-1"), by=running.by, at=LATER)
    assert assign_people(
        round=running.ref, people=[running.people[0]], owner=Ref(post.ref), reason="x", by=running.by, at=LATER
    ) == 1
    assert mine < doors_owed(running.row, post.pk) <= 2 * mine


def test_who_may_not_record_there_writes_nothing(running: Running) -> None:
    stranger = SystemActor("stranger", frozenset({"rounds.read"}))
    with pytest.raises(Refusal, match="not-permitted"):
        record_visit(
            round=running.ref, people=running.people[:2], way="visit", result="away", revisit_at=None, by=stranger,
            at=LATER,
        )
    assert Attempt.objects.count() == 0


def test_a_visit_costs_the_same_queries_for_any_number_of_people(running: Running) -> None:
    counts = []
    for people in (running.people[:2], running.people[2:22]):
        with CaptureQueriesContext(connection) as queries:
            knock(running, people)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 4
