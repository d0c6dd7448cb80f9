"""Things drawn by chance are looked at; a fault lives until somebody who did not mend it has seen it mended."""

from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firebreak.command.activation.actions import judge_signal
from firebreak.command.activation.models import Response
from firebreak.command.headquarters import actions as orders
from firebreak.command.headquarters.models import Order
from firebreak.command.inspections import actions, queries, rules
from firebreak.command.inspections.actions import Fault
from firebreak.command.inspections.ledger import draw_balances, finding_balances
from firebreak.command.inspections.models import Draw, Finding, Inspection, Look
from firebreak.command.inspections.rules import Candidate
from firebreak.command.reactions.reading import react
from firebreak.engine.journal.models import Event
from firebreak.engine.ledgers.registry import figure
from firebreak.engine.messages.models import Message
from firebreak.engine.pictures.queries import pictures_of
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Post
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from tests.support.pictures import a_picture
from tests.support.staffing import account_of, everybody
from tests.support.zoned import FOUR, zoned_district

CHIEF, INSPECTOR = everybody("chief"), everybody("inspector")
HOUR = timedelta(hours=1)


@pytest.fixture
def response(db: None) -> Response:
    return zoned_district()


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == code)


def drawn(response: Response, checklist: str = "sealed_buildings", count: int = 2, area: str = "HT") -> list[Draw]:
    ref = actions.draw_inspection(
        response=Ref(response.ref), checklist=checklist, area=area, count=count, by=INSPECTOR, at=FOUR
    )
    return list(Draw.objects.filter(inspection__ref=ref).order_by("position"))


def fault(line: str = "gate", picture: bytes | None = None) -> Fault:
    return Fault(line, "卡口无人值守", picture)


def found(response: Response, picture: bytes | None = None) -> Finding:
    """The first of two buildings drawn has nobody at its gate."""
    (ref,) = actions.look(draw=Ref(drawn(response)[0].ref), faults=[fault("gate", picture)], by=INSPECTOR, at=FOUR + HOUR)
    return queries.find_finding(ref)


def corrected(finding: Finding, at: timedelta = 2 * HOUR) -> None:
    """The unit reports its order done, and the program tells the inspector."""
    orders.finish_order(order=Ref(Finding.objects.get(pk=finding.pk).order.ref), text="已派人", by=CHIEF, at=FOUR + at)
    react(FOUR + at)


def standing(finding: Finding) -> str:
    return queries.standing(queries.find_finding(finding.ref))


def books(at: timedelta) -> list[tuple[int, int, int, int, int]]:
    """owed, done, excused, open, difference of both books."""
    cutoff = Cutoff(FOUR + at)
    return [
        (one.owed, one.done, one.excused, one.open, one.difference)
        for one in (*draw_balances(cutoff), *finding_balances(cutoff))
    ]


@pytest.mark.parametrize(("looked", "bound"), [(59, 0.05), (149, 0.02), (299, 0.01)])
def test_a_clean_sample_bounds_the_unfound(looked: int, bound: float) -> None:
    clean = rules.at_most(0, looked, 1_000_000)
    assert bound * 0.97 < clean < bound < rules.at_most(1, looked, 1_000_000)


def test_a_bound_is_the_share_that_would_hide_so_well_once_in_twenty() -> None:
    assert rules.at_most(0, 59, 10_000) == pytest.approx(1 - 0.05 ** (1 / 59), abs=1e-9)


def test_whoever_looked_everywhere_knows() -> None:
    assert (rules.at_most(2, 10, 10), rules.at_most(0, 0, 10), rules.at_most(10, 10, 20)) == (0.2, 1.0, 1.0)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_bound_never_lies_below_what_was_seen_and_falls_with_every_clean_look(sample: tuple[int, int]) -> None:
    bad, looked = sample
    bound = rules.at_most(bad, looked, 10**6)
    assert bad / looked <= bound <= 1
    assert rules.at_most(bad, looked + 1, 10**6) <= bound


@given(st.lists(st.text(min_size=1), unique=True, max_size=40), st.integers(1, 10), st.text(min_size=1))
def test_anybody_can_repeat_a_draw(codes: list[str], count: int, seed: str) -> None:
    chosen, frame = rules.draw(seed, (Candidate(code, code, code) for code in codes), count)
    again = sorted(codes, key=lambda code: sha256(f"{seed}\n{code}".encode("utf-8", "surrogatepass")).digest())
    assert ([one.about for one in chosen], frame) == (again[:count], len(codes))


def test_what_is_drawn_has_an_owner_a_deadline_and_a_place_in_the_book(response: Response) -> None:
    draws = drawn(response, count=3)
    row = Inspection.objects.select_related("task__owner").get()
    assert (row.frame, [one.position for one in draws], len({one.about for one in draws})) == (3, [1, 2, 3], 3)
    assert (row.task.owner.duty, row.task.due_at - FOUR) == ("inspector", 8 * HOUR)
    assert books(timedelta())[0] == (3, 0, 0, 3, 0)


def test_the_inspection_ends_with_its_last_look(response: Response) -> None:
    first, second = drawn(response)
    actions.look(draw=Ref(first.ref), faults=[], by=INSPECTOR, at=FOUR)
    assert Inspection.objects.get().task.status == "open"
    actions.excuse_draw(draw=Ref(second.ref), reason="楼内有火警,未进入", by=INSPECTOR, at=FOUR + HOUR)
    assert Inspection.objects.get().task.outcome == Task.Outcome.DONE
    assert (books(timedelta())[0], books(HOUR)[0]) == ((2, 1, 0, 1, 0), (2, 1, 1, 0, 0))


def test_a_fault_leaves_with_an_order_and_somebody_who_looks_again(response: Response) -> None:
    finding = found(response, a_picture())
    order = Order.objects.get(pk=finding.order_id)
    assert (order.kind, order.unit.key, order.task.due_at - FOUR) == ("correction", "security", 3 * HOUR)
    assert (finding.task.owner.duty, finding.task.due_at - FOUR) == ("inspector", 7 * HOUR)
    assert (standing(finding), len(pictures_of([finding.ref])[finding.ref])) == ("correcting", 1)


def test_a_finding_is_closed_only_after_somebody_has_looked_again(response: Response) -> None:
    finding = found(response)
    ref = Ref(finding.ref)
    with refused("not-corrected"):
        actions.recheck(finding=ref, corrected=True, text="有人", by=INSPECTOR, at=FOUR + HOUR)
    corrected(finding)
    assert (standing(finding), books(2 * HOUR)[1]) == ("recheck", (1, 0, 0, 1, 0))
    assert Message.objects.filter(about=finding.ref).count() == 1
    actions.recheck(finding=ref, corrected=True, text="两人值守", picture=a_picture(), by=INSPECTOR, at=FOUR + 3 * HOUR)
    assert (standing(finding), books(3 * HOUR)[1]) == ("closed", (1, 1, 0, 0, 0))
    with refused("finding-over"):
        actions.recheck(finding=ref, corrected=True, text="再看", by=INSPECTOR, at=FOUR + 4 * HOUR)


def test_what_is_not_mended_is_ordered_again_and_stays_one_finding(response: Response) -> None:
    finding = found(response)
    corrected(finding)
    actions.recheck(finding=Ref(finding.ref), corrected=False, text="仍无人", by=INSPECTOR, at=FOUR + 3 * HOUR)
    again = queries.find_finding(finding.ref)
    assert (again.tries, again.order.number - finding.order.number, standing(again)) == (2, 1, "correcting")
    assert books(3 * HOUR)[1] == (1, 0, 0, 1, 0)
    corrected(again, 4 * HOUR)
    actions.recheck(finding=Ref(finding.ref), corrected=True, text="到位", by=INSPECTOR, at=FOUR + 5 * HOUR)
    assert [step.step for step in again.steps.order_by("id")] == ["corrected", "again", "corrected", "closed"]
    assert books(5 * HOUR)[1] == (1, 1, 0, 0, 0)


def test_the_program_says_it_once_however_often_it_looks(response: Response) -> None:
    finding = found(response)
    corrected(finding)
    react(FOUR + 2 * HOUR)
    assert Event.objects.filter(type="FindingCorrected").count() == 1


def test_a_withdrawn_finding_takes_its_order_with_it(response: Response) -> None:
    finding = found(response)
    actions.withdraw_finding(finding=Ref(finding.ref), reason="看错楼", by=INSPECTOR, at=FOUR + 2 * HOUR)
    assert (standing(finding), Order.objects.get(pk=finding.order_id).task.outcome) == ("withdrawn", "cancelled")
    assert books(2 * HOUR)[1] == (1, 0, 1, 0, 0)


def test_a_late_second_look_is_late_in_the_book(response: Response) -> None:
    found(response)
    assert [finding_balances(Cutoff(FOUR + hours * HOUR))[0].overdue for hours in (6, 8)] == [0, 1]


def test_nobody_inspects_their_own_work(response: Response) -> None:
    guard = Post.objects.get(code="lead_security").holder
    assert guard is not None
    holder = account_of(guard.ref, "guard")
    own = type("Own", (), {"ref": holder.ref, "name": "guard", "may": lambda *a, **k: True, "require": lambda *a, **k: None})()
    with refused("own-work"):
        actions.look(draw=Ref(drawn(response)[0].ref), faults=[], by=own, at=FOUR)
    assert Look.objects.count() == 0


def test_people_on_no_list_are_counted_only_where_the_list_asks(response: Response) -> None:
    with refused("no-unlisted-here"):
        actions.look(draw=Ref(drawn(response)[0].ref), faults=[], unlisted=2, by=INSPECTOR, at=FOUR)
    doors = drawn(response, "unlisted_doors", 4)
    actions.look(draw=Ref(doors[0].ref), faults=[], unlisted=2, by=INSPECTOR, at=FOUR)
    for one in doors[1:]:
        actions.look(draw=Ref(one.ref), faults=[], by=INSPECTOR, at=FOUR)
    told = queries.bound(doors[0].inspection)
    assert told is not None
    assert (told.looked, told.places, told.people) == (4, 1, 2)
    assert told.at_most == rules.at_most(1, 4, told.frame)


@pytest.mark.parametrize(("given", "code"), [
    ({"checklist": "no_such"}, "unknown-checklist"),
    ({"count": 0}, "drawn-too-few"),
    ({"checklist": "tube_trace"}, "nothing-to-draw"),
    ({"area": "NOWHERE"}, "not-found"),
])
def test_a_draw_that_cannot_be_is_refused(response: Response, given: dict[str, object], code: str) -> None:
    with refused(code):
        actions.draw_inspection(**{
            "response": Ref(response.ref), "checklist": "sealed_buildings", "area": "HT", "count": 2,
            "by": INSPECTOR, "at": FOUR, **given,
        })
    assert Inspection.objects.count() == 0


@pytest.mark.parametrize(("faults", "unlisted", "code"), [
    ([Fault("no_such", "x")], 0, "unknown-line"),
    ([Fault("gate", " ")], 0, "note-missing"),
    ([Fault("gate", "x", b"no picture")], 0, "not-a-picture"),
    ([], -1, "unlisted-out-of-range"),
])
def test_a_look_that_cannot_be_leaves_the_thing_to_be_looked_at(
    response: Response, faults: list[Fault], unlisted: int, code: str
) -> None:
    (draw, _) = drawn(response)
    with refused(code):
        actions.look(draw=Ref(draw.ref), faults=faults, unlisted=unlisted, by=INSPECTOR, at=FOUR)
    assert (Look.objects.count(), Finding.objects.count(), books(timedelta())[0]) == (0, 0, (2, 0, 0, 2, 0))


def test_a_thing_is_looked_at_once(response: Response) -> None:
    (draw, _) = drawn(response)
    actions.look(draw=Ref(draw.ref), faults=[], by=INSPECTOR, at=FOUR)
    with refused("looked-already"):
        actions.look(draw=Ref(draw.ref), faults=[fault()], by=INSPECTOR, at=FOUR)


def test_what_falls_with_its_response_balances(response: Response) -> None:
    found(response)
    judge_signal(
        signal=Ref(response.signal.ref), status="overturned", classification="overturned", reason="复核排除", by=CHIEF,
        at=FOUR + 2 * HOUR,
    )
    assert books(2 * HOUR) == [(2, 1, 1, 0, 0), (1, 0, 1, 0, 0)]


def test_a_finding_that_lost_its_task_is_named(response: Response) -> None:
    finding = found(response)
    Task.objects.filter(pk=finding.task_id).update(kind="call")
    balance = finding_balances(Cutoff(FOUR + HOUR))[0]
    assert (balance.difference != 0, [one.about for one in balance.rows]) == (True, [finding.ref])


def test_every_figure_opens_exactly_its_rows(response: Response) -> None:
    found(response)
    cutoff = Cutoff(FOUR + HOUR)
    for name, n in (("inspected", 1), ("findings-raised", 1), ("findings-open", 1), ("findings-closed", 0)):
        one = figure(name)
        assert (name, one.count(cutoff), len(list(one.rows(cutoff)))) == (name, n, n)


def test_a_draw_costs_the_same_few_queries_for_any_district(
    response: Response, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        drawn(response, "unlisted_doors", 5)
