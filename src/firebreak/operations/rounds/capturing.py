"""The events of phones that rounds understand, registered with capture when Django starts.

Only translates: bodies into what `scanning`, `tubes` and `visiting` take in, their refusals into verdicts.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from firebreak.engine.capture.types import Accepted, EventType, Verdict, register
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.kernel.actor import Actor
from firebreak.kernel.refusals import Refusal
from firebreak.operations.rounds import recording, refusals, scanning, tubes, visiting
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.rights import RECORD_ROUND
from firebreak.operations.rounds.states import State

Word = Annotated[str, Field(max_length=60)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Reason = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,19}$")]
Lax = Field(strict=False)


class Body(BaseModel):
    """What every body has in common: strict, and unknown fields are kept."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    round: Word = ""


class TubeOpenedBody(Body):
    """A tube is taken into use at a site (its code or ref)."""

    tube: Code
    site: Code


class DoorBody(BaseModel):
    """A person by door and the last four of their paper."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    building: Code
    door: Code
    last4: Annotated[str, Field(min_length=4, max_length=4)]


class ScanBody(Body):
    """A swab goes into a tube; exactly one way of naming the person is used, the first that is there."""

    tube: Code
    person: Word = ""
    id_number: Word = ""
    door: DoorBody | None = None


class UndoneBody(Body):
    """A scan is taken back."""

    scan: Annotated[UUID, Lax]
    reason: Reason


class SealedBody(Body):
    """A tube is closed by hand."""

    tube: Code


class VoidedBody(Body):
    """A tube is spoiled."""

    tube: Code
    reason: Reason


class AttemptBody(Body):
    """A call or a visit without a swab."""

    person: Word
    way: Literal["call", "visit"]
    result: Literal["away", "unreachable", "refused", "promised"]
    revisit_at: Annotated[AwareDatetime, Lax] | None = None


class AttemptUndoneBody(Body):
    """An attempt is taken back, by the id of its event."""

    attempt: Annotated[UUID, Lax]


class ExcuseBody(Body):
    """Somebody is excused for a reason of the plan."""

    person: Word
    reason: Annotated[str, Field(max_length=40)]
    note: Annotated[str, Field(max_length=500)] = ""


class FoundBody(Body):
    """Somebody who is on no list; `token` is what the phone calls them until the server has given a ref."""

    building: Code
    door: Annotated[str, Field(max_length=40)] = ""
    kind: Literal["lives", "works", "passing"] = "lives"
    name: Annotated[str, Field(min_length=1, max_length=60)]
    id_kind: Literal["resident", "passport", "permit", "none"] = "none"
    id_number: Word = ""
    birth_on: Annotated[date, Lax] | None = None
    sex: int = 0
    phone: Annotated[str, Field(max_length=60)] = ""
    token: Word = ""


Batch = Sequence[Accepted]


def _by_round(events: Batch) -> Iterator[tuple[Round | None, list[int]]]:
    """The rounds that events speak of (locked against closing), with the places of their events."""
    places: dict[str, list[int]] = {}
    for place, event in enumerate(events):
        places.setdefault(event.body.round, []).append(place)
    rows = recording.rounds_of(list(places))
    for ref, chosen in places.items():
        yield rows.get(ref), chosen


def _applied(
    events: Batch, make: Callable[[Accepted], Any], take: Callable[[Round, list[Any]], None],
    verdict: Callable[[Round, Any], Verdict],
) -> list[Verdict]:
    """Translate events round by round, in order of time, and answer one verdict for each."""
    verdicts: dict[int, Verdict] = {}
    for row, places in _by_round(events):
        if row is None:
            verdicts |= {place: Verdict(refusals.UNKNOWN_ROUND.because()) for place in places}
            continue
        ordered = sorted(places, key=lambda place: (events[place].happened_at, events[place].sequence))
        items = [make(events[place]) for place in ordered]
        take(row, items)
        for place, item in zip(ordered, items, strict=True):
            verdicts[place] = verdict(row, item)
    return [verdicts[place] for place in range(len(events))]


def _person_key(body: ScanBody) -> str:
    if body.person:
        return visiting.key_of(body.person)
    if body.id_number:
        return scanning.key_of_paper(body.id_number)
    return scanning.key_of_door(body.door.building, body.door.door, body.door.last4) if body.door else ""


def apply_scans(events: Batch, by: Actor, at: datetime) -> list[Verdict]:
    """`scan`."""

    def verdict(row: Round, swab: scanning.Swab) -> Verdict:
        subject = swab.person.ref if swab.person else ""
        return Verdict(swab.refusal, swab.waits_for, f"scan:{swab.event}", subject, row.response_ref, swab.note)

    return _applied(
        events,
        lambda event: scanning.Swab(event.id, event.body.tube, _person_key(event.body), event.happened_at, event.by),
        lambda row, swabs: scanning.take_swabs(row, swabs, by, at), verdict,
    )


def apply_undone(events: Batch, by: Actor, at: datetime) -> list[Verdict]:
    """`scan.undone`."""
    return _applied(
        events,
        lambda event: scanning.TakenBack(event.id, event.body.scan, event.body.reason, event.happened_at, event.by),
        lambda row, undos: scanning.take_back(row, undos, by, at),
        lambda row, undo: Verdict(
            undo.refusal, undo.waits_for, subject=undo.person, response=row.response_ref, note=undo.note
        ),
    )


def apply_opened(events: Batch, by: Actor, at: datetime) -> list[Verdict]:
    """`tube.opened`."""
    answers: dict[int, Refusal | None] = {}

    def take(row: Round, openings: list[tubes.Opening]) -> None:
        answers.update(zip(map(id, openings), tubes.open_tubes(row, openings), strict=True))

    return _applied(
        events, lambda event: tubes.Opening(event.body.tube, event.body.site, event.by, event.happened_at), take,
        lambda row, opening: Verdict(answers[id(opening)], brings=f"tube:{opening.code}", response=row.response_ref),
    )


def apply_sealed(events: Batch, by: Actor, at: datetime) -> list[Verdict]:
    """`tube.sealed`."""
    racks = tubes.lock_tubes([event.body.tube for event in events])
    verdicts = []
    for event in events:
        rack = racks.get(event.body.tube)
        if rack is None:
            verdicts.append(_no_tube(event.body.tube))
            continue
        refusal = tubes.seal(rack, event.by, event.happened_at)
        verdicts.append(Verdict(refusal, note={"members": rack.members}))
    tubes.write_tubes(list(racks.values()))
    return verdicts


def apply_voided(events: Batch, by: Actor, at: datetime) -> list[Verdict]:
    """`tube.voided`."""
    racks = tubes.lock_tubes([event.body.tube for event in events])
    rounds = recording.rounds_by_key({rack.round for rack in racks.values()})
    verdicts = []
    for event in events:
        rack = racks.get(event.body.tube)
        if rack is None:
            verdicts.append(_no_tube(event.body.tube))
            continue
        row = rounds[rack.round]
        refusal = tubes.void_refusal(row, rack, event.by)
        if refusal is None and rack.status != tubes.Status.VOID:
            tubes.void(row, [(rack, event.body.reason, event.id, event.happened_at)], by, at)
        verdicts.append(Verdict(refusal, response=row.response_ref))
    return verdicts


def _no_tube(code: str) -> Verdict:
    return Verdict(refusals.UNKNOWN_TUBE.because(tube=code), waits_for=f"tube:{code}")


def _matter(row: Round, item: visiting.Matter) -> Verdict:
    return Verdict(item.refusal, item.waits_for, "", item.person, row.response_ref, item.note)


def apply_attempts(events: Batch, by: Actor, at: datetime) -> list[Verdict]:
    """`attempt`."""
    return _applied(
        events,
        lambda event: visiting.Tried(
            visiting.key_of(event.body.person), event.happened_at, event.by, way=event.body.way,
            result=event.body.result, revisit_at=event.body.revisit_at, event=event.id,
        ),
        lambda row, attempts: visiting.record_attempts(row, attempts, by, at),
        lambda row, tried: replace(_matter(row, tried), brings=f"attempt:{tried.event}"),
    )


def apply_attempts_undone(events: Batch, by: Actor, at: datetime) -> list[Verdict]:
    """`attempt.undone`."""
    return _applied(
        events, lambda event: visiting.Untried(event.id, event.body.attempt, event.happened_at, event.by),
        lambda row, undos: visiting.take_back_attempts(row, undos, by, at),
        lambda row, undo: Verdict(
            undo.refusal, undo.waits_for, subject=undo.person, response=row.response_ref, note=undo.note
        ),
    )


def apply_excuses(events: Batch, by: Actor, at: datetime) -> list[Verdict]:
    """`excuse`."""
    return _applied(
        events,
        lambda event: visiting.Decided(
            visiting.key_of(event.body.person), event.happened_at, event.by, state=State.EXCUSED,
            reason=event.body.reason, words=event.body.note, event=event.id, sealed=True,
        ),
        lambda row, decisions: visiting.decide(row, decisions, by, at), _matter,
    )


def apply_found(events: Batch, by: Actor, at: datetime) -> list[Verdict]:
    """`person.found`."""

    def make(event: Accepted) -> visiting.Found:
        body: FoundBody = event.body
        newcomer = NewPerson(
            name=body.name, building=body.building, kind=body.kind, door=body.door, id_kind=body.id_kind,
            id_number=body.id_number, birth_on=body.birth_on, sex=body.sex, phone=body.phone,
        )
        return visiting.Found(newcomer, body.token, event.happened_at, event.by, event.id)

    def verdict(row: Round, item: visiting.Found) -> Verdict:
        brings = f"token:{item.token}" if item.token else item.person
        return Verdict(item.refusal, "", brings, item.person, row.response_ref, item.note)

    return _applied(events, make, lambda row, found: visiting.add_people(row, found, by, at), verdict)


_PERSONAL = frozenset({"name", "id_kind", "id_number", "birth_on", "sex", "phone", "door"})


def register_types() -> None:
    """Enter the types; called once when Django starts."""
    for name, body, personal, apply, order in (
        ("tube.opened", TubeOpenedBody, frozenset[str](), apply_opened, 10),
        ("person.found", FoundBody, _PERSONAL, apply_found, 20),
        ("scan", ScanBody, frozenset({"id_number", "door"}), apply_scans, 30),
        ("scan.undone", UndoneBody, frozenset[str](), apply_undone, 40),
        ("attempt", AttemptBody, frozenset[str](), apply_attempts, 50),
        ("attempt.undone", AttemptUndoneBody, frozenset[str](), apply_attempts_undone, 55),
        ("excuse", ExcuseBody, frozenset({"note"}), apply_excuses, 60),
        ("tube.voided", VoidedBody, frozenset[str](), apply_voided, 70),
        ("tube.sealed", SealedBody, frozenset[str](), apply_sealed, 80),
    ):
        register(EventType(name, body, personal, RECORD_ROUND, apply, order))
