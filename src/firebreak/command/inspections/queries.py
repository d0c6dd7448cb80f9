"""Reads of inspections: what may be drawn, what was seen, where findings stand, and what a draw says of the unfound."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from firebreak.command.activation.models import Response
from firebreak.command.inspections.models import Draw, Finding, FindingStep, Inspection, Look
from firebreak.command.inspections.plan import Checklist, InspectionsSection
from firebreak.command.inspections.rules import Candidate, at_most
from firebreak.engine.areas.models import Area
from firebreak.engine.areas.queries import buildings_within
from firebreak.engine.plans.queries import adopted
from firebreak.engine.registry.models import Household
from firebreak.engine.tasks import queries as tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.queries import open_posts
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.operations.rounds.models import Site, Tube

KIND = "inspection"
FINDING = "finding"
Frame = Callable[[Response, Area], Iterator[Candidate]]


@dataclass(frozen=True, slots=True)
class Bound:
    """What a draw says of the unfound: of `looked` places out of `frame`, `places` held `people` who are on no list.

    `at_most` is the share of places that hold such people at most, with 95 % confidence.
    """

    looked: int
    frame: int
    places: int
    people: int
    at_most: float


def section(response: Response) -> InspectionsSection:
    """The lists of the plan of a response."""
    return adopted(response.plan.ref).section(InspectionsSection)


def frame_of(checklist: Checklist, response: Response, area: Area) -> Iterator[Candidate]:
    """Everything that may be drawn for a list inside an area, a row at a time."""
    return _FRAMES[checklist.draws](response, area)


def inspections(response: str) -> QuerySet[Inspection]:
    """Inspections of a response, those owed first, with task and owner."""
    rows = Inspection.objects.filter(response_ref=response).select_related("task__owner__unit", "task__owner__holder")
    return rows.select_related("area").order_by("task__ended_at", "task__due_at", "number")


def find(ref: str) -> Inspection:
    """One inspection. Errors: refuses `not-found`."""
    row = Inspection.objects.select_related("task__owner__unit", "task__owner__holder", "area").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def draws_of(row: Inspection) -> QuerySet[Draw]:
    """What was drawn, in order, with what was seen."""
    return row.draws_made.select_related("look").order_by("position")


def counts(rows: list[int]) -> dict[int, tuple[int, int]]:
    """Inspection key → (drawn, looked at); one query."""
    found = Draw.objects.filter(inspection_id__in=rows).values("inspection_id")
    return {
        one["inspection_id"]: (one["drawn"], one["looked"])
        for one in found.annotate(drawn=Count("id"), looked=Count("look__id")).order_by()
    }


def findings(response: str) -> QuerySet[Finding]:
    """Findings of a response, those owed first by time left."""
    rows = Finding.objects.filter(response_ref=response).select_related(
        "task__owner__unit", "task__owner__holder", "unit", "order__task", "draw__inspection"
    )
    return rows.order_by("task__ended_at", "task__due_at", "number")


def find_finding(ref: str) -> Finding:
    """One finding. Errors: refuses `not-found`."""
    row = Finding.objects.select_related(
        "task__owner__unit", "task__owner__holder", "unit", "order__task__owner__holder", "draw__inspection__area"
    ).filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def standing(row: Finding) -> str:
    """correcting, recheck, closed, withdrawn or fallen (with its response)."""
    if row.task.status != Task.Status.ENDED:
        return "recheck" if row.order.task.status == Task.Status.ENDED else "correcting"
    if row.task.outcome == Task.Outcome.DONE:
        return "closed"
    return "withdrawn" if row.steps.filter(step=FindingStep.Step.WITHDRAWN).exists() else "fallen"


def bound(row: Inspection) -> Bound | None:
    """What its draw says of the unfound so far; None for a list that does not count them. One query."""
    if not row.counts_unlisted:
        return None
    seen = Look.objects.filter(draw__inspection=row).exclude(outcome=Look.Outcome.EXCUSED)
    told = seen.aggregate(
        looked=Count("id"), places=Count("id", filter=Q(unlisted__gt=0)), people=Sum("unlisted", default=0)
    )
    share = at_most(told["places"], told["looked"], row.frame)
    return Bound(told["looked"], row.frame, told["places"], told["people"], share)


def latest_audit(response: str) -> Inspection | None:
    """The last draw of a response that counted the unfound and was looked at."""
    looked = Inspection.objects.filter(response_ref=response, counts_unlisted=True, draws_made__look__isnull=False)
    return looked.exclude(task__outcome=Task.Outcome.CANCELLED).select_related("area").order_by("-number").first()


def draws_at(cutoff: Cutoff) -> QuerySet[Draw]:
    """Things drawn at or before a cut-off."""
    return Draw.objects.filter(inspection__opened_at__lte=cutoff.at, act_id__lte=cutoff.position)


def looks_at(cutoff: Cutoff, *outcomes: str) -> QuerySet[Look]:
    """Looks taken at or before a cut-off, of these outcomes or of any."""
    rows = Look.objects.filter(**cutoff.known())
    return rows.filter(outcome__in=outcomes) if outcomes else rows


def owed_draws_at(cutoff: Cutoff, *, late: bool = False) -> QuerySet[Draw]:
    """Things drawn, not looked at, of inspections somebody owed at a cut-off; `late` past their deadline."""
    owed = tasks.open_at(cutoff).filter(task__kind=KIND)
    owed = owed.filter(due_at__lt=cutoff.at) if late else owed
    seen = looks_at(cutoff).values("draw_id")
    return draws_at(cutoff).filter(inspection__task__in=owed.values("task_id")).exclude(id__in=seen)


def fallen_draws_at(cutoff: Cutoff) -> QuerySet[Draw]:
    """Things drawn and not looked at when their inspection fell with its response."""
    fell = tasks.latest_changes(cutoff).filter(task__kind=KIND, outcome=Task.Outcome.CANCELLED)
    seen = looks_at(cutoff).values("draw_id")
    return draws_at(cutoff).filter(inspection__task__in=fell.values("task_id")).exclude(id__in=seen)


def findings_at(cutoff: Cutoff) -> QuerySet[Finding]:
    """Findings written at or before a cut-off."""
    return Finding.objects.filter(**cutoff.known())


def stepped_at(cutoff: Cutoff, step: str) -> QuerySet[Finding]:
    """Findings that took a step at or before a cut-off."""
    taken = FindingStep.objects.filter(step=step, **cutoff.known()).values("finding_id")
    return findings_at(cutoff).filter(id__in=taken)


def open_findings_at(cutoff: Cutoff, *, late: bool = False) -> QuerySet[Finding]:
    """Findings somebody owed at a cut-off; `late` past their deadline."""
    owed = tasks.open_at(cutoff).filter(task__kind=FINDING)
    owed = owed.filter(due_at__lt=cutoff.at) if late else owed
    return findings_at(cutoff).filter(task__in=owed.values("task_id"))


def fallen_findings_at(cutoff: Cutoff) -> QuerySet[Finding]:
    """Findings that fell with their response."""
    fell = tasks.latest_changes(cutoff).filter(task__kind=FINDING, outcome=Task.Outcome.CANCELLED)
    withdrawn = stepped_at(cutoff, FindingStep.Step.WITHDRAWN).values("id")
    return findings_at(cutoff).filter(task__in=fell.values("task_id")).exclude(id__in=withdrawn)


def _sites(response: Response, area: Area) -> Iterator[Candidate]:
    rows = Site.objects.filter(benches__gt=0, area__path__startswith=area.path).order_by("id")
    for ref, zh, en in rows.values_list("ref", "name_zh", "name_en"):
        yield Candidate(ref, zh, en)


def _posts(response: Response, area: Area) -> Iterator[Candidate]:
    rows = open_posts(response.ref).filter(holder__isnull=False).values_list(
        "ref", "unit__name_zh", "unit__name_en", "name_zh", "name_en"
    )
    for ref, unit_zh, unit_en, zh, en in rows:
        yield Candidate(ref, f"{unit_zh} · {zh}", f"{unit_en} · {en}")


def _buildings(response: Response, area: Area) -> Iterator[Candidate]:
    rows = buildings_within(area.path).filter(ended_at=None).select_related("parent").order_by("path")
    for row in rows.iterator(2000):
        grid = row.parent
        zh, en = (grid.name_zh, grid.name_en) if grid else ("", "")
        yield Candidate(row.code, f"{zh} {row.name_zh}".strip(), f"{en} {row.name_en or row.name_zh}".strip())


def _doors(response: Response, area: Area) -> Iterator[Candidate]:
    rows = Household.objects.filter(building__path__startswith=area.path).order_by("id").values_list(
        "ref", "door", "building__name_zh", "building__name_en", "building__parent__name_zh", "building__parent__name_en"
    )
    for ref, door, zh, en, grid_zh, grid_en in rows.iterator(2000):
        yield Candidate(ref, f"{grid_zh} {zh} {door}".strip(), f"{grid_en} {en or zh} {door}".strip())


def _tubes(response: Response, area: Area) -> Iterator[Candidate]:
    rows = Tube.objects.filter(round__response_ref=response.ref, site__area__path__startswith=area.path)
    rows = rows.exclude(status=Tube.Status.VOID).order_by("id")
    for code, number, zh, en in rows.values_list("code", "round__number", "site__name_zh", "site__name_en").iterator(2000):
        yield Candidate(f"{number}/{code}", f"{code} · 第 {number} 轮 · {zh}", f"{code} · round {number} · {en}")


_FRAMES: Mapping[str, Frame] = {
    "site": _sites, "post": _posts, "building": _buildings, "household": _doors, "tube": _tubes,
}
