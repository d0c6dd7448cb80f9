"""The events of phones that custody understands, registered with capture when Django starts."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from firebreak.engine.capture.types import Accepted, EventType, Verdict, register
from firebreak.engine.plans.queries import followed_pack
from firebreak.kernel.actor import Actor
from firebreak.operations.laboratory import custody, refusals
from firebreak.operations.laboratory.plan import LaboratorySection
from firebreak.operations.laboratory.rights import CARRY_SPECIMENS
from firebreak.operations.rounds import recording
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.refusals import UNKNOWN_ROUND

Code = Annotated[str, Field(min_length=1, max_length=40)]
Word = Annotated[str, Field(min_length=1, max_length=60)]


class Body(BaseModel):
    """What every body has in common: strict, and unknown fields are kept."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    round: Word


class BagPackedBody(Body):
    """A bag is closed over sealed tubes."""

    bag: Code
    tubes: Annotated[list[Code], Field(min_length=1, max_length=400)]


class HandedBody(Body):
    """Bags or tubes went to whoever's badge or counter's card was scanned; `expected` is what the phone showed."""

    codes: Annotated[list[Code], Field(min_length=1, max_length=400)]
    taker: Annotated[str, Field(min_length=1, max_length=600)]
    expected: int = 0


class SwabbedBody(Body):
    """Somebody of a positive pool was swabbed alone."""

    tube: Code
    person: Word


Batch = Sequence[Accepted]


def _applied(events: Batch, make: Callable[[Accepted], Any], take: Callable[[Round, list[Any]], None]) -> list[Any]:
    """Translate events round by round, in order of time; answers what was made of each, in order."""
    made = [make(event) for event in events]
    rows = recording.rounds_of(list({event.body.round for event in events}))
    for ref in dict.fromkeys(event.body.round for event in events):
        row = rows.get(ref)
        ours = [one for event, one in zip(events, made, strict=True) if event.body.round == ref]
        if row is None:
            for one in ours:
                one.refusal = UNKNOWN_ROUND.because()
        else:
            take(row, sorted(ours, key=lambda one: one.at))
    return made


def apply_packed(events: Batch, by: Actor, at: datetime) -> list[Verdict]:
    """`bag.packed`."""

    def take(row: Round, packings: list[custody.Packing]) -> None:
        pack = followed_pack()
        plan = pack.find(LaboratorySection) if pack is not None else None
        if plan is None:
            for one in packings:
                one.refusal = refusals.NO_SECTION.because()
        else:
            custody.pack(row, plan, packings)

    made = _applied(
        events,
        lambda event: custody.Packing(
            event.id, event.happened_at, event.by, bag=event.body.bag, tubes=event.body.tubes
        ), take,
    )
    return [Verdict(one.refusal, one.waits_for, f"custody:{one.bag}", note=one.note) for one in made]


def apply_handed(events: Batch, by: Actor, at: datetime) -> list[Verdict]:
    """`custody.handed`."""
    made = _applied(
        events,
        lambda event: custody.Handing(
            event.id, event.happened_at, event.by, codes=event.body.codes, taker=event.body.taker
        ), custody.hand_over,
    )
    return [Verdict(one.refusal, one.waits_for, note=one.note) for one in made]


def apply_swabbed(events: Batch, by: Actor, at: datetime) -> list[Verdict]:
    """`swab.single`."""
    made = _applied(
        events,
        lambda event: custody.Swabbing(
            event.id, event.happened_at, event.by, tube=event.body.tube, person=event.body.person
        ), custody.swab_alone,
    )
    return [
        Verdict(one.refusal, one.waits_for, f"custody:{one.tube}", subject="" if one.refusal else one.person) for one in made
    ]


def register_types() -> None:
    """Enter the types; called once when Django starts."""
    for name, body, apply, order in (
        ("swab.single", SwabbedBody, apply_swabbed, 85),
        ("bag.packed", BagPackedBody, apply_packed, 90),
        ("custody.handed", HandedBody, apply_handed, 95),
    ):
        register(EventType(name, body, frozenset[str](), CARRY_SPECIMENS, apply, order))
