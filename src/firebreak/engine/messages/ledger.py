"""The book of messages: queued against told, given up or withdrawn, and still under way, at a cut-off."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Max, QuerySet

from firebreak.engine.ledgers.registry import Figure, Ledger, Row, register_figure, register_ledger
from firebreak.engine.messages.models import Message, MessageChange
from firebreak.engine.messages.rights import READ_MESSAGES
from firebreak.engine.messages.states import STATUS_WORDS
from firebreak.kernel.balance import Balance, Discrepancy
from firebreak.kernel.clock import iso
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T

TITLE = T("通知", "Messages")
TOLD = (Message.Status.SENT, Message.Status.DELIVERED)
GIVEN_UP = (Message.Status.FAILED, Message.Status.WITHDRAWN)
LATE_AFTER = timedelta(minutes=10)
LISTED_AT_MOST = 100

_UNRECORDED = T("通知没有任何状态记录。", "The message has no record of its state.")


def queued_at(cutoff: Cutoff) -> QuerySet[Message]:
    """Messages queued at or before a cut-off."""
    return Message.objects.filter(queued_at__lte=cutoff.at, act_id__lte=cutoff.position)


def states_at(cutoff: Cutoff) -> QuerySet[MessageChange]:
    """How every message stood at a cut-off. A message being sent counts as it stood before."""
    known = MessageChange.objects.filter(**cutoff.known())
    last = known.values("message_id").annotate(last=Max("id")).values("last")
    return MessageChange.objects.filter(id__in=last)


def open_at(cutoff: Cutoff) -> QuerySet[MessageChange]:
    """Messages nobody had been reached by at a cut-off, and that were not given up."""
    return states_at(cutoff).exclude(status__in=[*TOLD, *GIVEN_UP])


def failed_at(cutoff: Cutoff) -> QuerySet[MessageChange]:
    """Messages that could not be delivered: somebody must call."""
    return states_at(cutoff).filter(status=Message.Status.FAILED)


def balances(cutoff: Cutoff) -> list[Balance]:
    """Owed = messages queued; done = told; excused = failed or withdrawn; open = the rest. Four queries."""
    states = Counter[str](dict(states_at(cutoff).order_by().values_list("status").annotate(n=Count("id"))))
    excused = {status.value: states[status] for status in GIVEN_UP if states[status]}
    done = sum(states[status] for status in TOLD)
    silent = queued_at(cutoff).filter(changes=None).order_by("id").values_list("ref", flat=True)[:LISTED_AT_MOST]
    return [
        Balance(
            name="messages", title=TITLE, as_of=cutoff.at, owed=queued_at(cutoff).count(), done=done,
            excused=sum(excused.values()), excused_by=excused,
            open=states.total() - done - sum(excused.values()),
            overdue=open_at(cutoff).filter(message__queued_at__lt=cutoff.at - LATE_AFTER).count(),
            rows=tuple(Discrepancy(ref, _UNRECORDED) for ref in silent),
        )
    ]


def _rows(changes: QuerySet[MessageChange]) -> Iterator[Row]:
    for change in changes.select_related("message").order_by("message_id").iterator():
        yield {
            "message": change.message.ref, "to": change.message.to_ref, "template": change.message.template,
            "channel": change.message.channel, "queued_at": iso(change.message.queued_at),
            "status": str(STATUS_WORDS[change.status]),
        }


_COLUMNS = {
    "message": T("通知编号", "Message"), "to": T("对象", "To"), "template": T("模板", "Template"),
    "channel": T("渠道", "Channel"), "queued_at": T("入队时间", "Queued"), "status": T("状态", "State"),
}
_HXL = {"message": "#activity+code", "channel": "#channel", "queued_at": "#date+queued", "status": "#status"}


def register() -> None:
    """Enter the book and its figures; called once when Django starts."""
    register_ledger(Ledger("messages", TITLE, balances))
    for name, title, chosen in (
        ("messages-open", T("未发出的通知", "Messages not yet sent"), open_at),
        ("messages-failed", T("未送达的通知", "Messages not delivered"), failed_at),
    ):
        register_figure(Figure(
            name=name, title=title, unit=T("条", "messages"),
            count=lambda cutoff, chosen=chosen: chosen(cutoff).count(),  # type: ignore[misc]  # bound per figure
            rows=lambda cutoff, chosen=chosen: _rows(chosen(cutoff)),  # type: ignore[misc]  # bound per figure
            columns=_COLUMNS, permission=READ_MESSAGES, hxl=_HXL,
        ))
