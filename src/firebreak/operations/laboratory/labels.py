"""Labels of tubes and bags: printed with codes nobody else has, and accounted for until each is used or given up."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Max

from firebreak.engine import bulk
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.kernel.actor import Actor
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, new_ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.operations.laboratory import refusals
from firebreak.operations.laboratory.events import LabelsIssued, LabelsLost
from firebreak.operations.laboratory.models import LabelLost, LabelRun
from firebreak.operations.laboratory.rights import ISSUE_LABELS
from firebreak.operations.rounds.models import Site

MOST = 1000
PREFIXES = {LabelRun.Kind.TUBE: "TB-", LabelRun.Kind.BAG: "BAG-"}
DIGITS = 7
TITLE = T("采样管标签", "Labels of tubes")


@action
def issue_labels(*, site: Ref, kind: str, count: int, by: Actor, at: datetime) -> Ref:
    """Print labels for a site; their numbers go on from the last ever printed.

    Who: whoever issues labels there.   Refuses: not-found, label-count.   Journals: LabelsIssued.
    Promises: no code is printed twice.
    """
    place = Site.objects.select_related("area").filter(ref=site).first()
    if place is None or kind not in LabelRun.Kind.values:
        raise NOT_FOUND.because()
    by.require(ISSUE_LABELS, area=place.area.path)
    if not 1 <= count <= MOST:
        raise refusals.LABEL_COUNT.because(most=MOST)
    prefix = PREFIXES[LabelRun.Kind(kind)]
    last = LabelRun.objects.filter(prefix=prefix).aggregate(last=Max(F("first") + F("count")))["last"] or 1
    row = LabelRun.objects.create(
        ref=new_ref("labels"), kind=kind, prefix=prefix, first=last, count=count, site=place, by=by.ref, happened_at=at,
        first_code=_code(prefix, last), last_code=_code(prefix, last + count - 1), act=current_act(),
    )
    record(LabelsIssued(kind, row.first_code, count), about=row.ref)
    return Ref(row.ref)


@action
def give_up_labels(*, codes: Sequence[str], reason: str, by: Actor, at: datetime) -> int:
    """Say that printed labels will not be used (torn, lost); how many.

    Who: whoever issues labels there.   Refuses: label-not-ours, missing-reason.   Journals: LabelsLost.
    """
    wanted = list(dict.fromkeys(code.strip().upper() for code in codes if code.strip()))
    if not reason.strip():
        raise refusals.REASON_MISSING.because()
    used = {
        code for (code,) in bulk.select_in("SELECT code FROM rounds_tube WHERE code IN {values}", wanted, "text")
    } | set(LabelLost.objects.filter(code__in=wanted).values_list("code", flat=True))
    rows = []
    for code in wanted:
        run = _run_of(code)
        if run is None or code in used:
            raise refusals.LABEL_NOT_OURS.because(code=code)
        by.require(ISSUE_LABELS, area=run.site.area.path)
        rows.append(LabelLost(
            run=run, code=code, reason=reason.strip()[:120], by=by.ref, happened_at=at, act=current_act()
        ))
    LabelLost.objects.bulk_create(rows)
    record(LabelsLost(wanted, reason.strip()[:120]), about=rows[0].run.ref if rows else by.ref)
    return len(rows)


def codes_of(run: LabelRun) -> list[str]:
    """The codes of a run, in order."""
    return [_code(run.prefix, number) for number in range(run.first, run.first + run.count)]


def _code(prefix: str, number: int) -> str:
    return f"{prefix}{number:0{DIGITS}d}"


def _run_of(code: str) -> LabelRun | None:
    prefix, _, digits = code.rpartition("-")
    if not (digits.isdecimal() and len(digits) == DIGITS):
        return None
    rows = LabelRun.objects.filter(prefix=f"{prefix}-", first__lte=int(digits)).select_related("site__area")
    row = rows.order_by("-first").first()
    return row if row is not None and int(digits) < row.first + row.count else None


def balances(cutoff: Cutoff) -> list[Balance]:
    """Owed = tube labels printed (runs); done = in use (tubes); excused = given up (lost); open = in hand at their site.

    Three queries. Nobody is late with a label: it waits for a swab.
    """
    at, position = bulk.moment(cutoff.at), cutoff.position
    known = "happened_at <= %s AND act_id <= %s"
    issued = bulk.fetch(
        f"SELECT COALESCE(SUM(count), 0) FROM laboratory_labelrun WHERE kind = 'tube' AND {known}", [at, position]
    )[0][0]
    if not issued:
        return []
    by_bytes = ' COLLATE "C"' if bulk.is_postgres() else ""
    used = bulk.fetch(
        f"SELECT COUNT(*) FROM rounds_tube t JOIN laboratory_labelrun r ON r.kind = 'tube' AND t.code{by_bytes} >= r.first_code"
        f" AND t.code{by_bytes} <= r.last_code AND LENGTH(t.code) = LENGTH(r.first_code)"
        " WHERE t.opened_at <= %s AND t.act_id <= %s AND r.happened_at <= %s AND r.act_id <= %s",
        [at, position, at, position],
    )[0][0]
    lost = bulk.fetch(
        "SELECT COUNT(*) FROM laboratory_labellost l JOIN laboratory_labelrun r ON r.id = l.run_id"
        " WHERE r.kind = 'tube' AND l.happened_at <= %s AND l.act_id <= %s", [at, position],
    )[0][0]
    return [Balance(
        name="labels", title=TITLE, as_of=cutoff.at, owed=int(issued), done=int(used), excused=int(lost),
        excused_by={"lost": int(lost)} if lost else {}, open=int(issued) - int(used) - int(lost),
    )]
