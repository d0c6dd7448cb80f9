"""Nobody decides alone, except where the plan says so, and then not for long."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from firebreak.engine.access.models import Account
from firebreak.engine.approvals import actions, kinds, queries
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.journal.acting import record
from firebreak.engine.journal.models import Event
from firebreak.engine.units.events import ServiceBegun
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from tests.support.staffing import AT, HOUR, everybody

pytestmark = pytest.mark.django_db
CHIEF, DEPUTY = everybody("chief"), everybody("deputy")


def _execute(proposal: Proposal, by: Actor, at: datetime) -> Ref | None:
    if proposal.payload.get("fails"):
        raise NOT_FOUND.because()
    record(ServiceBegun("executed"), about=proposal.about)
    return Ref(proposal.about)


def _reverse(proposal: Proposal, by: Actor, at: datetime) -> Ref | None:
    record(ServiceBegun("reversed"), about=proposal.about)
    return Ref(proposal.about)


def _give_up(proposal: Proposal, by: Actor, at: datetime) -> None:
    record(ServiceBegun("given up"), about=proposal.about)


kinds.register("test-thing", _execute, _reverse, _give_up)
kinds.register("test-final", _execute)


def propose(kind: str = "test-thing", *, sole: int | None = None, **payload: object) -> Ref:
    return actions.propose(
        kind=kind, about="thing:1", title=T("事", "Thing"), effect={"n": 1}, payload=dict(payload),
        permission="units.write", area_path="/HT/", expires_at=AT + HOUR, sole_minutes=sole, by=CHIEF, at=AT,
    )


def done() -> list[str]:
    return list(Event.objects.filter(type="ServiceBegun").order_by("id").values_list("payload__member", flat=True))


def status() -> str:
    return Proposal.objects.get().status


def test_the_second_person_executes_in_the_same_act() -> None:
    proposal = propose()

    assert actions.approve(proposal=proposal, by=DEPUTY, at=AT + HOUR / 2) == "thing:1"

    assert (status(), done()) == ("approved", ["executed"])
    assert Event.objects.get(type="ServiceBegun").act_id == Event.objects.get(type="ProposalApproved").act_id


def test_the_proposer_cannot_approve() -> None:
    proposal = propose()

    with pytest.raises(Refusal) as refused:
        actions.approve(proposal=proposal, by=CHIEF, at=AT)

    assert (refused.value.code, status(), done()) == ("own-proposal", "pending", [])


def test_the_database_refuses_a_proposal_decided_by_its_proposer() -> None:
    propose()

    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(status="approved", decided_by=CHIEF.ref, decided_at=AT)


def test_two_accounts_of_one_person_are_one_person() -> None:
    for name in ("chief", "deputy"):
        Account.objects.create(
            ref=f"system:{name}", username=name, name=name, member_ref="member:same", created_at=AT
        )

    with pytest.raises(Refusal, match="own-proposal"):
        actions.approve(proposal=propose(), by=DEPUTY, at=AT)


def test_an_execution_that_refuses_leaves_the_proposal_waiting() -> None:
    proposal = propose(fails=True)

    with pytest.raises(Refusal, match="not-found"):
        actions.approve(proposal=proposal, by=DEPUTY, at=AT)

    assert (status(), done()) == ("pending", [])


@pytest.mark.parametrize(("by", "at", "code"), [
    (SystemActor("clerk", frozenset()), AT, "not-permitted"),
    (DEPUTY, AT + HOUR, "proposal-expired"),
])
def test_who_may_not_or_comes_too_late_is_refused(by: Actor, at: datetime, code: str) -> None:
    proposal = propose()

    with pytest.raises(Refusal) as refused:
        actions.approve(proposal=proposal, by=by, at=at)

    assert refused.value.code == code


def test_a_decided_proposal_stays_decided() -> None:
    proposal = propose()
    actions.approve(proposal=proposal, by=DEPUTY, at=AT)

    with pytest.raises(Refusal, match="already-decided"):
        actions.refuse(proposal=proposal, reason="晚了", by=DEPUTY, at=AT)


def test_the_same_matter_is_not_proposed_twice() -> None:
    propose()

    with pytest.raises(Refusal, match="already-pending"):
        propose()


def test_a_refusal_needs_its_reason() -> None:
    proposal = propose()

    with pytest.raises(Refusal, match="reason-missing"):
        actions.refuse(proposal=proposal, reason=" ", by=DEPUTY, at=AT)
    actions.refuse(proposal=proposal, reason="依据不足", by=DEPUTY, at=AT)

    assert (status(), done()) == ("refused", ["given up"])


def test_the_proposer_may_withdraw() -> None:
    actions.withdraw(proposal=propose(), reason="写错了", by=CHIEF, at=AT)

    assert (status(), done()) == ("withdrawn", ["given up"])


def test_undecided_proposals_expire_once() -> None:
    propose()

    assert [actions.expire_due(AT), actions.expire_due(AT + HOUR), actions.expire_due(AT + HOUR)] == [0, 1, 0]
    assert (status(), done()) == ("expired", ["given up"])


def test_a_kind_that_prepares_nothing_has_nothing_to_give_up() -> None:
    actions.withdraw(proposal=propose("test-final"), reason="写错了", by=CHIEF, at=AT)

    assert (status(), done()) == ("withdrawn", [])


@pytest.mark.parametrize(("sole", "after"), [(None, ["given up"]), (30, ["executed"])])
def test_what_a_matter_that_fell_away_had_waiting_ends_with_it(sole: int | None, after: list[str]) -> None:
    proposal = propose(sole=sole)
    if sole:
        actions.confirm_alone(proposal=proposal, by=CHIEF, at=AT)

    dropped = actions.drop(about=["thing:1", "thing:2"], reason="信号有误", by=DEPUTY, at=AT)

    assert (dropped, status(), done()) == (1, "withdrawn", after)
    assert list(queries.waiting()) == []


def test_where_the_plan_allows_it_one_person_goes_ahead_and_a_second_confirms() -> None:
    proposal = propose(sole=30)

    with pytest.raises(Refusal, match="no-sole-confirmation"):
        actions.confirm_alone(proposal=proposal, by=DEPUTY, at=AT)
    actions.confirm_alone(proposal=proposal, by=CHIEF, at=AT)
    assert (status(), done()) == ("sole", ["executed"])
    assert Proposal.objects.get().second_due_at == AT + HOUR / 2
    with pytest.raises(Refusal, match="own-proposal"):
        actions.approve(proposal=proposal, by=CHIEF, at=AT)

    actions.approve(proposal=proposal, by=DEPUTY, at=AT + 2 * HOUR)
    assert (status(), done()) == ("approved", ["executed"])


def test_the_second_person_can_take_back_what_was_confirmed_alone() -> None:
    proposal = propose(sole=30)
    actions.confirm_alone(proposal=proposal, by=CHIEF, at=AT)

    actions.refuse(proposal=proposal, reason="依据不足", by=DEPUTY, at=AT + HOUR)

    assert (status(), done()) == ("refused", ["executed", "reversed"])


@pytest.mark.parametrize(("kind", "sole"), [("test-thing", None), ("test-final", 30)])
def test_where_it_is_not_allowed_nobody_goes_ahead_alone(kind: str, sole: int | None) -> None:
    proposal = propose(kind, sole=sole)

    with pytest.raises(Refusal, match="no-sole-confirmation"):
        actions.confirm_alone(proposal=proposal, by=CHIEF, at=AT)

    assert (status(), done()) == ("pending", [])


def test_the_inbox_shows_what_this_person_may_decide() -> None:
    proposal = propose()

    assert [row.ref for row in queries.inbox(DEPUTY)] == [proposal]
    assert (queries.inbox(CHIEF), queries.inbox(SystemActor("clerk", frozenset()))) == ([], [])
    assert [row.ref for row in queries.own(CHIEF)] == [proposal]
