"""Everything somebody must do has an owner, a deadline and an end; what is overdue climbs."""

from datetime import datetime, timedelta

import pytest

from firebreak.engine.messages.models import Message
from firebreak.engine.tasks import actions, ledger, queries, watch
from firebreak.engine.tasks.actions import TaskSpec
from firebreak.engine.tasks.models import Task, TaskChange
from firebreak.engine.units.models import Post
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from tests.support.staffing import AT, HOUR, RESPONSE, account_of, everybody, last_position, staffed

pytestmark = pytest.mark.django_db
CLIMB = timedelta(minutes=30)


def spec(owner: Post, subject: str = "door:1", due_at: datetime = AT + HOUR, kind: str = "sweep") -> TaskSpec:
    return TaskSpec(kind, subject, RESPONSE, T(f"查{subject}", f"See {subject}"), owner.id, due_at)


def opened(*specs: TaskSpec, at: datetime = AT) -> list[int]:
    return actions.open_tasks(specs=specs, by=everybody(), at=at)


def books(cutoff: Cutoff) -> tuple[int, int, int, int, int, int]:
    book = ledger.balances(cutoff)[0]
    return book.owed, book.done, book.excused, book.open, book.overdue, book.unowned


def ref_of(key: int) -> Ref:
    return Ref(Task.objects.get(id=key).ref)


def test_opened_tasks_have_owner_deadline_and_a_first_change() -> None:
    posts = staffed()

    keys = opened(*(spec(posts["grid_b"], f"door:{n}") for n in range(3)))

    assert [task.about for task in queries.owed_by([posts["grid_b"].id])] == ["door:0", "door:1", "door:2"]
    assert list(TaskChange.objects.order_by("task_id").values_list("task_id", "status")) == [(k, "open") for k in keys]


def test_opening_a_thousand_tasks_is_done_in_batches(django_assert_max_num_queries: object) -> None:
    posts = staffed()

    with django_assert_max_num_queries(40):  # type: ignore[operator]  # fixture of pytest-django
        opened(*(spec(posts["grid_b"], f"door:{n}") for n in range(1000)))


@pytest.mark.parametrize("again", [True, False])
def test_one_subject_has_one_task_of_a_kind(again: bool) -> None:
    posts = staffed()
    first = spec(posts["grid_b"])
    if again:
        opened(first)

    with pytest.raises(Refusal, match="duplicate-task"):
        opened(first) if again else opened(first, first)


def test_a_closed_post_takes_no_tasks() -> None:
    posts = staffed()
    Post.objects.filter(code="grid_b").update(closed_at=AT, end_act_id=posts["grid_b"].act_id)

    with pytest.raises(Refusal, match="post-closed"):
        opened(spec(posts["grid_b"]))


def test_the_holder_of_the_owning_post_takes_it_on() -> None:
    posts = staffed()
    task = ref_of(opened(spec(posts["grid_b"]))[0])
    holder, stranger = account_of("member:grid_b-0", "b"), account_of("member:grid_a2-0", "a2")

    with pytest.raises(Refusal, match="not-your-task"):
        actions.accept_task(task=task, by=stranger, at=AT)
    actions.accept_task(task=task, by=holder, at=AT)
    with pytest.raises(Refusal, match="already-accepted"):
        actions.accept_task(task=task, by=holder, at=AT)

    assert [row.ref for row in queries.mine(holder.ref)] == [task]
    assert list(queries.mine(stranger.ref)) == []


def test_assigning_moves_the_owner_and_keeps_the_deadline() -> None:
    posts = staffed()
    task = ref_of(opened(spec(posts["grid_b"]))[0])

    actions.assign_task(task=task, owner=Ref(posts["grid_a2"].ref), reason="人手不足", by=everybody(), at=AT)

    row = Task.objects.get()
    assert (row.owner_id, row.due_at) == (posts["grid_a2"].id, AT + HOUR)
    assert list(TaskChange.objects.order_by("id").values_list("owner_id", flat=True)) == [
        posts["grid_b"].id, posts["grid_a2"].id,
    ]


def test_ended_tasks_count_once_and_can_be_reopened() -> None:
    posts = staffed()
    keys = opened(*(spec(posts["grid_b"], f"door:{n}") for n in range(4)))
    by = everybody()

    assert actions.end_tasks(ids=keys[:2], outcome="done", reason="", by=by, at=AT + HOUR) == 2
    assert actions.end_tasks(ids=keys[:3], outcome="cancelled", reason="误报", by=by, at=AT + HOUR) == 1
    assert books(Cutoff(AT + HOUR)) == (4, 2, 1, 1, 0, 0)

    actions.reopen_tasks(ids=keys[:1], due_at=AT + 3 * HOUR, reason="漏了一户", by=by, at=AT + 2 * HOUR)
    assert books(Cutoff(AT + 2 * HOUR)) == (4, 1, 1, 2, 1, 0)
    assert books(Cutoff(AT + HOUR)) == (4, 2, 1, 1, 0, 0)


def test_an_end_other_than_done_needs_a_reason() -> None:
    posts = staffed()

    with pytest.raises(Refusal, match="reason-missing"):
        actions.end_tasks(ids=opened(spec(posts["grid_b"])), outcome="refused", reason="", by=everybody(), at=AT)


def test_a_live_task_cannot_be_reopened_nor_an_ended_one_changed() -> None:
    posts = staffed()
    (key,) = opened(spec(posts["grid_b"]))
    by = everybody()

    with pytest.raises(Refusal, match="task-not-ended"):
        actions.reopen_tasks(ids=[key], due_at=AT, reason="再查", by=by, at=AT)
    actions.end_tasks(ids=[key], outcome="done", reason="", by=by, at=AT)
    with pytest.raises(Refusal, match="task-ended"):
        actions.change_due(task=ref_of(key), due_at=AT, reason="延后", by=by, at=AT)


def test_a_new_deadline_keeps_the_old_one_on_record() -> None:
    posts = staffed()
    (key,) = opened(spec(posts["grid_b"]))

    actions.change_due(task=ref_of(key), due_at=AT + 2 * HOUR, reason="雨大", by=everybody(), at=AT + HOUR / 2)

    assert list(TaskChange.objects.order_by("id").values_list("due_at", flat=True)) == [AT + HOUR, AT + 2 * HOUR]
    assert Task.objects.get().escalates_at == AT + 2 * HOUR + CLIMB


def test_overdue_tasks_climb_step_by_step_to_the_top_and_everybody_is_told() -> None:
    posts = staffed()
    opened(spec(posts["grid_b"]))
    overdue = AT + HOUR + CLIMB

    assert watch.escalate_due(overdue - timedelta(seconds=1)) == 0
    assert watch.escalate_due(overdue) == 1
    assert Task.objects.get().owner_id == posts["community_lead"].id
    assert watch.escalate_due(overdue) == 0
    assert watch.escalate_due(overdue + CLIMB) == 1
    assert (Task.objects.get().owner_id, Task.objects.get().escalation) == (posts["hq_lead"].id, 2)
    assert watch.escalate_due(overdue + 2 * CLIMB) == 0

    assert list(Message.objects.order_by("id").values_list("to_ref", flat=True)) == [
        "member:community_lead-0", "member:grid_b-0",
        "member:hq_lead-0", "member:community_lead-0",
        "member:hq_lead-0",
    ]
    assert Task.objects.get().escalates_at is None


def test_a_watch_that_stood_still_for_hours_catches_up() -> None:
    posts = staffed()
    opened(*(spec(posts["grid_b"], f"door:{n}") for n in range(30)))

    assert watch.escalate_due(AT + 7 * HOUR, limit=20) == 20
    assert watch.escalate_due(AT + 7 * HOUR, limit=20) == 10
    assert Message.objects.count() == 4


def test_what_was_overdue_at_a_past_moment_stays_so() -> None:
    posts = staffed()
    (key,) = opened(spec(posts["grid_b"]))
    position = last_position()
    actions.end_tasks(ids=[key], outcome="done", reason="", by=everybody(), at=AT + 2 * HOUR)

    assert books(Cutoff(AT + 3 * HOUR, position)) == (1, 0, 0, 1, 1, 0)
    assert books(Cutoff(AT + 3 * HOUR)) == (1, 1, 0, 0, 0, 0)


def test_an_owner_whose_post_closed_leaves_the_task_ownerless() -> None:
    posts = staffed()
    opened(spec(posts["grid_b"]))
    Post.objects.filter(code="grid_b").update(closed_at=AT + HOUR, end_act_id=posts["grid_b"].act_id)

    book = ledger.balances(Cutoff(AT + HOUR))[0]

    assert (book.unowned, book.balanced, [row.about for row in book.rows]) == (1, False, [Task.objects.get().ref])


@pytest.mark.parametrize("sql", [
    "UPDATE tasks_task SET owner_id = owner_id + 1",
    "UPDATE tasks_task SET due_at = '2022-07-01 00:00:00'",
    "UPDATE tasks_task SET status = 'accepted'",
    "DELETE FROM tasks_taskchange",
])
@pytest.mark.django_db(transaction=True)
def test_a_task_changed_behind_the_record_is_named(damage: object, sql: str) -> None:
    posts = staffed()
    opened(spec(posts["grid_b"]))
    assert ledger.balances(Cutoff(AT))[0].balanced

    damage(sql)  # type: ignore[operator]  # fixture

    book = ledger.balances(Cutoff(AT))[0]
    assert (book.balanced, [row.about for row in book.rows]) == (False, [Task.objects.get().ref])
