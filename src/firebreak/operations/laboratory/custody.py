"""The way of specimens: packed into bags, handed from one to another, received by a laboratory.

The functions here take many at once and answer a refusal or None for each; phones and screens share them. A fact that
arrives late is written down with its own moment and changes nothing that happened after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from firebreak.engine.access.actors import AccountActor
from firebreak.engine.journal.acting import current_act
from firebreak.kernel.actor import Actor
from firebreak.kernel.refusals import NOT_PERMITTED, Refusal
from firebreak.operations.laboratory import cards, refusals
from firebreak.operations.laboratory.models import Bag, CustodyTransfer, Held, Laboratory, Specimen, SpecimenChange
from firebreak.operations.laboratory.plan import LaboratorySection
from firebreak.operations.laboratory.rights import CARRY_SPECIMENS
from firebreak.operations.laboratory.stages import Kind, Stage
from firebreak.operations.rounds.models import Round, Tube

NAMED = 20
IN_HANDS = (Stage.PACKED, Stage.CARRIED)


@dataclass(slots=True)
class Said:
    """Something a phone said, and what became of it."""

    event: UUID
    at: datetime
    by: AccountActor
    refusal: Refusal | None = None
    waits_for: str = ""
    note: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Packing(Said):
    """A bag was closed over these tubes."""

    bag: str = ""
    tubes: Sequence[str] = ()


@dataclass(slots=True)
class Handing(Said):
    """What was scanned (bags or tubes) went to whoever's badge or counter's card was scanned."""

    codes: Sequence[str] = ()
    taker: str = ""


@dataclass(slots=True)
class Swabbing(Said):
    """Somebody of a positive pool was swabbed into a tube of their own."""

    tube: str = ""
    person: str = ""


def holder_of(by: Actor) -> str:
    """Whom custody names: the member behind an account, else the account."""
    return getattr(by, "member_ref", "") or by.ref


def may_carry(row: Round, paths: Iterable[str], by: Actor) -> bool:
    """Whether somebody may pack and carry in the round's area, or where one of these tubes was filled."""
    return any(by.may(CARRY_SPECIMENS, area=path) for path in {row.area.path, *paths})


def move(
    specimens: Sequence[Specimen], stage: Stage, holder: str | None, at: datetime, *, bag: Bag | None = None,
    laboratory: Laboratory | None = None, reason: str = "",
) -> None:
    """Write down where specimens are from `at` on; one that is further already stays there. Two statements.

    Without a holder each stays on record with whoever held it last.
    """
    act = current_act()
    SpecimenChange.objects.bulk_create(
        [
            SpecimenChange(
                specimen=one, stage=stage, holder=holder or one.holder, bag=bag or one.bag,
                laboratory=laboratory or one.laboratory, reason=reason, happened_at=at, act=act,
            )
            for one in specimens
        ],
        batch_size=500,
    )
    ahead = [one for one in specimens if one.since <= at]
    for one in ahead:
        one.stage, one.holder, one.since = stage, holder or one.holder, at
        one.bag, one.laboratory = bag or one.bag, laboratory or one.laboratory
    Specimen.objects.bulk_update(ahead, ["stage", "holder", "since", "bag", "laboratory"], batch_size=200)


def pack(row: Round, plan: LaboratorySection, packings: Sequence[Packing]) -> None:
    """Close bags over tubes. Six queries a bag."""
    for one in packings:
        one.refusal = _pack(row, plan, one)


def _pack(row: Round, plan: LaboratorySection, said: Packing) -> Refusal | None:
    codes, most = list(dict.fromkeys(said.tubes)), plan.bag_tubes_at_most.value
    if len(codes) > most:
        return refusals.BAG_TOO_FULL.because(most=most, n=len(codes))
    bag = Bag.objects.filter(code=said.bag).first()
    if bag is not None and (bag.round_id != row.pk or set(bag.specimens.values_list("code", flat=True)) != set(codes)):
        return refusals.BAG_TAKEN.because(bag=said.bag)
    if bag is not None:
        return None
    known, refusal = _take_up(row, codes, said)
    if refusal is not None:
        return refusal
    elsewhere = next((one for one in known if one.bag is not None), None)
    if elsewhere is not None and elsewhere.bag is not None:
        return refusals.OTHER_BAG.because(tube=elsewhere.code, bag=elsewhere.bag.code)
    holder = holder_of(said.by)
    bag = Bag.objects.create(code=said.bag, round=row, packed_by=holder, packed_at=said.at, act=current_act())
    move(known, Stage.PACKED, holder, said.at, bag=bag)
    said.note = {"counted": len(known)}
    return None


def _take_up(row: Round, codes: Sequence[str], said: Said) -> tuple[list[Specimen], Refusal | None]:
    """The specimens of these codes, those of sealed tubes taken up now; or why one of them cannot be."""
    known = {one.code: one for one in Specimen.objects.filter(code__in=codes).select_related("bag", "laboratory")}
    tubes = {
        tube.code: tube for tube in Tube.objects.filter(code__in=[code for code in codes if code not in known], round=row)
        .select_related("site__area")
    }
    for code in codes:
        if code in known and known[code].round_id == row.pk:
            continue
        tube = tubes.get(code)
        if tube is None:
            said.waits_for = f"tube:{code}"
            return [], refusals.UNKNOWN_SPECIMEN.because(code=code)
        if tube.status == Tube.Status.VOID:
            return [], refusals.VOID_TUBE.because(tube=code)
    if not may_carry(row, {tube.site.area.path for tube in tubes.values()}, said.by):
        return [], NOT_PERMITTED.because(permission=CARRY_SPECIMENS)
    Specimen.objects.bulk_create([
        Specimen(
            code=tube.code, round=row, kind=Kind.POOL, tube=tube, stage=Stage.PACKED, holder=holder_of(said.by),
            since=tube.opened_at, act=current_act(),
        )
        for tube in tubes.values()
    ])
    fresh = {one.code: one for one in Specimen.objects.filter(code__in=list(tubes)).select_related("bag", "laboratory")}
    return [known.get(code) or fresh[code] for code in codes], None


def hand_over(row: Round, handings: Sequence[Handing]) -> None:
    """Move what was scanned from the giver to the taker, with what each side counted. Eight queries each."""
    for one in handings:
        one.refusal = _hand_over(row, one)


def _hand_over(row: Round, said: Handing) -> Refusal | None:
    if CustodyTransfer.objects.filter(event_id=said.event).exists():
        return None
    taker = cards.taker_of(said.taker, said.at)
    if taker is None:
        return refusals.NO_TAKER.because()
    given, refusal = _scanned(row, said)
    if refusal is not None:
        return refusal
    if not given:
        return refusals.NOTHING_HANDED.because()
    fixed = next((one for one in given if one.stage not in IN_HANDS and one.since <= said.at), None)
    if fixed is not None:
        return refusals.AT_LABORATORY.because(code=fixed.code)
    giver, (holder, laboratory) = holder_of(said.by), taker
    held = Specimen.objects.filter(round=row, holder=giver, stage__in=IN_HANDS, since__lte=said.at)
    expected = set(held.values_list("code", flat=True))
    counted = {one.code for one in given}
    move(given, Stage.RECEIVED if laboratory else Stage.CARRIED, holder, said.at, laboratory=laboratory)
    CustodyTransfer.objects.create(
        event_id=said.event, round=row, giver=giver, taker=holder, laboratory=laboratory, counted=len(counted),
        expected=len(expected), happened_at=said.at, act=current_act(),
    )
    said.note = {
        "counted": len(counted), "expected": len(expected), "missing": sorted(expected - counted)[:NAMED],
        "beside": sorted(counted - expected)[:NAMED],
    }
    return None


def _scanned(row: Round, said: Handing) -> tuple[list[Specimen], Refusal | None]:
    """The specimens scanned: a bag stands for all in it, a tube for itself."""
    codes = list(dict.fromkeys(said.codes))
    bags = {bag.code: bag for bag in Bag.objects.filter(code__in=codes, round=row)}
    inside = list(Specimen.objects.filter(bag__in=list(bags.values())).select_related("bag", "laboratory").order_by("id"))
    loose, refusal = _take_up(row, [code for code in codes if code not in bags], said)
    if refusal is not None:
        if said.waits_for:
            said.waits_for = said.waits_for.replace("tube:", "custody:")
        return [], refusal
    return list({one.pk: one for one in [*inside, *loose]}.values()), None


def swab_alone(row: Round, swabbings: Sequence[Swabbing]) -> None:
    """Write down swabs of people of positive pools. Four queries each."""
    for one in swabbings:
        one.refusal = _swab_alone(row, one)


def _swab_alone(row: Round, said: Swabbing) -> Refusal | None:
    held = Held.objects.filter(pool__round=row, person__ref=said.person, pool__closed_at=None).select_related("building")
    one = held.order_by("-id").first()
    if one is None:
        return refusals.NOT_HELD.because()
    if not may_carry(row, {one.building.path}, said.by):
        return NOT_PERMITTED.because(permission=CARRY_SPECIMENS)
    before = Specimen.objects.filter(code=said.tube).first()
    if before is not None and before.held_id == one.pk:
        return None
    if before is not None or Tube.objects.filter(code=said.tube).exists():
        return refusals.CODE_USED.because(code=said.tube)
    holder = holder_of(said.by)
    made = Specimen.objects.create(
        code=said.tube, round=row, kind=Kind.SINGLE, held=one, stage=Stage.PACKED, holder=holder, since=said.at,
        act=current_act(),
    )
    move([made], Stage.PACKED, holder, said.at)
    return None
