"""Writes of laboratories, controls, results and missing specimens. What phones say goes through `capturing`."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from firebreak.engine.approvals.actions import propose
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.plans.queries import followed_pack
from firebreak.kernel.actor import Actor
from firebreak.kernel.clock import iso
from firebreak.kernel.refs import Ref, new_ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.signing import is_key, made_by
from firebreak.kernel.text import T
from firebreak.operations.laboratory import custody, pools, refusals
from firebreak.operations.laboratory.events import (
    ControlsPlanted,
    LaboratoryDoubted,
    LaboratoryEntered,
    ResultsTaken,
    SpecimensMissing,
)
from firebreak.operations.laboratory.models import Delivery, Laboratory, RejectedRow, Result, Specimen
from firebreak.operations.laboratory.plan import LaboratorySection
from firebreak.operations.laboratory.results import Finding, Judged, Row, judge, read_sheet
from firebreak.operations.laboratory.rights import (
    CONFIRM_RESULTS,
    DECLARE_MISSING,
    PLANT_CONTROLS,
    TAKE_RESULTS,
    WRITE_LABORATORIES,
)
from firebreak.operations.laboratory.stages import UNCLEAR, Kind, Means, Stage
from firebreak.operations.rounds.models import Round, Tube

KEYED = "keyed-positive"
LIFE = timedelta(hours=2)
_TITLE = T("复核手工录入的阳性:{tubes}", "Positives typed by hand, for a second person: {tubes}")
NAMED = 5


@dataclass(frozen=True, slots=True)
class LaboratoryRow:
    """A laboratory to enter; `public_key` is base64url, empty for one that signs nothing."""

    code: str
    name: T
    area: str
    tubes_a_day: int
    higher: bool = False
    public_key: str = ""


@action
def enter_laboratory(*, row: LaboratoryRow, by: Actor, at: datetime) -> Ref:
    """Enter a laboratory or bring it up to date; with no capacity it is closed.

    Who: whoever writes laboratories.   Refuses: laboratory-unreadable.   Journals: LaboratoryEntered.
    """
    area = Area.objects.filter(code=row.area).first()
    wrong = _wrong(row, area)
    if wrong is not None or area is None:
        raise refusals.LABORATORY_UNREADABLE.because(what=wrong or T("地点", "place"))
    by.require(WRITE_LABORATORIES, area=area.path)
    kept, _ = Laboratory.objects.get_or_create(
        code=row.code, defaults={"ref": new_ref("laboratory"), "area": area, "tubes_a_day": row.tubes_a_day}
    )
    by.require(WRITE_LABORATORIES, area=kept.area.path)
    kept.area, kept.name_zh, kept.name_en, kept.higher = area, row.name.zh.strip(), row.name.en.strip(), row.higher
    kept.tubes_a_day, kept.public_key = row.tubes_a_day, row.public_key.strip()
    kept.save()
    record(LaboratoryEntered(row.code, row.tubes_a_day, row.higher), about=kept.ref)
    return Ref(kept.ref)


def _wrong(row: LaboratoryRow, area: Area | None) -> T | None:
    if not row.code.isascii() or not row.code.replace("-", "").isalnum() or len(row.code) > 20:
        return T("编号", "code")
    if not (row.name.zh.strip() and row.name.en.strip()):
        return T("名称", "name")
    if area is None:
        return T("地点", "place")
    if not 0 <= row.tubes_a_day <= 200_000:
        return T("每日能力", "daily capacity")
    return T("公钥", "public key") if row.public_key.strip() and not is_key(row.public_key.strip()) else None


@action
def new_token(*, laboratory: Ref, by: Actor, at: datetime) -> str:
    """A new key for the laboratory's own system; the one before no longer opens anything. Shown once.

    Who: whoever writes laboratories.   Refuses: not-found.   Journals: LaboratoryEntered (never the key).
    """
    row = _laboratory(laboratory)
    by.require(WRITE_LABORATORIES, area=row.area.path)
    token = secrets.token_urlsafe(32)
    row.token_hash = sha256(token.encode()).hexdigest()
    row.save(update_fields=["token_hash"])
    record(LaboratoryEntered(row.code, row.tubes_a_day, row.higher), about=row.ref)
    return token


@action
def plant_controls(*, round: Ref, codes: Sequence[str], expected: Means, by: Actor, at: datetime) -> int:
    """Let blind controls travel with the tubes of a round: their labels look like any other. How many.

    Who: whoever plants controls (never who packs or tests).   Refuses: not-found, specimen-code-used.
    Journals: ControlsPlanted (never which).
    """
    row = Round.objects.select_related("area").filter(ref=round).first()
    if row is None:
        raise NOT_FOUND.because()
    by.require(PLANT_CONTROLS, area=row.area.path)
    wanted = list(dict.fromkeys(code.strip().upper() for code in codes if code.strip()))
    used = Specimen.objects.filter(code__in=wanted).values_list("code", flat=True)
    taken = next(iter([*used, *Tube.objects.filter(code__in=wanted).values_list("code", flat=True)]), None)
    if taken is not None:
        raise refusals.CODE_USED.because(code=taken)
    holder = custody.holder_of(by)
    made = Specimen.objects.bulk_create([
        Specimen(
            code=code, round=row, kind=Kind.CONTROL, expected=expected, stage=Stage.PACKED, holder=holder, since=at,
            act=current_act(),
        )
        for code in wanted
    ])
    custody.move(made, Stage.PACKED, holder, at)
    record(ControlsPlanted(row.ref, len(made)), about=row.ref)
    return len(made)


@action
def declare_missing(*, codes: Sequence[str], reason: str, by: Actor, at: datetime) -> int:
    """Say that specimens are lost; who held each last stays on record, and their people are to be sampled again.

    Who: whoever declares specimens missing.   Refuses: unknown-specimen, specimen-has-an-end, missing-reason.
    Journals: SpecimensMissing.
    """
    if not reason.strip():
        raise refusals.REASON_MISSING.because()
    wanted = list(dict.fromkeys(codes))
    known = {one.code: one for one in Specimen.objects.filter(code__in=wanted).select_related("round__area", "bag", "laboratory")}
    sealed = Tube.objects.filter(code__in=[code for code in wanted if code not in known]).exclude(status=Tube.Status.VOID)
    loose = {tube.code: tube for tube in sealed.select_related("round__area", "site")}
    for code in wanted:
        if code not in known and code not in loose:
            raise refusals.UNKNOWN_SPECIMEN.because(code=code)
        if code in known and known[code].stage in (Stage.RESULTED, Stage.MISSING):
            raise refusals.NOT_OPEN.because(code=code)
    rounds = [*(one.round for one in known.values()), *(tube.round for tube in loose.values())]
    for path in {row.area.path for row in rounds}:
        by.require(DECLARE_MISSING, area=path)
    fresh = Specimen.objects.bulk_create([
        Specimen(
            code=tube.code, round=tube.round, kind=Kind.POOL, tube=tube, stage=Stage.PACKED, holder=tube.site.ref,
            since=tube.opened_at, act=current_act(),
        )
        for tube in loose.values()
    ])
    found = [*known.values(), *fresh]
    custody.move(found, Stage.MISSING, None, at, reason=reason.strip()[:120])
    record(SpecimensMissing(sorted(wanted), reason.strip()[:120]), about=rounds[0].ref if rounds else by.ref)
    return len(found)


@action
def take_file(*, laboratory: Ref, content: bytes, signature: str, by: Actor, at: datetime) -> Ref:
    """Take in a laboratory's file (CSV, TSV, XLSX); signed with its key it counts as its machine's word.

    Who: whoever takes results.   Refuses: not-found, laboratory-closed, delivery-unsigned, delivery-unreadable,
    delivery-empty, no-laboratory-section.   Journals: ResultsTaken, PoolOpened, LaboratoryDoubted.
    Promises: rows in = accepted + rejected + repeated + waiting; the same file again changes nothing.
    """
    row = _laboratory(laboratory)
    by.require(TAKE_RESULTS, area=row.area.path)
    if signature.strip() and not (row.public_key and made_by(row.public_key, content, signature)):
        raise refusals.UNSIGNED.because()
    rows = read_sheet(content)
    return _take(row, rows, "file", sha256(content).hexdigest(), bool(signature.strip()), by, at)


@action
def take_message(*, laboratory: Ref, rows: Sequence[Row], digest: str, by: Actor, at: datetime) -> Ref:
    """Take in what a laboratory's own system sent over its own door.

    Who: the laboratory's system, known by its key.   Refuses and journals: as `take_file`.
    """
    row = _laboratory(laboratory)
    by.require(TAKE_RESULTS, area=row.area.path)
    if not rows:
        raise refusals.NO_ROWS.because()
    return _take(row, rows, "api", digest, True, by, at)


@action
def key_results(*, laboratory: Ref, rows: Sequence[Row], by: Actor, at: datetime) -> Ref:
    """Type results by hand; a positive counts when a second person has seen it.

    Who: whoever takes results.   Refuses and journals: as `take_file`, and ProposalMade for positives.
    """
    row = _laboratory(laboratory)
    by.require(TAKE_RESULTS, area=row.area.path)
    if not rows:
        raise refusals.NO_ROWS.because()
    digest = sha256("\n".join(f"{one.code} {one.said} {one.tested}" for one in rows).encode()).hexdigest()
    return _take(row, rows, "keyed", digest, False, by, at)


def _take(
    laboratory: Laboratory, rows: Sequence[Row], source: str, digest: str, signed: bool, by: Actor, at: datetime
) -> Ref:
    if not laboratory.tubes_a_day:
        raise refusals.LABORATORY_CLOSED.because(code=laboratory.code)
    plan = section()
    judged = judge(rows, laboratory, plan, machine=signed, at=at)
    kept = Delivery.objects.create(
        ref=new_ref("delivery"), laboratory=laboratory, source=source, digest=digest, signed=signed, rows=len(rows),
        accepted=len(judged.counts), rejected=len(judged.rejected), repeated=judged.repeated, waiting=len(judged.waits),
        by=by.ref, received_at=at, act=current_act(),
    )
    RejectedRow.objects.bulk_create(
        [
            RejectedRow(
                delivery=kept, number=row.number, code=row.code[:40], refusal=refusal.code, words_zh=refusal.text.zh,
                words_en=refusal.text.en,
            )
            for row, refusal in judged.rejected
        ],
        batch_size=500,
    )
    _doubt(laboratory, judged, plan, at)
    _count(kept, judged.counts, plan, by, at)
    if judged.waits:
        _ask_second(kept, judged.waits, by, at)
    _record(
        kept, judged.counts, rows=len(rows), rejected=len(judged.rejected), repeated=judged.repeated,
        waiting=len(judged.waits),
    )
    return Ref(kept.ref)


def _record(
    delivery: Delivery, findings: Sequence[Finding], *, rows: int = 0, rejected: int = 0, repeated: int = 0, waiting: int = 0
) -> None:
    """Journal what counts of a delivery now: which tubes are unclear, and how many results are other than before."""
    unclear = sorted(one.specimen.code for one in findings if one.means in UNCLEAR and one.specimen.kind != Kind.CONTROL)
    changed = sum(one.changes for one in findings)
    record(
        ResultsTaken(
            delivery.laboratory.code, delivery.source, rows, len(findings), rejected, repeated, waiting, changed, unclear
        ),
        about=delivery.ref,
    )


def _count(delivery: Delivery, findings: Sequence[Finding], plan: LaboratorySection, by: Actor, at: datetime) -> None:
    """Write results and what follows in the books: custody ends, pools open and close."""
    act = current_act()
    Result.objects.bulk_create(
        [
            Result(
                specimen=one.specimen, delivery=delivery, means=one.means, tested_at=one.tested_at, happened_at=at, act=act
            )
            for one in findings
        ],
        batch_size=500,
    )
    first = [one.specimen for one in findings if one.specimen.stage != Stage.RESULTED]
    custody.move(first, Stage.RESULTED, delivery.laboratory.ref, at)
    positive = [one.specimen for one in findings if one.means in UNCLEAR and one.specimen.kind == Kind.POOL]
    pools.open_pools(positive, plan, by, at)
    pools.close_ended(pools.touched_by([one.specimen for one in findings if one.specimen.held_id]), by, at)


def _doubt(laboratory: Laboratory, judged: Judged, plan: LaboratorySection, at: datetime) -> None:
    """Say what cannot be honest: results sooner than any test, more than the laboratory can do, controls missed."""
    fast = len(judged.too_fast(timedelta(minutes=plan.fastest_test_minutes.value)))
    since = at - timedelta(days=1)
    before = Result.objects.filter(delivery__laboratory=laboratory, happened_at__gt=since).values("specimen").distinct()
    done = before.count() + sum(not one.changes for one in judged.counts)
    over, missed = max(0, done - laboratory.tubes_a_day), len(judged.missed())
    if fast or over or missed:
        record(LaboratoryDoubted(laboratory.code, fast, over, missed), about=laboratory.ref)


def _ask_second(delivery: Delivery, waits: Sequence[Finding], by: Actor, at: datetime) -> None:
    codes = [one.specimen.code for one in waits]
    named = "、".join(codes[:NAMED]) + ("…" if len(codes) > NAMED else "")
    propose(
        kind=KEYED, about=delivery.ref, title=_TITLE.filled(tubes=named),
        effect={"tubes": codes, "results": [str(one.means) for one in waits]},
        payload={"found": [_found(one) for one in waits]}, permission=CONFIRM_RESULTS,
        area_path=delivery.laboratory.area.path, expires_at=at + LIFE, by=by, at=at,
    )


def _found(one: Finding) -> dict[str, Any]:
    return {"code": one.specimen.code, "means": str(one.means), "tested_at": iso(one.tested_at), "number": one.number}


def count_keyed(proposal: Proposal, by: Actor, at: datetime) -> Ref:
    """What the approval of positives typed by hand does."""
    delivery = Delivery.objects.select_related("laboratory__area").get(ref=proposal.about)
    said = {one["code"]: one for one in proposal.payload["found"]}
    known = Specimen.objects.filter(code__in=said).select_related("tube", "held").order_by("id")
    findings = [
        Finding(
            said[one.code]["number"], one, Means(said[one.code]["means"]),
            datetime.fromisoformat(said[one.code]["tested_at"]), one.stage == Stage.RESULTED,
        )
        for one in known
    ]
    _count(delivery, findings, section(), by, at)
    _record(delivery, findings)
    return Ref(delivery.ref)


def section() -> LaboratorySection:
    """The laboratory section of the plan followed now. Errors: refuses `no-laboratory-section`."""
    pack = followed_pack()
    found = pack.find(LaboratorySection) if pack is not None else None
    if found is None:
        raise refusals.NO_SECTION.because()
    return found


def _laboratory(ref: Ref) -> Laboratory:
    row = Laboratory.objects.select_related("area").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row

