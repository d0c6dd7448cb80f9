"""An order is done when somebody else has seen that it is; a figure and a picture prove it on the way."""

from datetime import timedelta

import pytest

from firebreak.command.headquarters import actions, queries
from firebreak.command.headquarters.models import Order, OrderReport
from firebreak.engine.messages.models import Message
from firebreak.engine.pictures.queries import pictures_of
from firebreak.engine.units.models import Post
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from tests.command.headquarters.test_orders import order, standing, steps
from tests.support.pictures import a_picture
from tests.support.staffing import AT, HOUR, account_of, everybody, staffed

pytestmark = pytest.mark.django_db
CHIEF = everybody("chief")


@pytest.fixture
def posts() -> dict[str, Post]:
    return staffed()


@pytest.fixture
def leader(posts: dict[str, Post]) -> Actor:
    return account_of("member:community_lead-0", "leader")


@pytest.fixture
def finished(leader: Actor) -> Ref:
    ref = order()
    actions.accept_order(order=ref, by=leader, at=AT)
    actions.finish_order(order=ref, text="四个都已设", amount=4, picture=a_picture(), by=leader, at=AT + HOUR / 2)
    return ref


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == code)


def test_a_figure_and_a_picture_stand_with_the_report(finished: Ref) -> None:
    report = OrderReport.objects.get(step="finished")
    assert (report.amount, len(pictures_of([finished])[finished])) == (4, 1)


def test_done_waits_for_somebody_else_to_verify_it(finished: Ref) -> None:
    assert (standing(finished), queries.to_verify().count()) == ("done", 1)
    actions.verify_order(order=finished, text="现场看过", by=CHIEF, at=AT + HOUR)
    assert (standing(finished), queries.to_verify().count()) == ("verified", 0)
    assert steps(finished) == ["accepted", "finished", "verified"]
    with refused("not-finished"):
        actions.verify_order(order=finished, text="", by=CHIEF, at=AT + HOUR)


def test_nobody_verifies_their_own_order(finished: Ref, leader: Actor) -> None:
    own = type("Own", (), {
        "ref": leader.ref, "name": "leader", "may": lambda *a, **k: True, "require": lambda *a, **k: None,
    })()
    with refused("own-order"):
        actions.verify_order(order=finished, text="", by=own, at=AT + HOUR)


def test_what_is_not_done_is_owed_again_and_its_owner_is_told(finished: Ref, leader: Actor) -> None:
    told = Message.objects.filter(about=finished).count()
    actions.reopen_order(order=finished, reason="少一个", due_at=AT + 3 * HOUR, by=CHIEF, at=AT + HOUR)
    row = Order.objects.select_related("task").get(ref=finished)
    assert (row.task.status, row.task.due_at, Message.objects.filter(about=finished).count() - told) == (
        "open", AT + 3 * HOUR, 1,
    )
    actions.finish_order(order=finished, text="补上了", by=leader, at=AT + 2 * HOUR)
    actions.verify_order(order=finished, text="", by=CHIEF, at=AT + 2 * HOUR)
    assert steps(finished) == ["accepted", "finished", "reopened", "finished", "verified"]


@pytest.mark.parametrize(("given", "code"), [
    ({"reason": " "}, "reason-missing"), ({"due_at": AT}, "due-in-the-past"),
])
def test_giving_it_back_needs_a_reason_and_time(finished: Ref, given: dict[str, object], code: str) -> None:
    with refused(code):
        actions.reopen_order(**{
            "order": finished, "reason": "少一个", "due_at": AT + 3 * HOUR, "by": CHIEF, "at": AT + HOUR, **given,
        })
    assert standing(finished) == "done"


@pytest.mark.parametrize(("given", "code"), [
    ({"amount": -1}, "amount-out-of-range"), ({"amount": 10**7}, "amount-out-of-range"),
    ({"picture": b"no picture"}, "not-a-picture"),
])
def test_proof_that_is_none_leaves_the_order_as_it_was(leader: Actor, given: dict[str, object], code: str) -> None:
    ref = order()
    actions.accept_order(order=ref, by=leader, at=AT)
    with refused(code):
        actions.finish_order(order=ref, text="完", by=leader, at=AT + timedelta(minutes=5), **given)
    assert (standing(ref), steps(ref)) == ("accepted", ["accepted"])
