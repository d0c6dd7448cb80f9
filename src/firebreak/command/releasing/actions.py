"""Writes of releasing: stating a fact, and looking whether anything may end."""

from datetime import datetime, timedelta

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import active_response
from firebreak.command.releasing import queries, rules
from firebreak.command.releasing.events import EndsLookedAt, FactAttested
from firebreak.command.releasing.models import Attestation, LastLook
from firebreak.command.releasing.queries import Subject
from firebreak.command.releasing.refusals import NO_SOURCE, NOT_ATTESTED, NOT_DUE, PANEL_TOO_SMALL, SINCE_LATER
from firebreak.command.releasing.rights import ATTEST
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.tasks.actions import TaskSpec, end_tasks, take_up_tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.queries import desk_post
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.refs import Ref, new_ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.operations.zones.models import Zone

KIND = "end-due"
LOOK_EVERY = timedelta(minutes=5)
DECIDE_WITHIN = timedelta(hours=12)
WATCH = SystemActor("watch", frozenset())
_ZONE_DUE = T(
    "{name}:解除条件已满足,请提出解封或说明", "{name}: its end may be proposed now; propose it or say why not"
)
_RESPONSE_DUE = T("{name}:解除响应的条件已满足", "{name}: its closing may be proposed now")
ENDS, CADENCE, POOLS, CUSTODY = 1, 2, 3, 4
"""Parts of the watch that look at intervals."""
_GONE, _AGAIN = "条件不再满足 the condition no longer holds", "条件再次满足 the condition holds again"


@action
def attest(
    *,
    about: Ref,
    primitive: str,
    holds: bool,
    since: datetime,
    people: int,
    statement: str,
    source: str,
    by: Actor,
    at: datetime,
) -> Ref:
    """State a fact that the program cannot know, or take it back; `about` is a zone or a response.

    Who: headquarters, task-force leaders.
    Refuses: not-found, not-attested, no-source, since-later, panel-too-small.
    Journals: FactAttested.   Promises: it names who said so, on what paper, since when; earlier ones stay readable.
    """
    subject = subject_of(about, at)
    by.require(ATTEST, area=subject.response.area.path)
    if primitive not in rules.ATTESTED:
        raise NOT_ATTESTED.because()
    if not (statement.strip() and source.strip()):
        raise NO_SOURCE.because()
    if since > at:
        raise SINCE_LATER.because()
    needed = rules.panel_of((*subject.release.all_of, *subject.release.or_any_of))
    if holds and primitive == "expert_override" and people < needed:
        raise PANEL_TOO_SMALL.because(needed=needed, n=people)
    row = Attestation.objects.create(
        ref=new_ref("attestation"),
        response_ref=subject.response.ref,
        about=about,
        primitive=primitive,
        holds=holds,
        since=since,
        people=people,
        statement=statement.strip()[:400],
        source=source.strip()[:200],
        by=by.ref,
        happened_at=at,
        act=current_act(),
    )
    record(FactAttested(primitive, holds, since, people), about=about)
    return Ref(row.ref)


def check_due(subject: Subject, at: datetime) -> None:
    """Refuse `release-not-due` while the plan's condition does not hold."""
    found = queries.verdict(subject, at)
    if not found.met:
        raise NOT_DUE.because(what=rules.listed(found.missing))


def subject_of(about: Ref, at: datetime) -> Subject:
    """The zone or response a ref means. Errors: refuses `not-found`."""
    zone = Zone.objects.filter(ref=about).first()
    ref = zone.response_ref if zone is not None else about
    response = Response.objects.select_related("area", "plan", "signal").filter(ref=ref).first()
    if response is None:
        raise NOT_FOUND.because()
    subject = queries.of_zone(zone, response, at) if zone is not None else queries.of_response(response)
    if subject is None:
        raise NOT_FOUND.because()
    return subject


def time_to_look(part: int, now: datetime, *, within: timedelta = LOOK_EVERY) -> bool:
    """Whether a part has not looked for as long as `within`; if so it looks now. Two queries at most."""
    last = LastLook.objects.filter(id=part).values_list("at", flat=True).first()
    if last is not None and now - last < within:
        return False
    LastLook.objects.update_or_create(id=part, defaults={"at": now})
    return True


def look_due(now: datetime) -> int:
    """Every five minutes ask each condition; 1 when it did. Opens no act when nothing became true or ceased to be."""
    response = active_response()
    if response is None or not time_to_look(ENDS, now):
        return 0
    due, gone = _changes(response, now)
    if due or gone:
        _look(due=due, gone=gone, by=WATCH, at=now)
    return 1


@action
def _look(*, due: list[TaskSpec], gone: list[int], by: Actor, at: datetime) -> None:
    """Who: the watch.   Journals: EndsLookedAt.   Promises: a named post is told once; nothing ends by itself."""
    if due:
        take_up_tasks(specs=due, reason=_AGAIN, by=by, at=at)
    if gone:
        end_tasks(ids=gone, outcome=Task.Outcome.CANCELLED, reason=_GONE, by=by, at=at)
    record(EndsLookedAt(len(due), len(gone)), about=by.ref)


def _changes(response: Response, now: datetime) -> tuple[list[TaskSpec], list[int]]:
    """What is due and nobody was told of, and the tasks whose condition no longer holds or whose matter has ended."""
    owner = desk_post(response.ref)
    if owner is None:
        return [], []
    held = Zone.objects.filter(response_ref=response.ref, status=Zone.Status.IN_FORCE, effective_at__lte=now)
    subjects = [queries.of_zone(zone, response, now) for zone in held.order_by("id")]
    if (own := queries.of_response(response)) is not None:
        subjects.append(own)
    told = Task.objects.filter(kind=KIND, response_ref=response.ref).exclude(outcome=Task.Outcome.CANCELLED)
    known = dict(told.values_list("about", "id"))
    live = dict(told.exclude(status=Task.Status.ENDED).values_list("about", "id"))
    met = {_key(subject): subject for subject in subjects if queries.verdict(subject, now).met}
    specs = [
        TaskSpec(KIND, key, response.ref, _title(subject), owner.pk, now + DECIDE_WITHIN)
        for key, subject in met.items()
        if key not in known
    ]
    return specs, [task for about, task in live.items() if about not in met]


def _key(subject: Subject) -> str:
    """One task for each subject and each last statement or case, so that a new count is told anew."""
    last = queries.attestations(subject.ref).values_list("id", flat=True).first() or 0
    return f"{subject.ref}.{last}"


def _title(subject: Subject) -> T:
    if subject.zone is not None:
        return _ZONE_DUE.filled(name=T(subject.zone.name_zh, subject.zone.name_en))
    return _RESPONSE_DUE.filled(name=T(subject.response.name_zh, subject.response.name_en))
