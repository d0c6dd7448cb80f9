"""The duty log is never changed, and a hand-over is one sheet with everything open and two signatures."""

from datetime import timedelta

import pytest

from firebreak.command.activation.models import Response
from firebreak.command.duty import actions, queries
from firebreak.command.duty.models import HandOver, LogEntry
from firebreak.command.duty.rules import digest_of, sheet_of
from firebreak.engine.journal.models import Event
from firebreak.engine.ledgers.registry import balance_all
from firebreak.engine.tasks.models import Task
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from tests.support.staffing import everybody
from tests.support.zoned import FOUR, zoned_district

FIRST, SECOND = everybody("first"), everybody("second")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def response(db: None) -> Response:
    return zoned_district()


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == code)


def line(text: str = "市疾控来电", at: timedelta = timedelta(), corrects: Ref | None = None) -> Ref:
    return actions.log_line(kind="came_in", text=text, corrects=corrects, by=FIRST, at=FOUR + at)


def given(at: timedelta = timedelta()) -> Ref:
    return actions.give_desk(remark="留意三号门", by=FIRST, at=FOUR + at)


def test_a_line_is_journaled_by_its_digest_and_corrected_by_another(response: Response) -> None:
    first = line()
    again = line("是省疾控来电", MINUTE, corrects=first)
    rows = {row.ref: row for row in LogEntry.objects.all()}
    assert (rows[first].text, rows[again].corrects_id) == ("市疾控来电", rows[first].pk)
    assert Event.objects.filter(type="DutyLogged").order_by("id")[0].payload == {
        "kind": "came_in", "digest": rows[first].digest,
    }


@pytest.mark.parametrize(("kind", "text"), [("came_in", "  "), ("gossip", "x")])
def test_a_line_without_words_is_refused(response: Response, kind: str, text: str) -> None:
    with refused("words-missing"):
        actions.log_line(kind=kind, text=text, by=FIRST, at=FOUR)


def test_the_sheet_leaves_no_open_task_out(response: Response) -> None:
    sheet = sheet_of(HandOver.objects.get(ref=given(MINUTE)).sheet)
    owed = Task.objects.exclude(status="ended").exclude(kind=queries.KIND)
    assert {one.ref for one in sheet.items} == set(owed.values_list("ref", flat=True))
    book = next(one for one in balance_all(Cutoff(FOUR)) if one.name == "tasks")
    assert len(sheet.items) == book.open


def test_the_sheet_names_the_lines_since_the_last_hand_over(response: Response) -> None:
    line("一", MINUTE)
    first = given(2 * MINUTE)
    actions.take_desk(hand_over=first, by=SECOND, at=FOUR + 3 * MINUTE)
    second = line("二", 4 * MINUTE)
    sheet = sheet_of(HandOver.objects.get(ref=actions.give_desk(remark="", by=SECOND, at=FOUR + 5 * MINUTE)).sheet)
    assert list(sheet.log) == [second]


def test_two_people_sign_one_sheet(response: Response) -> None:
    ref = given()
    with refused("same-person"):
        actions.take_desk(hand_over=ref, by=FIRST, at=FOUR + MINUTE)
    actions.take_desk(hand_over=ref, by=SECOND, at=FOUR + MINUTE)
    row = HandOver.objects.select_related("task").get(ref=ref)
    assert (row.taken_by, row.task.outcome, row.digest) == (SECOND.ref, "done", digest_of(row.sheet))
    with refused("not-waiting"):
        actions.take_desk(hand_over=ref, by=SECOND, at=FOUR + 2 * MINUTE)


def test_one_hand_over_waits_at_a_time_and_can_be_taken_back(response: Response) -> None:
    ref = given()
    with refused("already-given"):
        given(MINUTE)
    with refused("not-yours"):
        actions.keep_desk(hand_over=ref, by=SECOND, at=FOUR + MINUTE)
    actions.keep_desk(hand_over=ref, by=FIRST, at=FOUR + MINUTE)
    assert HandOver.objects.get(ref=given(2 * MINUTE)).number == 2


def test_a_hand_over_nobody_takes_is_an_overdue_task(response: Response) -> None:
    row = HandOver.objects.select_related("task__owner").get(ref=given())
    assert (row.task.due_at - FOUR, row.task.owner.duty) == (15 * MINUTE, "duty_officer")


def test_what_has_no_answer_is_listed_oldest_first(response: Response) -> None:
    waits = queries.unanswered(response)
    assert [one.since for one in waits] == sorted(one.since for one in waits)
    assert {one.kind for one in waits} == {"order"}


def test_without_a_response_there_is_no_desk_to_give_but_there_is_a_log(db: None) -> None:
    with refused("no-response"):
        given()
    assert LogEntry.objects.get(ref=line()).response_ref == ""


def test_the_words_go_with_the_names_and_the_digests_stay(response: Response) -> None:
    line()
    ref = given()
    assert actions.erase_log(response=Ref(response.ref), by=FIRST, at=FOUR + MINUTE) == 1
    row = HandOver.objects.get(ref=ref)
    assert (LogEntry.objects.get().text, LogEntry.objects.get().digest != "", row.remark, row.digest != "") == (
        "", True, "", True,
    )


def test_a_sheet_costs_the_same_few_queries_for_any_number_of_tasks(
    response: Response, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        queries.draw_sheet(response, FOUR)
