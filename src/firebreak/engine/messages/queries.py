"""Reads of messages."""

from django.db.models import Count, QuerySet

from firebreak.engine.messages.models import Message


def recent(limit: int) -> QuerySet[Message]:
    """The latest messages, newest first."""
    return Message.objects.order_by("-id")[:limit]


def to_speak() -> QuerySet[Message]:
    """Messages somebody must speak: those for paper and voice, and those that could not be delivered."""
    paper = Message.objects.filter(channel="print", ended_at=None)
    failed = Message.objects.filter(status=Message.Status.FAILED)
    return (paper | failed).order_by("id")


def by_status() -> dict[str, int]:
    """How many messages are in each state now; one query."""
    return dict(Message.objects.values_list("status").annotate(n=Count("id")).order_by("status"))
