"""An outcome written down at the door: what makes somebody done in a round without tubes.

Where the plan's unit is the household, one outcome covers everybody behind the door who has no end yet.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from firebreak.engine import bulk
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.registry.models import Person
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_event_id
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.operations.rounds import recording, refusals, scanning
from firebreak.operations.rounds.events import OutcomeRecorded, ScanUndone
from firebreak.operations.rounds.models import Entry, Round
from firebreak.operations.rounds.recording import the_round
from firebreak.operations.rounds.rights import RECORD_ROUND
from firebreak.operations.rounds.rules import Fact, read_terms
from firebreak.operations.rounds.states import OPEN, State


@action
def record_outcome(*, round: Ref, person: Ref, outcome: str, taken_at: datetime, by: Actor, at: datetime) -> list[str]:
    """Write down an outcome of the plan; answers the ids by which it can be taken back.

    It covers the person and, in a round of households, everybody of their household on the list who has no end.

    Who: whoever may record over the person's building.
    Refuses: not-found, round-not-open, not-on-list, not-this-proof, unknown-outcome.
    Journals: OutcomeRecorded.   Promises: each person counted once; who was decided about stays as decided.
    """
    row = the_round(round)
    terms = read_terms(row.terms)
    terms.check_outcome(outcome)
    if row.status != Round.Status.OPEN:
        raise refusals.NOT_OPEN.because()
    entry = _entry(row, person)
    by.require(RECORD_ROUND, area=entry.building.path)
    covered = _covered(entry, household=terms.unit == "household")
    moment = max(min(taken_at, at), row.opened_at)
    lines = recording.lock(row.pk, covered)
    act, rows, events = current_act().pk, [], []
    for key in covered:
        event = new_event_id(at.timestamp())
        lines[key].learn(Fact("scan", State.SAMPLED, moment, event.hex))
        rows.append((row.pk, bulk.uid(event), key, None, outcome, bulk.moment(moment), act))
        events.append(str(event))
    bulk.insert(
        "rounds_scan", ("round_id", "event_id", "person_id", "tube_id", "outcome", "happened_at", "act_id"), rows
    )
    recording.settle(row, lines.values(), by, at)
    record(OutcomeRecorded(person, outcome, len(covered)), about=row.ref)
    return events


@action
def undo_outcome(*, round: Ref, scans: Sequence[UUID], reason: str, by: Actor, at: datetime) -> int:
    """Take an outcome back for everybody it covered; how many people.

    Who: whoever may record over their building.   Refuses: not-found, round-not-open, unknown-scan, already-undone.
    Journals: ScanUndone for each.   Promises: what was written stays written down.
    """
    row = the_round(round)
    undos = [scanning.TakenBack(new_event_id(at.timestamp()), scan, reason, at, by) for scan in scans]
    scanning.take_back(row, undos, by, at)
    for undo in undos:
        if undo.refusal is not None:
            raise undo.refusal
        if undo.note:
            raise refusals.ALREADY_UNDONE.because()
        record(ScanUndone(undo.person, undo.tube, reason), about=row.ref)
    return len(undos)


def people_behind(entry: Entry) -> list[int]:
    """Keys of everybody of the same household on the list of the same building, the person first. One query."""
    household = Person.objects.filter(pk=entry.person_id).values("household_id")
    rows = Entry.objects.filter(
        round=entry.round, building=entry.building, person__household__in=household, state__in=OPEN
    ).exclude(person=entry.person_id)
    return [entry.person_id, *rows.order_by("person_id").values_list("person_id", flat=True)]


def _covered(entry: Entry, *, household: bool) -> list[int]:
    return people_behind(entry) if household else [entry.person_id]


def _entry(row: Round, person: Ref) -> Entry:
    entry = Entry.objects.filter(round=row, person__ref=person).select_related("building", "round").first()
    if entry is None:
        raise (refusals.NOT_LISTED if Person.objects.filter(ref=person).exists() else NOT_FOUND).because()
    return entry
