"""5 June 2022, 14:00 in the district: a signal, a plan, two people, and then everybody knows their post.

Read aloud it is the first hour: what is taken, previewed, proposed, approved, and what exists afterwards; and
what the program says no to.
"""

from datetime import UTC, datetime, timedelta

import pytest

from firebreak.command.activation import actions, queries
from firebreak.command.activation.models import Response, Signal, SignalChange
from firebreak.command.headquarters.models import Order
from firebreak.engine.approvals import actions as approvals
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.journal.models import Act, Event
from firebreak.engine.ledgers.registry import balance_all, figure
from firebreak.engine.messages.models import Message
from firebreak.engine.tasks.models import Task
from firebreak.engine.units import queries as units
from firebreak.engine.units.models import Unit
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from tests.support.district import adopt, plant_district, plant_roster
from tests.support.staffing import everybody

pytestmark = pytest.mark.django_db

TWO_O_CLOCK = datetime(2022, 6, 5, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OFFICER, COMMANDER = everybody("duty-officer"), everybody("commander")


def signal(kind: str = "screening_positive", at: datetime = TWO_O_CLOCK) -> Ref:
    """A positive test among those who are tested routinely is reported by telephone."""
    return actions.take_signal(
        kind=kind, channel="telephone", reporter="市疾控中心", area_code="HT", by=OFFICER, at=at
    )


def alarm(at: datetime = TWO_O_CLOCK) -> Ref:
    """The plan is adopted, a signal comes in, and the duty officer proposes; answers the proposal."""
    plan = adopt()
    return proposed(signal(at=at), plan, at + 6 * MINUTE)


def proposed(taken: Ref, plan: Ref, at: datetime = TWO_O_CLOCK + 6 * MINUTE) -> Ref:
    return actions.propose_activation(signal=taken, plan=plan, area_code="HT", by=OFFICER, at=at)


def activated(*, without: frozenset[str] = frozenset()) -> Response:
    """The whole path: the signal at 14:00, proposed at 14:06, approved at 14:11."""
    plant_roster(plant_district(), without=without)
    proposal = alarm()
    ref = approvals.approve(proposal=proposal, by=COMMANDER, at=TWO_O_CLOCK + 11 * MINUTE)
    return Response.objects.get(ref=ref)


def counted(name: str, at: datetime) -> int:
    return figure(name).count(Cutoff(at))


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.raises(Refusal, match=f"^{code}")


def test_from_a_signal_to_154_posts_in_eleven_minutes() -> None:
    response = activated()
    at = TWO_O_CLOCK + 11 * MINUTE

    assert queries.minutes_to_activation(response) == 11
    assert (response.level_before, response.level, response.document_number) == (
        "routine", "emergency", "海潭区防指〔2022〕1号",
    )
    assert {
        name: counted(name, at)
        for name in (
            "signals-taken", "responses-active", "units-task-force", "units-led", "units-unled", "units-branch",
            "units-team", "posts-open", "posts-filled", "posts-unfilled", "members-in-service", "orders-issued",
            "orders-unread",
        )
    } == {
        "signals-taken": 1, "responses-active": 1, "units-task-force": 11, "units-led": 11, "units-unled": 0,
        "units-branch": 14, "units-team": 14, "posts-open": 154, "posts-filled": 154, "posts-unfilled": 0,
        "members-in-service": 978, "orders-issued": 11, "orders-unread": 11,
    }
    assert counted("posts-open", at - MINUTE) == 0


def test_every_figure_opens_exactly_its_rows() -> None:
    activated(without=frozenset({"grid-03", "lead_tracing"}))
    cutoff = Cutoff(TWO_O_CLOCK + 11 * MINUTE)

    for name in (
        "signals-taken", "responses-active", "units-task-force", "units-led", "units-unled", "units-branch",
        "units-team", "posts-open", "posts-filled", "posts-unfilled", "members-in-service", "orders-issued",
        "orders-open", "orders-overdue", "orders-unread", "tasks-open", "tasks-overdue", "messages-open",
    ):
        found = figure(name)
        rows = list(found.rows(cutoff))
        assert (name, len(rows)) == (name, found.count(cutoff))
        assert all(list(row) == list(found.columns) for row in rows), name


def test_every_opening_order_has_a_basis_a_number_a_review_date_an_owner_and_a_deadline() -> None:
    response = activated()

    orders = list(Order.objects.filter(response_ref=response.ref).order_by("number").select_related("task__owner"))

    assert [order.document_number for order in orders] == [f"海潭区防指〔2022〕{n}号" for n in range(2, 13)]
    assert {order.unit.key for order in orders} == {unit.key for unit in Unit.objects.filter(kind="task_force")}
    assert all(order.legal_basis and order.review_on and order.task.owner.holder for order in orders)
    assert all(order.task.due_at > response.activated_at for order in orders)
    assert ("海潭区" in orders[1].text_zh, "{" in orders[1].text_zh + orders[1].text_en) == (True, False)


def test_the_first_hour_page_is_a_task_for_each_line() -> None:
    response = activated()

    page = queries.checklist(response)

    assert [task.kind for task in page].count("checklist") == 15
    assert [task.kind for task in page].count("clock") == 4
    assert all(task.owner.leads_unit and task.owner.holder is not None for task in page)
    clock = next(task for task in page if task.about.endswith("online_report"))
    assert clock.due_at == TWO_O_CLOCK + timedelta(hours=2)


def test_everybody_called_out_is_told_where_to_go() -> None:
    activated()

    letters = Message.objects.filter(template="call_out")
    assert letters.count() == 978
    letter = Message.objects.get(to_ref="member:lead_testing-0", template="call_out")
    assert letter.text_zh.startswith("lead_testing0,请于06-05 15:11前到海潭区报到。岗位:核酸检测专班组长")
    assert Message.objects.filter(template="order").count() == 11


def test_the_books_balance_afterwards() -> None:
    activated()

    books = {book.name: book for book in balance_all(Cutoff(TWO_O_CLOCK + 20 * MINUTE))}
    assert [books[name].balanced for name in ("tasks", "messages")] == [True, True]


def test_the_preview_promises_exactly_what_the_activation_does() -> None:
    response = activated(without=frozenset({"grid-03", "lead_tracing"}))

    promised = Proposal.objects.get().effect
    fact = Event.objects.get(type="ResponseActivated").payload

    assert (promised["units"], promised["posts"], promised["orders"]) == (fact["units"], fact["posts"], fact["orders"])
    assert (promised["people"], len(promised["unfilled"])) == (fact["members"], fact["unfilled"])
    assert promised["messages"] == Message.objects.exclude(template="confirm").count()
    assert sorted(promised["unfilled"]) == ["grid-03", "lead_tracing"]
    assert [slot.post.code for slot in units.slots(response.ref) if not slot.filled] == ["lead_tracing", "grid-03"]
    assert [unit.key for unit in units.unled(Cutoff(response.activated_at))] == ["tracing"]


def test_a_preview_costs_the_same_few_queries_for_any_district(django_assert_max_num_queries: object) -> None:
    district = plant_district(communities=40, grids=20)
    plant_roster(district)
    plan = adopt()
    taken = signal()
    row = queries.find_signal(taken)

    with django_assert_max_num_queries(5):  # type: ignore[operator]  # fixture of pytest-django
        preview = queries.preview(row, plan, district, TWO_O_CLOCK)

    assert (preview.posts, preview.people, preview.unfilled) == (154, 978, [])


def test_those_who_may_confirm_are_asked_to() -> None:
    plant_roster(plant_district())
    proposal = alarm()

    letters = Message.objects.filter(template="confirm", about=proposal)
    assert set(letters.values_list("to_ref", flat=True)) == {
        "member:commander-0", "member:deputy_commander-0", "member:duty_officer-0",
    }
    assert "启动预案:海潭区转入应急响应等待您确认" in letters[0].text_zh


def test_nobody_is_asked_to_confirm_what_was_refused() -> None:
    plant_roster(plant_district())
    proposal = alarm()

    approvals.refuse(proposal=proposal, reason="依据不足", by=COMMANDER, at=TWO_O_CLOCK + 7 * MINUTE)

    letters = Message.objects.filter(template="confirm", about=proposal)
    assert set(letters.values_list("status", "failure")) == {("withdrawn", "依据不足")}


def test_activation_is_one_act() -> None:
    activated()

    types = ["UnitsFormed", "PostsOpened", "PostsFilled", "OrderIssued", "ResponseActivated"]
    acts = Event.objects.filter(type__in=types)
    assert set(acts.values_list("act__name", flat=True)) == {"approvals.approve"}
    assert acts.values("act").distinct().count() == 1


def test_whoever_proposed_cannot_approve() -> None:
    plant_roster(plant_district())
    proposal = alarm()

    with refused("own-proposal"):
        approvals.approve(proposal=proposal, by=OFFICER, at=TWO_O_CLOCK + 7 * MINUTE)

    assert (Unit.objects.count(), Response.objects.count()) == (0, 0)
    assert Act.objects.filter(outcome="refused").values_list("refusal", flat=True)[0] == "own-proposal"


def test_a_plan_nobody_adopted_is_unknown() -> None:
    plant_district()
    adopt()

    with refused("unknown-plan"):
        proposed(signal(), Ref("plan:cholera@0000"))


def test_without_any_plan_no_signal_is_taken() -> None:
    plant_district()

    with refused("no-plan"):
        signal()


def test_a_second_activation_is_refused_while_the_first_runs() -> None:
    activated()
    plan = Ref(Response.objects.get().plan.ref)

    with refused("already-active"):
        proposed(signal(at=TWO_O_CLOCK + 20 * MINUTE), plan, TWO_O_CLOCK + 21 * MINUTE)


def test_two_proposals_approved_one_after_the_other_activate_once() -> None:
    plant_roster(plant_district())
    plan = adopt()
    first, second = proposed(signal(), plan), proposed(signal(), plan)
    approvals.approve(proposal=first, by=COMMANDER, at=TWO_O_CLOCK + 8 * MINUTE)

    with refused("already-active"):
        approvals.approve(proposal=second, by=COMMANDER, at=TWO_O_CLOCK + 9 * MINUTE)

    assert counted("posts-open", TWO_O_CLOCK + 10 * MINUTE) == 154


def test_a_notice_from_elsewhere_must_be_confirmed_first() -> None:
    plant_roster(plant_district())
    plan, taken = adopt(), signal("outside_notice")

    with refused("signal-not-enough"):
        proposed(taken, plan)
    actions.judge_signal(
        signal=taken, status="confirmed", classification="confirmed_case", reason="复核阳性", by=COMMANDER,
        at=TWO_O_CLOCK + 5 * MINUTE,
    )

    assert proposed(taken, plan).startswith("proposal:")


@pytest.mark.parametrize(("status", "classification", "reason", "code"), [
    ("confirmed", "confirmed_case", " ", "reason-missing"),
    ("confirmed", "nonsense", "复核", "unknown-classification"),
    ("overturned", "confirmed_case", "复核", "status-mismatch"),
    ("suspected", "suspected", "复核", "change-not-allowed"),
])
def test_a_judgement_the_plan_does_not_know_is_refused(
    status: str, classification: str, reason: str, code: str
) -> None:
    plant_district()
    adopt()
    taken = signal()

    with refused(code):
        actions.judge_signal(
            signal=taken, status=status, classification=classification, reason=reason, by=COMMANDER, at=TWO_O_CLOCK
        )

    assert list(SignalChange.objects.values_list("classification", flat=True)) == ["suspected"]


def test_on_6_june_the_city_confirms_an_asymptomatic_infection() -> None:
    activated()
    taken = Signal.objects.get()

    actions.judge_signal(
        signal=Ref(taken.ref), status="confirmed", classification="confirmed_asymptomatic", reason="市专家组复核",
        by=COMMANDER, at=TWO_O_CLOCK + timedelta(hours=20),
    )

    assert list(SignalChange.objects.order_by("id").values_list("classification", flat=True)) == [
        "suspected", "confirmed_asymptomatic",
    ]
    assert queries.active_response() is not None


def test_a_signal_that_was_wrong_takes_everything_with_it() -> None:
    response = activated()
    at = TWO_O_CLOCK + timedelta(hours=3)

    actions.judge_signal(
        signal=Ref(response.signal.ref), status="overturned", classification="overturned", reason="复核阴性",
        by=COMMANDER, at=at,
    )

    response.refresh_from_db()
    assert (response.status, response.end_reason, queries.active_response()) == ("cancelled", "复核阴性", None)
    names = ("units-task-force", "posts-open", "members-in-service", "orders-open", "tasks-open", "responses-active")
    assert [counted(name, at) for name in names] == [0] * len(names)
    assert set(Task.objects.values_list("outcome", flat=True)) == {"cancelled"}
    assert Message.objects.filter(template="stand_down", text_zh__contains="复核阴性").count() == 978
    assert Message.objects.filter(template="call_out", status="queued").count() == 0
    assert [book.difference for book in balance_all(Cutoff(at)) if book.name in ("tasks", "messages")] == [0, 0]
    assert counted("posts-open", at - MINUTE) == 154


def test_an_overturned_signal_opens_nothing_and_withdraws_what_waits() -> None:
    plant_roster(plant_district())
    plan, taken = adopt(), signal()
    proposal = proposed(taken, plan)
    actions.judge_signal(
        signal=taken, status="overturned", classification="overturned", reason="复核阴性", by=COMMANDER, at=TWO_O_CLOCK
    )

    with refused("already-decided"):
        approvals.approve(proposal=proposal, by=COMMANDER, at=TWO_O_CLOCK + 8 * MINUTE)
    with refused("signal-overturned"):
        proposed(taken, plan)


def test_at_night_one_person_goes_ahead_and_the_second_may_still_say_no() -> None:
    night = datetime(2022, 6, 5, 15, 0, tzinfo=UTC)
    plant_roster(plant_district())
    proposal = alarm(night - 6 * MINUTE)

    approvals.confirm_alone(proposal=proposal, by=OFFICER, at=night)
    assert (counted("posts-open", night), Proposal.objects.get().second_due_at) == (154, night + 30 * MINUTE)
    approvals.refuse(proposal=proposal, reason="依据不足", by=COMMANDER, at=night + 10 * MINUTE)

    assert counted("posts-open", night + 10 * MINUTE) == 0
    assert Response.objects.get().end_reason == "依据不足"


def test_a_second_person_is_not_waited_for_when_the_signal_was_wrong() -> None:
    night = datetime(2022, 6, 5, 15, 0, tzinfo=UTC)
    plant_roster(plant_district())
    approvals.confirm_alone(proposal=alarm(night - 6 * MINUTE), by=OFFICER, at=night)

    actions.judge_signal(
        signal=Ref(Response.objects.get().signal.ref), status="overturned", classification="overturned",
        reason="复核阴性", by=COMMANDER, at=night + 10 * MINUTE,
    )

    assert (Proposal.objects.get().status, Response.objects.get().status) == ("withdrawn", "cancelled")


def test_by_day_nobody_goes_ahead_alone() -> None:
    plant_roster(plant_district())
    proposal = alarm()

    with refused("no-sole-confirmation"):
        approvals.confirm_alone(proposal=proposal, by=OFFICER, at=TWO_O_CLOCK + 8 * MINUTE)


def test_a_plan_is_activated_over_a_whole_district_only() -> None:
    plant_district()
    plan, taken = adopt(), signal()

    with refused("not-a-district"):
        actions.propose_activation(signal=taken, plan=plan, area_code="HT-01", by=OFFICER, at=TWO_O_CLOCK)
