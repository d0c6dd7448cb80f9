"""Reads of the duty desk: the log, what waits for an answer, and the sheet as it would be signed now."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from firebreak.command.activation.models import Response, Signal
from firebreak.command.duty.models import HandOver, LogEntry
from firebreak.command.duty.rules import OpenItem, Sheet
from firebreak.command.headquarters import queries as orders
from firebreak.engine.approvals.queries import waiting
from firebreak.engine.ledgers.checks import balances_of, latest_check
from firebreak.engine.tasks import queries as tasks
from firebreak.engine.units.queries import open_posts
from firebreak.kernel.clock import iso
from firebreak.kernel.refusals import NOT_FOUND

KIND = "hand-over"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Something that came in or went out and has no answer yet: what it is, its ref, and since when."""

    kind: str
    ref: str
    zh: str
    en: str
    since: datetime


def log(response: str) -> QuerySet[LogEntry]:
    """The log of a response with what came before any, the newest line first."""
    return LogEntry.objects.filter(response_ref__in=["", response]).order_by("-happened_at", "-id")


def unanswered(response: Response | None) -> list[Unanswered]:
    """Signals nobody judged, orders nobody accepted, proposals nobody decided: the oldest first."""
    found = [
        Unanswered("signal", one.ref, one.area.name_zh, one.area.name_en, one.received_at)
        for one in Signal.objects.filter(status="suspected", responses=None).select_related("area")
    ]
    if response is not None:
        found += [
            Unanswered("order", one.ref, one.title_zh, one.title_en, one.issued_at)
            for one in orders.live(response.ref).filter(accepted_at=None)
        ]
    found += [
        Unanswered("proposal", one.ref, one.title_zh, one.title_en, one.proposed_at)
        for one in waiting()
    ]
    return sorted(found, key=lambda one: (one.since, one.ref))


def hand_overs(response: str) -> QuerySet[HandOver]:
    """The hand-overs of a response, the latest first."""
    return HandOver.objects.filter(response_ref=response).select_related("task").order_by("-number")


def pending(response: str) -> HandOver | None:
    """The one that waits for who takes the desk."""
    return hand_overs(response).filter(taken_at=None).exclude(task__status="ended").first()


def find(ref: str) -> HandOver:
    """One hand-over. Errors: refuses `not-found`."""
    row = HandOver.objects.select_related("task__owner__unit", "task__owner__holder").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def lines(refs: list[str]) -> list[LogEntry]:
    """The lines of the log a sheet names, in their order."""
    return list(LogEntry.objects.filter(ref__in=refs).order_by("happened_at", "id"))


def draw_sheet(response: Response, now: datetime) -> Sheet:
    """Everything that is open now: no live task is left out. Seven queries whatever their number."""
    items = tuple(
        OpenItem(
            task.ref, task.kind, task.title_zh, task.title_en, task.owner.name_zh, task.owner.name_en,
            task.owner.holder.name if task.owner.holder else "", iso(task.due_at), task.due_at < now,
        )
        for task in tasks.of_response(response.ref)
    )
    last = hand_overs(response.ref).exclude(taken_at=None).first()
    since = log(response.ref)
    since = since.filter(happened_at__gt=last.given_at) if last is not None else since
    check = latest_check()
    return Sheet(
        as_of=iso(now), items=items, waiting=waiting().count(),
        unread_orders=orders.live(response.ref).filter(seen_at=None).count(),
        unverified_orders=orders.to_verify(response.ref).count(),
        vacant_posts=open_posts(response.ref).filter(holder=None).count(),
        difference=sum(abs(one.difference) for one in balances_of(check)) if check else 0,
        log=tuple(since.order_by("happened_at", "id").values_list("ref", flat=True)),
    )
