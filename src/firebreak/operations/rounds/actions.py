"""Writes of rounds: every entrance in one place. Opening is long and stands in `opening`."""

from datetime import datetime
from uuid import UUID

from firebreak.engine.capture.models import Gap, Quarantined
from firebreak.engine.journal.acting import action, record
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.engine.tasks.actions import change_due, end_tasks
from firebreak.engine.tasks.models import Task
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, make_ref, new_event_id
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.operations.rounds import again, boards, leaving, queries, recording, refusals, scanning, tubes, visiting
from firebreak.operations.rounds.events import (
    AttemptRecorded,
    AttemptUndone,
    EntryDecided,
    PersonFound,
    RoundCancelled,
    RoundClosed,
    ScanUndone,
    TubeOpened,
    TubeSealed,
    TubeVoided,
)
from firebreak.operations.rounds.models import Round, Tally, Tube
from firebreak.operations.rounds.opening import SiteRow, add_sites, open_round
from firebreak.operations.rounds.outcomes import record_outcome, undo_outcome
from firebreak.operations.rounds.recording import the_round
from firebreak.operations.rounds.rights import CLOSE_ROUND
from firebreak.operations.rounds.states import State

__all__ = [
    "SiteRow",
    "add_found_person",
    "add_sites",
    "cancel_round",
    "close_round",
    "excuse_person",
    "open_round",
    "open_tube",
    "record_attempt",
    "record_dead",
    "record_duplicate",
    "record_moved",
    "record_outcome",
    "record_refused",
    "reopen_entry",
    "seal_tube",
    "undo_attempt",
    "undo_outcome",
    "undo_scan",
    "void_tube",
]
NAMED = 5


@action
def record_attempt(
    *, round: Ref, person: Ref, way: str, result: str, revisit_at: datetime | None, by: Actor, at: datetime
) -> str:
    """Write down a call or a visit; answers its id, by which it can be taken back.

    `way` call, visit; `result` away, unreachable, refused, promised.

    Who: whoever may record over the person's building.   Refuses: not-found, round-not-open, not-on-list,
    unknown-result.   Journals: AttemptRecorded.
    Promises: the person stays open, with a moment to come again; a refusal counts, and closes nothing.
    """
    row = the_round(round)
    tried = visiting.Tried(
        visiting.key_of(person), at, by, way=way, result=result, revisit_at=revisit_at,
        event=new_event_id(at.timestamp()),
    )
    visiting.record_attempts(row, [tried], by, at)
    _raise(tried)
    record(AttemptRecorded(tried.person, way, result), about=row.ref)
    return str(tried.event)


@action
def undo_attempt(*, round: Ref, attempt: UUID, by: Actor, at: datetime) -> Ref:
    """Take an attempt back, by the id of its event: it counts no longer, and the person stands as before it.

    Who: whoever wrote it down, while they may record over the person's building.
    Refuses: not-found, round-not-open, unknown-attempt, not-your-attempt, refusal-rests-on-it, already-undone.
    Journals: AttemptUndone.   Promises: the attempt stays written down.
    """
    row = the_round(round)
    undo = visiting.Untried(new_event_id(at.timestamp()), attempt, at, by)
    visiting.take_back_attempts(row, [undo], by, at)
    if undo.refusal is not None:
        raise undo.refusal
    if "already_undone" in undo.note:
        raise refusals.ALREADY_UNDONE.because()
    record(AttemptUndone(undo.person, undo.way, undo.result), about=row.ref)
    return Ref(undo.person)


@action
def excuse_person(*, round: Ref, person: Ref, reason: str, note: str, by: Actor, at: datetime) -> Ref:
    """Excuse somebody from a round for a reason of its plan.

    Who: whoever may decide over the building, or holds the duty that the plan names for the reason.
    Refuses: not-found, round-not-open, not-on-list, unknown-reason, note-missing, already-sampled.
    Journals: EntryDecided.   Promises: a swab taken after all makes them sampled.
    """
    return _decide(round, person, State.EXCUSED, reason, note, by, at)


@action
def record_moved(*, round: Ref, person: Ref, note: str, by: Actor, at: datetime) -> Ref:
    """Close an entry because the person has moved away; they leave the register when the round closes.

    Who: whoever may decide over the building.   Refuses: as `excuse_person`.   Journals: EntryDecided.
    """
    return _decide(round, person, State.MOVED, "moved", note, by, at)


@action
def record_dead(*, round: Ref, person: Ref, note: str, by: Actor, at: datetime) -> Ref:
    """Close an entry because the person has died; they leave the register when the round closes.

    Who: whoever may decide over the building.   Refuses: as `excuse_person`.   Journals: EntryDecided.
    """
    return _decide(round, person, State.DEAD, "dead", note, by, at)


@action
def record_duplicate(*, round: Ref, person: Ref, note: str, by: Actor, at: datetime) -> Ref:
    """Close an entry because the same human being stands on the list twice.

    Who: whoever may decide over the building.   Refuses: as `excuse_person`.   Journals: EntryDecided.
    """
    return _decide(round, person, State.DUPLICATE, "duplicate", note, by, at)


@action
def record_refused(*, round: Ref, person: Ref, note: str, by: Actor, at: datetime) -> Ref:
    """Close an entry because the person refuses, after the attempts that the plan asks for.

    Who: whoever may decide over the building, or holds the duty that the plan names.
    Refuses: as `excuse_person`, and too-few-attempts.   Journals: EntryDecided.
    Promises: no measure follows by machine.
    """
    return _decide(round, person, State.REFUSED, "refused", note, by, at)


@action
def reopen_entry(*, round: Ref, person: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """Take a decision back: the person is owed a swab again, and the building's task is open again.

    Who: whoever may decide over the building.   Refuses: as `excuse_person`, and not-decided.
    Journals: EntryDecided.
    """
    return _decide(round, person, State.TO_DO, "reopened", reason, by, at)


@action
def add_found_person(*, round: Ref, person: NewPerson, by: Actor, at: datetime) -> Ref:
    """Put somebody on the list who was met and stands on none; answers the person's ref.

    Who: whoever may record over the building.   Refuses: not-found, round-not-open, building-not-in-round,
    and what the register refuses.   Journals: PersonFound, PeopleRegistered.
    Promises: owed grows by one; the building's task is open again.
    """
    row = the_round(round)
    found = visiting.Found(person, "", at, by)
    visiting.add_people(row, [found], by, at)
    if found.refusal is not None:
        raise found.refusal
    record(PersonFound(found.person, person.building, person.kind), about=row.ref)
    return Ref(found.person)


@action
def open_tube(*, round: Ref, code: str, site: str, by: Actor, at: datetime) -> Ref:
    """Take a tube into use at a site (its code or ref).

    Who: whoever may record over the site.   Refuses: not-found, round-not-open, unknown-site, tube-taken.
    Journals: TubeOpened.
    """
    row = the_round(round)
    refusal = tubes.open_tubes(row, [tubes.Opening(code, site, by, at)])[0]
    if refusal is not None:
        raise refusal
    record(TubeOpened(row.ref, site), about=make_ref("tube", code))
    return make_ref("tube", code)


@action
def seal_tube(*, tube: str, by: Actor, at: datetime) -> Ref:
    """Close a tube by hand, full or short.

    Who: whoever may record over its site.   Refuses: not-found, tube-void.   Journals: TubeSealed.
    """
    rack = _rack(tube)
    refusal = tubes.seal(rack, by, at)
    if refusal is not None:
        raise refusal
    tubes.write_tubes([rack])
    record(TubeSealed(rack.members), about=make_ref("tube", tube))
    return make_ref("tube", tube)


@action
def void_tube(*, tube: str, reason: str, by: Actor, at: datetime) -> Ref:
    """Spoil a tube: its swabs are taken back and its people are to be sampled again.

    Who: whoever may record over its site.   Refuses: not-found, round-not-open, tube-void.
    Journals: TubeVoided.
    """
    rack = _rack(tube)
    row = recording.rounds_by_key({rack.round})[rack.round]
    refusal = tubes.void_refusal(row, rack, by)
    if refusal is None and rack.status == Tube.Status.VOID:
        refusal = refusals.TUBE_VOID.because(tube=tube)
    if refusal is not None:
        raise refusal
    members = rack.members
    tubes.void(row, [(rack, reason, new_event_id(at.timestamp()), at)], by, at)
    record(TubeVoided(members, reason), about=make_ref("tube", tube))
    return make_ref("tube", tube)


@action
def undo_scan(*, round: Ref, scan: UUID, reason: str, by: Actor, at: datetime) -> Ref:
    """Take a scan back, by the id of its event.

    Who: whoever may record over the tube's site, or over the person's building where there is no tube.
    Refuses: not-found, round-not-open, unknown-scan, already-undone.
    Journals: ScanUndone.   Promises: the scan stays written down.
    """
    row = the_round(round)
    undo = scanning.TakenBack(new_event_id(at.timestamp()), scan, reason, at, by)
    scanning.take_back(row, [undo], by, at)
    if undo.refusal is not None:
        raise undo.refusal
    if undo.note:
        raise refusals.ALREADY_UNDONE.because()
    record(ScanUndone(undo.person, undo.tube, reason), about=row.ref)
    return Ref(undo.person)


@action
def close_round(
    *, round: Ref, by: Actor, at: datetime, follow_up_at: datetime | None = None, follow_up: str = ""
) -> Ref:
    """Close a testing round: nobody on its list is left without an end.

    With `follow_up_at` and words, people away or unreachable are handed over instead: they stay open under
    their building's task and owner, due at that moment, and may still be decided.

    Who: whoever may close rounds over its area.
    Refuses: not-found, round-not-open, people-unaccounted (with who), follow-up-unclear, tubes-open,
    events-outstanding, events-quarantined.   Journals: RoundClosed (and TaskDueChanged for each building).
    Promises: listed + found = sampled + closed with a reason + handed over with an owner and a deadline; who moved
    away or died leaves the register, so that the next round does not list them.
    """
    row = Round.objects.select_for_update(of=("self",)).select_related("area").filter(ref=round).first()
    if row is None:
        raise NOT_FOUND.because()
    by.require(CLOSE_ROUND, area=row.area.path)
    if row.status != Round.Status.OPEN:
        raise refusals.NOT_OPEN.because()
    _check_complete(row, handing_over=follow_up_at is not None)
    handed = 0 if follow_up_at is None else _hand_over(row, follow_up_at, follow_up, by, at)
    ended = boards.standing(row)
    row.status, row.closed_at = Round.Status.CLOSED, at
    row.save(update_fields=["status", "closed_at"])
    again.end_served(row, by=by, at=at)
    leaving.leave(row, at, by=visiting.REGISTRAR)
    excused = queries.excused_by_reason(row.pk)
    record(RoundClosed(ended.listed, ended.found, ended.sampled, excused, handed, follow_up_at), about=row.ref)
    return Ref(row.ref)


def _hand_over(row: Round, follow_up_at: datetime, follow_up: str, by: Actor, at: datetime) -> int:
    """Give every building with open people its new deadline; how many people that concerns."""
    if follow_up_at <= at or not follow_up.strip():
        raise refusals.FOLLOW_UP_UNCLEAR.because()
    left = queries.open_people(row.pk, NAMED)
    live = Tally.objects.filter(round=row, task__isnull=False).exclude(task__status=Task.Status.ENDED)
    for ref in live.order_by("building_id").values_list("task__ref", flat=True):
        change_due(task=Ref(str(ref)), due_at=follow_up_at, reason=follow_up[:200], by=by, at=at)
    return left.count


@action
def cancel_round(*, round: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """Call a round off; what was recorded stays, its tasks end as cancelled.

    Who: whoever may close rounds over its area.   Refuses: not-found, round-not-open, reason-missing.
    Journals: RoundCancelled.
    """
    row = Round.objects.select_for_update(of=("self",)).select_related("area").filter(ref=round).first()
    if row is None:
        raise NOT_FOUND.because()
    by.require(CLOSE_ROUND, area=row.area.path)
    if row.status != Round.Status.OPEN:
        raise refusals.NOT_OPEN.because()
    row.status, row.closed_at = Round.Status.CANCELLED, at
    row.save(update_fields=["status", "closed_at"])
    live = Tally.objects.filter(round=row, task__isnull=False).exclude(task__status=Task.Status.ENDED)
    tasks = [*live.values_list("task_id", flat=True), row.again_task_id]
    end_tasks(ids=[task for task in tasks if task], outcome=Task.Outcome.CANCELLED, reason=reason, by=by, at=at)
    record(RoundCancelled(reason), about=row.ref)
    return Ref(row.ref)


def _check_complete(row: Round, *, handing_over: bool) -> None:
    """Refuse while anybody (unless handed over), any tube or any event of the round is without an end."""
    left = queries.open_people(row.pk, NAMED)
    if left.count and not handing_over:
        raise refusals.PEOPLE_UNACCOUNTED.because(n=left.count, who="、".join(left.named))
    tubes_open = list(Tube.objects.filter(round=row, status=Tube.Status.OPEN).order_by("code").values_list("code", flat=True))
    if tubes_open:
        raise refusals.TUBES_OPEN.because(n=len(tubes_open), tubes="、".join(tubes_open[:NAMED]))
    missing = Gap.objects.filter(filled_at=None, lost_at=None, noticed_at__gte=row.opened_at).select_related("device")
    gaps = list(missing.order_by("device__label", "first"))
    if gaps:
        where = "、".join(f"{gap.device.label} {gap.first}–{gap.last}" for gap in gaps[:NAMED])
        raise refusals.EVENTS_OUTSTANDING.because(n=sum(gap.last - gap.first + 1 for gap in gaps), where=where)
    undecided = Quarantined.objects.filter(resolved_at=None, received_at__gte=row.opened_at).count()
    if undecided:
        raise refusals.EVENTS_QUARANTINED.because(n=undecided)


def _decide(round: Ref, person: Ref, state: str, reason: str, note: str, by: Actor, at: datetime) -> Ref:
    row = the_round(round)
    decided = visiting.Decided(visiting.key_of(person), at, by, state=state, reason=reason, words=note)
    visiting.decide(row, [decided], by, at)
    _raise(decided)
    record(EntryDecided(decided.person, state, reason), about=row.ref)
    return Ref(decided.person)


def _rack(code: str) -> tubes.Rack:
    rack = tubes.lock_tubes([code]).get(code)
    if rack is None:
        raise NOT_FOUND.because()
    return rack


def _raise(matter: visiting.Matter) -> None:
    if matter.refusal is not None:
        raise matter.refusal
