"""Missing numbers are owed: an owner and a deadline from the moment they are noticed, an end when none is missing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firebreak.engine.capture import owners
from firebreak.engine.capture.actions import declare_lost
from firebreak.engine.capture.ledger import balances
from firebreak.engine.capture.models import Gap, Quarantined
from firebreak.engine.plans.actions import adopt_plan
from firebreak.engine.plans.loader import load_pack
from firebreak.engine.tasks.actions import end_tasks
from firebreak.engine.tasks.models import Task, TaskChange
from firebreak.engine.tasks.watch import escalate_due
from firebreak.engine.units.models import Post
from firebreak.kernel.cutoff import Cutoff
from tests.engine.capture.test_intake import MINUTE, NOON, _Resolver
from tests.support.staffing import everybody, last_position
from tests.support.testing_round import OPENED, PLANS, Running, running_round

HOURS = timedelta(hours=1)


@pytest.fixture
def running(ledger: Path) -> Running:
    running = running_round(40)
    running.phone.event("tube.opened", OPENED, tube="T1", site="S-A")
    running.phone.send(OPENED)
    return running


def scans(running: Running, count: int) -> list[dict[str, Any]]:
    made = [running.phone.scan("T1", running.people[number], OPENED + MINUTE) for number in range(count)]
    running.phone.waiting = []
    return made


def owed() -> list[tuple[str, str, Any]]:
    return list(
        Task.objects.filter(kind="missing-numbers").order_by("id").values_list("status", "outcome", "owner__code")
    )


def book(hours: int = 0) -> tuple[int, int, int]:
    balance = balances(Cutoff(NOON + hours * HOURS))[0]
    return balance.open, balance.overdue, balance.unowned


def test_missing_numbers_have_one_task_that_ends_when_the_last_of_them_comes(running: Running) -> None:
    events = scans(running, 8)
    running.phone.send(NOON, events[5:])
    task = Task.objects.get(kind="missing-numbers")
    assert (owed(), task.due_at, book()) == ([("open", "", "hq_lead")], NOON + 2 * HOURS, (5, 0, 0))
    running.phone.send(NOON + HOURS, events[2:3])
    assert (owed(), book(1), book(3)) == ([("open", "", "hq_lead")], (4, 0, 0), (4, 4, 0))
    running.phone.send(NOON + HOURS, [*events[:2], *events[3:5]])
    assert (owed(), book(1)) == ([("ended", "done", "hq_lead")], (0, 0, 0))


def test_task_ends_when_the_last_missing_number_is_declared_lost_by_name(running: Running) -> None:
    events = scans(running, 8)
    running.phone.send(NOON, [events[2], events[5]])
    first, second = Gap.objects.order_by("first")
    assert first.matter == second.matter
    declare_lost(gap=first.pk, reason="phone in the river", by=_Resolver("lead2"), at=NOON)
    assert owed() == [("open", "", "hq_lead")]
    declare_lost(gap=second.pk, reason="phone in the river", by=_Resolver("lead2"), at=NOON)
    assert owed() == [("ended", "done", "hq_lead")]
    assert TaskChange.objects.latest("id").reason == "phone in the river"


def test_numbers_missing_again_later_are_another_task(running: Running) -> None:
    events = scans(running, 6)
    running.phone.send(NOON, events[1:2])
    running.phone.send(NOON, events[:1])
    running.phone.send(NOON + HOURS, events[4:5])
    assert owed() == [("ended", "done", "hq_lead"), ("open", "", "hq_lead")]


def test_overdue_missing_numbers_climb(running: Running) -> None:
    post = Post.objects.get(code="community_lead")
    post.duty = "duty_officer"
    post.save(update_fields=["duty"])
    running.phone.send(NOON, scans(running, 8)[5:])
    assert owed() == [("open", "", "community_lead")]
    escalate_due(NOON + 3 * HOURS)
    assert owed() == [("open", "", "hq_lead")]


def test_deadline_is_the_plans(running: Running, tmp_path: Path) -> None:
    folder = tmp_path / "covid-2022"
    folder.mkdir()
    for path in (PLANS / "covid-2022").rglob("*"):
        target = folder / path.relative_to(PLANS / "covid-2022")
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    text = (folder / "capture.toml").read_text("utf-8")
    (folder / "capture.toml").write_text(
        text.replace("missing_numbers_within_minutes = 120", "missing_numbers_within_minutes = 45"), "utf-8"
    )
    adopt_plan(pack=load_pack(folder), authority="test", by=everybody(), at=OPENED)
    running.phone.send(NOON, scans(running, 8)[5:])
    assert Task.objects.get(kind="missing-numbers").due_at == NOON + 45 * MINUTE


def test_a_batch_without_a_gap_asks_once_for_gaps_and_for_nobody_who_owns_them(running: Running) -> None:
    events = scans(running, 4)
    with CaptureQueriesContext(connection) as spent:
        running.phone.send(NOON, events[:2])
    asked = [
        table for table in ("capture_gap", "plans_adoptedplan", "units_post", "INTO tasks_", 'INTO "tasks_')
        for query in spent if table in query["sql"]
    ]
    assert asked == ["capture_gap"]


def test_what_came_before_a_response_stood_gets_its_owner_from_the_watch(running: Running) -> None:
    Post.objects.update(holder=None, leads_unit=False)
    events = scans(running, 8)
    running.phone.send(NOON, [events[5], events[6] | {"body": None}])
    assert (owed(), book()) == ([], (6, 0, 6))
    assert owners.own_unowned(NOON + HOURS) == 0
    Post.objects.filter(code="hq_lead").update(leads_unit=True)
    assert owners.own_unowned(NOON + HOURS) == 2
    assert owners.own_unowned(NOON + HOURS) == 0
    assert (owed(), book(1)) == ([("open", "", "hq_lead")], (6, 0, 0))
    assert Task.objects.get(kind="quarantine").about == Quarantined.objects.get().ref


def test_what_outlives_its_task_is_taken_up_again(running: Running) -> None:
    running.phone.send(NOON, scans(running, 8)[5:])
    task = Task.objects.get(kind="missing-numbers")
    end_tasks(ids=[task.pk], outcome="cancelled", reason="response cancelled", by=everybody(), at=NOON + HOURS)
    before = Cutoff(NOON + HOURS, last_position())
    assert book(1) == (5, 0, 5)
    assert owners.own_unowned(NOON + 2 * HOURS) == 1
    task.refresh_from_db()
    assert (owed(), task.due_at, book(2)) == ([("open", "", "hq_lead")], NOON + 4 * HOURS, (5, 0, 0))
    assert balances(before)[0].unowned == 5
