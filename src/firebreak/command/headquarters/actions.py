"""Writes of headquarters: an order is issued, seen, accepted, reported on and ended, and comes back unanswered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max

from firebreak.command.headquarters import queries
from firebreak.command.headquarters.events import (
    OrderAccepted,
    OrderCancelled,
    OrderFinished,
    OrderIssued,
    OrderRefused,
    OrderReopened,
    OrderReported,
    OrdersCancelled,
    OrderSeen,
    OrdersReturned,
    OrderUndone,
    OrderVerified,
)
from firebreak.command.headquarters.models import Order, OrderReport
from firebreak.command.headquarters.refusals import (
    AMOUNT_OUT_OF_RANGE,
    DUE_IN_THE_PAST,
    NOT_ACCEPTED,
    NOT_FINISHED,
    NOT_YOUR_ORDER,
    ORDER_ENDED,
    OWN_ORDER,
    PERCENT_OUT_OF_RANGE,
    REASON_MISSING,
    TOO_LATE_TO_UNDO,
    UNIT_GONE,
    WORDS_MISSING,
)
from firebreak.command.headquarters.rights import ISSUE_ORDERS
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.messages import actions as messages
from firebreak.engine.messages.actions import Recipient
from firebreak.engine.pictures.actions import keep_picture
from firebreak.engine.tasks import actions as tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Post, Unit
from firebreak.engine.units.queries import leader_post, posts_held_by
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.refs import Ref, kind_of, new_refs
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

UNDO_SECONDS = 10
MOST_AMOUNT = 9_999_999
WATCH = SystemActor("watch", frozenset())
LETTER = T(
    "{unit}:指令{number}《{title}》已下达,时限{deadline}。请登录接收或说明不能接收的原因。",
    "{unit}: order {number} '{title}' has been issued, due {deadline}. Sign in to accept it or say why you cannot.",
)
_REMINDER = T(
    "指令{number}《{title}》已过答复时限,仍未接收。请立即处理。",
    "Order {number} '{title}' has had no answer in time. See to it at once.",
)

_REOPENED = T(
    "指令{number}《{title}》核实不符,重办,时限{deadline}:{reason}",
    "Order {number} '{title}' was found not done; do it by {deadline}: {reason}",
)
_CANCELLED = T("指令{number}《{title}》已撤销:{reason}", "Order {number} '{title}' is cancelled: {reason}")


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What the plan says of a kind of order.

    `number_pattern` holds `{n}`, counted on from `number_base` (documents the response issued before its first
    order); `letter` holds the words of its message.
    """

    kind: str = "directive"
    acknowledge_minutes: int = 10
    number_pattern: str = "{n}"
    number_base: int = 0
    letter: T = LETTER


@dataclass(frozen=True, slots=True)
class Draft:
    """An order to issue."""

    unit: Ref
    title: T
    text: T
    due_at: datetime
    legal_basis: str
    review_on: date
    terms: OrderTerms


@action
def issue_order(
    *, response: Ref, unit: Ref, title: T, text: T, due_at: datetime, legal_basis: str, review_on: date,
    by: Actor, at: datetime, terms: OrderTerms | None = None,
) -> Ref:
    """Order a unit to do something by a deadline.

    Who: commander, deputy, duty officer, task-force leaders.
    Refuses: unit-dissolved, words-missing, due-in-the-past, not-found.
    Journals: OrderIssued.   Promises: it has a number, an owner, a deadline, a legal basis and a review date.
    """
    row = Unit.objects.filter(ref=unit, response_ref=response).first()
    if row is None:
        raise NOT_FOUND.because()
    by.require(ISSUE_ORDERS, unit=row.path)
    draft = Draft(unit, title, text, due_at, legal_basis, review_on, terms or OrderTerms())
    return issue_orders(response=response, drafts=[draft], by=by, at=at)[0]


@action
def issue_orders(*, response: Ref, drafts: Sequence[Draft], by: Actor, at: datetime) -> list[Ref]:
    """Issue several orders in one act, numbered in their order.

    Who: an action that may (activation), for the person it acts for.   Refuses: as `issue_order`.
    Journals: OrderIssued for each.   Promises: all of them or none.
    """
    units = {unit.ref: unit for unit in Unit.objects.filter(ref__in={draft.unit for draft in drafts})}
    number = Order.objects.filter(response_ref=response).aggregate(last=Max("number"))["last"] or 0
    refs = new_refs("order", len(drafts))
    for ref, draft in zip(refs, drafts, strict=True):
        number += 1
        _issue(ref, number, response, units[draft.unit], draft, by, at)
    return refs


@action
def undo_order(*, order: Ref, by: Actor, at: datetime) -> Ref:
    """Take back an order just issued, as if it had not been said.

    Who: its issuer.   Refuses: not-your-order, too-late-to-undo (after 10 s, or once seen), order-ended.
    Journals: OrderUndone.   Promises: nobody is left with it; its number is not used again.
    """
    row = _live(order)
    if row.issued_by != by.ref:
        raise NOT_YOUR_ORDER.because()
    if row.seen_at is not None or at - row.issued_at > timedelta(seconds=UNDO_SECONDS):
        raise TOO_LATE_TO_UNDO.because(seconds=UNDO_SECONDS)
    _end(row, Task.Outcome.CANCELLED, "undone", "undone", by, at)
    messages.withdraw(about=[row.ref], reason="undone", by=by, at=at)
    record(OrderUndone(row.number), about=row.ref)
    return Ref(row.ref)


@action
def see_order(*, order: Ref, by: Actor, at: datetime) -> Ref:
    """Open an order as its owner; the first time is written down.

    Who: the holder of the owning post.   Refuses: not-your-task, order-ended.   Journals: OrderSeen.
    """
    row = _live(order)
    tasks.check_owner(row.task, by)
    if row.seen_at is None:
        row.seen_at = at
        row.save(update_fields=["seen_at"])
        _note(row, "seen", by, at)
    record(OrderSeen(row.number), about=row.ref)
    return Ref(row.ref)


@action
def accept_order(*, order: Ref, by: Actor, at: datetime) -> Ref:
    """Take an order on.

    Who: the holder of the owning post.   Refuses: not-your-task, already-accepted, order-ended.
    Journals: OrderAccepted (and TaskAccepted).
    """
    row = _live(order)
    tasks.accept_task(task=Ref(row.task.ref), by=by, at=at)
    row.seen_at, row.accepted_at = row.seen_at or at, at
    row.save(update_fields=["seen_at", "accepted_at"])
    _note(row, "accepted", by, at)
    record(OrderAccepted(row.number), about=row.ref)
    return Ref(row.ref)


@action
def report_order(
    *, order: Ref, text: str, percent: int, by: Actor, at: datetime, amount: int | None = None,
    picture: bytes | None = None,
) -> Ref:
    """Say how far it is, with a figure and a picture (JPEG, PNG or WebP) that prove it, or without.

    Who: the holder of the owning post.
    Refuses: not-your-task, not-accepted, percent-out-of-range, amount-out-of-range, not-a-picture, picture-too-large,
    order-ended.
    Journals: OrderReported (and PictureKept).
    """
    row = _live(order)
    tasks.check_owner(row.task, by)
    if row.accepted_at is None:
        raise NOT_ACCEPTED.because(number=row.number)
    if not 0 <= percent <= 100:
        raise PERCENT_OUT_OF_RANGE.because()
    _prove(row, amount, picture, by, at)
    _note(row, "progress", by, at, text, percent, amount)
    record(OrderReported(row.number, percent), about=row.ref)
    return Ref(row.ref)


@action
def finish_order(
    *, order: Ref, text: str, by: Actor, at: datetime, amount: int | None = None, picture: bytes | None = None
) -> Ref:
    """Report an order done, with a figure and a picture that prove it, or without.

    Who: the holder of the owning post.
    Refuses: not-your-task, amount-out-of-range, not-a-picture, picture-too-large, order-ended.
    Journals: OrderFinished (and PictureKept).   Promises: it waits for somebody else to verify it.
    """
    row = _live(order)
    tasks.check_owner(row.task, by)
    _prove(row, amount, picture, by, at)
    _end(row, Task.Outcome.DONE, "finished", text, by, at, amount)
    record(OrderFinished(row.number), about=row.ref)
    return Ref(row.ref)


@action
def verify_order(*, order: Ref, text: str, by: Actor, at: datetime) -> Ref:
    """Confirm that an order reported done is done.

    Who: whoever may issue orders to that unit, but not who did it.   Refuses: not-finished, own-order, not-found.
    Journals: OrderVerified.
    """
    row = _finished(order, by)
    row.verified_at = at
    row.save(update_fields=["verified_at"])
    _note(row, "verified", by, at, text)
    record(OrderVerified(row.number), about=row.ref)
    return Ref(row.ref)


@action
def reopen_order(*, order: Ref, reason: str, due_at: datetime, by: Actor, at: datetime) -> Ref:
    """Give an order that was reported done back to its unit, because it is not.

    Who: whoever may issue orders to that unit, but not who did it.
    Refuses: reason-missing, due-in-the-past, not-finished, own-order, not-found.
    Journals: OrderReopened.   Promises: its owner is told and owes it again; what was reported stays.
    """
    row = _finished(order, by)
    if not reason.strip():
        raise REASON_MISSING.because()
    if due_at <= at:
        raise DUE_IN_THE_PAST.because()
    tasks.reopen_tasks(ids=[row.task_id], due_at=due_at, reason=reason[:200], by=by, at=at)
    _note(row, "reopened", by, at, reason)
    text = _REOPENED.filled(
        number=row.document_number, title=T(row.title_zh, row.title_en), reason=reason, deadline=queries.local(due_at)
    )
    messages.queue(to=_holder(row.task.owner), template="order", text=text, about=row.ref, by=by, at=at)
    record(OrderReopened(row.number, due_at, reason), about=row.ref)
    return Ref(row.ref)


@action
def refuse_order(*, order: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """Give an order back with the reason why it cannot be done.

    Who: the holder of the owning post.   Refuses: not-your-task, reason-missing, order-ended.
    Journals: OrderRefused.   Promises: headquarters gets a task for it, with an owner and a deadline.
    """
    row = _live(order)
    tasks.check_owner(row.task, by)
    if not reason.strip():
        raise REASON_MISSING.because()
    _end(row, Task.Outcome.REFUSED, "refused", reason, by, at)
    record(OrderRefused(row.number, reason), about=row.ref)
    return Ref(row.ref)


@action
def cancel_order(*, order: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """Cancel an order that stands.

    Who: whoever may issue orders to that unit.   Refuses: reason-missing, order-ended.
    Journals: OrderCancelled.   Promises: its owner is told.
    """
    row = _live(order)
    by.require(ISSUE_ORDERS, unit=row.unit.path)
    if not reason.strip():
        raise REASON_MISSING.because()
    _end(row, Task.Outcome.CANCELLED, "cancelled", reason, by, at)
    messages.withdraw(about=[row.ref], reason=reason, by=by, at=at)
    text = _CANCELLED.filled(number=row.document_number, title=T(row.title_zh, row.title_en), reason=reason)
    messages.queue(to=_holder(row.task.owner), template="stand_down", text=text, about=row.ref, by=by, at=at)
    record(OrderCancelled(row.number, reason), about=row.ref)
    return Ref(row.ref)


@action
def cancel_all(*, response: Ref, reason: str, by: Actor, at: datetime) -> int:
    """Cancel every live order of a response that was itself cancelled; how many.

    Who: the action that cancels the response, and tells everybody at once.
    Journals: OrdersCancelled.   Promises: each order keeps the reason; letters not yet sent are withdrawn.
    """
    rows = list(queries.live(response))
    tasks.end_tasks(ids=[row.task_id for row in rows], outcome=Task.Outcome.CANCELLED, reason=reason, by=by, at=at)
    for row in rows:
        _note(row, "cancelled", by, at, reason)
    messages.withdraw(about=[row.ref for row in rows], reason=reason, by=by, at=at)
    record(OrdersCancelled(len(rows), reason), about=response)
    return len(rows)


def return_unanswered(now: datetime, limit: int = 200) -> int:
    """Bring unanswered orders back to whoever gave them; how many. Opens no act when there are none."""
    if not queries.unanswered(now).exists():
        return 0
    return _return(limit=limit, by=WATCH, at=now)


@action
def _return(*, limit: int, by: Actor, at: datetime) -> int:
    """Who: the watch.   Journals: OrdersReturned.   Promises: each order comes back once; both sides are told."""
    locked = queries.unanswered(at).select_for_update(of=("self",), skip_locked=True)
    rows = list(locked.select_related("task__owner__holder").order_by("id")[:limit])
    Order.objects.filter(id__in=[row.id for row in rows]).update(returned_at=at)
    for row in rows:
        _note(row, "returned", by, at)
        text = _REMINDER.filled(number=row.document_number, title=T(row.title_zh, row.title_en))
        to = [*_holder(row.task.owner), Recipient(row.issued_by)]
        messages.queue(to=to, template="overdue", text=text, about=row.ref, by=by, at=at)
    record(OrdersReturned(len(rows)), about=by.ref)
    return len(rows)


def _issue(ref: Ref, number: int, response: Ref, unit: Unit, draft: Draft, by: Actor, at: datetime) -> None:
    if unit.dissolved_at is not None or (post := leader_post(Ref(unit.ref))) is None:
        raise UNIT_GONE.because()
    if not (draft.title.zh.strip() and draft.text.zh.strip() and draft.legal_basis.strip()):
        raise WORDS_MISSING.because()
    if draft.due_at <= at:
        raise DUE_IN_THE_PAST.because()
    spec = tasks.TaskSpec("order", ref, response, draft.title, post.id, draft.due_at)
    (task,) = tasks.open_tasks(specs=[spec], by=by, at=at)
    document = draft.terms.number_pattern.replace("{n}", str(draft.terms.number_base + number))
    order = Order.objects.create(
        ref=ref, response_ref=response, number=number, kind=draft.terms.kind, document_number=document,
        unit=unit, task_id=task, title_zh=draft.title.zh, title_en=draft.title.en, text_zh=draft.text.zh,
        text_en=draft.text.en, legal_basis=draft.legal_basis, issued_at=at, issued_by=by.ref,
        review_on=draft.review_on, answer_by=at + timedelta(minutes=draft.terms.acknowledge_minutes),
        act=current_act(),
    )
    _tell(order, post, draft, by, at)
    record(OrderIssued(number, unit.key, draft.due_at, document), about=ref)


def _tell(order: Order, post: Post, draft: Draft, by: Actor, at: datetime) -> None:
    text = draft.terms.letter.filled(
        unit=T(order.unit.name_zh, order.unit.name_en), number=order.document_number, title=draft.title,
        deadline=queries.local(draft.due_at),
    )
    messages.queue(to=_holder(post), template="order", text=text, about=order.ref, by=by, at=at)


def _holder(post: Post) -> list[Recipient]:
    return [] if post.holder is None else [Recipient.of(post.holder)]


def _end(
    row: Order, outcome: str, step: str, text: str, by: Actor, at: datetime, amount: int | None = None
) -> None:
    tasks.end_tasks(ids=[row.task_id], outcome=outcome, reason=text[:200], by=by, at=at)
    _note(row, step, by, at, text, 100 if step == "finished" else None, amount)


def _note(
    row: Order, step: str, by: Actor, at: datetime, text: str = "", percent: int | None = None,
    amount: int | None = None,
) -> None:
    OrderReport.objects.create(
        order=row, step=step, text=text, percent=percent, amount=amount, by=by.ref, happened_at=at, act=current_act()
    )


def _prove(row: Order, amount: int | None, picture: bytes | None, by: Actor, at: datetime) -> None:
    """The figure is one, and the picture is kept as the order's."""
    if amount is not None and not 0 <= amount <= MOST_AMOUNT:
        raise AMOUNT_OUT_OF_RANGE.because()
    if picture is not None:
        keep_picture(about=Ref(row.ref), response=Ref(row.response_ref), content=picture, by=by, at=at)


def _finished(order: Ref, by: Actor) -> Order:
    """An order reported done and not verified, for somebody who may order its unit and did not do it."""
    row = _locked(order)
    by.require(ISSUE_ORDERS, unit=row.unit.path)
    if row.task.outcome != Task.Outcome.DONE or row.verified_at is not None:
        raise NOT_FINISHED.because(number=row.number)
    if kind_of(by.ref) == "account" and posts_held_by(by.ref).filter(id=row.task.owner_id).exists():
        raise OWN_ORDER.because()
    return row


def _live(order: Ref) -> Order:
    row = _locked(order)
    if row.task.status == Task.Status.ENDED:
        raise ORDER_ENDED.because(number=row.number)
    return row


def _locked(order: Ref) -> Order:
    row = (
        Order.objects.select_for_update(of=("self",)).select_related("unit", "task__owner__unit", "task__owner__holder")
        .filter(ref=order).first()
    )
    if row is None:
        raise NOT_FOUND.because()
    return row
