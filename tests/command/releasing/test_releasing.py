"""When a zone or a response may end: each line with its evidence, and nothing ends by itself."""

import json
from datetime import datetime, timedelta

import pytest

from firebreak.command.activation import actions as activation
from firebreak.command.activation.models import Response
from firebreak.command.reactions.reading import react
from firebreak.command.releasing import queries, rules
from firebreak.command.releasing.actions import attest, look_due, subject_of
from firebreak.command.releasing.models import Attestation
from firebreak.command.releasing.rules import Facts, Stated, Verdict
from firebreak.command.zoning.actions import propose_release
from firebreak.engine.approvals.actions import approve
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.plans.release import Release
from firebreak.engine.tasks.models import Task
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.operations.zones.models import Zone
from tests.support.staffing import everybody
from tests.support.zoned import FOUR, GRID, in_force, panel_decides, pending, zoned_district

CHIEF = everybody("chief")
DAY = timedelta(days=1)


def condition(**lines: list[dict[str, object]]) -> Release:
    """A condition as a plan writes it."""
    return Release.model_validate_json(json.dumps(lines))


CONDITION = condition(
    all_of=[
        {"primitive": "no_new_cases", "clean_days": 14},
        {"primitive": "contacts_closed", "days_since_last_exposure": 14},
        {"primitive": "round_all_negative", "within_days": 2},
    ],
    or_any_of=[{"primitive": "expert_override", "panel_at_least_people": 3}],
)
NOTHING = Facts(FOUR, None, 0, 0, None, None, {})


def said(since: datetime, people: int = 1) -> Stated:
    return Stated(since, people, "已核", "疾控〔2022〕3号", T("王", "Wang"), since)


def holds(facts: Facts, now: datetime) -> list[bool | None]:
    return [line.holds for line in rules.judge(CONDITION, facts, now).all_of]


def with_facts(**changed: object) -> Facts:
    return Facts(**{**{name: getattr(NOTHING, name) for name in Facts.__dataclass_fields__}, **changed})  # type: ignore[arg-type]


def test_what_nobody_has_stated_counts_as_not_met() -> None:
    found = rules.judge(CONDITION, NOTHING, FOUR + 30 * DAY)
    assert ([line.holds for line in found.all_of], found.met) == ([True, None, False], False)


@pytest.mark.parametrize(("days", "met"), [(13.99, False), (14, True)])
def test_clean_days_are_whole_and_a_new_case_starts_them_again(days: float, met: bool) -> None:
    facts = with_facts(last_case_at=FOUR + 3 * DAY)
    assert holds(facts, FOUR + 3 * DAY + timedelta(days=days))[0] is met


def test_a_count_tells_when_it_will_be_over() -> None:
    found = rules.judge(condition(all_of=[{"primitive": "no_new_cases", "clean_days": 14}]), NOTHING, FOUR)
    assert (found.met, found.ready_at) == (False, FOUR + 14 * DAY)
    assert rules.judge(CONDITION, NOTHING, FOUR).ready_at is None


def test_a_negative_round_is_the_last_one_and_young_enough() -> None:
    late = rules.ClosedRound(3, FOUR + DAY, 100, 100)
    before, after = said(FOUR), said(FOUR + DAY)
    stated = [
        holds(with_facts(last_round=late, stated={"round_all_negative": one}), now)[2]
        for one, now in ((before, FOUR + 2 * DAY), (after, FOUR + 2 * DAY), (after, FOUR + 4 * DAY))
    ]
    assert stated == [None, True, False]


@pytest.mark.parametrize(("people", "met"), [(2, False), (3, True)])
def test_a_panel_of_the_plans_size_stands_in_for_everything(people: int, met: bool) -> None:
    assert rules.judge(CONDITION, with_facts(stated={"expert_override": said(FOUR, people)}), FOUR).met is met


@pytest.mark.parametrize(("left", "ended", "met", "words"), [
    (0, None, False, "no stricter zone has stood yet"),
    (1, None, False, "1 left"),
    (1, FOUR, False, "1 left"),
    (0, FOUR + DAY, True, "the last ended {at}"),
])
def test_the_last_tier_ends_after_the_others_and_not_before_the_first(
    left: int, ended: datetime | None, met: bool, words: str
) -> None:
    facts = with_facts(stricter_zones=left, stricter_ended_at=ended)
    found = rules.judge(condition(all_of=[{"primitive": "other_tiers_ended"}]), facts, FOUR + DAY)
    assert (found.met, found.all_of[0].evidence[0].en) == (met, words)


def verdict(zone: Ref, at: datetime) -> Verdict:
    return queries.verdict(subject_of(zone, at), at)


def stated(zone: Ref, primitive: str, since: datetime, at: datetime, people: int = 3, holds: bool = True) -> Ref:
    return attest(
        about=zone,
        primitive=primitive,
        holds=holds,
        since=since,
        people=people,
        statement="三人小组一致意见",
        source="专家组〔2022〕1号",
        by=CHIEF,
        at=at,
    )


def refused(perform: object, **said: object) -> str:
    assert callable(perform)
    with pytest.raises(Refusal) as refusal:
        perform(**said)
    return refusal.value.code


@pytest.mark.django_db
def test_a_zone_cannot_be_proposed_for_release_before_its_condition_or_a_panel_says_so() -> None:
    zone = in_force(zoned_district(), "control")
    assert refused(propose_release, zone=zone, reason="居民要求", by=CHIEF, at=FOUR + DAY) == "release-not-due"
    stated(zone, "expert_override", FOUR + DAY, FOUR + DAY)
    propose_release(zone=zone, reason="专家组决定", by=CHIEF, at=FOUR + DAY)
    assert Proposal.objects.get(kind="zone-release").status == "pending"


@pytest.mark.django_db
def test_a_statement_names_its_source_its_time_and_enough_signatures() -> None:
    zone = in_force(zoned_district(), "control")
    common = {
        "about": zone,
        "holds": True,
        "since": FOUR,
        "people": 3,
        "statement": "已核",
        "source": "1号",
        "by": CHIEF,
        "at": FOUR,
    }
    codes = [
        refused(attest, **{**common, "primitive": "no_new_cases"}),
        refused(attest, **{**common, "primitive": "contacts_closed", "source": " "}),
        refused(attest, **{**common, "primitive": "contacts_closed", "since": FOUR + DAY}),
        refused(attest, **{**common, "primitive": "expert_override", "people": 2}),
        refused(attest, **{**common, "primitive": "expert_override", "about": Ref("zone:nobody")}),
    ]
    assert codes == ["not-attested", "no-source", "since-later", "panel-too-small", "not-found"]
    assert Attestation.objects.count() == 0


@pytest.mark.django_db
def test_a_statement_taken_back_no_longer_holds_and_stays_readable() -> None:
    zone = in_force(zoned_district(), "control")
    stated(zone, "expert_override", FOUR, FOUR)
    assert verdict(zone, FOUR).met is True
    stated(zone, "expert_override", FOUR, FOUR + DAY, holds=False)
    assert (verdict(zone, FOUR + DAY).met, verdict(zone, FOUR).met, Attestation.objects.count()) == (False, True, 2)


@pytest.mark.django_db
def test_a_new_case_inside_starts_the_count_again_and_one_elsewhere_does_not() -> None:
    zone = in_force(zoned_district(), "control")
    before = verdict(zone, FOUR + 5 * DAY).all_of[0].ready_at
    signal(f"{GRID}-2", FOUR + 5 * DAY)
    inside = verdict(zone, FOUR + 5 * DAY).all_of[0].ready_at
    signal("HT-03", FOUR + 6 * DAY)
    elsewhere = verdict(zone, FOUR + 6 * DAY).all_of[0].ready_at
    assert (before, inside, elsewhere) == (FOUR + 14 * DAY, FOUR + 19 * DAY, FOUR + 19 * DAY)


@pytest.mark.django_db
def test_a_named_post_is_told_once_when_an_end_is_due_and_it_ends_when_it_no_longer_is() -> None:
    zone = in_force(zoned_district(), "control")
    assert look_due(FOUR) == 1
    assert Task.objects.filter(kind="end-due").count() == 0
    stated(zone, "expert_override", FOUR, FOUR + timedelta(hours=1))
    for minutes in (61, 62, 67, 75):
        look_due(FOUR + timedelta(minutes=minutes))
    task = Task.objects.get(kind="end-due")
    assert (task.status, task.owner.duty, Zone.objects.get(ref=zone).status) == ("open", "duty_officer", "in_force")

    stated(zone, "expert_override", FOUR, FOUR + timedelta(hours=2), holds=False)
    look_due(FOUR + timedelta(hours=2))
    task.refresh_from_db()
    assert (task.status, task.outcome) == ("ended", "cancelled")


@pytest.mark.django_db
def test_a_positive_inside_a_zone_is_an_alarm_with_ten_minutes_and_changes_nothing_by_itself() -> None:
    zone = in_force(zoned_district(), "control")
    signal(f"{GRID}-2", FOUR + DAY)
    for _ in range(2):
        react(FOUR + DAY)
    task = Task.objects.get(kind="positive-inside")
    assert (task.title_en, task.due_at - FOUR - DAY, task.owner.duty) == (
        "A positive inside Zone 1: the plan asks for lockdown zone; propose it at once or say why not",
        timedelta(minutes=10),
        "duty_officer",
    )
    assert Zone.objects.get(ref=zone).status == "in_force"


@pytest.mark.django_db
def test_a_positive_where_the_strictest_zone_holds_already_is_no_alarm() -> None:
    response = zoned_district()
    in_force(response, "precaution")
    in_force(response, "lockdown", areas=[f"{GRID}-2"], document_number="2号")
    signal(f"{GRID}-2", FOUR + DAY)
    react(FOUR + DAY)
    assert Task.objects.filter(kind="positive-inside").count() == 0


def signal(area: str, at: datetime) -> Ref:
    return activation.take_signal(
        kind="pool_positive", channel="telephone", reporter="实验室", area_code=area, by=CHIEF, at=at
    )


@pytest.mark.django_db
def test_a_response_whose_plan_says_nothing_has_no_condition() -> None:
    assert queries.of_response(Response.objects.get(pk=zoned_district().pk)) is None


@pytest.mark.django_db
def test_a_precaution_zone_may_end_when_the_stricter_one_beside_it_has() -> None:
    response = zoned_district()
    outer = in_force(response, "precaution")
    met = [verdict(outer, FOUR).met]
    inner = in_force(response, "control", areas=[f"{GRID}-2"], document_number="2号")
    met.append(verdict(outer, FOUR).met)
    panel_decides(inner, FOUR + DAY)
    propose_release(zone=inner, reason="专家组决定", by=CHIEF, at=FOUR + DAY)
    met.append(verdict(outer, FOUR + DAY).met)
    approve(proposal=pending(), by=everybody("deputy"), at=FOUR + DAY)
    met.append(verdict(outer, FOUR + DAY).met)
    assert met == [False, False, False, True]


@pytest.mark.django_db
def test_a_condition_that_lapses_and_holds_again_is_told_again() -> None:
    response = zoned_district()
    zone = in_force(response, "control")
    panel_decides(zone, FOUR + DAY)
    statuses = []
    for hours, panel in ((1, None), (2, False), (3, True)):
        at = FOUR + DAY + timedelta(hours=hours)
        if panel is not None:
            stated(zone, "expert_override", at, at, holds=panel)
        look_due(at)
        statuses.append(sorted(Task.objects.filter(kind="end-due").values_list("status", flat=True)))
    assert statuses == [["open"], ["ended"], ["ended", "open"]]


@pytest.mark.django_db
def test_a_tier_beside_which_another_comes_and_goes_is_told_each_time() -> None:
    response = zoned_district()
    in_force(response, "precaution")
    seen = []
    for day, number in ((1, "2号"), (3, "3号")):
        at = FOUR + day * DAY
        inner = in_force(response, "control", at, areas=[f"{GRID}-2"], document_number=number)
        look_due(at)
        seen.append(Task.objects.filter(kind="end-due", title_en__contains="Zone 1").exclude(status="ended").count())
        panel_decides(inner, at)
        propose_release(zone=inner, reason="专家组决定", by=CHIEF, at=at)
        approve(proposal=pending(), by=everybody("deputy"), at=at)
        look_due(at + DAY)
        seen.append(Task.objects.filter(kind="end-due", title_en__contains="Zone 1").exclude(status="ended").count())
    assert seen == [0, 1, 0, 1]
