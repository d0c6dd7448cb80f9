"""At the door and on the telephone: attempts, decisions with a reason, people found who were on no list.

The functions here take many at once and leave a refusal on each that cannot be; phones and screens share them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from firebreak.engine import bulk
from firebreak.engine.areas.models import Area
from firebreak.engine.capture.sealing import Part, seal_parts
from firebreak.engine.journal.acting import current_act
from firebreak.engine.registry.actions import register_people
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.engine.registry.rights import REGISTRY_WRITE
from firebreak.engine.units.queries import posts_held_by
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.refs import Ref, new_event_id
from firebreak.kernel.refusals import NOT_PERMITTED, Refusal
from firebreak.operations.rounds import recording, refusals
from firebreak.operations.rounds.leaving import leave
from firebreak.operations.rounds.models import Round, SiteDuty
from firebreak.operations.rounds.recording import Line, attempt_fact, decision_fact
from firebreak.operations.rounds.rights import DECIDE_ROUND, RECORD_ROUND
from firebreak.operations.rounds.rules import Terms, read_terms
from firebreak.operations.rounds.scanning import find_people
from firebreak.operations.rounds.states import DECIDED, OPEN, RESULTS, WAYS, State

REGISTRAR = SystemActor("rounds", frozenset({REGISTRY_WRITE}))


@dataclass(slots=True)
class Matter:
    """Something to record about one person, by the key that names them (`person:…`, `token:…`)."""

    key: str
    at: datetime
    by: Actor
    refusal: Refusal | None = None
    waits_for: str = ""
    person: str = ""
    note: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Tried(Matter):
    """Somebody called or knocked."""

    way: str = ""
    result: str = ""
    revisit_at: datetime | None = None
    event: UUID = field(kw_only=True)


@dataclass(slots=True)
class Untried:
    """An attempt to take back, by the id of its event."""

    event: UUID
    attempt: UUID
    at: datetime
    by: Actor
    refusal: Refusal | None = None
    waits_for: str = ""
    person: str = ""
    way: str = ""
    result: str = ""
    note: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Decided(Matter):
    """A decision about an entry; `state` to_do takes an earlier one back. `sealed` when the words are kept already."""

    state: str = ""
    reason: str = ""
    words: str = ""
    event: UUID | None = None
    sealed: bool = False


@dataclass(slots=True)
class Found:
    """Somebody met who is on no list."""

    newcomer: NewPerson
    token: str
    at: datetime
    by: Actor
    event: UUID | None = None
    refusal: Refusal | None = None
    person: str = ""
    note: dict[str, Any] = field(default_factory=dict)


def record_attempts(row: Round, attempts: Sequence[Tried], by: Actor, at: datetime) -> None:
    """Write attempts down and let what follows follow. Five reading queries."""
    terms = read_terms(row.terms)
    lines, paths = _lines(row, attempts)
    rows = []
    act = current_act().pk
    for tried in attempts:
        line = _line_of(row, tried, lines)
        if line is None:
            continue
        if tried.way not in WAYS or tried.result not in RESULTS:
            tried.refusal = refusals.UNKNOWN_RESULT.because()
            continue
        if not tried.by.may(RECORD_ROUND, area=paths[line.building]):
            tried.refusal = NOT_PERMITTED.because(permission=RECORD_ROUND)
            continue
        revisit = terms.revisit(tried.result, tried.at, tried.revisit_at)
        line.learn(attempt_fact(tried.event.hex, tried.result, tried.at, revisit))
        tried.note = {"attempts": line.attempts + line.tries}
        rows.append((
            bulk.uid(tried.event), row.pk, line.person, tried.way, tried.result, tried.by.ref, bulk.moment(revisit),
            bulk.moment(tried.at), act,
        ))
    bulk.insert(
        "rounds_attempt",
        ("event_id", "round_id", "person_id", "way", "result", "by", "revisit_at", "happened_at", "act_id"), rows,
    )
    recording.settle(row, {line.person: line for line in lines.values()}.values(), by, at)


def take_back_attempts(row: Round, undos: Sequence[Untried], by: Actor, at: datetime) -> None:
    """Undo attempts of one round; refusals are left on each. The attempts stay written down. Six statements."""
    tried = {
        bulk.read_uid(event): rest for event, *rest in bulk.select_in(
            "SELECT a.event_id, a.person_id, a.by, p.ref, a.way, a.result FROM rounds_attempt a"
            " JOIN registry_person p ON p.id = a.person_id"
            " WHERE (a.round_id, a.event_id) IN {values}",
            [str(undo.attempt) if bulk.is_postgres() else undo.attempt.hex for undo in undos], "uuid", under=row.pk,
        )
    }
    lines = recording.lock(row.pk, {person for person, *_ in tried.values()})
    paths = dict(Area.objects.filter(id__in={line.building for line in lines.values()}).values_list("id", "path"))
    rows = []
    act = current_act().pk
    for undo in undos:
        if undo.attempt not in tried:
            undo.refusal, undo.waits_for = refusals.UNKNOWN_ATTEMPT.because(), f"attempt:{undo.attempt}"
            continue
        person, author, undo.person, undo.way, undo.result = tried[undo.attempt]
        line = lines[person]
        undo.refusal = _undo_refusal(row, undo, line, author, paths[line.building])
        if undo.refusal is not None:
            continue
        fact = line.undo(undo.attempt.hex, undo.at)
        if fact is None:
            undo.note = {"already_undone": True}
            continue
        undo.note = {"attempts": line.attempts + line.tries}
        moment = bulk.moment(max(undo.at, fact.happened_at))
        rows.append((bulk.uid(undo.event), row.pk, bulk.uid(undo.attempt), moment, act))
    bulk.insert("rounds_attemptundo", ("event_id", "round_id", "attempt_event_id", "happened_at", "act_id"), rows)
    recording.settle(row, lines.values(), by, at)


def _undo_refusal(row: Round, undo: Untried, line: Line, author: str, path: str) -> Refusal | None:
    """Why this attempt cannot be taken back, or None."""
    if not _takes(row, line):
        return refusals.NOT_OPEN.because()
    if not undo.by.may(RECORD_ROUND, area=path):
        return NOT_PERMITTED.because(permission=RECORD_ROUND)
    if undo.by.ref != author:
        return refusals.NOT_YOUR_ATTEMPT.because()
    return refusals.REFUSAL_RESTS_ON_IT.because() if line.state == State.REFUSED else None


def decide(row: Round, decisions: Sequence[Decided], by: Actor, at: datetime) -> None:
    """Write decisions down and let what follows follow. Six reading queries."""
    terms = read_terms(row.terms)
    lines, paths = _lines(row, decisions)
    duties = {
        decided.by.ref: set(posts_held_by(decided.by.ref).values_list("duty", flat=True)) for decided in decisions
    }
    rows, parts = [], []
    act = current_act().pk
    for decided in decisions:
        line = _line_of(row, decided, lines)
        if line is None:
            continue
        decided.refusal = _decision_refusal(decided, line, terms, paths[line.building], duties[decided.by.ref])
        if decided.refusal is not None:
            continue
        line.learn(decision_fact(decided.state, decided.reason, decided.by.ref, decided.at))
        if decided.words.strip() and not decided.sealed:
            decided.event = decided.event or new_event_id()
            parts.append(Part(decided.event, decided.person, row.response_ref, {"note": decided.words}))
        event = None if decided.event is None else bulk.uid(decided.event)
        rows.append((
            row.pk, line.person, decided.state, decided.reason[:40], event, decided.by.ref, bulk.moment(decided.at), act
        ))
    bulk.insert(
        "rounds_decision", ("round_id", "person_id", "state", "reason", "event_id", "by", "happened_at", "act_id"), rows
    )
    if parts:
        seal_parts(parts)
    settled = {line.person: line for line in lines.values()}
    recording.settle(row, settled.values(), by, at)
    if row.status == Round.Status.CLOSED:
        leave(row, at, list(settled), by=REGISTRAR)


def _decision_refusal(decided: Decided, line: Line, terms: Terms, path: str, duties: set[str]) -> Refusal | None:
    """Why this decision cannot be, or None."""
    try:
        if decided.state == State.EXCUSED:
            terms.check_excuse(decided.reason, decided.words)
        if decided.state == State.REFUSED:
            terms.check_refusal(line.attempts + line.tries)
    except Refusal as refusal:
        return refusal
    if line.scans:
        return refusals.ALREADY_SAMPLED.because()
    if decided.state == State.TO_DO and not any(fact.kind == "decision" for fact in line.known):
        return refusals.NOT_DECIDED.because()
    if decided.state not in (*DECIDED, State.TO_DO):
        return refusals.UNKNOWN_RESULT.because()
    duty = terms.refusal_duty if decided.state == State.REFUSED else ""
    if decided.state == State.EXCUSED:
        duty = terms.excuses[decided.reason].duty
    holds = duty in duties and decided.by.may(RECORD_ROUND, area=path)
    if not holds and not decided.by.may(DECIDE_ROUND, area=path):
        return NOT_PERMITTED.because(permission=DECIDE_ROUND)
    return None


def _lines(row: Round, matters: Sequence[Matter]) -> tuple[dict[str, Line], dict[int, str]]:
    """Key → locked entry, and the path of each entry's building."""
    people = find_people(row, [matter.key for matter in matters])
    only = {key: found[0] for key, found in people.items() if len(found) == 1}
    by_id = recording.lock(row.pk, {person.id for person in only.values()})
    for matter in matters:
        matter.at = max(matter.at, row.opened_at)
        matter.person = only[matter.key].ref if matter.key in only else ""
    paths = dict(Area.objects.filter(id__in={line.building for line in by_id.values()}).values_list("id", "path"))
    return {key: by_id[person.id] for key, person in only.items() if person.id in by_id}, paths


def _line_of(row: Round, matter: Matter, lines: dict[str, Line]) -> Line | None:
    """The entry a matter is about; without one the matter is refused, and waits for the person to be found."""
    line = lines.get(matter.key)
    if not _takes(row, line):
        matter.refusal = refusals.NOT_OPEN.because()
        return None
    if line is None:
        known = bool(matter.person)
        matter.refusal = refusals.NOT_LISTED.because() if known else refusals.UNKNOWN_PERSON.because()
        matter.waits_for = matter.person or matter.key[:120]
    return line


def _takes(row: Round, line: Line | None) -> bool:
    """Whether the round still takes something in about this entry: it runs, or has handed the entry over."""
    handed_over = row.status == Round.Status.CLOSED and line is not None and line.state in OPEN
    return row.status == Round.Status.OPEN or handed_over


def add_people(row: Round, found: Sequence[Found], by: Actor, at: datetime) -> None:
    """Register people found and put them on the round's list; who is on it already stays as they are."""
    areas = {
        duty.building.code: duty.building
        for duty in SiteDuty.objects.filter(round=row, building__code__in={item.newcomer.building for item in found})
        .select_related("building")
    }
    for item in found:
        item.at = max(item.at, row.opened_at)
        area = areas.get(item.newcomer.building)
        if row.status != Round.Status.OPEN:
            item.refusal = refusals.NOT_OPEN.because()
        elif area is None:
            item.refusal = refusals.NOT_IN_ROUND.because(building=item.newcomer.building)
        elif not item.by.may(RECORD_ROUND, area=area.path):
            item.refusal = NOT_PERMITTED.because(permission=RECORD_ROUND)
        else:
            _register(item, at)
    good = [item for item in found if item.refusal is None]
    ids = {ref: people[0].id for ref, people in find_people(row, [item.person for item in good]).items()}
    lines = recording.lock(row.pk, ids.values())
    fresh: dict[int, recording.Miss] = {}
    for item in good:
        person, building = ids[item.person], areas[item.newcomer.building].pk
        if person in lines or person in fresh:
            item.note = {"listed": True, "person": item.person}
            continue
        item.note = {"listed": False, "person": item.person}
        fresh[person] = recording.Miss(person, building, item.newcomer.kind, item.event, item.at, item.token)
    recording.write_misses(row, fresh.values())
    added = recording.add_found(row, [(miss.person, miss.building) for miss in fresh.values()])
    recording.settle(row, added.values(), by, at)


def _register(item: Found, at: datetime) -> None:
    """Find or add one person; the register's refusal becomes the item's."""
    try:
        item.person = register_people(people=[item.newcomer], by=REGISTRAR, at=at, reason="found")[0]
    except Refusal as refusal:
        item.refusal = refusal


def key_of(person: Ref | str) -> str:
    """The key of somebody a phone or a screen names: a ref of the register, else a token of a person found."""
    return person if person.startswith("person:") else f"token:{person}"
