"""Writes of activation: take and judge a signal, propose to activate. What approval does is in `activating`."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from firebreak.command.activation import queries, rules
from firebreak.command.activation.asking import ask_to_confirm
from firebreak.command.activation.cancelling import cancel_response
from firebreak.command.activation.events import SignalJudged, SignalOverturned, SignalTaken
from firebreak.command.activation.models import Response, Signal, SignalChange
from firebreak.command.activation.plan import ActivationSection
from firebreak.command.activation.rights import (
    APPROVE_ACTIVATION,
    JUDGE_SIGNALS,
    PROPOSE_ACTIVATION,
    TAKE_SIGNALS,
)
from firebreak.engine.approvals import actions as approvals
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.plans.models import AdoptedPlan
from firebreak.engine.plans.queries import adopted
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

PROPOSAL_LIFE = timedelta(hours=12)
KIND = "activation"
_TITLE = T("启动预案:{area}转入{level}", "Activate the plan: {area}, {level}")


@action
def take_signal(
    *, kind: str, channel: str, reporter: str, area_code: str, by: Actor, at: datetime, plan: Ref | None = None,
    received_at: datetime | None = None, person: str = "", sampled_at: datetime | None = None, note: str = "",
) -> Ref:
    """Write down what was reported. It is suspected until somebody has judged it.

    Who: duty officer.   Refuses: no-plan, unknown-plan, unknown-signal-kind, not-found (area).
    Journals: SignalTaken.   Promises: the clocks of the plan run from `received_at`.
    """
    area = _area(area_code)
    by.require(TAKE_SIGNALS, area=area.path)
    chosen = _plan(plan)
    section = adopted(chosen.ref).section(ActivationSection)
    rules.signal_kind(section, kind)
    first = section.classifications[0]
    row = Signal.objects.create(
        ref=new_ref("signal"), plan=chosen, kind=kind, channel=channel, reporter=reporter, area=area,
        person_ref=person, classification=first.key, status=first.status, sampled_at=sampled_at,
        received_at=received_at or at, taken_by=by.ref, note=note, act=current_act(),
    )
    _note(row, "", by, at)
    record(SignalTaken(kind, first.key, area.code), about=row.ref)
    return Ref(row.ref)


@action
def judge_signal(
    *, signal: Ref, status: str, classification: str, reason: str, by: Actor, at: datetime
) -> Ref:
    """Say what a signal has turned out to be. Overturned, it takes with it everything it had opened.

    Who: headquarters.   Refuses: reason-missing, unknown-classification, change-not-allowed, status-mismatch.
    Journals: SignalJudged; SignalOverturned and ResponseCancelled when it was wrong.
    Promises: both classifications stay on record; a cancelled response leaves no live task behind.
    """
    row = _locked(signal)
    by.require(JUDGE_SIGNALS, area=row.area.path)
    if not reason.strip():
        raise rules.REASON_MISSING.because()
    section = queries.section_of(row)
    after = rules.check_change(section, row.classification, classification, status)
    before, row.classification, row.status = row.classification, after.key, after.status
    row.save(update_fields=["classification", "status"])
    _note(row, reason, by, at)
    record(SignalJudged(before, after.key, after.status), about=row.ref)
    if after.status == "overturned":
        _overturn(row, reason, by, at)
    return Ref(row.ref)


@action
def propose_activation(*, signal: Ref, plan: Ref, area_code: str, by: Actor, at: datetime) -> Ref:
    """Ask a second person to put the plan to work; answers the proposal.

    Who: duty officer, commander, deputy.
    Refuses: unknown-plan, signal-overturned, signal-not-enough, already-active, already-pending, not-a-district.
    Journals: ProposalMade.   Promises: the proposal carries the preview in numbers; those whom the plan lets
    confirm are told.
    """
    row, area, chosen = _locked(signal), _area(area_code), _plan(plan)
    by.require(PROPOSE_ACTIVATION, area=area.path)
    section = adopted(chosen.ref).section(ActivationSection)
    rules.check_opens(section, row.kind, row.status)
    check_inactive(area)
    effect = queries.preview(row, chosen.ref, area, at)
    level = section.level(section.level_after).name
    title = _TITLE.filled(area=T(area.name_zh, area.name_en or area.name_zh), level=level)
    proposal = approvals.propose(
        kind=KIND, about=row.ref, title=title, effect=effect.as_json(),
        payload={"plan": chosen.ref, "area": area.code}, permission=APPROVE_ACTIVATION, area_path=area.path,
        expires_at=at + PROPOSAL_LIFE, by=by, at=at,
        sole_minutes=rules.sole_minutes(section, at, ZoneInfo(settings.TIME_ZONE)),
    )
    ask_to_confirm(adopted(chosen.ref), proposal, title, at + PROPOSAL_LIFE, by, at)
    return proposal


def check_inactive(area: Area) -> None:
    """Refuse while a response is active over this area, above it or below it."""
    for running in Response.objects.filter(status=Response.Status.ACTIVE).select_related("area"):
        if area.path.startswith(running.area.path) or running.area.path.startswith(area.path):
            raise rules.ALREADY_ACTIVE.because(name=T(running.name_zh, running.name_en))


def _overturn(row: Signal, reason: str, by: Actor, at: datetime) -> None:
    approvals.drop(about=[row.ref], reason=reason, by=by, at=at)
    responses = list(Response.objects.select_for_update().filter(signal=row, status=Response.Status.ACTIVE))
    for response in responses:
        cancel_response(response, reason, by, at)
    record(SignalOverturned(len(responses), reason), about=row.ref)


def _note(row: Signal, reason: str, by: Actor, at: datetime) -> None:
    SignalChange.objects.create(
        signal=row, status=row.status, classification=row.classification, reason=reason[:200], by=by.ref,
        happened_at=at, act=current_act(),
    )


def _plan(ref: Ref | None) -> AdoptedPlan:
    if ref is None:
        used = queries.plan_in_use()
        if used is None:
            raise rules.NO_PLAN.because()
        return used
    found = AdoptedPlan.objects.defer("content").filter(ref=ref).first()
    if found is None:
        raise rules.UNKNOWN_PLAN.because(plan=ref)
    return found


def _area(code: str) -> Area:
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise NOT_FOUND.because()
    return area


def _locked(signal: Ref) -> Signal:
    row = Signal.objects.select_for_update(of=("self",)).select_related("area", "plan").filter(ref=signal).first()
    if row is None:
        raise NOT_FOUND.because()
    return row
