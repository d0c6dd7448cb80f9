"""What the program does by itself: once each, in any number of workers, also after standing still."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from firebreak.command.headquarters import actions as orders
from firebreak.command.reactions import reading, work
from firebreak.command.reactions.models import Reached
from firebreak.engine.approvals import actions as approvals
from firebreak.engine.journal.models import Act
from firebreak.engine.messages.actions import Recipient, queue
from firebreak.engine.messages.models import Message
from firebreak.engine.tasks.actions import TaskSpec, open_tasks
from firebreak.engine.tasks.models import Task, TaskChange
from firebreak.engine.units.models import Unit
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T
from tests.story.test_activation import alarm
from tests.support.district import plant_district, plant_roster
from tests.support.staffing import AT, HOUR, RESPONSE, account_of, everybody, staffed

CHIEF = everybody("chief")


def refused_order() -> Ref:
    """An order its owner gives back."""
    staffed()
    leader = account_of("member:community_lead-0", "leader")
    order = orders.issue_order(
        response=RESPONSE, unit=Ref(Unit.objects.get(key="community").ref), title=T("设卡口", "Checkpoints"),
        text=T("四个路口。", "Four crossings."), due_at=AT + HOUR, legal_basis="法", review_on=date(2022, 6, 6),
        by=CHIEF, at=AT,
    )
    orders.refuse_order(order=order, reason="没有人手", by=leader, at=AT)
    return order


@pytest.mark.django_db
def test_a_refused_order_becomes_one_task_at_headquarters_however_often_it_is_read() -> None:
    order = refused_order()

    assert [reading.react(AT), reading.react(AT)] == [1, 0]

    task = Task.objects.get(kind="order-refused")
    assert (task.about, task.owner.code, task.due_at) == (order, "hq_lead", AT + HOUR / 2)


@pytest.mark.django_db(transaction=True)
def test_the_bookmark_moves_to_seals_only_and_losing_it_repeats_nothing() -> None:
    refused_order()
    reading.react(AT)
    assert Reached.objects.count() == 0

    work.seal_due(AT)
    reading.react(AT)
    assert Reached.objects.get().position > 0
    Reached.objects.all().delete()

    assert (reading.react(AT), Task.objects.filter(kind="order-refused").count()) == (0, 1)


@pytest.mark.django_db
def test_what_one_person_confirmed_alone_waits_as_a_task_for_the_second_and_climbs() -> None:
    plant_roster(plant_district())
    night = AT + 9 * HOUR
    proposal = alarm(night)
    approvals.confirm_alone(proposal=proposal, by=everybody("duty-officer"), at=night + HOUR / 6)
    reading.react(night + HOUR / 6)
    owed = Task.objects.get(kind="second-person")
    assert (owed.about, owed.owner.code, owed.due_at) == (proposal, "deputy_commander", night + HOUR / 6 + HOUR / 2)

    work.escalate_due(night + 2 * HOUR)
    owed.refresh_from_db()
    assert owed.owner.code == "commander"

    approvals.approve(proposal=proposal, by=everybody("commander"), at=night + 3 * HOUR)
    reading.react(night + 3 * HOUR)
    owed.refresh_from_db()
    assert (owed.status, owed.outcome) == ("ended", "done")


@pytest.mark.django_db(transaction=True)
def test_one_tick_does_everything_that_is_due() -> None:
    posts = staffed()
    open_tasks(
        specs=[TaskSpec("sweep", "door:1", RESPONSE, T("查", "See"), posts["grid_b"].id, AT + HOUR)], by=CHIEF, at=AT
    )
    to = [Recipient("member:1", channel="log")]
    queue(to=to, template="x", text=T("请到岗", "Come"), about="x:1", by=CHIEF, at=AT)

    assert work.tick(AT + 2 * HOUR) == {
        "reacted": 0,
        "called": 0,
        "owned": 0, "led": 0,
        "escalated": 1,
        "returned": 0,
        "replaced": 0,
        "expired": 0,
        "erased": 0,
        "ends": 0,
        "cadence": 0,
        "pools": 0, "custody": 0,
        "sent": 1,
        "checked": 1,
        "sealed": 1,
    }
    assert work.tick(AT + 2 * HOUR) == dict.fromkeys(work.PARTS, 0)


@pytest.mark.django_db
def test_a_part_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(now: object) -> int:
        raise RuntimeError

    monkeypatch.setattr(work, "PARTS", {"broken": broken, "whole": lambda now: 3})

    assert work.tick(AT) == {"broken": 0, "whole": 3}


@pytest.mark.django_db(transaction=True)
def test_several_workers_do_each_thing_once() -> None:
    posts = staffed()
    open_tasks(
        specs=[
            TaskSpec("sweep", f"door:{n}", RESPONSE, T("查", "See"), posts["grid_b"].id, AT + HOUR) for n in range(40)
        ],
        by=CHIEF, at=AT,
    )
    to = [Recipient(f"member:{n}", channel="log") for n in range(60)]
    queue(to=to, template="x", text=T("请到岗", "Come"), about="x:1", by=CHIEF, at=AT)
    now = AT + HOUR + timedelta(minutes=40)
    totals: list[dict[str, int]] = []

    def run() -> None:
        try:
            totals.append(work.tick(now))
        finally:
            connection.close()

    workers = [threading.Thread(target=run) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(total["escalated"] for total in totals) == 40
    assert TaskChange.objects.count() == 80
    assert sum(total["sent"] for total in totals) == 60
    assert set(Message.objects.filter(template="x").values_list("status", "tries")) == {("sent", 1)}
    assert Act.objects.filter(outcome="refused").count() == 0
