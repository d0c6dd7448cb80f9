"""Writes of the duty desk: a line of the log, and the hand-over with two signatures."""

from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Max

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import active_response
from firebreak.command.activation.rules import NO_RESPONSE
from firebreak.command.duty import queries
from firebreak.command.duty.events import DeskGiven, DeskKept, DeskTaken, DutyLogErased, DutyLogged
from firebreak.command.duty.models import HandOver, LogEntry
from firebreak.command.duty.refusals import (
    ALREADY_GIVEN,
    NOT_WAITING,
    NOT_YOURS,
    SAME_PERSON,
    WORDS_MISSING,
)
from firebreak.command.duty.rights import KEEP_DUTY
from firebreak.command.duty.rules import digest_of
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.tasks import actions as tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.queries import desk_post
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

SIGN_WITHIN = timedelta(minutes=15)
_TITLE = T("值班第 {number} 次交班,请接班人签字", "Duty hand-over {number}: to be signed by who takes the desk")
_KEPT = "交班人收回 taken back by who gave it"


@action
def log_line(*, kind: str, text: str, by: Actor, at: datetime, corrects: Ref | None = None) -> Ref:
    """Write a line into the duty log, before a response or in one.

    Who: command, duty officer.   Refuses: words-missing, not-found.
    Journals: DutyLogged.   Promises: it is never changed; a correction is another line beside it.
    """
    by.require(KEEP_DUTY)
    words = text.strip()[:1000]
    if not words or kind not in LogEntry.Kind.values:
        raise WORDS_MISSING.because()
    earlier = None
    if corrects is not None and (earlier := LogEntry.objects.filter(ref=corrects).first()) is None:
        raise NOT_FOUND.because()
    response = active_response()
    digest = sha256(words.encode()).hexdigest()
    row = LogEntry.objects.create(
        ref=new_ref("log"), response_ref=response.ref if response else "", kind=kind, text=words, digest=digest,
        corrects=earlier, by=by.ref, happened_at=at, act=current_act(),
    )
    record(DutyLogged(kind, digest), about=row.ref)
    return Ref(row.ref)


@action
def give_desk(*, remark: str, by: Actor, at: datetime) -> Ref:
    """Sign the sheet of everything that is open and offer the desk to the next.

    Who: command, duty officer.   Refuses: no-response, already-given, not-permitted.
    Journals: DeskGiven.   Promises: the sheet fills itself from the books; the desk is the giver's until taken.
    """
    response = active_response()
    if response is None:
        raise NO_RESPONSE.because()
    by.require(KEEP_DUTY)
    waits = queries.pending(response.ref)
    if waits is not None:
        raise ALREADY_GIVEN.because(number=waits.number)
    sheet = queries.draw_sheet(response, at).as_json()
    ref, number, digest = new_ref("handover"), _next(response), digest_of(sheet)
    owner = desk_post(response.ref)
    if owner is None:
        raise NO_RESPONSE.because()
    spec = tasks.TaskSpec(
        queries.KIND, ref, Ref(response.ref), _TITLE.filled(number=number), owner.id, at + SIGN_WITHIN
    )
    (task,) = tasks.open_tasks(specs=[spec], by=by, at=at)
    HandOver.objects.create(
        ref=ref, response_ref=response.ref, number=number, sheet=sheet, digest=digest, remark=remark.strip()[:1000],
        given_by=by.ref, given_at=at, task_id=task, act=current_act(),
    )
    record(DeskGiven(number, len(sheet["items"]), digest), about=ref)
    return ref


@action
def take_desk(*, hand_over: Ref, by: Actor, at: datetime) -> Ref:
    """Sign the same sheet and take the desk.

    Who: command, duty officer, but not who gave it.   Refuses: same-person, not-waiting, not-found.
    Journals: DeskTaken.   Promises: two people signed one sheet.
    """
    row = _waiting(hand_over)
    by.require(KEEP_DUTY)
    if row.given_by == by.ref:
        raise SAME_PERSON.because()
    row.taken_by, row.taken_at = by.ref, at
    row.save(update_fields=["taken_by", "taken_at"])
    tasks.end_tasks(ids=[row.task_id], outcome=Task.Outcome.DONE, reason="", by=by, at=at)
    record(DeskTaken(row.number), about=row.ref)
    return hand_over


@action
def keep_desk(*, hand_over: Ref, by: Actor, at: datetime) -> Ref:
    """Take a hand-over back that nobody signed yet.

    Who: who gave it.   Refuses: not-yours, not-waiting, not-found.   Journals: DeskKept.
    """
    row = _waiting(hand_over)
    if row.given_by != by.ref:
        raise NOT_YOURS.because()
    tasks.end_tasks(ids=[row.task_id], outcome=Task.Outcome.CANCELLED, reason=_KEPT, by=by, at=at)
    record(DeskKept(row.number), about=row.ref)
    return hand_over


@action
def erase_log(*, response: Ref, by: Actor, at: datetime) -> int:
    """Erase the words of the log and the remarks of a response; how many lines.

    Who: the action of the retention rule, which has checked the right.
    Journals: DutyLogErased.   Promises: who, when and the digests stay.
    """
    lines = LogEntry.objects.filter(response_ref__in=["", response]).exclude(text="").update(text="")
    HandOver.objects.filter(response_ref=response).exclude(remark="").update(remark="")
    record(DutyLogErased(lines), about=response)
    return lines


def _next(response: Response) -> int:
    return (HandOver.objects.filter(response_ref=response.ref).aggregate(last=Max("number"))["last"] or 0) + 1


def _waiting(ref: Ref) -> HandOver:
    row = HandOver.objects.select_for_update(of=("self",)).select_related("task").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    if row.taken_at is not None or row.task.status == Task.Status.ENDED:
        raise NOT_WAITING.because()
    return row
