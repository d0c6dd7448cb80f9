"""A unit nobody leads is a task of whoever stands above it, until somebody leads it."""

from datetime import timedelta

import pytest

from firebreak.command.headquarters.leaders import look_unled
from firebreak.engine.journal.models import Event
from firebreak.engine.tasks.models import Task
from firebreak.engine.units import actions
from firebreak.engine.units.models import Post
from firebreak.kernel.refs import Ref
from tests.support.staffing import AT, HOUR, everybody, staffed

pytestmark = pytest.mark.django_db


def test_a_unit_without_a_leader_is_owed_one_by_the_leader_above_once() -> None:
    staffed({"hq_lead": 1, "grid_b": 1})
    assert [look_unled(AT), look_unled(AT + timedelta(minutes=1))] == [1, 0]

    task = Task.objects.get(kind="unled-unit")
    assert (task.owner.code, task.due_at, task.title_zh) == (
        "hq_lead", AT + timedelta(minutes=30), "“社区管控专班”无人牵头,请定组长"
    )


def test_the_task_ends_when_somebody_leads_it() -> None:
    posts = staffed({"hq_lead": 1, "grid_b": 1})
    look_unled(AT)
    actions.change_holder(
        post=Ref(posts["community_lead"].ref), member=Ref("member:grid_b-0"), reason="任命", by=everybody(), at=AT + HOUR
    )
    assert look_unled(AT + HOUR) == 1
    task = Task.objects.get(kind="unled-unit")
    assert (task.status, task.outcome) == ("ended", "done")
    assert [event.payload for event in Event.objects.filter(type="UnitsUnled").order_by("id")] == [
        {"unled": 1, "led": 0}, {"unled": 0, "led": 1}
    ]


def test_a_unit_that_loses_its_leader_again_is_owed_one_again() -> None:
    posts = staffed({"hq_lead": 1, "grid_b": 1})
    look_unled(AT)
    lead = posts["community_lead"]
    actions.change_holder(post=Ref(lead.ref), member=Ref("member:grid_b-0"), reason="任命", by=everybody(), at=AT)
    look_unled(AT)
    Post.objects.filter(pk=lead.pk).update(holder=None)
    assert look_unled(AT + HOUR) == 1
    task = Task.objects.get(kind="unled-unit")
    assert (task.status, task.due_at) == ("open", AT + HOUR + timedelta(minutes=30))


def test_where_every_unit_is_led_nothing_is_written() -> None:
    staffed()
    before = Event.objects.count()
    assert (look_unled(AT), Event.objects.count() - before) == (0, 0)


def test_where_nobody_at_all_holds_a_post_there_is_nobody_to_tell() -> None:
    staffed({"grid_b": 1})
    assert (look_unled(AT), Task.objects.count()) == (0, 0)
