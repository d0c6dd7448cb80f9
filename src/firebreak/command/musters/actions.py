"""Writes of musters: people are called, answer, are replaced, arrive."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from firebreak.command.headquarters.queries import local
from firebreak.command.musters import queries
from firebreak.command.musters.events import (
    CallAnswered,
    MemberArrived,
    MusterCalled,
    MusterClosedShort,
    MusterReached,
    SilentReplaced,
)
from firebreak.command.musters.models import Arrival, Call, CallAnswer, Muster, Shortfall
from firebreak.command.musters.refusals import (
    ARRIVED_ALREADY,
    DUE_IN_THE_PAST,
    MUSTER_OVER,
    NEEDED_OUT_OF_RANGE,
    NOBODY_TO_CALL,
    NOT_CALLED,
    REASON_MISSING,
    UNIT_UNLED,
    WORDS_MISSING,
)
from firebreak.command.musters.rights import CALL_OUT, NOTE_ANSWER
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.messages import actions as messages
from firebreak.engine.messages.actions import Recipient
from firebreak.engine.tasks import actions as tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.badges import member_of
from firebreak.engine.units.models import Member, Unit
from firebreak.engine.units.queries import accounts_of, leader_post
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.refs import Ref, new_ref, new_refs
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

MOST = 500
WATCH = SystemActor("watch", frozenset())
LETTER = T(
    "紧急集结:{title}。{at}前到{place}。请立即回复能否到场;到后向{unit}报到。",
    "Muster: {title}. At {place} by {at}. Answer at once whether you come; report to {unit} there.",
)


@action
def call_out(
    *, response: Ref, unit: Ref, title: str, place: str, needed: int, due_at: datetime, by: Actor, at: datetime,
    skill: str = "", first_from: str = "",
) -> Ref:
    """Call as many people as are needed; who refuses or is silent is replaced by the next on the roster.

    Who: command, duty officer, task-force leaders.
    Refuses: words-missing, needed-out-of-range, due-in-the-past, unit-unled, nobody-to-call, not-found.
    Journals: MusterCalled.   Promises: it has an owner, a deadline and a count; no holder of a post is called away.
    """
    row = Unit.objects.filter(ref=unit, response_ref=response, dissolved_at=None).first()
    if row is None:
        raise NOT_FOUND.because()
    by.require(CALL_OUT, unit=row.path)
    if not (title.strip() and place.strip()):
        raise WORDS_MISSING.because()
    if not 1 <= needed <= MOST:
        raise NEEDED_OUT_OF_RANGE.because()
    if due_at <= at:
        raise DUE_IN_THE_PAST.because()
    post = leader_post(unit)
    if post is None or post.holder_id is None:
        raise UNIT_UNLED.because()
    people = list(queries.candidates(skill, first_from)[:needed])
    if not people:
        raise NOBODY_TO_CALL.because()
    ref, words = new_ref("muster"), title.strip()[:120]
    spec = tasks.TaskSpec(queries.KIND, ref, response, T(words, words), post.id, due_at)
    (task,) = tasks.open_tasks(specs=[spec], by=by, at=at)
    number = (Muster.objects.filter(response_ref=response).aggregate(last=Max("number"))["last"] or 0) + 1
    muster = Muster.objects.create(
        ref=ref, response_ref=response, number=number, unit=row, title=words, place=place.strip()[:120], skill=skill,
        first_from=first_from, needed=needed, task_id=task, called_by=by.ref, called_at=at, act=current_act(),
    )
    _call(muster, people, [None] * len(people), due_at, by, at)
    record(MusterCalled(number, needed, len(people), due_at), about=ref)
    return ref


@action
def answer(*, call: Ref, coming: bool, by: Actor, at: datetime) -> Ref:
    """Note what somebody called said; who does not come is replaced at once.

    Who: whoever notes answers, or the person called.   Refuses: muster-over, arrived-already, not-found.
    Journals: CallAnswered.   Promises: a place given up is offered to the next on the roster in the same act.
    """
    row = _live_call(call, by)
    CallAnswer.objects.create(call=row, coming=coming, by=by.ref, happened_at=at, act=current_act())
    instead = 0 if coming or Call.objects.filter(instead_of=row).exists() else _replace([row], by, at)
    record(CallAnswered(row.muster.number, coming, instead), about=row.muster.ref)
    return call


@action
def arrive(*, call: Ref, by: Actor, at: datetime) -> Ref:
    """Note that somebody called is there. With the last one needed the muster ends, and its minutes are known.

    Who: whoever notes answers.   Refuses: muster-over, arrived-already, not-found.
    Journals: MemberArrived, MusterReached.
    """
    row = _live_call(call, by)
    by.require(NOTE_ANSWER, unit=row.muster.unit.path)
    Arrival.objects.create(call=row, by=by.ref, happened_at=at, act=current_act())
    muster = row.muster
    there = Arrival.objects.filter(call__muster=muster).count()
    record(MemberArrived(muster.number, there, muster.needed), about=muster.ref)
    if there >= muster.needed:
        minutes = int((at - muster.called_at).total_seconds() // 60)
        tasks.end_tasks(ids=[muster.task_id], outcome=Task.Outcome.DONE, reason="", by=by, at=at)
        record(MusterReached(muster.number, minutes), about=muster.ref)
    return call


@action
def arrive_scanned(*, muster: Ref, said: str, by: Actor, at: datetime) -> Ref:
    """Note an arrival by what was scanned or typed: a badge that is good now, or a whole name that only one was called by.

    Who: whoever notes answers.   Refuses: not-called, muster-over, arrived-already.   Journals: as `arrive`.
    """
    row = queries.find(muster)
    text = said.strip()
    badge = member_of(text, at)
    calls = row.calls.filter(member__ref=badge) if badge else row.calls.filter(member__name=text)
    if len(calls) != 1:
        raise NOT_CALLED.because(who=text[:60])
    return arrive(call=Ref(calls[0].ref), by=by, at=at)


@action
def close_short(*, muster: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """End a muster with fewer than were needed. The number missing and the reason stay in the book.

    Who: command, duty officer, task-force leaders.   Refuses: reason-missing, muster-over, not-found.
    Journals: MusterClosedShort.
    """
    row = _live(muster)
    by.require(CALL_OUT, unit=row.unit.path)
    if not reason.strip():
        raise REASON_MISSING.because()
    missing = row.needed - Arrival.objects.filter(call__muster=row).count()
    Shortfall.objects.create(
        muster=row, missing=missing, reason=reason.strip()[:200], by=by.ref, happened_at=at, act=current_act()
    )
    tasks.end_tasks(ids=[row.task_id], outcome=Task.Outcome.DONE, reason=reason, by=by, at=at)
    record(MusterClosedShort(row.number, missing, reason), about=row.ref)
    return muster


def replace_silent(now: datetime) -> int:
    """Call somebody for each who did not answer in time; how many. Opens no act when there are none."""
    if not queries.silent_calls(now).exists():
        return 0
    return _replace_silent(by=WATCH, at=now)


@action
def _replace_silent(*, by: Actor, at: datetime) -> int:
    """Who: the watch.   Journals: SilentReplaced.   Promises: a silent place is offered once; who answers late still counts."""
    rows = list(queries.silent_calls(at).select_for_update(of=("self",)).select_related("muster__task", "muster__unit"))
    called = _replace(rows, by, at)
    record(SilentReplaced(called), about=by.ref)
    return called


def _replace(rows: Sequence[Call], by: Actor, at: datetime) -> int:
    """The next on the roster for each place, muster by muster; how many there were."""
    called = 0
    for muster in {row.muster_id: row.muster for row in rows}.values():
        places = [row for row in rows if row.muster_id == muster.pk]
        people = list(queries.candidates(muster.skill, muster.first_from, muster)[: len(places)])
        _call(muster, people, places, muster.task.due_at, by, at)
        called += len(people)
    return called


def _call(
    muster: Muster, people: Sequence[Member], places: Sequence[Call | None], due_at: datetime, by: Actor, at: datetime
) -> None:
    Call.objects.bulk_create([
        Call(ref=ref, muster=muster, member=member, instead_of=place, happened_at=at, act=current_act())
        for ref, member, place in zip(new_refs("call", len(people)), people, places, strict=False)
    ])
    text = LETTER.filled(
        title=muster.title, at=local(due_at), place=muster.place, unit=T(muster.unit.name_zh, muster.unit.name_en)
    )
    to = [Recipient.of(member) for member in people]
    messages.queue(to=to, template="call_out", text=text, about=muster.ref, by=by, at=at)


def _live(ref: Ref) -> Muster:
    row = Muster.objects.select_for_update(of=("self",)).select_related("unit", "task").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    if row.task.status == Task.Status.ENDED:
        raise MUSTER_OVER.because()
    return row


def _live_call(ref: Ref, by: Actor) -> Call:
    """A call of a running muster, its muster locked, for who notes answers or was called. Errors: refusals."""
    row = Call.objects.select_related("member").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    row.muster = _live(Ref(row.muster.ref))
    if accounts_of([row.member.ref]).get(row.member.ref) != by.ref:
        by.require(NOTE_ANSWER, unit=row.muster.unit.path)
    if Arrival.objects.filter(call=row).exists():
        raise ARRIVED_ALREADY.because()
    return row
