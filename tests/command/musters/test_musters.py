"""Thirty people by five o'clock: called, answering, replaced, there; or closed short with the reason."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from firebreak.command.activation.actions import judge_signal
from firebreak.command.activation.models import Response
from firebreak.command.musters import actions, queries
from firebreak.command.musters.ledger import balances
from firebreak.command.musters.models import Arrival, Call, Muster
from firebreak.engine.journal.models import Event
from firebreak.engine.ledgers.registry import figure
from firebreak.engine.messages.models import Message
from firebreak.engine.units.badges import codes, good, issue_badges
from firebreak.engine.units.models import Member, Post, Service, Unit
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from tests.support.staffing import account_of, everybody
from tests.support.zoned import FOUR, zoned_district

CHIEF = everybody("chief")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def response(db: None) -> Response:
    return zoned_district()


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == code)


def called(response: Response, **changed: object) -> Muster:
    unit = Unit.objects.get(response_ref=response.ref, key="security")
    ref = actions.call_out(**{
        "response": Ref(response.ref), "unit": Ref(unit.ref), "title": "值守", "place": "指挥部大厅", "needed": 3,
        "due_at": FOUR + 30 * MINUTE, "by": CHIEF, "at": FOUR, **changed,
    })
    return queries.find(ref)


def calls(muster: Muster) -> list[Call]:
    return [call for call, _ in queries.board(muster)]


def counts(muster: Muster) -> tuple[int, int, int, int]:
    """there, coming, silent, not coming."""
    found = queries.standing(muster, queries.board(muster))
    return found.there, found.coming, found.silent, found.declined


def book(at: timedelta) -> tuple[int, int, int, int, int, int]:
    """owed, done, excused, open, overdue, difference."""
    one = balances(Cutoff(FOUR + at))[0]
    return one.owed, one.done, one.excused, one.open, one.overdue, one.difference


def test_as_many_are_called_as_are_needed_and_each_is_told(response: Response) -> None:
    muster = called(response)
    assert (len(calls(muster)), Message.objects.filter(about=muster.ref).count()) == (3, 3)
    assert (muster.task.owner.code, book(timedelta())) == ("lead_security", (3, 0, 0, 3, 0, 0))


def test_nobody_who_answers_for_a_post_is_called_away(response: Response) -> None:
    muster = called(response, needed=200)
    holders = set(Service.objects.filter(role="holder", ends_at=None).values_list("member_id", flat=True))
    assert holders & {call.member_id for call in calls(muster)} == set()


def test_those_from_the_named_place_are_called_first(response: Response) -> None:
    free = Member.objects.exclude(services__role="holder").order_by("-id")[:2]
    Member.objects.filter(id__in=[one.pk for one in free]).update(home="执法局")
    assert {call.member.home for call in calls(called(response, needed=2, first_from="执法局"))} == {"执法局"}


def test_a_skill_is_asked_for(response: Response) -> None:
    one = Member.objects.exclude(services__role="holder").order_by("-id")[0]
    Member.objects.filter(pk=one.pk).update(skills=["潜水"])
    assert [call.member_id for call in calls(called(response, needed=3, skill="潜水"))] == [one.pk]


def test_who_refuses_is_replaced_in_the_same_act_by_somebody_not_called_yet(response: Response) -> None:
    muster = called(response)
    first = calls(muster)[0]
    actions.answer(call=Ref(first.ref), coming=False, by=CHIEF, at=FOUR + MINUTE)
    last = calls(muster)[-1]
    assert (counts(muster), last.instead_of_id, len({one.member_id for one in calls(muster)})) == ((0, 0, 3, 1), first.pk, 4)


def test_who_is_silent_for_ten_minutes_is_replaced_once_and_may_still_come(response: Response) -> None:
    muster = called(response, needed=1)
    assert [actions.replace_silent(FOUR + n * MINUTE) for n in (9, 10, 11)] == [0, 1, 0]
    silent = calls(muster)[0]
    actions.arrive(call=Ref(silent.ref), by=CHIEF, at=FOUR + 15 * MINUTE)
    assert queries.find(muster.ref).task.outcome == "done"


def test_with_the_last_arrival_the_muster_ends_and_its_minutes_are_known(response: Response) -> None:
    muster = called(response)
    for turn, call in enumerate(calls(muster), start=1):
        actions.arrive(call=Ref(call.ref), by=CHIEF, at=FOUR + 9 * turn * MINUTE)
    assert Event.objects.get(type="MusterReached").payload == {"number": 1, "minutes": 27}
    assert [book(n * MINUTE) for n in (8, 20, 27)] == [(3, 0, 0, 3, 0, 0), (3, 2, 0, 1, 0, 0), (3, 3, 0, 0, 0, 0)]
    assert figure("mustered").count(Cutoff(FOUR + 27 * MINUTE)) == 3
    with refused("muster-over"):
        actions.arrive(call=Ref(calls(muster)[0].ref), by=CHIEF, at=FOUR + 30 * MINUTE)


def test_a_muster_may_end_short_with_a_reason_that_stays(response: Response) -> None:
    muster = called(response)
    actions.arrive(call=Ref(calls(muster)[0].ref), by=CHIEF, at=FOUR + MINUTE)
    with refused("reason-missing"):
        actions.close_short(muster=Ref(muster.ref), reason=" ", by=CHIEF, at=FOUR + 40 * MINUTE)
    assert book(40 * MINUTE) == (3, 1, 0, 2, 2, 0)
    actions.close_short(muster=Ref(muster.ref), reason="台风停航", by=CHIEF, at=FOUR + 41 * MINUTE)
    assert book(41 * MINUTE) == (3, 1, 2, 0, 0, 0)


def test_whoever_is_called_may_answer_for_themselves_and_for_nobody_else(response: Response) -> None:
    muster = called(response)
    mine, other = calls(muster)[:2]
    me = account_of(mine.member.ref, "me")
    actions.answer(call=Ref(mine.ref), coming=True, by=me, at=FOUR + MINUTE)
    with refused("not-permitted"):
        actions.answer(call=Ref(other.ref), coming=True, by=me, at=FOUR + MINUTE)
    with refused("not-permitted"):
        actions.arrive(call=Ref(mine.ref), by=me, at=FOUR + MINUTE)


def test_a_badge_or_a_whole_name_is_an_arrival(response: Response) -> None:
    muster = called(response)
    first, second, _ = calls(muster)
    ref = Ref(muster.ref)
    post = Post.objects.get(code="lead_testing")
    serving = Service.objects.filter(member=first.member, ends_at=None).first() or Service.objects.create(
        member=first.member, post=post, begins_at=FOUR, act=post.act
    )
    issue_badges(unit=Ref(serving.post.unit.ref), not_after=FOUR + timedelta(days=1), by=CHIEF, at=FOUR)
    (badge,) = good(FOUR).filter(service=serving)
    (code,) = codes([badge])
    with refused("not-called"):
        actions.arrive_scanned(muster=ref, said=code, by=CHIEF, at=FOUR + timedelta(days=1))
    actions.arrive_scanned(muster=ref, said=code, by=CHIEF, at=FOUR + MINUTE)
    Member.objects.filter(pk=second.member_id).update(name="独此一名")
    actions.arrive_scanned(muster=ref, said="独此一名", by=CHIEF, at=FOUR + MINUTE)
    assert Arrival.objects.count() == 2
    for said, code in (("没叫到", "not-called"), ("独此一名", "arrived-already")):
        with refused(code):
            actions.arrive_scanned(muster=ref, said=said, by=CHIEF, at=FOUR + MINUTE)


@pytest.mark.parametrize(("given", "code"), [
    ({"needed": 0}, "needed-out-of-range"), ({"due_at": FOUR}, "due-in-the-past"), ({"title": " "}, "words-missing"),
    ({"skill": "没有人会"}, "nobody-to-call"), ({"unit": "unit:none"}, "not-found"),
])
def test_a_muster_that_cannot_be_calls_nobody(response: Response, given: dict[str, object], code: str) -> None:
    with refused(code):
        called(response, **given)
    assert (Muster.objects.count(), Message.objects.filter(template="call_out", about__startswith="muster").count()) == (0, 0)


def test_a_muster_falls_with_its_response(response: Response) -> None:
    called(response)
    judge_signal(
        signal=Ref(response.signal.ref), status="overturned", classification="overturned", reason="复核排除", by=CHIEF,
        at=FOUR + MINUTE,
    )
    assert book(MINUTE) == (3, 0, 3, 0, 0, 0)


def test_a_muster_that_ended_with_people_missing_is_named(response: Response) -> None:
    muster = called(response)
    actions.close_short(muster=Ref(muster.ref), reason="x", by=CHIEF, at=FOUR + MINUTE)
    Muster.objects.filter(pk=muster.pk).update(needed=4)
    assert balances(Cutoff(FOUR + MINUTE))[0].difference == 1


class TestAnyMuster(TestCase):
    """Whatever people say and however they come, the book balances and nobody is called twice."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["yes", "no", "there", "silent"])), max_size=14))
    def test_balances_after_every_step(self, steps: list[tuple[int, str]]) -> None:
        muster = called(zoned_district(), needed=4)
        for turn, (who, what) in enumerate(steps, start=1):
            at, board = FOUR + turn * MINUTE, calls(muster)
            try:
                if what == "silent":
                    actions.replace_silent(at)
                elif what == "there":
                    actions.arrive(call=Ref(board[who % len(board)].ref), by=CHIEF, at=at)
                else:
                    actions.answer(call=Ref(board[who % len(board)].ref), coming=what == "yes", by=CHIEF, at=at)
            except Refusal as refusal:
                assert refusal.code in ("arrived-already", "muster-over")  # noqa: PT017
            found = balances(Cutoff(at))[0]
            assert (found.difference, found.rows, found.done) == (0, (), Arrival.objects.count())
            members = [call.member_id for call in calls(muster)]
            assert len(members) == len(set(members))
