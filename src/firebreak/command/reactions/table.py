"""The table: this journal event leads to that action. The only way by which news travels upward.

Each reaction gets the event and the moment and answers True when it acted. It may look at anything and call
any action; it never writes by itself, and it may be called twice for one event (the second time nothing happens).
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from firebreak.command.activation.models import Signal
from firebreak.command.activation.queries import active_response
from firebreak.command.activation.rights import TAKE_SIGNALS
from firebreak.command.headquarters.models import Order
from firebreak.command.inspections.actions import note_corrected
from firebreak.command.inspections.models import Finding
from firebreak.command.positives.actions import follow_person, follow_pool, not_followed
from firebreak.command.zoning.actions import clear_zones
from firebreak.command.zoning.queries import tightened_by, zones_to_clear
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.journal.acting import keyed
from firebreak.engine.journal.models import Event
from firebreak.engine.tasks.actions import TaskSpec, end_tasks, open_tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.queries import desk_post
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.refs import Ref, token_of
from firebreak.kernel.text import T

Reaction = Callable[[Event, datetime], bool]

BY = SystemActor("reactions", frozenset())
SIGNALS = SystemActor("reactions", frozenset({TAKE_SIGNALS}))
"""A positive person is taken as a signal without waiting for anybody."""
ANSWER_WITHIN = timedelta(minutes=30)
CALL_WITHIN = timedelta(minutes=15)
ALARM_WITHIN = timedelta(minutes=10)

_REFUSED = T(
    "指令{number}《{title}》被退回,请改派或说明",
    "Order {number} '{title}' was given back: reassign it or say why not",
)
_SECOND = T("一人先行的事项待您确认:{title}", "Done on one person's word, needs yours: {title}")
_POSITIVE = T(
    "{zone}内报告阳性:预案要求改为{tier},请立即提出或说明",
    "A positive inside {zone}: the plan asks for {tier}; propose it at once or say why not",
)
_UNDELIVERED = T(
    "{n} 条通知没有送达,请按电话树逐一打通",
    "{n} messages were not delivered: reach them by the call tree",
)
_CHANGED = T("{laboratory} 改了 {n} 个结果,请看影响到谁", "{laboratory} changed {n} results: see whom it concerns")
_DOUBTED = T(
    "{laboratory} 的结果可疑:过快 {fast}、超能力 {over}、盲样报错 {missed},请核实",
    "{laboratory} is in doubt: {fast} too fast, {over} beyond capacity, {missed} blind controls wrong; ask it",
)


def order_given_back(event: Event, at: datetime) -> bool:
    """A refused order becomes a task of the duty officer, so that nobody is left without an order nobody does."""
    order = Order.objects.filter(ref=event.about).first()
    if order is None:
        return False
    title = _REFUSED.filled(number=order.document_number, title=T(order.title_zh, order.title_en))
    return _owe("order-refused", order.ref, order.response_ref, "duty_officer", title, at + ANSWER_WITHIN, at)


def second_person_due(event: Event, at: datetime) -> bool:
    """What one person confirmed alone waits, as a task with a deadline, for the second; unconfirmed it climbs."""
    proposal = Proposal.objects.filter(ref=event.about, status=Proposal.Status.SOLE).first()
    response = active_response()
    if proposal is None or response is None or proposal.second_due_at is None:
        return False
    title = _SECOND.filled(title=T(proposal.title_zh, proposal.title_en))
    return _owe("second-person", proposal.ref, response.ref, "deputy_commander", title, proposal.second_due_at, at)


def second_person_spoke(event: Event, at: datetime) -> bool:
    """The second person has agreed or refused: their task ends."""
    owed = Task.objects.filter(kind="second-person", about=event.about).exclude(status=Task.Status.ENDED)
    keys = list(owed.values_list("id", flat=True))
    if keys:
        end_tasks(ids=keys, outcome=Task.Outcome.DONE, reason="", by=BY, at=at)
    return bool(keys)


def messages_undelivered(event: Event, at: datetime) -> bool:
    """Messages that were given up become a task: somebody calls."""
    response = active_response()
    failed = int(event.payload["failed"])
    if response is None or not failed:
        return False
    title = _UNDELIVERED.filled(n=failed)
    return _owe("call", f"event:{event.id}", response.ref, "duty_officer", title, at + CALL_WITHIN, at)


def zones_cancelled(event: Event, at: datetime) -> bool:
    """A cancelled response released its zones: everybody who had a notice is told that it no longer holds."""
    return clear_zones(response=Ref(event.about), by=BY, at=at) > 0 if zones_to_clear(event.about) else False


def positive_inside(event: Event, at: datetime) -> bool:
    """A signal inside a zone that the plan tightens at a positive: an alarm within minutes, and what is proposed."""
    signal = Signal.objects.select_related("area").filter(ref=event.about).exclude(status="overturned").first()
    response = active_response()
    if signal is None or response is None or response.signal_id == signal.pk:
        return False
    found = tightened_by(response, signal.area.path, at)
    for zone, tier in found:
        title = _POSITIVE.filled(zone=T(zone.name_zh, zone.name_en), tier=tier.name)
        about = f"{zone.ref}.{token_of(signal.ref)}"
        with keyed(f"positive-inside:{about}"):
            _owe("positive-inside", about, response.ref, "duty_officer", title, at + ALARM_WITHIN, at)
    return bool(found)


def order_finished(event: Event, at: datetime) -> bool:
    """An order to correct findings is done: whoever must look again is told."""
    if not Finding.objects.filter(order__ref=event.about).exclude(task__status=Task.Status.ENDED).exists():
        return False
    return note_corrected(order=Ref(event.about), by=BY, at=at) > 0


def pool_found(event: Event, at: datetime) -> bool:
    """A positive pool: its orders go out, and a tier is put before whoever proposes zones."""
    return follow_pool(pool=Ref(event.about), by=BY, at=at) > 0


def results_came(event: Event, at: datetime) -> bool:
    """A positive person is a signal with contacts to trace; a result that was changed is looked at by somebody."""
    people = not_followed(Ref(event.about)) if event.payload["unclear"] else []
    for held in people:
        with keyed(f"follow:{held}"):
            follow_person(held=held, by=SIGNALS, at=at)
    response = active_response()
    if not event.payload["changed"] or response is None:
        return bool(people)
    title = _CHANGED.filled(n=event.payload["changed"], laboratory=event.payload["laboratory"])
    return _owe("results-changed", event.about, response.ref, "duty_officer", title, at + CALL_WITHIN, at) or bool(people)


def laboratory_doubted(event: Event, at: datetime) -> bool:
    """What a laboratory says cannot be honest: somebody asks, before its results are built upon."""
    response, said = active_response(), event.payload
    if response is None:
        return False
    title = _DOUBTED.filled(
        laboratory=said["laboratory"], fast=said["too_fast"], over=said["over_capacity"], missed=said["controls_missed"]
    )
    return _owe("laboratory-doubt", f"event:{event.id}", response.ref, "duty_officer", title, at + ANSWER_WITHIN, at)


REACTIONS: Mapping[str, Reaction] = {
    "OrderRefused": order_given_back,
    "OrderFinished": order_finished,
    "ProposalConfirmedAlone": second_person_due,
    "ProposalApproved": second_person_spoke,
    "ProposalRefused": second_person_spoke,
    "MessagesSettled": messages_undelivered,
    "ResponseCancelled": zones_cancelled,
    "PoolOpened": pool_found,
    "ResultsTaken": results_came,
    "LaboratoryDoubted": laboratory_doubted,
    "SignalTaken": positive_inside,
    "SignalJudged": positive_inside,
}


def _owe(kind: str, about: str, response: str, duty: str, title: T, due_at: datetime, at: datetime) -> bool:
    """Open a task for the held post of a duty at headquarters, else for whoever leads it; once per subject."""
    owner = desk_post(response, duty)
    if owner is None or Task.objects.filter(kind=kind, about=about).exists():
        return False
    open_tasks(specs=[TaskSpec(kind, about, Ref(response), title, owner.id, due_at)], by=BY, at=at)
    return True
