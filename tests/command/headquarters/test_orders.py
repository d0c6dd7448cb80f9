"""An order has a number, an owner, a deadline and an end, and comes back when nobody answers."""

from datetime import date, timedelta

import pytest

from firebreak.command.headquarters import actions, queries
from firebreak.command.headquarters.actions import OrderTerms
from firebreak.command.headquarters.models import Order, OrderReport
from firebreak.engine.ledgers.registry import figure
from firebreak.engine.messages.models import Message
from firebreak.engine.tasks import watch
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Post, Unit
from firebreak.kernel.actor import Actor
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from tests.support.staffing import AT, HOUR, RESPONSE, account_of, everybody, staffed

pytestmark = pytest.mark.django_db

CHIEF = everybody("chief")
SECOND = timedelta(seconds=1)
TERMS = OrderTerms("directive", 10, "海潭区防指〔2022〕{n}号", 4)


@pytest.fixture
def posts() -> dict[str, Post]:
    return staffed()


@pytest.fixture
def leader(posts: dict[str, Post]) -> Actor:
    """The holder of the post that leads the task force, signed in, with no other right."""
    return account_of("member:community_lead-0", "leader")


def order(title: str = "设卡口", basis: str = "传染病防治法", due: timedelta = HOUR, by: Actor = CHIEF) -> Ref:
    return actions.issue_order(
        response=RESPONSE, unit=Ref(Unit.objects.get(key="community").ref), title=T(title, title and "Set checkpoints"),
        text=T("四个路口各设一个。", "One at each of four crossings."), due_at=AT + due, legal_basis=basis,
        review_on=date(2022, 6, 6), terms=TERMS, by=by, at=AT,
    )


def standing(ref: Ref) -> str:
    return queries.standing(queries.find(ref))


def steps(ref: Ref) -> list[str]:
    return list(OrderReport.objects.filter(order__ref=ref).order_by("id").values_list("step", flat=True))


def figures(at: timedelta) -> tuple[int, ...]:
    return tuple(figure(f"orders-{name}").count(Cutoff(AT + at)) for name in ("issued", "open", "overdue", "unread"))


def test_orders_are_numbered_on_from_the_activation_and_their_owner_is_told(posts: dict[str, Post]) -> None:
    refs = [order(), order("巡逻")]

    rows = [queries.find(ref) for ref in refs]
    assert [row.document_number for row in rows] == ["海潭区防指〔2022〕5号", "海潭区防指〔2022〕6号"]
    assert {row.task.owner_id for row in rows} == {posts["community_lead"].id}
    assert set(Message.objects.values_list("to_ref", "template")) == {("member:community_lead-0", "order")}
    letter = Message.objects.earliest("id").text_zh
    assert letter.startswith("社区管控专班:指令海潭区防指〔2022〕5号《设卡口》已下达,时限06-05 15:00")


def test_from_seen_to_finished(leader: Actor) -> None:
    ref = order()
    told = [standing(ref)]
    actions.see_order(order=ref, by=leader, at=AT + SECOND)
    told.append(standing(ref))
    actions.accept_order(order=ref, by=leader, at=AT + 2 * SECOND)
    told.append(standing(ref))
    actions.report_order(order=ref, text="两个已设", percent=50, by=leader, at=AT + HOUR / 2)
    actions.finish_order(order=ref, text="四个都已设", by=leader, at=AT + HOUR)
    told.append(standing(ref))

    assert told == ["unread", "seen", "accepted", "done"]
    assert steps(ref) == ["seen", "accepted", "progress", "finished"]
    assert queries.progress([queries.find(ref).id]) == {queries.find(ref).id: 100}
    assert (figures(HOUR / 2), figures(HOUR)) == ((1, 1, 0, 0), (1, 0, 0, 0))


def test_opening_it_twice_is_written_once(leader: Actor) -> None:
    ref = order()

    for _ in range(2):
        actions.see_order(order=ref, by=leader, at=AT + SECOND)

    assert steps(ref) == ["seen"]


@pytest.mark.parametrize(("title", "basis", "due", "code"), [
    (" ", "法", HOUR, "words-missing"),
    ("设卡口", "", HOUR, "words-missing"),
    ("设卡口", "法", timedelta(0), "due-in-the-past"),
])
def test_an_order_without_words_basis_or_time_is_not_issued(
    posts: dict[str, Post], title: str, basis: str, due: timedelta, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        order(title, basis, due)

    assert (Order.objects.count(), Task.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_who_may_not_issue_does_not(leader: Actor) -> None:
    with pytest.raises(Refusal, match="not-permitted"):
        order(by=leader)


def test_within_ten_seconds_its_issuer_takes_it_back_as_if_never_said(posts: dict[str, Post]) -> None:
    ref = order()

    actions.undo_order(order=ref, by=CHIEF, at=AT + 10 * SECOND)

    assert (standing(ref), Message.objects.get().status) == ("cancelled", "withdrawn")
    assert (figures(timedelta(0)), figures(HOUR)) == ((1, 1, 0, 1), (0, 0, 0, 0))
    assert queries.find(order("巡逻")).number == 2


@pytest.mark.parametrize(("part", "later", "seen", "code"), [
    ("chief", 11, False, "too-late-to-undo"),
    ("chief", 5, True, "too-late-to-undo"),
    ("deputy", 5, False, "not-your-order"),
])
def test_later_or_seen_or_by_another_it_stands(leader: Actor, part: str, later: int, seen: bool, code: str) -> None:
    ref = order()
    if seen:
        actions.see_order(order=ref, by=leader, at=AT + SECOND)

    with pytest.raises(Refusal, match=code):
        actions.undo_order(order=ref, by=everybody(part), at=AT + later * SECOND)


def test_a_stranger_neither_sees_nor_works_on_it(posts: dict[str, Post]) -> None:
    ref, stranger = order(), account_of("member:grid_b-0", "b")

    for step in (actions.see_order, actions.accept_order):
        with pytest.raises(Refusal, match="not-your-task"):
            step(order=ref, by=stranger, at=AT)


def test_progress_comes_after_acceptance_and_between_0_and_100(leader: Actor) -> None:
    ref = order()

    with pytest.raises(Refusal, match="not-accepted"):
        actions.report_order(order=ref, text="", percent=10, by=leader, at=AT)
    actions.accept_order(order=ref, by=leader, at=AT)
    with pytest.raises(Refusal, match="percent-out-of-range"):
        actions.report_order(order=ref, text="", percent=101, by=leader, at=AT)


def test_giving_it_back_needs_a_reason_and_ends_it(leader: Actor) -> None:
    ref = order()

    with pytest.raises(Refusal, match="reason-missing"):
        actions.refuse_order(order=ref, reason="", by=leader, at=AT)
    actions.refuse_order(order=ref, reason="没有人手", by=leader, at=AT)
    with pytest.raises(Refusal, match="order-ended"):
        actions.finish_order(order=ref, text="", by=leader, at=AT)

    assert (standing(ref), Task.objects.get().outcome) == ("refused", "refused")


def test_cancelling_tells_its_owner_why(leader: Actor) -> None:
    ref = order()

    actions.cancel_order(order=ref, reason="改由交警办", by=CHIEF, at=AT + HOUR / 2)

    assert standing(ref) == "cancelled"
    assert Message.objects.get(template="stand_down").text_en.endswith("is cancelled: 改由交警办")


def test_unanswered_after_ten_minutes_it_comes_back_once_and_both_sides_are_told(posts: dict[str, Post]) -> None:
    ref = order()
    minutes = timedelta(minutes=1)

    assert [actions.return_unanswered(AT + n * minutes) for n in (9, 10, 11)] == [0, 1, 0]

    assert steps(ref) == ["returned"]
    assert set(Message.objects.filter(template="overdue").values_list("to_ref", flat=True)) == {
        "member:community_lead-0", CHIEF.ref,
    }


def test_an_accepted_order_does_not_come_back(leader: Actor) -> None:
    actions.accept_order(order=order(), by=leader, at=AT + SECOND)

    assert actions.return_unanswered(AT + HOUR) == 0


def test_an_overdue_order_climbs_to_headquarters(posts: dict[str, Post]) -> None:
    ref = order()

    watch.escalate_due(AT + HOUR + timedelta(minutes=30))

    assert queries.find(ref).task.owner_id == posts["hq_lead"].id
    assert figures(2 * HOUR) == (1, 1, 1, 1)


def test_a_dissolved_unit_gets_no_orders(posts: dict[str, Post]) -> None:
    Unit.objects.filter(key="community").update(dissolved_at=AT, end_act_id=posts["hq_lead"].act_id)

    with pytest.raises(Refusal, match="unit-dissolved"):
        order()
