"""Reads of the end of a response: what keeps it open, which class goes when, who answers for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet, Value

from firebreak.command.activation.models import Response
from firebreak.command.activation.plan import ActivationSection, Level
from firebreak.command.closing.models import Certificate, Erasure
from firebreak.command.closing.rules import may_close_from
from firebreak.command.consultations.models import Consultation, Item
from firebreak.command.releasing import queries as releasing
from firebreak.engine.access.models import Account
from firebreak.engine.approvals.queries import waiting
from firebreak.engine.plans.queries import adopted
from firebreak.engine.registry.plan import RegistrySection, RetentionClass
from firebreak.engine.tasks.queries import of_response
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.operations.zones.models import Zone

OWN_BOOK = "erasures"
_OFF = T("“{book}”账不平", "{book} does not balance")
_OPEN = T("“{book}”还有 {n} 项未完", "{book}: {n} still open")
_TASKS = T("还有 {n} 项任务未办结", "{n} tasks have not ended")
_ZONES = T("还有 {n} 个分区没有解除", "{n} zones have not been lifted")
_WAITING = T("还有 {n} 件事等第二人批准", "{n} proposals wait for a second person")
_RULE = T("预案的解除条件未满足:{line}", "the plan's condition is not met: {line}")
_LEVEL = T("现在是“{level}”,要先逐级降低", "the level is '{level}': step it down first")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that keeps a response open, and the name of the page where it is settled."""

    text: T
    page: str


def find_response(ref: str) -> Response:
    """One response with its plan and area. Errors: refuses `not-found`."""
    row = Response.objects.select_related("plan", "area", "signal").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def levels_of(response: Response) -> tuple[Level, ...]:
    """The levels of its plan."""
    return adopted(response.plan.ref).section(ActivationSection).levels


def classes_of(response: Response) -> list[tuple[RetentionClass, list[str]]]:
    """The retention classes of its plan, each with its fields."""
    section = adopted(response.plan.ref).section(RegistrySection)
    return [
        (kept, sorted(field for field, key in section.field_classes.items() if key == kept.key))
        for kept in section.retention
    ]


def obstacles(response: Response, balances: Iterable[Balance], now: datetime, deciding: str = "") -> list[Obstacle]:
    """What must be settled before it closes, by these balances; `deciding` is the proposal just being decided.

    The task of a consultation on whose table nothing lies keeps nothing open: it ends with the response.
    """
    found = [*_level(response), *_end_rule(response, now)]
    empty = empty_consultations(response).values("task_id")
    tasks = of_response(response.ref).exclude(id__in=empty).count()
    zones = Zone.objects.filter(response_ref=response.ref, status__in=["proposed", "in_force"]).count()
    pending = waiting().exclude(ref=deciding).exclude(kind="closing", about=response.ref).count()
    for count, words, page in ((tasks, _TASKS, "tasks"), (zones, _ZONES, "zones"), (pending, _WAITING, "approvals")):
        if count:
            found.append(Obstacle(words.filled(n=count), page))
    for balance in balances:
        if not balance.balanced:
            found.append(Obstacle(_OFF.filled(book=balance.title), "ledgers"))
        elif balance.open and balance.name not in ("tasks", OWN_BOOK):
            found.append(Obstacle(_OPEN.filled(book=balance.title, n=balance.open), "ledgers"))
    return found


def empty_consultations(response: Response) -> QuerySet[Consultation]:
    """Consultations called or open on whose table nothing waits for a decision."""
    live = Consultation.objects.filter(response_ref=response.ref).exclude(task__status="ended")
    return live.exclude(items__in=Item.objects.filter(resolutions=None))


def _level(response: Response) -> list[Obstacle]:
    levels = levels_of(response)
    if may_close_from(levels, response.level, response.level_before):
        return []
    name = next(level.name for level in levels if level.key == response.level)
    return [Obstacle(_LEVEL.filled(level=name), "closing")]


def _end_rule(response: Response, now: datetime) -> list[Obstacle]:
    """The lines of the plan's own rule that do not hold yet."""
    subject = releasing.of_response(response)
    found = releasing.verdict(subject, now) if subject is not None else None
    if found is None or found.met:
        return []
    return [Obstacle(_RULE.filled(line=line.name), "closing") for line in found.missing]


def others_in_need(response: Response) -> QuerySet[Response]:
    """Active responses over the same people: an area above, below or the same."""
    active = Response.objects.filter(status=Response.Status.ACTIVE).exclude(pk=response.pk)
    path = response.area.path
    above = active.annotate(here=Value(path)).filter(here__startswith=F("area__path"))
    below = active.filter(area__path__startswith=path)
    return active.filter(Q(pk__in=above.values("pk")) | Q(pk__in=below.values("pk"))).order_by("id")


def erasures(response: str = "") -> QuerySet[Erasure]:
    """Erasures with response and certificate, the next due first, ended ones last."""
    rows = Erasure.objects.select_related("response__area", "certificate")
    rows = rows.filter(response__ref=response) if response else rows
    return rows.order_by(F("certificate__id").asc(nulls_first=True), "due_at", "id")


def find_erasure(ref: str) -> Erasure:
    """One erasure. Errors: refuses `not-found`."""
    row = Erasure.objects.select_related("response__area", "response__signal").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def find_certificate(ref: str) -> Certificate:
    """One certificate. Errors: refuses `not-found`."""
    row = Certificate.objects.select_related("erasure__response").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def due(now: datetime) -> QuerySet[Erasure]:
    """Erasures whose day has come."""
    return Erasure.objects.filter(due_at__lte=now, certificate=None).order_by("due_at", "id")


def planned_at(cutoff: Cutoff) -> QuerySet[Erasure]:
    """Erasures planned at or before a cut-off."""
    return Erasure.objects.filter(planned_at__lte=cutoff.at, act_id__lte=cutoff.position)


def certified_at(cutoff: Cutoff, outcome: str = "") -> QuerySet[Certificate]:
    """Certificates given at or before a cut-off."""
    rows = Certificate.objects.filter(**cutoff.known())
    return rows.filter(outcome=outcome) if outcome else rows


def open_at(cutoff: Cutoff) -> QuerySet[Erasure]:
    """Erasures not certified at a cut-off."""
    return planned_at(cutoff).exclude(id__in=certified_at(cutoff).values("erasure_id"))


def ownerless(cutoff: Cutoff) -> QuerySet[Erasure]:
    """Open erasures whose owner can no longer sign in: personal data nobody answers for."""
    active = Account.objects.filter(is_active=True).values("ref")
    return open_at(cutoff).exclude(owner_ref__in=active).order_by("id")
