"""A plan is amended while the response runs: seen first as a dry run, decided by two people, never under open work."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from firebreak.command.activation.models import PlanChange, Response
from firebreak.command.activation.queries import plan_at
from firebreak.command.amending.actions import propose_amendment
from firebreak.command.amending.dryrun import DryRun, dry_run
from firebreak.engine.approvals.actions import approve
from firebreak.engine.capture.owners import SET_ASIDE, deadlines
from firebreak.engine.journal.models import Event
from firebreak.engine.ledgers.registry import balance_all
from firebreak.engine.plans.actions import adopt_plan
from firebreak.engine.plans.loader import load_pack
from firebreak.engine.plans.models import AdoptedPlan
from firebreak.engine.plans.packs import Pack
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from tests.support.zoned import CHIEF, DEPUTY, FOUR, in_force, pending, zoned_district

PLANS = Path(__file__).parents[3] / "plans"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Spoilt = Callable[[str, str, str], Pack]


@pytest.fixture
def response(db: None) -> Response:
    return zoned_district()


@pytest.fixture
def spoilt(tmp_path: Path) -> Spoilt:
    """The 9th edition with one text of some files changed everywhere it stands."""

    def make(files: str, old: str, new: str) -> Pack:
        for name in ("covid-2022", "covid-2022-ed9"):
            for source in (PLANS / name).rglob("*"):
                if source.is_file():
                    target = tmp_path / name / source.relative_to(PLANS / name)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(source.read_bytes())
        for file in files.split():
            where = tmp_path / "covid-2022-ed9" / file
            if not where.exists():
                where.write_bytes((PLANS / "covid-2022" / file).read_bytes())
            text = where.read_text("utf-8")
            assert old in text
            where.write_text(text.replace(old, new), "utf-8")
        return load_pack(tmp_path / "covid-2022-ed9")

    return make


def adopted_as(pack: Pack) -> AdoptedPlan:
    return AdoptedPlan.objects.get(ref=adopt_plan(pack=pack, authority="海指〔2022〕30号", by=CHIEF, at=FOUR))


def ninth() -> AdoptedPlan:
    return adopted_as(load_pack(PLANS / "covid-2022-ed9"))


def asked(response: Response, plan: AdoptedPlan, at: datetime = FOUR, **changes: str) -> Ref:
    said = {"document_number": "海指〔2022〕31号", "reason": "第九版公布", **changes}
    return propose_amendment(response=Ref(response.ref), plan=Ref(plan.ref), by=CHIEF, at=at, **said)


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == code)


def missing(run: DryRun, ref: str) -> tuple[list[str], list[str]]:
    """What an open matter lacks to its end, before and after."""
    one = next(one for one in run.judged if one.ref == ref)
    assert one.before is not None
    assert one.after is not None
    return [line.primitive for line in one.before.missing], [line.primitive for line in one.after.missing]


def test_a_dry_run_names_each_value_and_judges_what_is_open_twice_without_changing_anything(response: Response) -> None:
    zone = in_force(response, "control")
    acts = Event.objects.count()
    run = dry_run(response, plan := ninth(), FOUR + DAY)
    values = {one.path: (str(one.before), str(one.after)) for one in run.differences}

    assert values["zones.tiers.control.release.all_of.no_new_cases.clean_days"] == ("14", "7")
    assert [path for path in values if path.startswith("rounds.")] == []
    assert [(one.ref, one.names[0].zh, one.names[1].zh) for one in run.changed] == [(zone, "管控区", "中风险区")]
    assert missing(run, zone) == (["no_new_cases", "contacts_closed", "round_all_negative"], ["no_new_cases"])
    assert run.orphans == ()
    assert (Response.objects.get().plan_id == plan.pk, Event.objects.count() - acts) == (False, 1)


def test_a_zone_ends_by_the_edition_in_force_and_old_days_by_theirs(response: Response) -> None:
    zone = in_force(response, "control")
    old, plan = response.plan, ninth()
    asked(response, plan)
    approve(proposal=pending(), by=DEPUTY, at=FOUR + HOUR)
    response.refresh_from_db()

    assert response.plan == plan
    assert (plan_at(response, FOUR), plan_at(response, FOUR + HOUR)) == (old, plan)
    (said,) = [event.payload for event in Event.objects.filter(type="PlanAmended")]
    assert (said["before"], said["after"], said["edition"], said["entries"]) == (old.ref, plan.ref, "9", 1)
    after = dry_run(response, old, FOUR + 8 * DAY)
    assert missing(after, zone)[0] == []
    assert all(balance.balanced for balance in balance_all(Cutoff(FOUR + DAY)))


def test_an_amendment_takes_two_people(response: Response) -> None:
    asked(response, ninth())
    with refused("own-proposal"):
        approve(proposal=pending(), by=CHIEF, at=FOUR)
    assert PlanChange.objects.count() == 0


def test_a_plan_that_drops_the_tier_of_an_open_zone_is_refused(response: Response, spoilt: Spoilt) -> None:
    zone = in_force(response, "control")
    text = (PLANS / "covid-2022-ed9" / "zones.toml").read_text("utf-8")
    assert text.count('"control"') == 2
    plan = adopted_as(spoilt("zones.toml positives.toml", '"control"', '"medium"'))
    with pytest.raises(Refusal) as refusal:
        asked(response, plan)
    assert (refusal.value.code, "control" in str(refusal.value.text)) == ("amendment-orphans", True)
    assert [one.ref for one in dry_run(response, plan, FOUR).judged if one.ref == zone] == []


def test_work_that_opens_while_the_second_person_thinks_is_not_orphaned(response: Response, spoilt: Spoilt) -> None:
    asked(response, adopted_as(spoilt("zones.toml positives.toml", '"control"', '"medium"')))
    proposal = pending()
    in_force(response, "control")
    with refused("amendment-orphans"):
        approve(proposal=proposal, by=DEPUTY, at=FOUR)
    assert PlanChange.objects.count() == 0


def test_a_review_day_past_the_new_limit_is_said(response: Response, spoilt: Spoilt) -> None:
    zone = in_force(response, "control")
    plan = adopted_as(spoilt("zones.toml", "max_days_before_review = 7", "max_days_before_review = 2"))
    assert [(one.ref, one.review_late) for one in dry_run(response, plan, FOUR).judged if one.ref == zone] == [(zone, True)]


@pytest.mark.parametrize(("changes", "code"), [
    ({"document_number": " "}, "amendment-paper-missing"), ({"reason": ""}, "amendment-paper-missing"),
])
def test_an_amendment_without_its_paper_is_refused(response: Response, changes: dict[str, str], code: str) -> None:
    with refused(code):
        asked(response, ninth(), **changes)


def test_the_plan_of_the_response_is_no_amendment_of_itself(response: Response) -> None:
    with refused("same-plan"):
        asked(response, response.plan)


def test_another_disease_is_another_activation(response: Response) -> None:
    with refused("other-disease"):
        asked(response, adopted_as(load_pack(PLANS / "cholera")))


def test_the_ninth_edition_holds_every_file_it_does_not_change() -> None:
    old, new = load_pack(PLANS / "covid-2022"), load_pack(PLANS / "covid-2022-ed9")
    same = [name for name in old.sections if old.sections[name] == new.sections[name]]
    assert sorted(old.sections.keys() - set(same)) == ["zones"]


def test_deadlines_follow_an_amendment_when_it_is_agreed_to_and_not_when_it_is_adopted(
    response: Response, spoilt: Spoilt
) -> None:
    asked(response, adopted_as(spoilt("capture.toml", "set_aside_within_minutes = 120", "set_aside_within_minutes = 30")))
    assert deadlines()[SET_ASIDE] == timedelta(minutes=120)
    approve(proposal=pending(), by=DEPUTY, at=FOUR)
    assert deadlines()[SET_ASIDE] == timedelta(minutes=30)
