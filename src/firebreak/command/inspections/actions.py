"""Writes of inspections: a draw, what was seen, the findings, and their end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, QuerySet

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import order_terms
from firebreak.command.headquarters.actions import Draft, cancel_order, issue_orders
from firebreak.command.headquarters.models import Order
from firebreak.command.inspections import queries, rules
from firebreak.command.inspections.events import (
    FindingClosed,
    FindingCorrected,
    FindingOrderedAgain,
    FindingRaised,
    InspectionDrawn,
    InspectionEnded,
    LookedAt,
)
from firebreak.command.inspections.models import Draw, Finding, FindingStep, Inspection, Look
from firebreak.command.inspections.plan import CheckLine, Checklist
from firebreak.command.inspections.refusals import (
    DRAWN_TOO_FEW,
    FINDING_OVER,
    INSPECTION_OVER,
    LOOKED_ALREADY,
    NO_UNLISTED_HERE,
    NOBODY_INSPECTS,
    NOT_CORRECTED,
    NOTE_MISSING,
    NOTHING_TO_DRAW,
    OWN_WORK,
    TOO_MANY_UNLISTED,
    UNIT_MISSING,
    UNKNOWN_CHECKLIST,
    UNKNOWN_LINE,
)
from firebreak.command.inspections.rights import CHECK, DRAW_INSPECTION
from firebreak.command.inspections.states import DRAWN_WORDS
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.messages import actions as messages
from firebreak.engine.messages.actions import Recipient
from firebreak.engine.pictures.actions import keep_picture
from firebreak.engine.tasks import actions as tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Post, Unit
from firebreak.engine.units.queries import leader_post, open_posts, posts_held_by
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.refs import Ref, kind_of, new_ref, new_refs
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

MOST = 2000
INSIDE = SystemActor("inspections", frozenset({"orders.issue"}))
_CORRECT = T("整改:{line}({where})", "Correct: {line} ({where})")
_RECHECK = T("复查:{line}({where})", "Look again: {line} ({where})")
_TELL = T("问题 {number} 号已报整改,请复查:{line}", "Finding {number} is reported corrected; look again: {line}")


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that was not so: its key, what was seen, and a picture of it (JPEG, PNG or WebP bytes) or none."""

    line: str
    text: str
    picture: bytes | None = None


@action
def draw_inspection(*, response: Ref, checklist: str, area: str, count: int, by: Actor, at: datetime) -> Ref:
    """Draw what is to be looked at: by chance, so that nobody knows beforehand, and by a rule that can be repeated.

    Who: command, task-force leaders, inspectors.
    Refuses: unknown-checklist, drawn-too-few, nothing-to-draw, nobody-inspects, not-found, not-permitted.
    Journals: InspectionDrawn.   Promises: each thing drawn is owed a look by a named post and a deadline.
    """
    running = Response.objects.select_related("plan", "area").filter(ref=response, ended_at=None).first()
    place = Area.objects.filter(code=area).first()
    if running is None or place is None:
        raise NOT_FOUND.because()
    by.require(DRAW_INSPECTION, area=place.path)
    plan = queries.section(running)
    try:
        chosen = plan.checklist(checklist)
    except LookupError as unknown:
        raise UNKNOWN_CHECKLIST.because() from unknown
    if not 1 <= count <= MOST:
        raise DRAWN_TOO_FEW.because()
    ref = new_ref("inspection")
    drawn, frame = rules.draw(ref, queries.frame_of(chosen, running, place), count)
    if not drawn:
        raise NOTHING_TO_DRAW.because(what=DRAWN_WORDS[chosen.draws])
    owner = _inspecting_post(running, plan.duty, by)
    due_at = at + timedelta(minutes=chosen.within_minutes.value)
    (task,) = tasks.open_tasks(
        specs=[tasks.TaskSpec(queries.KIND, ref, response, chosen.name, owner.id, due_at)], by=by, at=at
    )
    row = Inspection.objects.create(
        ref=ref, response_ref=response, number=_next(Inspection, response), checklist=chosen.key, draws=chosen.draws,
        counts_unlisted=chosen.counts_unlisted, title_zh=chosen.name.zh, title_en=chosen.name.en, area=place,
        frame=frame, task_id=task, opened_by=by.ref, opened_at=at, act=current_act(),
    )
    Draw.objects.bulk_create([
        Draw(
            ref=token, inspection=row, position=position, about=one.about, label_zh=one.zh[:160],
            label_en=one.en[:160], act=current_act(),
        )
        for position, (token, one) in enumerate(zip(new_refs("draw", len(drawn)), drawn, strict=True), start=1)
    ])
    record(InspectionDrawn(row.number, chosen.key, len(drawn), frame, due_at), about=ref)
    return ref


@action
def look(
    *, draw: Ref, faults: Sequence[Fault], by: Actor, at: datetime, unlisted: int = 0, note: str = ""
) -> list[Ref]:
    """Write down what was seen at a thing drawn; every line not named was as it should be. Answers the findings.

    Who: inspectors, task-force leaders; nobody whose own unit is looked at.
    Refuses: looked-already, inspection-over, own-work, unknown-line, note-missing (a fault without words),
    unlisted-out-of-range, no-unlisted-here, unit-missing, not-a-picture, picture-too-large.
    Journals: LookedAt, FindingRaised for each fault.
    Promises: each fault leaves with an order to correct it and somebody who looks again.
    """
    row = _owed(draw)
    response, chosen = _list_of(row.inspection)
    _check_looker(row.inspection, chosen, by)
    if not 0 <= unlisted <= 999:
        raise TOO_MANY_UNLISTED.because()
    if unlisted and not row.inspection.counts_unlisted:
        raise NO_UNLISTED_HERE.because()
    faulty = bool(faults) or unlisted > 0
    _look(row, Look.Outcome.FAULTY if faulty else Look.Outcome.FINE, note, by, at, unlisted)
    found = [_raise(row, response, chosen, fault, by, at) for fault in faults]
    record(
        LookedAt(row.inspection.number, row.position, "faulty" if faulty else "fine", len(found), unlisted),
        about=row.inspection.ref,
    )
    _end_when_seen(row.inspection, by, at)
    return found


@action
def excuse_draw(*, draw: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """Say why nobody could look at a thing drawn. It counts as not seen, never as fine.

    Who: inspectors, task-force leaders.   Refuses: note-missing, looked-already, inspection-over.   Journals: LookedAt.
    """
    row = _owed(draw)
    by.require(CHECK, area=row.inspection.area.path)
    if not reason.strip():
        raise NOTE_MISSING.because()
    _look(row, Look.Outcome.EXCUSED, reason, by, at)
    record(LookedAt(row.inspection.number, row.position, "excused", 0, 0), about=row.inspection.ref)
    _end_when_seen(row.inspection, by, at)
    return draw


@action
def note_corrected(*, order: Ref, by: Actor, at: datetime) -> int:
    """The order to correct findings was reported done: whoever looks again is told. Answers how many findings.

    Who: the program, when the order ends.   Journals: FindingCorrected.   Promises: none is closed by this.
    """
    rows = [one for one in _live_findings().filter(order__ref=order) if not _said_corrected(one)]
    for row in rows:
        _step(row, FindingStep.Step.CORRECTED, "", by, at)
        record(FindingCorrected(row.number), about=row.ref)
        holder = row.task.owner.holder
        to = [] if holder is None else [Recipient.of(holder)]
        text = _TELL.filled(number=row.number, line=T(row.title_zh, row.title_en))
        messages.queue(to=to, template="reminder", text=text, about=row.ref, by=by, at=at)
    return len(rows)


@action
def recheck(
    *, finding: Ref, corrected: bool, text: str, by: Actor, at: datetime, picture: bytes | None = None
) -> Ref:
    """Look again: close the finding 销号, or order it corrected once more.

    Who: inspectors, task-force leaders; nobody whose own unit corrects it.
    Refuses: finding-over, not-corrected, own-work, note-missing, not-a-picture.
    Journals: FindingClosed, or FindingOrderedAgain.   Promises: it is open until somebody else has seen it corrected.
    """
    row = _finding(finding)
    response, chosen = _list_of(row.draw.inspection)
    by.require(CHECK, area=row.draw.inspection.area.path)
    _check_not_own([row.unit], by)
    if row.order.task.status != Task.Status.ENDED:
        raise NOT_CORRECTED.because(number=row.number)
    if not text.strip():
        raise NOTE_MISSING.because()
    if picture is not None:
        keep_picture(about=finding, response=Ref(response.ref), content=picture, by=by, at=at)
    if corrected:
        _step(row, FindingStep.Step.CLOSED, text, by, at)
        tasks.end_tasks(ids=[row.task_id], outcome=Task.Outcome.DONE, reason="", by=by, at=at)
        record(FindingClosed(row.number, "closed"), about=finding)
        return finding
    line = chosen.line(row.line)
    tasks.end_tasks(ids=[row.task_id], outcome=Task.Outcome.DONE, reason="", by=by, at=at)
    where = T(row.draw.label_zh, row.draw.label_en)
    row.order, row.tries = _order(response, row.unit, line, where, text, by, at), row.tries + 1
    row.task_id = _owe_recheck(row.ref, row.tries, response, row.task.owner, chosen, line, where, by, at)
    row.save(update_fields=["order", "tries", "task_id"])
    _step(row, FindingStep.Step.AGAIN, text, by, at)
    record(FindingOrderedAgain(row.number, row.order.document_number, row.tries), about=finding)
    return finding


@action
def withdraw_finding(*, finding: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """Take a finding back that was no fault. Its order is cancelled; both stay readable.

    Who: inspectors, task-force leaders.   Refuses: finding-over, note-missing, own-work.   Journals: FindingClosed.
    """
    row = _finding(finding)
    by.require(CHECK, area=row.draw.inspection.area.path)
    _check_not_own([row.unit], by)
    if not reason.strip():
        raise NOTE_MISSING.because()
    _step(row, FindingStep.Step.WITHDRAWN, reason, by, at)
    if row.order.task.status != Task.Status.ENDED:
        cancel_order(order=Ref(row.order.ref), reason=reason, by=INSIDE, at=at)
    tasks.end_tasks(ids=[row.task_id], outcome=Task.Outcome.CANCELLED, reason=reason, by=by, at=at)
    record(FindingClosed(row.number, "withdrawn"), about=finding)
    return finding


def _inspecting_post(response: Response, duty: str, by: Actor) -> Post:
    """The inspector's own post, else a held post of the duty, else who leads a unit that has such posts."""
    posts = open_posts(response.ref).filter(duty=duty)
    own = posts_held_by(by.ref).filter(id__in=posts.values("id")).first() if kind_of(by.ref) == "account" else None
    held = own or posts.filter(holder__isnull=False).first()
    if held is not None:
        return held
    for unit in Unit.objects.filter(posts__in=posts).order_by("id").distinct():
        leader = leader_post(Ref(unit.ref))
        if leader is not None and leader.holder_id is not None:
            return leader
    raise NOBODY_INSPECTS.because()


def _raise(row: Draw, response: Response, chosen: Checklist, fault: Fault, by: Actor, at: datetime) -> Ref:
    try:
        line = chosen.line(fault.line)
    except LookupError as unknown:
        raise UNKNOWN_LINE.because() from unknown
    if not fault.text.strip():
        raise NOTE_MISSING.because()
    unit = Unit.objects.filter(response_ref=response.ref, key=line.unit, dissolved_at=None).first()
    if unit is None:
        raise UNIT_MISSING.because(unit=line.unit)
    ref, where = new_ref("finding"), T(row.label_zh, row.label_en)
    order = _order(response, unit, line, where, fault.text, by, at)
    inspection = row.inspection
    task = _owe_recheck(ref, 1, response, inspection.task.owner, chosen, line, where, by, at)
    finding = Finding.objects.create(
        ref=ref, response_ref=response.ref, number=_next(Finding, response.ref), draw=row, line=line.key,
        title_zh=line.name.zh, title_en=line.name.en, text=fault.text.strip()[:400], unit=unit, order=order,
        task_id=task, by=by.ref, happened_at=at, act=current_act(),
    )
    if fault.picture is not None:
        keep_picture(about=ref, response=Ref(response.ref), content=fault.picture, by=by, at=at)
    record(FindingRaised(finding.number, line.key, unit.key, order.document_number), about=ref)
    return ref


def _order(response: Response, unit: Unit, line: CheckLine, where: T, text: str, by: Actor, at: datetime) -> Order:
    plan = queries.section(response)
    words = text.strip()
    review = (at + timedelta(days=2)).astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    (ref,) = issue_orders(response=Ref(response.ref), drafts=[Draft(
        unit=Ref(unit.ref), title=_CORRECT.filled(line=line.name, where=where), text=T(words, words),
        due_at=at + timedelta(minutes=line.correct_within_minutes.value), legal_basis=response.legal_basis,
        review_on=review, terms=order_terms(response, plan.order_kind),
    )], by=by, at=at)
    return Order.objects.select_related("task").get(ref=ref)


def _owe_recheck(
    ref: Ref | str, turn: int, response: Response, owner: Post, chosen: Checklist, line: CheckLine, where: T,
    by: Actor, at: datetime,
) -> int:
    minutes = line.correct_within_minutes.value + chosen.recheck_within_minutes.value
    title = _RECHECK.filled(line=line.name, where=where)
    spec = tasks.TaskSpec(
        queries.FINDING, f"{ref}.{turn}", Ref(response.ref), title, owner.id, at + timedelta(minutes=minutes)
    )
    return tasks.open_tasks(specs=[spec], by=by, at=at)[0]


def _look(row: Draw, outcome: str, note: str, by: Actor, at: datetime, unlisted: int = 0) -> None:
    Look.objects.create(
        draw=row, outcome=outcome, unlisted=unlisted, note=note.strip()[:400], by=by.ref, happened_at=at,
        act=current_act(),
    )


def _end_when_seen(row: Inspection, by: Actor, at: datetime) -> None:
    if not row.draws_made.filter(look=None).exists():
        tasks.end_tasks(ids=[row.task_id], outcome=Task.Outcome.DONE, reason="", by=by, at=at)
        record(InspectionEnded(row.number), about=row.ref)


def _step(row: Finding, step: str, text: str, by: Actor, at: datetime) -> None:
    FindingStep.objects.create(
        finding=row, step=step, text=text.strip()[:400], by=by.ref, happened_at=at, act=current_act()
    )


def _said_corrected(row: Finding) -> bool:
    """Whether this try was reported corrected already."""
    last = row.steps.order_by("-id").values_list("step", flat=True).first()
    return last == FindingStep.Step.CORRECTED


def _owed(draw: Ref) -> Draw:
    row = (
        Draw.objects.select_for_update(of=("self",)).select_related("inspection__task__owner", "inspection__area")
        .filter(ref=draw).first()
    )
    if row is None:
        raise NOT_FOUND.because()
    if Look.objects.filter(draw=row).exists():
        raise LOOKED_ALREADY.because(position=row.position)
    if row.inspection.task.status == Task.Status.ENDED:
        raise INSPECTION_OVER.because()
    return row


def _live_findings() -> QuerySet[Finding]:
    rows = Finding.objects.select_for_update(of=("self",)).select_related(
        "unit", "order__task", "task__owner__holder", "draw__inspection__area"
    )
    return rows.exclude(task__status=Task.Status.ENDED)


def _finding(ref: Ref) -> Finding:
    row = _live_findings().filter(ref=ref).first()
    if row is not None:
        return row
    raise FINDING_OVER.because(number=queries.find_finding(ref).number)


def _list_of(row: Inspection) -> tuple[Response, Checklist]:
    response = Response.objects.select_related("plan", "area").get(ref=row.response_ref)
    return response, queries.section(response).checklist(row.checklist)


def _check_looker(row: Inspection, chosen: Checklist, by: Actor) -> None:
    by.require(CHECK, area=row.area.path)
    keys = {line.unit for line in chosen.lines}
    _check_not_own(list(Unit.objects.filter(response_ref=row.response_ref, key__in=keys)), by)


def _check_not_own(units: Sequence[Unit], by: Actor) -> None:
    """Refuse `own-work` to whoever holds a post in one of the units or below it."""
    if kind_of(by.ref) != "account":
        return
    paths = list(posts_held_by(by.ref).values_list("unit__path", flat=True))
    for unit in units:
        if any(path.startswith(unit.path) for path in paths):
            raise OWN_WORK.because(unit=T(unit.name_zh, unit.name_en))


def _next(model: type[Inspection] | type[Finding], response: str) -> int:
    return (model._default_manager.filter(response_ref=response).aggregate(last=Max("number"))["last"] or 0) + 1

