"""Writes at the end of a response: a step between levels, the closing, and the erasure of each class."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from firebreak.command.activation.models import Response
from firebreak.command.closing import queries, rules
from firebreak.command.closing.erasing import certify
from firebreak.command.closing.events import ErasureHandedOver, LevelChanged, ResponseClosed
from firebreak.command.closing.models import Erasure, LevelStep
from firebreak.command.closing.refusals import (
    ALREADY_ERASED,
    CLOSING_BLOCKED,
    ENDED,
    NO_OWNER,
    NOT_OWNER,
    REASON_MISSING,
)
from firebreak.command.closing.rights import APPROVE_CLOSING, PROPOSE_CLOSING
from firebreak.engine.access.actors import actors_of
from firebreak.engine.approvals import actions as approvals
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.ledgers.registry import balance_all
from firebreak.engine.messages import actions as messages
from firebreak.engine.messages.actions import Recipient
from firebreak.engine.registry.rights import OWN_ERASURE
from firebreak.engine.tasks.actions import end_tasks
from firebreak.engine.units.actions import dissolve_units
from firebreak.engine.units.models import Member
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, new_refs
from firebreak.kernel.text import T

LEVEL, CLOSING = "level", "closing"
LIFE = timedelta(hours=12)
INSIDE = SystemActor("closing", frozenset({"units.write"}))
RETENTION = SystemActor("retention", frozenset({OWN_ERASURE}))
_STEP = T("响应级别由{before}调为{after}", "Level from {before} to {after}")
_CLOSE = T("解除响应:{name}", "Close the response: {name}")
_FAREWELL = T(
    "“{name}”已解除,各岗位即时离岗。请交回物资和设备,感谢。",
    "'{name}' is closed and every post ends now. Hand back supplies and devices. Thank you.",
)


@action
def propose_level(*, response: Ref, level: str, reason: str, by: Actor, at: datetime) -> Ref:
    """Ask a second person to move the response one level down (or up again).

    Who: commander, deputy, duty officer.
    Refuses: reason-missing, unknown-level, level-skipped, response-ended, already-pending.   Journals: ProposalMade.
    """
    row = _active(response)
    by.require(PROPOSE_CLOSING, area=row.area.path)
    if not reason.strip():
        raise REASON_MISSING.because()
    levels = queries.levels_of(row)
    wanted = rules.check_step(levels, row.level, level)
    names = {one.key: one.name for one in levels}
    return approvals.propose(
        kind=LEVEL, about=row.ref, title=_STEP.filled(before=names[row.level], after=wanted.name), effect={},
        payload={"level": wanted.key, "reason": reason.strip()[:400]}, permission=APPROVE_CLOSING,
        area_path=row.area.path, expires_at=at + LIFE, by=by, at=at,
    )


def set_level(proposal: Proposal, by: Actor, at: datetime) -> Ref:
    """What the approval of a level does. Refuses: unknown-level, level-skipped, response-ended."""
    row = _active(Ref(proposal.about))
    wanted = rules.check_step(queries.levels_of(row), row.level, proposal.payload["level"])
    _step(row, wanted.key, proposal.payload["reason"], proposal.proposed_by, by, at)
    row.save(update_fields=["level"])
    return Ref(row.ref)


@action
def propose_closing(*, response: Ref, owner: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """Ask a second person to close the response; `owner` answers for its personal data until they are erased.

    Who: commander, deputy, duty officer.
    Refuses: reason-missing, closing-blocked, no-erasure-owner, response-ended, already-pending.
    Journals: ProposalMade.   Promises: what it does stands in the proposal in numbers.
    """
    row = _active(response)
    by.require(PROPOSE_CLOSING, area=row.area.path)
    if not reason.strip():
        raise REASON_MISSING.because()
    _check_owner(owner, row, at)
    _check_free(row, at)
    effect = {"erasures": len(queries.classes_of(row)), "posts_ended": _serving(row).count()}
    return approvals.propose(
        kind=CLOSING, about=row.ref, title=_CLOSE.filled(name=T(row.name_zh, row.name_en)), effect=effect,
        payload={"owner": owner, "reason": reason.strip()[:200]}, permission=APPROVE_CLOSING,
        area_path=row.area.path, expires_at=at + LIFE, by=by, at=at,
    )


def close(proposal: Proposal, by: Actor, at: datetime) -> Ref:
    """What the approval of a closing does: everybody stands down, each class of personal data gets its day.

    Refuses: closing-blocked (something was owed again), no-erasure-owner, response-ended.
    """
    row = _active(Ref(proposal.about))
    ref, reason, owner = Ref(row.ref), proposal.payload["reason"], Ref(proposal.payload["owner"])
    _check_owner(owner, row, at)
    _check_free(row, at, proposal.ref)
    serving = list(_serving(row))
    idle = list(queries.empty_consultations(row).values_list("task_id", flat=True))
    end_tasks(ids=idle, outcome="cancelled", reason=reason, by=by, at=at)
    ended = dissolve_units(response=ref, reason=reason, by=INSIDE, at=at)
    _step(row, row.level_before, reason, proposal.proposed_by, by, at)
    row.status, row.ended_at, row.end_reason, row.end_act = Response.Status.CLOSED, at, reason, current_act()
    row.save(update_fields=["status", "ended_at", "end_reason", "end_act", "level"])
    planned = _plan(row, owner, at)
    text = _FAREWELL.filled(name=T(row.name_zh, row.name_en))
    to = [Recipient.of(member) for member in serving]
    messages.queue(to=to, template="stand_down", text=text, about=row.ref, by=by, at=at)
    record(ResponseClosed(reason=reason, told=len(serving), erasures=len(planned), **ended), about=ref)
    return ref


@action
def hand_over(*, erasure: Ref, owner: Ref, by: Actor, at: datetime) -> Ref:
    """Let somebody else answer for a class of personal data.

    Who: whoever may propose a closing there.   Refuses: no-erasure-owner, already-erased, not-found.
    Journals: ErasureHandedOver.   Promises: there is one owner at every moment.
    """
    row = _open(erasure)
    by.require(PROPOSE_CLOSING, area=row.response.area.path)
    _check_owner(owner, row.response, at)
    row.owner_ref = owner
    row.save(update_fields=["owner_ref"])
    record(ErasureHandedOver(row.key, owner, row.due_at), about=row.ref)
    return Ref(row.ref)


@action
def erase(*, erasure: Ref, by: Actor, at: datetime) -> Ref:
    """Erase one class of personal data now; answers its certificate.

    Who: its owner, or the program on its day.   Refuses: not-erasure-owner, already-erased, not-found.
    Journals: ErasureDone.   Promises: the books of the response say the same before and after, or nothing happens.
    """
    row = _open(erasure)
    by.require(OWN_ERASURE, area=row.response.area.path)
    if by.ref not in (row.owner_ref, RETENTION.ref):
        raise NOT_OWNER.because()
    return certify(row, by, at)


def erase_due(now: datetime) -> int:
    """Erase every class whose day has come; how many. Opens no act when there is none."""
    refs = list(queries.due(now).values_list("ref", flat=True))
    for ref in refs:
        erase(erasure=Ref(ref), by=RETENTION, at=now)
    return len(refs)


def _plan(row: Response, owner: Ref, at: datetime) -> list[Erasure]:
    classes = queries.classes_of(row)
    return Erasure.objects.bulk_create([
        Erasure(
            ref=ref, response=row, key=kept.key, title_zh=kept.name.zh, title_en=kept.name.en, fields=fields,
            owner_ref=owner, planned_at=at, due_at=rules.due_at(kept, at), act=current_act(),
        )
        for ref, (kept, fields) in zip(new_refs("erasure", len(classes)), classes, strict=True)
    ])


def _step(row: Response, after: str, reason: str, proposed_by: str, by: Actor, at: datetime) -> None:
    if row.level == after:
        return
    before, row.level = row.level, after
    LevelStep.objects.create(
        response=row, before=before, after=after, reason=reason, proposed_by=proposed_by, approved_by=by.ref,
        happened_at=at, act=current_act(),
    )
    record(LevelChanged(before, after), about=row.ref)


def _serving(row: Response) -> QuerySet[Member]:
    return Member.objects.filter(
        services__post__unit__response_ref=row.ref, services__ends_at=None
    ).distinct().order_by("id")


def _check_free(row: Response, at: datetime, deciding: str = "") -> None:
    found = queries.obstacles(row, balance_all(Cutoff(at)), at, deciding)
    if found:
        raise CLOSING_BLOCKED.because(
            what=T("、".join(one.text.zh for one in found), "; ".join(one.text.en for one in found))
        )


def _check_owner(owner: Ref, row: Response, at: datetime) -> None:
    person = actors_of([owner], at).get(owner)
    if person is None or not person.may(OWN_ERASURE, area=row.area.path):
        raise NO_OWNER.because()


def _active(ref: Ref) -> Response:
    row = queries.find_response(ref)
    row = Response.objects.select_for_update(of=("self",)).select_related("plan", "area", "signal").get(pk=row.pk)
    if row.status != Response.Status.ACTIVE:
        raise ENDED.because()
    return row


def _open(ref: Ref) -> Erasure:
    row = queries.find_erasure(ref)
    row = Erasure.objects.select_for_update(of=("self",)).select_related("response__area").get(pk=row.pk)
    if hasattr(row, "certificate"):
        raise ALREADY_ERASED.because()
    return row
