"""A consultation: called with an owner, begun with a picture that never changes, ended with nothing left unowned."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from firebreak.command.activation.cancelling import cancel_response
from firebreak.command.activation.models import Response
from firebreak.command.consultations import actions, queries, rules
from firebreak.command.consultations.ledger import balances
from firebreak.command.consultations.models import Attendance, Consultation, Item, Resolution
from firebreak.command.headquarters.models import Order
from firebreak.command.headquarters.plan import HeadquartersSection
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.journal.acting import action
from firebreak.engine.messages.models import Message
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Post, Unit
from firebreak.kernel.actor import Actor
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from tests.story.test_activation import MINUTE, TWO_O_CLOCK, activated
from tests.support.district import covid
from tests.support.staffing import account_of, everybody
from tests.support.zoned import proposed, zoned_district

pytestmark = pytest.mark.django_db
NOW = TWO_O_CLOCK + 16 * MINUTE
CHIEF = everybody("chief")
SHANGHAI = ZoneInfo("Asia/Shanghai")
RHYTHM = covid().section(HeadquartersSection).rhythm


def called(response: Response, begins: timedelta = timedelta(0), by: Actor = CHIEF) -> Ref:
    return actions.call_consultation(
        response=Ref(response.ref), title=T("会商", "Consultation"), begins_at=NOW + begins, minutes=30, by=by, at=NOW
    )


def begun(response: Response, *raised: str) -> Ref:
    """In session, with these items on its table first."""
    ref = called(response)
    for title in raised:
        actions.raise_item(consultation=ref, title=title, by=CHIEF, at=NOW)
    return actions.open_consultation(consultation=ref, by=CHIEF, at=NOW)


def item(ref: Ref, title: str) -> Ref:
    return Ref(Item.objects.get(consultation__ref=ref, title_zh=title).ref)


def table(ref: Ref) -> list[tuple[str, str]]:
    return [(one.item.origin, one.item.title_zh) for one in queries.on_the_table(queries.find(ref))]


def book(minutes: int = 0) -> Balance:
    (found,) = balances(Cutoff(NOW + minutes * MINUTE))
    return found


def sides(minutes: int = 0) -> tuple[int, int, dict[str, int], int, int]:
    found = book(minutes)
    assert found.balanced, found
    return found.owed, found.done, found.excused_by, found.open, found.overdue


def refusal(perform: object, **said: object) -> str:
    assert callable(perform)
    with pytest.raises(Refusal) as refused:
        perform(by=CHIEF, at=NOW, **said)
    return refused.value.code


def test_a_called_consultation_has_an_owner_and_an_end_and_every_leader_is_told() -> None:
    response = activated()
    ref = called(response, 20 * MINUTE)

    row = queries.find(ref)
    assert (row.number, queries.standing(row), row.task.due_at) == (1, "called", NOW + 50 * MINUTE)
    assert row.task.owner == Post.objects.get(unit__parent=None, leads_unit=True)
    leaders = Post.objects.filter(leads_unit=True, unit__kind__in=["headquarters", "task_force"], holder__isnull=False)
    assert set(Message.objects.filter(template="consultation").values_list("to_ref", flat=True)) == {
        post.holder.ref for post in leaders if post.holder
    }
    assert Message.objects.filter(template="consultation").count() == 12


def test_the_table_is_laid_from_the_books_and_from_what_waits_for_a_second_person() -> None:
    response = zoned_district()
    proposed(response, "lockdown")
    at = TWO_O_CLOCK + timedelta(hours=9)
    ref = actions.call_consultation(
        response=Ref(response.ref), title=T("会商", "c"), begins_at=at, minutes=30, by=CHIEF, at=at
    )
    actions.open_consultation(consultation=ref, by=CHIEF, at=at)

    picture = queries.picture(queries.find(ref))
    assert picture is not None
    late = [(book.zh, book.overdue) for book in picture.books if book.overdue]
    assert [zh for zh, _ in late] == ["通知", "任务"]
    assert table(ref) == [
        *(("overdue", f"“{zh}”逾期 {n} 项,定人定时") for zh, n in late),
        ("proposal", "待第二人批准:" + Proposal.objects.get(kind="zone").title_zh),
    ]


def test_the_picture_is_what_the_books_said_and_never_changes() -> None:
    response = activated()
    ref = begun(response)
    before = queries.picture(queries.find(ref))
    actions.raise_item(consultation=ref, title="卡口", by=CHIEF, at=NOW)
    actions.decide_order(
        item=item(ref, "卡口"), unit=Ref(Unit.objects.get(key="supplies").ref), text="再来两辆车",
        due_at=NOW + 60 * MINUTE, by=CHIEF, at=NOW + MINUTE,
    )

    assert queries.picture(queries.find(ref)) == before
    assert before is not None
    issued = {one.name: one.value for one in before.figures}["orders-issued"]
    assert (issued, Order.objects.count()) == (11, 12)


def test_a_decision_is_an_order_with_owner_and_deadline() -> None:
    response = activated()
    ref = begun(response, "三号门车不够")
    order = actions.decide_order(
        item=item(ref, "三号门车不够"), unit=Ref(Unit.objects.get(key="supplies").ref), text="三号门再来两辆车",
        due_at=NOW + 240 * MINUTE, by=CHIEF, at=NOW,
    )

    row = Order.objects.get(ref=order)
    assert (row.title_zh, row.unit.key, row.task.due_at, row.legal_basis) == (
        "三号门再来两辆车", "supplies", NOW + 240 * MINUTE, response.legal_basis
    )
    assert Resolution.objects.get().order == row
    assert sides() == (1, 1, {}, 0, 0)


def test_a_changed_measure_keeps_old_new_why_and_from_when() -> None:
    ref = begun(activated(), "夜间上门")
    actions.decide_measure(
        item=item(ref, "夜间上门"), measure="每社区夜间上门组", was="1 组", becomes="2 组", reason="敲不完",
        effective_at=NOW + 30 * MINUTE, by=CHIEF, at=NOW,
    )

    kept = Resolution.objects.get()
    assert (kept.text, kept.was, kept.becomes, kept.reason, kept.effective_at) == (
        "每社区夜间上门组", "1 组", "2 组", "敲不完", NOW + 30 * MINUTE
    )


@pytest.mark.parametrize(("was", "becomes", "reason", "code"), [
    ("1 组", "1 组", "敲不完", "nothing-changes"), ("", "2 组", "敲不完", "measure-incomplete"),
    ("1 组", " ", "敲不完", "measure-incomplete"), ("1 组", "2 组", "", "measure-incomplete"),
])
def test_a_measure_without_old_new_or_reason_is_refused(was: str, becomes: str, reason: str, code: str) -> None:
    ref = begun(activated(), "夜间上门")
    said = {"measure": "上门组", "was": was, "becomes": becomes, "reason": reason, "effective_at": NOW}

    assert refusal(actions.decide_measure, item=item(ref, "夜间上门"), **said) == code
    assert Resolution.objects.count() == 0


def test_what_is_not_decided_lies_on_the_next_table_which_is_called_when_none_is() -> None:
    ref = begun(activated(), "甲", "乙")
    actions.note_item(item=item(ref, "甲"), text="照旧", by=CHIEF, at=NOW)
    following = actions.close_consultation(consultation=ref, by=CHIEF, at=NOW + 5 * MINUTE)

    row = queries.find(following)
    assert (row.key, row.begins_at.astimezone(SHANGHAI).strftime("%H:%M")) == ("afternoon_consultation", "14:30")
    assert table(following) == [("carried", "乙")]
    assert Item.objects.get(consultation=row).carried_from == Item.objects.get(ref=item(ref, "乙"))
    assert (sides(-1), sides(0), sides(5)) == (
        (0, 0, {}, 0, 0), (2, 1, {}, 1, 0), (3, 1, {"carried": 1}, 1, 0)
    )
    assert Task.objects.get(consultation__ref=ref).outcome == "done"


def test_an_item_left_over_twice_keeps_its_subject_and_is_not_laid_again_by_the_books() -> None:
    response = zoned_district()
    proposed(response, "lockdown", NOW)
    first = begun(response)
    second = actions.close_consultation(consultation=first, by=CHIEF, at=NOW)
    actions.open_consultation(consultation=second, by=CHIEF, at=NOW + MINUTE)

    proposals = [one.item for one in queries.on_the_table(queries.find(second)) if one.item.about.startswith("proposal")]
    assert [one.origin for one in proposals] == ["carried"]


def test_a_consultation_that_runs_over_is_late_and_so_are_its_items() -> None:
    begun(activated(), "甲")
    assert (sides(30), sides(31)) == ((1, 0, {}, 1, 0), (1, 0, {}, 1, 1))


def test_a_cancelled_response_takes_its_consultations_with_it_and_the_book_still_balances() -> None:
    response = activated()
    begun(response, "甲")

    @action
    def cancel(*, by: Actor, at: object) -> None:
        cancel_response(response, "误报", by, NOW + MINUTE)

    cancel(by=CHIEF, at=NOW + MINUTE)
    assert sides(1) == (1, 0, {"cancelled": 1}, 0, 0)


def test_an_item_nobody_owes_is_named() -> None:
    ref = begun(activated(), "甲")
    row = queries.find(ref)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consultations_consultation SET task_id = %s WHERE id = %s", [
            Task.objects.exclude(kind="consultation").latest("id").pk, row.pk,
        ])

    found = book()
    assert (found.difference, found.open, [one.about for one in found.rows]) == (1, 0, [item(ref, "甲")])


def test_what_was_said_at_the_table_cannot_be_changed_afterwards() -> None:
    ref = begun(activated(), "甲")
    actions.note_item(item=item(ref, "甲"), text="照旧", by=CHIEF, at=NOW)
    for model, change in ((Resolution, {"text": "x"}), (Item, {"title_zh": "x"})):
        with pytest.raises(DatabaseError), transaction.atomic():
            model._default_manager.update(**change)


def test_who_sits_at_the_table_is_written_once_with_the_person() -> None:
    ref = begun(activated())
    posts = [Ref(one) for one in Post.objects.filter(
        leads_unit=True, unit__kind="task_force", holder__isnull=False
    ).order_by("id").values_list("ref", flat=True)[:2]]

    assert actions.note_attendance(consultation=ref, posts=posts[:1], by=CHIEF, at=NOW) == 1
    assert actions.note_attendance(consultation=ref, posts=posts, by=CHIEF, at=NOW) == 1
    assert refusal(actions.note_attendance, consultation=ref, posts=posts) == "nobody-present"
    assert [(one.post.ref, one.member_ref) for one in Attendance.objects.order_by("id")] == [
        (post, Post.objects.get(ref=post).holder.ref) for post in posts  # type: ignore[union-attr]  # held above
    ]


def test_only_one_is_in_session_and_each_step_has_its_moment() -> None:
    response = activated()
    first, second = called(response), called(response, MINUTE)
    assert refusal(actions.close_consultation, consultation=first) == "consultation-not-open"
    actions.open_consultation(consultation=first, by=CHIEF, at=NOW)

    assert refusal(actions.open_consultation, consultation=first) == "consultation-already-open"
    assert refusal(actions.open_consultation, consultation=second) == "another-consultation-open"
    actions.close_consultation(consultation=first, by=CHIEF, at=NOW)
    assert refusal(actions.raise_item, consultation=first, title="晚了") == "consultation-ended"
    assert refusal(actions.raise_item, consultation=second, title=" ") == "words-missing"


def test_an_item_left_to_the_next_is_not_decided_at_the_old_table() -> None:
    ref = begun(activated(), "甲")
    old = item(ref, "甲")
    actions.close_consultation(consultation=ref, by=CHIEF, at=NOW)

    assert refusal(actions.note_item, item=old, text="照旧") == "item-carried"


def test_calling_for_a_moment_that_has_passed_or_without_a_headquarters_is_refused() -> None:
    response = activated()
    said = {"title": T("会", "c"), "minutes": 30}
    at = {"begins_at": NOW - MINUTE}
    assert refusal(actions.call_consultation, response=Ref(response.ref), **said, **at) == "begins-in-the-past"
    assert refusal(actions.call_consultation, response=Ref("response:none"), begins_at=NOW, **said) == "no-headquarters"


def test_a_leader_may_raise_but_not_hold() -> None:
    ref = called(activated())
    leader = account_of("member:lead_testing-0", "leader")
    for perform, said in (
        (actions.open_consultation, {"consultation": ref}), (actions.close_consultation, {"consultation": ref}),
    ):
        with pytest.raises(Refusal) as refused:
            perform(by=leader, at=NOW, **said)
        assert refused.value.code == "not-permitted"
    assert Consultation.objects.get(ref=ref).opened_at is None


def test_the_program_calls_the_next_hour_once_half_an_hour_before() -> None:
    activated()
    eight = TWO_O_CLOCK + timedelta(hours=6)
    assert [actions.call_due(eight - MINUTE), actions.call_due(eight), actions.call_due(eight + MINUTE)] == [0, 1, 0]

    row = Consultation.objects.get()
    assert (row.key, row.begins_at, row.called_by) == (
        "evening_consultation", eight + 30 * MINUTE, "system:rhythm"
    )


@given(st.datetimes(min_value=datetime(2022, 6, 1), max_value=datetime(2022, 6, 30)))
def test_the_next_hour_is_ahead_within_a_day_and_one_of_the_plans(moment: datetime) -> None:
    after = moment.replace(tzinfo=SHANGHAI)
    meeting, begins = rules.next_hour(RHYTHM, after, SHANGHAI)

    assert timedelta(0) < begins - after <= timedelta(days=1)
    assert begins.astimezone(SHANGHAI).strftime("%H:%M") == meeting.at
    assert rules.begins_at(date(2022, 6, 5), "24:00", SHANGHAI) == rules.begins_at(date(2022, 6, 6), "00:00", SHANGHAI)


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3)), st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3)))
def test_what_changed_is_exactly_what_reads_otherwise(before: dict[str, int], now: dict[str, int]) -> None:
    def picture(values: dict[str, int]) -> rules.Picture:
        return rules.picture_of(NOW, 1, [], [(name, T(name, name), n) for name, n in values.items()])

    told = {one.title.en: (one.was, one.now) for one in rules.changes(picture(before), picture(now))}
    assert told == {name: (before.get(name), n) for name, n in now.items() if before.get(name) != n}
    assert rules.changes(picture(now), picture(now)) == []
    assert rules.Picture.from_json(picture(now).as_json() | {"books": [], "figures": [
        {"name": name, "zh": name, "en": name, "value": n} for name, n in now.items()
    ]}) == picture(now)
