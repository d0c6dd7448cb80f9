"""Reads of specimens, deliveries and pools for screens. Everything is true at this moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Count, Min, Model, QuerySet

from firebreak.engine.access.scope import within
from firebreak.engine.units.models import Member
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.operations.laboratory.models import CustodyTransfer, Delivery, Held, Laboratory, Pool, Specimen
from firebreak.operations.laboratory.results import results_of
from firebreak.operations.laboratory.rights import READ_SPECIMENS
from firebreak.operations.laboratory.stages import AT_SITE, Stage
from firebreak.operations.rounds.models import Round, Site, Tube

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class InHands:
    """So many tubes without a result that one holder has, the oldest since a moment."""

    stage: str
    holder: str
    tubes: int
    since: datetime


def in_hands(row: Round, by: Actor) -> list[InHands]:
    """Who has how many tubes without a result, the oldest first, of the sites a reader answers for. Two queries."""
    rows = Specimen.objects.filter(round=row).exclude(stage__in=[Stage.RESULTED, Stage.MISSING])
    rows = _seen(rows, row, by, "tube__site__area__path")
    held = rows.values_list("stage", "holder").annotate(n=Count("id"), since=Min("since"))
    loose = Tube.objects.filter(round=row, status=Tube.Status.SEALED, specimen=None)
    loose = _seen(loose, row, by, "site__area__path")
    at_sites = loose.values_list("site__ref").annotate(n=Count("id"), since=Min("sealed_at"))
    found = [InHands(stage, holder, n, since) for stage, holder, n, since in held.order_by()]
    found += [InHands(AT_SITE, site, n, since or row.opened_at) for site, n, since in at_sites.order_by()]
    return sorted(found, key=lambda one: (one.since, one.holder))


def tubes_of(row: Round, stage: str, holder: str, by: Actor, limit: int) -> list[tuple[str, str, datetime]]:
    """Code, bag and moment of the tubes one holder has. One query."""
    if stage == AT_SITE:
        loose = Tube.objects.filter(round=row, status=Tube.Status.SEALED, specimen=None, site__ref=holder)
        loose = _seen(loose, row, by, "site__area__path")
        return [(code, "", at or row.opened_at) for code, at in loose.order_by("code").values_list("code", "sealed_at")[:limit]]
    rows = Specimen.objects.filter(round=row, stage=stage, holder=holder).order_by("code")
    rows = _seen(rows, row, by, "tube__site__area__path")
    return [(code, bag or "", since) for code, bag, since in rows.values_list("code", "bag__code", "since")[:limit]]


def _seen(rows: QuerySet[M], row: Round, by: Actor, field: str) -> QuerySet[M]:
    """All of a round for whoever answers for its area; for others those of their own sites."""
    return rows if by.may(READ_SPECIMENS, area=row.area.path) else within(rows, by, READ_SPECIMENS, field=field)


def names_of_holders(refs: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Holder → name in zh and en: a member, a laboratory or a site. Three queries."""
    wanted = set(refs)
    found = {ref: (name, name) for ref, name in Member.objects.filter(ref__in=wanted).values_list("ref", "name")}
    for model in (Laboratory, Site):
        for ref, zh, en in model.objects.filter(ref__in=wanted).values_list("ref", "name_zh", "name_en"):
            found[ref] = (zh, en or zh)
    return found


def rounds_with_tubes(response: str) -> QuerySet[Round]:
    """Rounds of a response that have tubes, the latest first."""
    return Round.objects.filter(response_ref=response, tubes__isnull=False).distinct().order_by("-id")


def transfers(row: Round) -> QuerySet[CustodyTransfer]:
    """Hand-overs of a round, the latest first."""
    return CustodyTransfer.objects.filter(round=row).select_related("laboratory").order_by("-happened_at", "-id")


def laboratories() -> QuerySet[Laboratory]:
    """Laboratories by code."""
    return Laboratory.objects.select_related("area").order_by("code")


def laboratory(ref: Ref) -> Laboratory:
    """One laboratory. Errors: refuses `not-found`."""
    row = laboratories().filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def deliveries() -> QuerySet[Delivery]:
    """Lists of results, the latest first."""
    return Delivery.objects.select_related("laboratory__area").order_by("-id")


_POOL = ("round__area", "tube__site", "task__owner__unit", "task__owner__holder")


def pools(response: str) -> QuerySet[Pool]:
    """Positive pools of a response, the open ones first."""
    rows = Pool.objects.filter(round__response_ref=response).select_related(*_POOL)
    return rows.order_by("closed_at", "-id")


def sizes_of(rows: Iterable[Pool]) -> dict[int, int]:
    """Pool key → people in it. One query."""
    return dict(Held.objects.filter(pool__in=list(rows)).values_list("pool").annotate(n=Count("id")).order_by())


def pool(ref: Ref) -> Pool:
    """One pool. Errors: refuses `not-found`."""
    row = Pool.objects.select_related(*_POOL).filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


@dataclass(frozen=True, slots=True)
class HeldRow:
    """Somebody of a pool: `stage` is held, on the way (a stage of their swab), resulted or released; `means` their own result."""

    held: Held
    stage: str
    code: str
    means: str
    reason: str


def people_of(row: Pool) -> list[HeldRow]:
    """Everybody of a pool, by building. Five queries."""
    held = list(row.people.select_related("person", "building", "release").order_by("building__path", "id"))
    swabs: dict[int, Specimen] = {}
    for taken in Specimen.objects.filter(held__in=held).order_by("id"):
        if taken.held_id is not None:
            swabs[taken.held_id] = taken
    said = results_of(list(swabs.values()))
    found = []
    for one in held:
        swab, release = swabs.get(one.pk), getattr(one, "release", None)
        result = said.get(swab.pk) if swab else None
        stage = "released" if release and result is None else swab.stage if swab else "held"
        found.append(HeldRow(
            one, stage, swab.code if swab else "", result.means if result else "", release.reason if release else ""
        ))
    return found
