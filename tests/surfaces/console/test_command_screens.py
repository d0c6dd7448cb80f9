"""The desk of headquarters over HTTP: from a signal to working orders, and who is kept out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from firebreak.command.activation.models import Response, Signal
from firebreak.command.headquarters.models import Order
from firebreak.command.reactions.work import check_due
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.messages.models import Message
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Post, Service
from firebreak.kernel.refs import token_of
from tests.story.test_activation import TWO_O_CLOCK, activated
from tests.support.desk import at_desk, person
from tests.support.district import adopt, plant_district, plant_roster

pytestmark = pytest.mark.django_db
PAGES = ("/orders", "/tasks", "/units", "/activation", "/approvals", "/messages", "/plans")
SHORT = frozenset({"grid-03", "lead_tracing"})


@pytest.fixture(autouse=True)
def _two_o_clock(clock_at: Callable[[datetime], None]) -> None:
    clock_at(TWO_O_CLOCK + timedelta(minutes=12))


@pytest.fixture
def response() -> Response:
    """An active response with two posts unfilled."""
    return activated(without=SHORT)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def desk(role: str, **options: str) -> Client:
    return at_desk(person(role.replace("_", "-"), role, **options))


def test_a_signal_is_taken_previewed_proposed_and_confirmed_by_another() -> None:
    plant_roster(plant_district(), without=SHORT)
    adopt()
    officer, commander = desk("duty_officer"), desk("commander")

    taken = officer.post("/activation/signals/new", {
        "kind": "screening_positive", "area": "HT", "channel": "telephone", "reporter": "市疾控中心",
        "received_at": "2022-06-05T14:05",
    })
    page = text_of(officer.get(taken.headers["Location"]))
    token = token_of(Signal.objects.get().ref)
    for figure in ("<b class=\"num\">11</b> <span>个专班", "<b class=\"num\">154</b> <span>个岗位</span>",
                   "<b class=\"num\">2</b> <span>个岗位缺人", "<b class=\"num\">11</b> <span>件启动指令"):
        assert figure in page
    officer.post(f"/activation/signals/{token}/propose")
    proposal = token_of(Proposal.objects.get().ref)

    own = officer.post(f"/approvals/{proposal}/approve")
    assert (own.status_code, Response.objects.count()) == (404, 0)
    done = commander.post(f"/approvals/{proposal}/approve")

    assert (done.status_code, done.headers["Location"]) == (302, "/activation")
    page = text_of(commander.get("/activation"))
    assert "接报后 7 分钟启动" in page
    assert "1 个专班无人牵头" in page
    assert "它启动了什么" in text_of(commander.get(f"/activation/signals/{token}"))
    assert Signal.objects.get().received_at == datetime(2022, 6, 5, 6, 5, tzinfo=UTC)


def test_the_proposer_sees_why_they_cannot_confirm() -> None:
    plant_roster(plant_district())
    adopt()
    first, second = desk("commander"), desk("deputy_commander")
    officer = desk("duty_officer")
    officer.post("/activation/signals/new", {
        "kind": "screening_positive", "area": "HT", "channel": "telephone", "reporter": "市疾控中心",
        "received_at": "2022-06-05T14:05",
    })
    first.post(f"/activation/signals/{token_of(Signal.objects.get().ref)}/propose")

    assert "您提出的事项由另一人确认" in text_of(first.get("/approvals"))
    assert "我复核无误,确认" in text_of(second.get("/approvals"))
    proposal = token_of(Proposal.objects.get().ref)
    refused = first.post(f"/approvals/{proposal}/approve")
    assert (refused.status_code, "这是您自己提出的" in text_of(refused)) == (409, True)
    second.post(f"/approvals/{proposal}/refuse", {"reason": "先核实"})
    assert (Proposal.objects.get().status, Response.objects.count()) == ("refused", 0)


def test_a_signal_form_with_a_gap_comes_back_with_what_was_typed() -> None:
    plant_district()
    adopt()

    answer = desk("duty_officer").post("/activation/signals/new", {"reporter": "", "note": "已隔离", "area": "HT"})

    assert (answer.status_code, "已隔离" in text_of(answer), Signal.objects.count()) == (422, True, 0)


def test_an_order_is_given_and_taken_back_within_ten_seconds(response: Response) -> None:
    commander = desk("commander")
    page = text_of(commander.get("/orders/new"))
    assert "突发公共卫生事件应急条例" in page
    unit = Post.objects.get(code="lead_testing").unit
    given = {
        "unit": unit.ref, "kind": "directive", "title": "加开采样点", "text": "南片加开三个。",
        "due_at": "2022-06-05T20:00", "legal_basis": "传染病防治法", "review_on": "2022-06-06",
    }

    assert commander.post("/orders/new", given | {"due_at": "2022-06-05T01:00"}).status_code == 422
    answer = commander.post("/orders/new", given)
    order = Order.objects.latest("id")
    token = token_of(order.ref)
    assert (answer.status_code, order.number, order.task.owner.code) == (302, 12, "lead_testing")
    assert f"/orders/{token}/undo" in text_of(commander.get("/orders"))
    commander.post(f"/orders/{token}/undo")

    order.task.refresh_from_db()
    assert order.task.outcome == "cancelled"


def test_the_leader_sees_accepts_reports_and_finishes(response: Response) -> None:
    leader = desk("testing_leader", member="member:lead_testing-0")
    order = Order.objects.get(unit__key="testing")
    token = token_of(order.ref)

    page = text_of(leader.get(f"/orders/{token}"))
    assert f'hx-post="/orders/{token}/see"' in page
    leader.post(f"/orders/{token}/see")
    assert "未阅" not in text_of(leader.get(f"/orders/{token}"))
    leader.post(f"/orders/{token}/accept")
    leader.post(f"/orders/{token}/report", {"percent": "40", "text": "二十个点已开"})
    assert leader.post(f"/orders/{token}/report", {"percent": "四十"}).status_code == 409
    leader.post(f"/orders/{token}/finish", {"text": "全部开设"})

    order.task.refresh_from_db()
    assert (order.task.outcome, order.reports.count()) == ("done", 4)
    assert "二十个点已开" in text_of(leader.get(f"/orders/{token}"))


def test_order_filters_show_what_they_say(response: Response) -> None:
    leader = desk("testing_leader", member="member:lead_testing-0")
    states = ("", "mine", "unread", "late", "ended", "returned")

    pages = [text_of(leader.get("/orders", {"state": state})) for state in states]

    assert [page.count('data-ref="order:') for page in pages] == [11, 1, 11, 0, 0, 0]


def test_unfilled_posts_are_red_and_can_be_filled(response: Response) -> None:
    officer = desk("duty_officer")
    page = text_of(officer.get("/units", {"lacking": "1"}))
    assert [code in page for code in ('data-ref="grid-03"', 'data-ref="lead_tracing"', 'data-ref="grid-04"')] == [
        True, True, False,
    ]
    assert "2 个岗位缺人,共缺 7 人" in page
    post = Post.objects.get(code="lead_tracing")

    token = token_of(post.ref)
    Service.objects.filter(member__ref="member:grid-04-1").update(ends_at=TWO_O_CLOCK, end_act_id=post.act_id)
    officer.post(f"/units/posts/{token}/begin", {"member": "member:grid-04-1"})
    officer.post(f"/units/posts/{token}/holder", {"member": "member:grid-04-1", "reason": "补位"})

    post.refresh_from_db()
    assert post.holder is not None
    assert "grid-041" in text_of(officer.get(f"/units/posts/{token}"))


def test_a_leader_is_not_taken_off_before_a_deputy_is_named_who_then_leads(response: Response) -> None:
    officer = desk("duty_officer")
    post = Post.objects.get(code="lead_testing")
    page, leader = f"/units/posts/{token_of(post.ref)}", "member:lead_testing-0"

    refused = officer.post(f"{page}/end", {"member": leader, "reason": "病假"})
    assert (refused.status_code, "请先指定副手" in text_of(refused)) == (409, True)
    officer.post(f"{page}/deputy", {"member": "member:grid-04-1", "reason": "备岗"})
    assert "副手" in text_of(officer.get(page))
    officer.post(f"{page}/end", {"member": leader, "reason": "病假"})

    post.refresh_from_db()
    assert post.holder is not None
    assert post.holder.ref == "member:grid-04-1"


def test_activation_counts_only_what_belongs_to_the_running_response(response: Response) -> None:
    officer = desk("duty_officer")
    earlier = Order.objects.latest("id")
    Order.objects.filter(id=earlier.id).update(response_ref="response:overturned")

    page = text_of(officer.get("/activation"))
    rows = text_of(officer.get("/figures/activation-minutes"))

    assert '<a href="/figures/orders-of-response"><b class="num">10</b> 件</a>' in page
    assert '<a href="/figures/activation-minutes"><b class="num">11</b> 分钟</a>' in page
    assert "<h1>从接报到启动:11 分钟</h1>" in rows
    assert rows.count(response.ref) == 1


def test_the_epidemic_curve_is_drawn_when_a_case_is_confirmed_and_not_before(response: Response) -> None:
    chief = at_desk(person("looks", "commander"))
    Signal.objects.update(status="suspected")
    assert "每天新增多少病例" not in chief.get("/activation").content.decode()
    Signal.objects.update(status="confirmed")
    assert "每天新增多少病例" in chief.get("/activation").content.decode()
    Signal.objects.update(status="overturned")
    assert "每天新增多少病例" not in chief.get("/activation").content.decode()


def test_tasks_of_empty_posts_are_counted_and_listed(response: Response) -> None:
    officer = desk("duty_officer")
    empty = Post.objects.get(code="lead_tracing")
    owed = Task.objects.filter(owner=empty).count()
    check_due(TWO_O_CLOCK + timedelta(minutes=12))

    page = text_of(officer.get("/hq"))
    listed = text_of(officer.get("/tasks", {"state": "unheld"}))

    assert owed > 0
    assert f'<a class="late" href="/tasks?state=unheld">{owed} 项任务落在空岗上,无人负责</a>' in page
    assert "件件有责任人" not in page
    assert listed.count('data-ref="task:') == listed.count("空岗,无人负责") == owed
    assert "每项都有责任人" not in listed


def test_nothing_is_without_an_owner_once_every_post_is_held() -> None:
    activated()
    officer = desk("duty_officer")
    check_due(TWO_O_CLOCK + timedelta(minutes=12))

    assert "件件有责任人" in text_of(officer.get("/hq"))
    assert "每项都有责任人" in text_of(officer.get("/tasks"))


def test_a_task_is_given_to_another_post(response: Response) -> None:
    officer = desk("duty_officer")
    task = Task.objects.get(about__endswith="-sites")
    token = token_of(task.ref)
    other = Post.objects.get(code="sampling-01")

    officer.post(f"/tasks/{token}/assign", {"post": other.ref, "reason": "就近"})

    task.refresh_from_db()
    assert task.owner_id == other.id
    assert "就近" in text_of(officer.get(f"/tasks/{token}"))


def test_a_task_list_of_two_pages_shows_every_task_once(response: Response) -> None:
    first = Task.objects.earliest("id")
    Task.objects.bulk_create(
        Task(
            ref=f"task:more{n:03d}", kind="sweep", about=f"door:{n}", response_ref=response.ref, title_zh="查",
            title_en="See", owner=first.owner, due_at=first.due_at, opened_at=first.opened_at, act=first.act,
        )
        for n in range(120)
    )
    officer = desk("duty_officer")
    seen: list[str] = []
    address = "/tasks"
    while address:
        page = text_of(officer.get(address))
        seen += [part.split('"')[0] for part in page.split('data-ref="')[1:]]
        links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')]
        address = next((link for link in links if link.startswith("/tasks?after=")), "")

    assert sorted(seen) == sorted(Task.objects.values_list("ref", flat=True))


def test_what_must_be_said_by_voice_is_noted(response: Response) -> None:
    officer = desk("duty_officer")
    message = Message.objects.earliest("id")

    officer.post(f"/messages/{token_of(message.ref)}/spoken")

    message.refresh_from_db()
    assert message.status == "delivered"


def test_the_call_tree_names_every_holder_and_the_look_is_journaled(response: Response) -> None:
    page = text_of(desk("duty_officer").get("/units/call-tree"))

    assert "lead_testing0" in page
    from firebreak.engine.journal.models import Event

    assert Event.objects.get(type="PersonalRead").payload["page"] == "call-tree"


def test_the_first_hour_page_has_a_line_for_each_task(response: Response) -> None:
    page = text_of(desk("commander").get("/activation/first-hour"))

    assert page.count("☐") == 19


def test_unverified_values_of_a_plan_are_shown_as_such(response: Response) -> None:
    page = text_of(desk("commander").get(f"/plans/{token_of(response.plan.ref)}"))

    assert "activation.review_after_hours" in page
    assert "未核实" in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_says_something_before_anything_happened(language: str) -> None:
    plant_district()
    chief = at_desk(person("chief", "commander"), language)

    assert [chief.get(address).status_code for address in PAGES] == [200] * len(PAGES)


def test_a_sampler_sees_nothing_of_headquarters(response: Response) -> None:
    sampler = desk("sampler")

    assert [sampler.get(address).status_code for address in PAGES] == [403] * len(PAGES)


def test_a_list_costs_the_same_queries_however_long(response: Response, django_assert_max_num_queries: Any) -> None:
    officer = desk("duty_officer")
    for address in ("/orders", "/units", "/tasks", "/messages", "/approvals", "/activation"):
        officer.get(address)
        with django_assert_max_num_queries(60):
            officer.get(address)


def test_headquarters_offers_its_two_acts_by_key(response: Response) -> None:
    page = text_of(desk("commander").get("/hq"))

    assert ['data-key="o"' in page, 'data-key="d"' in page] == [True, True]
    assert 'data-key="o"' not in text_of(desk("auditor").get("/hq"))
