"""Writes of messages: queue, claim, settle, speak, withdraw. Nothing here talks to the outside."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.messages.channels import Fate, Outcome, Outgoing, channel_for
from firebreak.engine.messages.events import (
    MessagesClaimed,
    MessageSpoken,
    MessagesQueued,
    MessagesSettled,
    MessagesWithdrawn,
)
from firebreak.engine.messages.models import Message, MessageChange
from firebreak.engine.messages.rights import SEND_MESSAGES
from firebreak.engine.messages.rules import LEASE, next_status, pause_after
from firebreak.engine.units.contacts import recipient_address
from firebreak.engine.units.models import Member
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_refs
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

AUTOMATIC = ("log", "smtp")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom to tell: a ref (member, account), an address or none, a channel or empty for the best one."""

    ref: str
    address: str = ""
    channel: str = ""

    @classmethod
    def of(cls, member: Member) -> "Recipient":
        """Somebody of the roster, by the number they gave."""
        return cls(member.ref, recipient_address(member))


@action
def queue(*, to: Sequence[Recipient], template: str, text: T, about: str, by: Actor, at: datetime) -> int:
    """Put messages in line; they leave after this transaction has committed.

    Who: any action that must tell somebody.   Refuses: nothing.
    Journals: MessagesQueued.   Promises: told exactly when the act happened, or not at all.
    """
    return queue_each(to=[(one, text) for one in to], template=template, about=about, by=by, at=at)


@action
def queue_each(
    *, to: Sequence[tuple[Recipient, T]], template: str, about: str, by: Actor, at: datetime
) -> int:
    """As `queue`, with a text of its own for each recipient; two writes for any number."""
    act = current_act()
    rows = Message.objects.bulk_create(
        [
            Message(
                ref=ref, channel=one.channel or channel_for(one.address), to_ref=one.ref, template=template,
                address_sealed=seal_address(one.address, ref), text_zh=text.zh, text_en=text.en, about=about,
                queued_at=at, next_try_at=at, act=act,
            )
            for ref, (one, text) in zip(new_refs("message", len(to)), to, strict=True)
        ],
        batch_size=500,
    )
    _note(rows, at)
    record(MessagesQueued(template, len(rows)), about=about)
    return len(rows)


@action
def claim(*, limit: int, by: Actor, at: datetime) -> list[str]:
    """Take due messages for sending; answers their refs.

    Who: a worker.   Journals: MessagesClaimed.   Promises: no two workers hold the same message; a message
    whose worker died comes back when its lease has run out, as of unknown fate and under the same token.
    """
    due = due_now(at).select_for_update(skip_locked=True).order_by("next_try_at", "id")[:limit]
    rows = list(due)
    chased = sum(row.status != Message.Status.QUEUED for row in rows)
    for row in rows:
        row.status, row.claimed_until, row.tries = Message.Status.SENDING, at + LEASE, row.tries + 1
    Message.objects.bulk_update(rows, ["status", "claimed_until", "tries"], batch_size=200)
    record(MessagesClaimed(len(rows), chased), about=by.ref)
    return [row.ref for row in rows]


@action
def settle(*, outcomes: Mapping[str, Outcome], by: Actor, at: datetime) -> dict[str, int]:
    """Write down what became of claimed messages.

    Who: the worker that claimed them.   Journals: MessagesSettled.
    Promises: a message another worker has taken over meanwhile is left alone.
    """
    rows = list(Message.objects.select_for_update().filter(ref__in=list(outcomes), status=Message.Status.SENDING))
    for row in rows:
        outcome = outcomes[row.ref]
        row.status = next_status(outcome.fate, row.tries)
        row.failure, row.claimed_until = outcome.reason[:200], None
        row.next_try_at = at + pause_after(row.tries)
        row.ended_at = at if row.status in (Message.Status.SENT, Message.Status.FAILED) else None
    Message.objects.bulk_update(
        rows, ["status", "failure", "claimed_until", "next_try_at", "ended_at"], batch_size=200
    )
    _note(rows, at)
    now = Counter(row.status for row in rows)
    settled = MessagesSettled(
        sent=now[Message.Status.SENT], retried=now[Message.Status.QUEUED],
        failed=now[Message.Status.FAILED], unknown=now[Message.Status.UNKNOWN],
    )
    record(settled, about=by.ref)
    return {fate.value: sum(outcomes[row.ref].fate == fate for row in rows) for fate in Fate}


@action
def speak(*, message: Ref, by: Actor, at: datetime) -> Ref:
    """Write down that somebody was told by voice, as the printed call tree asks.

    Who: whoever may send messages.   Refuses: not-found (also when it has arrived or been withdrawn).
    Journals: MessageSpoken.
    """
    by.require(SEND_MESSAGES)
    untold = [Message.Status.QUEUED, Message.Status.UNKNOWN, Message.Status.FAILED]
    row = Message.objects.select_for_update().filter(ref=message, status__in=untold).first()
    if row is None:
        raise NOT_FOUND.because()
    row.status, row.ended_at, row.channel = Message.Status.DELIVERED, at, "print"
    row.save(update_fields=["status", "ended_at", "channel"])
    _note([row], at)
    record(MessageSpoken(row.template), about=row.ref)
    return Ref(row.ref)


@action
def withdraw(*, about: Sequence[str], reason: str, by: Actor, at: datetime) -> int:
    """Take back messages that have not left, because their matter fell away.

    Who: the action that queued them, undone or cancelled.   Journals: MessagesWithdrawn.
    Promises: what a worker holds or has sent is left alone.
    """
    rows = list(Message.objects.select_for_update().filter(about__in=list(about), status=Message.Status.QUEUED))
    for row in rows:
        row.status, row.ended_at, row.failure = Message.Status.WITHDRAWN, at, reason[:200]
    Message.objects.bulk_update(rows, ["status", "ended_at", "failure"], batch_size=200)
    _note(rows, at)
    record(MessagesWithdrawn(len(rows), reason), about=about[0] if about else by.ref)
    return len(rows)


def due_now(now: datetime) -> QuerySet[Message]:
    """Messages that should leave now: queued or of unknown fate and due, or held by a worker that died."""
    ready = Q(status__in=[Message.Status.QUEUED, Message.Status.UNKNOWN], next_try_at__lte=now)
    abandoned = Q(status=Message.Status.SENDING, claimed_until__lte=now)
    return Message.objects.filter(ready | abandoned, channel__in=AUTOMATIC)


def outgoing(refs: Sequence[str]) -> list[Outgoing]:
    """Claimed messages as channels see them, each with its channel's name in front."""
    rows = Message.objects.filter(ref__in=list(refs)).order_by("id")
    return [
        Outgoing(row.ref, open_address(row), row.template, row.about, T(row.text_zh, row.text_en)) for row in rows
    ]


def seal_address(address: str, ref: str) -> bytes | None:
    """An address as it is stored: bound to its message, unreadable without the keys."""
    return settings.VAULT.seal(address.encode(), about=ref.encode()) if address else None


def open_address(row: Message) -> str:
    """The address of a message; empty when it has none."""
    if row.address_sealed is None:
        return ""
    plain: bytes = settings.VAULT.open(row.address_sealed, about=row.ref.encode())
    return plain.decode()


def _note(rows: Sequence[Message], at: datetime) -> None:
    act = current_act()
    MessageChange.objects.bulk_create(
        (MessageChange(message=row, status=row.status, happened_at=at, act=act) for row in rows), batch_size=500
    )
