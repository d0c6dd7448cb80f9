"""Reads of consultations: the table as it lies, the picture, what is still to be decided at a cut-off."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet

from firebreak.command.activation.models import Response
from firebreak.command.consultations.models import Consultation, Item, Resolution
from firebreak.command.consultations.rules import Change, Picture, changes, next_hour, picture_of
from firebreak.command.headquarters.plan import HeadquartersSection, Meeting
from firebreak.engine.journal.models import Act
from firebreak.engine.ledgers.registry import balance_all, figures
from firebreak.engine.ledgers.snapshot import one_snapshot
from firebreak.engine.plans.queries import adopted
from firebreak.engine.tasks import queries as tasks
from firebreak.engine.tasks.models import Task, TaskChange
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refusals import NOT_FOUND

KIND = "consultation"


@dataclass(frozen=True, slots=True)
class OnTheTable:
    """An item with everything decided about it; `settled` once something was."""

    item: Item
    resolutions: tuple[Resolution, ...]

    @property
    def settled(self) -> bool:
        return bool(self.resolutions)

    @property
    def carried(self) -> bool:
        return any(one.kind == Resolution.Kind.CARRIED for one in self.resolutions)


def consultations(response: str) -> QuerySet[Consultation]:
    """Consultations of a response with their task and owner, the latest first."""
    rows = Consultation.objects.filter(response_ref=response).exclude(task__outcome=Task.Outcome.CANCELLED)
    return rows.select_related("task__owner__unit", "task__owner__holder").order_by("-begins_at", "-number")


def find(ref: str) -> Consultation:
    """One consultation. Errors: refuses `not-found`."""
    row = Consultation.objects.select_related("task__owner__unit", "task__owner__holder").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def standing(row: Consultation) -> str:
    """called, open or closed."""
    if row.closed_at is not None:
        return "closed"
    return "called" if row.opened_at is None else "open"


def in_session(response: str) -> Consultation | None:
    """The one that is open."""
    return consultations(response).filter(opened_at__isnull=False, closed_at=None).first()


def coming(response: str) -> QuerySet[Consultation]:
    """Called and not begun, the next first."""
    return consultations(response).filter(opened_at=None).order_by("begins_at", "number")


def before(row: Consultation) -> Consultation | None:
    """The one held last before this one: what changed is told against its picture."""
    held = Consultation.objects.filter(response_ref=row.response_ref, opened_at__isnull=False)
    if row.opened_at is not None:
        held = held.filter(opened_at__lt=row.opened_at)
    return held.exclude(pk=row.pk).order_by("-opened_at").first()


def on_the_table(row: Consultation) -> list[OnTheTable]:
    """Its items in order, with their decisions. Two queries."""
    by_item: dict[int, list[Resolution]] = {}
    taken = Resolution.objects.filter(item__consultation=row).order_by("id")
    for one in taken.select_related("order__unit", "order__task__owner__holder", "order__task__owner__unit"):
        by_item.setdefault(one.item_id, []).append(one)
    items = row.items.select_related("carried_from__consultation", "carried_to__consultation").order_by("number")
    return [OnTheTable(item, tuple(by_item.get(item.pk, ()))) for item in items]


def take_picture(at: datetime) -> Picture:
    """What every book and figure says at a moment, in one snapshot that nobody waits for."""
    with one_snapshot():
        position = Act.objects.aggregate(last=Max("id"))["last"] or 0
        cutoff = Cutoff(at, position)
        counted = [(one.name, one.title, one.value(cutoff)) for one in figures()]
        return picture_of(at, position, balance_all(cutoff), counted)


def picture(row: Consultation) -> Picture | None:
    """The picture frozen with it."""
    return Picture.from_json(row.picture) if row.picture is not None else None


def changed(row: Consultation) -> list[Change]:
    """What reads otherwise in its picture than in the one held before; nothing until it has begun."""
    now, earlier = picture(row), before(row)
    return changes(picture(earlier) if earlier else None, now) if now is not None else []


def rhythm(response: Response) -> tuple[Meeting, ...]:
    """The fixed hours of the plan of a response."""
    return adopted(response.plan.ref).section(HeadquartersSection).rhythm


def next_fixed(response: Response, after: datetime) -> tuple[Meeting, datetime]:
    """The next fixed hour of a response."""
    return next_hour(rhythm(response), after, ZoneInfo(settings.TIME_ZONE))


def items_at(cutoff: Cutoff) -> QuerySet[Item]:
    """Items laid on a table at or before a cut-off."""
    return Item.objects.filter(**cutoff.known())


def decided_at(cutoff: Cutoff) -> QuerySet[Item]:
    """Items about which something was decided at or before a cut-off."""
    taken = Resolution.objects.filter(**cutoff.known()).exclude(kind=Resolution.Kind.CARRIED)
    return items_at(cutoff).filter(id__in=taken.values("item_id"))


def carried_at(cutoff: Cutoff) -> QuerySet[Item]:
    """Items left to a later consultation that lay on its table at or before a cut-off."""
    left = Resolution.objects.filter(kind=Resolution.Kind.CARRIED, **cutoff.known()).values("item_id")
    moved = items_at(cutoff).filter(carried_from__isnull=False).values("carried_from_id")
    return items_at(cutoff).filter(id__in=left).filter(id__in=moved)


def open_at(cutoff: Cutoff) -> QuerySet[Item]:
    """Items of consultations whose task had not ended at a cut-off, and about which nothing was decided."""
    taken = Resolution.objects.filter(**cutoff.known()).values("item_id")
    owed = items_at(cutoff).filter(consultation__task__in=open_tasks(cutoff).values("task_id"))
    return owed.exclude(id__in=taken)


def fallen_at(cutoff: Cutoff) -> QuerySet[Item]:
    """Items not decided when their consultation fell with its response, at a cut-off."""
    taken = Resolution.objects.filter(**cutoff.known()).values("item_id")
    fell = tasks.latest_changes(cutoff).filter(task__kind=KIND, outcome=Task.Outcome.CANCELLED)
    return items_at(cutoff).filter(consultation__task__in=fell.values("task_id")).exclude(id__in=taken)


def stranded_at(cutoff: Cutoff) -> QuerySet[Item]:
    """Items that are neither decided nor carried nor fallen nor on the table of a consultation that somebody owes."""
    somewhere = Q()
    for side in (decided_at, carried_at, fallen_at, open_at):
        somewhere |= Q(id__in=side(cutoff).values("id"))
    return items_at(cutoff).exclude(somewhere).order_by("id")


def open_tasks(cutoff: Cutoff) -> QuerySet[TaskChange]:
    """How the tasks of consultations not ended at a cut-off stood then."""
    return tasks.open_at(cutoff).filter(task__kind=KIND)


def decisions_at(cutoff: Cutoff, kind: str = "") -> QuerySet[Resolution]:
    """Decisions taken at or before a cut-off, what was carried left out."""
    rows = Resolution.objects.filter(**cutoff.known()).exclude(kind=Resolution.Kind.CARRIED)
    return rows.filter(kind=kind) if kind else rows


def counts(rows: list[int]) -> dict[int, tuple[int, int]]:
    """Consultation key → (items, items decided); two queries."""
    laid = dict(Item.objects.filter(consultation_id__in=rows).values_list("consultation_id").annotate(Count("id")))
    taken = Resolution.objects.filter(item__consultation_id__in=rows).exclude(kind=Resolution.Kind.CARRIED)
    decided = dict(taken.values_list("item__consultation_id").annotate(Count("item_id", distinct=True)))
    return {key: (n, decided.get(key, 0)) for key, n in laid.items()}
