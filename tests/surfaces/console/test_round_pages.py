"""The pages of a round at a desk: who is left, what can be recorded, what comes back, and who sees which name."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from firebreak.engine.journal.models import Event
from firebreak.kernel.refs import token_of
from firebreak.operations.rounds.models import Attempt, AttemptUndo, Decision, Entry, ListMiss, Round, Scan
from tests.support.entering import client_as
from tests.support.testing_round import OPENED, Running, plant_people, running_round

pytestmark = pytest.mark.django_db
NOON = OPENED + timedelta(hours=4)


@pytest.fixture
def running(clock_at: Callable[[datetime], None]) -> Running:
    """A round of 24 people in four buildings, four hours after it opened."""
    made = running_round()
    clock_at(NOON)
    return made


@pytest.fixture
def leader(running: Running) -> Client:
    """The testing leader of the whole district."""
    return client_as("testing_leader", "HT")


def said(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def heading(page: str) -> str:
    """The text of the first heading."""
    inner = page.split("<h1>", 1)[1].split("</h1>", 1)[0]
    return "".join(part.split(">", 1)[-1] for part in inner.split("<")).strip()


def token(running: Running, place: int = 0) -> str:
    return token_of(running.people[place])


def reads() -> list[tuple[str, int]]:
    """(about, people) of every read of personal data."""
    events = Event.objects.filter(type="PersonalRead").order_by("id")
    return [(event.about, event.payload["people"]) for event in events]


def test_the_round_says_first_how_many_are_left_and_that_all_have_an_owner(leader: Client) -> None:
    assert heading(said(leader, "/rounds/1")) == "还差 24 人,全部有责任人。"


def test_a_round_past_its_deadline_says_so_in_red(leader: Client, clock_at: Callable[[datetime], None]) -> None:
    clock_at(OPENED + timedelta(hours=26))
    leader = client_as("testing_leader", "HT", username="late")

    assert heading(said(leader, "/rounds/1")) == "还差 24 人,全部有责任人。已过期限 2 小时。"


def test_a_reader_of_one_grid_lands_there_and_knows_of_no_other(running: Running) -> None:
    worker = client_as("grid_worker", "A1")

    assert worker.get("/rounds/1")["Location"] == "/rounds/1/areas/A1"
    assert heading(said(worker, "/rounds/1/areas/A1")) == "A1:还差 12 人"
    assert [worker.get(f"/rounds/1/areas/{code}").status_code for code in ("A2", "B1-1", "nowhere")] == [404] * 3
    assert worker.get(f"/rounds/1/people/{token(running, 3)}").status_code == 404


def test_a_building_shows_its_doors_with_one_read_in_the_journal(leader: Client, running: Running) -> None:
    page = said(leader, "/rounds/1/areas/A1-1")

    assert page.count("测0") == 6
    assert reads() == [("area:A1-1", 6)]


@pytest.mark.parametrize(("role", "full", "masked"), [
    ("testing_leader", 6, 0), ("commander", 0, 6), ("task_force_leader", 0, 0), ("sampler", 0, 0),
])
def test_names_are_shown_as_the_role_may_see_them(running: Running, role: str, full: int, masked: int) -> None:
    page = said(client_as(role, "HT"), "/rounds/1/areas/A1-1")

    assert (page.count(">测0"), page.count(">测*")) == (full, masked)


def test_the_live_part_answers_304_until_something_was_done(leader: Client, running: Running) -> None:
    first = leader.get("/rounds/1/live")
    again = leader.get("/rounds/1/live", headers={"If-None-Match": first["ETag"]})
    post(leader, running, "record/attempt", **{"attempt-way": "call", "attempt-result": "away"})
    after = leader.get("/rounds/1/live", headers={"If-None-Match": first["ETag"]})

    assert [first.status_code, again.status_code, after.status_code] == [200, 304, 200]


def post(client: Client, running: Running, what: str, place: int = 0, **fields: Any) -> Any:
    return client.post(f"/rounds/1/people/{token(running, place)}/{what}", {"key": f"{what}{place}", **fields})


def state(running: Running, place: int = 0) -> str:
    return str(Entry.objects.get(round=running.row, person__ref=running.people[place]).state)


def test_a_call_is_written_down_once_and_leads_back_to_the_list(leader: Client, running: Running) -> None:
    back = "/rounds/1/missing?area=A1"
    fields = {"attempt-way": "call", "attempt-result": "away", "back": back}

    answers = [post(leader, running, "record/attempt", **fields) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [back, back]
    assert (Attempt.objects.count(), state(running)) == (1, "away")
    assert "再访" in said(leader, f"/rounds/1/people/{token(running)}")


def test_nobody_is_led_back_outside_the_round(leader: Client, running: Running) -> None:
    answer = post(leader, running, "record/attempt", **{
        "attempt-way": "call", "attempt-result": "away", "back": "https://elsewhere.example/",
    })

    assert answer["Location"] == f"/rounds/1/people/{token(running)}"


def test_an_excuse_without_its_note_comes_back_with_what_was_chosen(leader: Client, running: Running) -> None:
    answer = post(leader, running, "decide/excuse", **{"excuse-reason": "infant", "excuse-note": ""})
    page = answer.content.decode()

    assert (answer.status_code, Decision.objects.count()) == (422, 0)
    assert "这个理由要写明依据" in page
    assert '<option value="infant" selected>' in page
    assert "<title>错误:" in page


def test_an_excuse_can_be_undone_for_ten_seconds(leader: Client, running: Running) -> None:
    answer = post(leader, running, "decide/excuse", **{"excuse-reason": "infant", "excuse-note": "三个月"})
    assert state(running) == "excused"

    leader.post(undo_of(answer, leader))

    assert state(running) == "to_do"


def test_an_attempt_is_undone_by_pressing_once_or_twice_and_both_stay_on_the_page(leader: Client, running: Running) -> None:
    answer = post(leader, running, "record/attempt", **{"attempt-way": "call", "attempt-result": "away"})
    assert state(running) == "away"
    address = undo_of(answer, leader)

    pressed = [leader.post(address).status_code for _ in range(2)]

    page = said(leader, f"/rounds/1/people/{token(running)}")
    assert (pressed, state(running), AttemptUndo.objects.count()) == ([302, 302], "to_do", 1)
    assert ("电话:外出" in page, "撤回(电话:外出)" in page) == (True, True)
    assert "电话:外出" not in said(leader, "/rounds/1/areas/A1-1")


def test_somebody_else_cannot_undo_an_attempt_with_its_address(leader: Client, running: Running) -> None:
    answer = post(leader, running, "record/attempt", **{"attempt-way": "call", "attempt-result": "away"})
    address = undo_of(answer, leader)

    other = client_as("testing_leader", "HT", username="other")

    assert (other.post(address).status_code, state(running)) == (409, "away")


def test_what_was_keyed_from_paper_is_undone_for_ten_seconds(leader: Client, running: Running) -> None:
    for number, (outcome, before) in enumerate((("ht-90001", "sampled"), ("2", "unreachable"))):
        answer = leader.post("/rounds/1/keying", {"token": token(running), "outcome": outcome, "key": str(number)})
        assert state(running) == before

        leader.post(undo_of(answer, leader))

        assert state(running) == "to_do"


def undo_of(answer: Any, client: Client) -> str:
    """The address behind the Undo button of the page that follows."""
    page = client.get(answer["Location"]).content.decode()
    return "/rounds/1/undo" + page.split("/rounds/1/undo", 1)[1].split('"', 1)[0].replace("&amp;", "&")


def test_a_forged_or_late_undo_changes_nothing(leader: Client, running: Running) -> None:
    post(leader, running, "decide/excuse", **{"excuse-reason": "infant", "excuse-note": "三个月"})

    answer = leader.post(f"/rounds/1/undo?what=decision|{token(running)}|:1abcde:forged")

    assert (answer.status_code, state(running)) == (409, "excused")


def test_a_grid_worker_cannot_decide_that_somebody_moved(running: Running) -> None:
    worker = client_as("grid_worker", "A1")

    answer = post(worker, running, "decide/end", **{"end-end": "moved", "end-note": "房东说的"})

    assert (answer.status_code, state(running)) == (403, "to_do")


def test_paper_is_keyed_back_with_two_entries_a_row(leader: Client, running: Running) -> None:
    row = said(leader, f"/rounds/1/keying?code=FB1:P:{token(running)}")
    first = leader.post("/rounds/1/keying", {"token": token(running), "outcome": "ht-90001", "key": "a"})
    second = leader.post("/rounds/1/keying", {"token": token(running, 1), "outcome": "2", "key": "b"})

    assert heading(row).startswith("测00000")
    assert [first["Location"], second["Location"]] == ["/rounds/1/keying"] * 2
    assert (state(running), state(running, 1)) == ("sampled", "unreachable")
    assert list(Scan.objects.values_list("tube__code", flat=True)) == ["HT-90001"]


@pytest.mark.parametrize("code", ["FB1:T:HT-1", "hello", "FB1:P:000000000000"])
def test_a_code_that_is_no_row_says_so_and_keeps_it(leader: Client, code: str) -> None:
    page = said(leader, f"/rounds/1/keying?code={code}", status=422)

    assert f'value="{code}"' in page


def test_somebody_on_no_list_makes_one_more_person_owed(leader: Client, running: Running) -> None:
    answer = leader.post("/rounds/1/found", {
        "building": "A1-2", "door": "101", "name": "新来的", "kind": "passing", "id_kind": "none", "sex": "0", "key": "f",
    })

    assert answer.status_code == 302
    assert ListMiss.objects.count() == 1
    assert "应检 25 人" in said(leader, "/rounds/1")


def test_a_building_that_is_not_known_keeps_what_was_typed(leader: Client) -> None:
    answer = leader.post("/rounds/1/found", {
        "building": "Z9", "name": "新来的", "kind": "passing", "id_kind": "none", "sex": "0",
    })

    assert answer.status_code == 422
    assert 'value="新来的"' in answer.content.decode()


def test_the_roster_has_a_row_with_its_code_for_everybody_and_is_one_read(leader: Client) -> None:
    page = said(leader, "/rounds/1/areas/A1/roster")

    assert (page.count('class="qr"'), page.count("第 1 页,共 1 页,6 人")) == (12, 2)
    assert reads() == [("area:A1", 12)]


def test_the_list_of_the_missing_prints_only_who_is_left(leader: Client, running: Running) -> None:
    leader.post("/rounds/1/keying", {"token": token(running), "outcome": "HT-1", "key": "a"})

    assert said(leader, "/rounds/1/areas/A1-1/roster?only=missing").count('class="qr"') == 5


def test_a_whole_community_is_not_printed_at_once(leader: Client) -> None:
    assert leader.get("/rounds/1/areas/A/roster").status_code == 404


def test_closing_refuses_and_says_who(leader: Client, running: Running) -> None:
    page = leader.post("/rounds/1/close")

    assert page.status_code == 409
    assert "还有 24 人没有结果" in page.content.decode()
    assert Round.objects.get().status == "open"


def test_a_round_closes_when_everybody_has_an_end(leader: Client, running: Running) -> None:
    for place in range(24):
        post(leader, running, "decide/excuse", place, **{"excuse-reason": "infant", "excuse-note": "核实"})

    assert heading(said(leader, "/rounds/1/close")) == "可以关闭:人人有着落。"
    assert leader.post("/rounds/1/close")["Location"] == "/rounds/1"
    assert Round.objects.get().status == "closed"
    assert heading(said(leader, "/rounds/1")) == "人人有着落。"


def test_a_spoiled_tube_sends_its_people_back_to_the_list(leader: Client, running: Running) -> None:
    leader.post("/rounds/1/keying", {"token": token(running), "outcome": "HT-1", "key": "a"})
    leader.post("/rounds/1/tubes/HT-1/void", {"reason": "leaked"})

    assert state(running) == "to_do"
    assert "作废 · 漏液" in said(leader, "/rounds/1/tubes/HT-1")


def test_queries_do_not_grow_with_people(
    clock_at: Callable[[datetime], None], django_assert_max_num_queries: Any
) -> None:
    clock_at(OPENED - timedelta(minutes=1))
    running_round(people=400, buildings=("A1-1", "A1-2"))
    clock_at(NOON)
    leader = client_as("testing_leader", "HT")

    for address in ("/rounds/1", "/rounds/1/areas/A1-1", "/rounds/1/missing?area=A1", "/rounds/1/areas/A1/roster"):
        leader.get(address)
        # One of them lists the posts a building may be given to. PostgreSQL asks for the seal lock with one more.
        with django_assert_max_num_queries(33 + (connection.vendor == "postgresql")):
            said(leader, address)


def test_the_missing_are_paged_by_key_and_nobody_is_left_out(
    clock_at: Callable[[datetime], None],
) -> None:
    running = running_round(people=230, buildings=("A1-1", "A1-2", "A2-1"))
    clock_at(NOON)
    leader = client_as("testing_leader", "HT")
    address, seen = "/rounds/1/missing?area=A&names=1", []

    while address:
        page = said(leader, address)
        seen += [part[:12] for part in page.split('data-ref="')[1:]]
        rest = page.split('rel="next" href="', 1)
        address = rest[1].split('"', 1)[0].replace("&amp;", "&") if len(rest) == 2 else ""

    assert sorted(seen) == sorted(token_of(ref) for ref in running.people)


def test_the_list_of_rounds_leads_each_to_its_page(leader: Client) -> None:
    page = said(leader, "/rounds")

    assert heading(page) == "第 1 轮:还差 24 人"
    assert 'href="/rounds/1"' in page


def test_english_pages_say_the_same(running: Running) -> None:
    leader = client_as("testing_leader", "HT")
    leader.cookies["language"] = "en"

    assert heading(said(leader, "/rounds/1")) == "24 people left, all with an owner."
    assert "Tubes" in said(leader, "/rounds/1/tubes")


def test_people_registered_after_the_opening_are_not_on_its_list(leader: Client) -> None:
    plant_people(5, ["A1-1"], at=NOON)

    assert heading(said(leader, "/rounds/1/areas/A1-1")) == "A1-1:还差 6 人"
