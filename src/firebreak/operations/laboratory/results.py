"""What laboratories say: rows read from a sheet, judged against the specimens they speak of. Writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max

from firebreak.engine.registry.importing.sheet import open_sheet
from firebreak.kernel.clock import parse_moment
from firebreak.kernel.refusals import Refusal
from firebreak.operations.laboratory import refusals
from firebreak.operations.laboratory.models import Laboratory, Result, Specimen
from firebreak.operations.laboratory.plan import LaboratorySection
from firebreak.operations.laboratory.stages import Kind, Means, Stage

COLUMNS: dict[str, frozenset[str]] = {
    "code": frozenset((
        "采样管", "采样管编号", "管号", "试管编号", "标本编号", "样本编号", "条码", "tube", "specimen", "sample", "barcode",
    )),
    "said": frozenset(("结果", "检测结果", "核酸结果", "result")),
    "tested": frozenset(("检测时间", "检验时间", "报告时间", "tested", "tested at", "reported")),
}
SERIAL_ZERO = datetime(1899, 12, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a delivery: its number as the sender sees it, the tube, the word, the time as written."""

    number: int
    code: str
    said: str
    tested: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that counts."""

    number: int
    specimen: Specimen
    means: Means
    tested_at: datetime
    changes: bool


@dataclass(slots=True)
class Judged:
    """What becomes of each row of a delivery."""

    counts: list[Finding] = field(default_factory=list)
    waits: list[Finding] = field(default_factory=list)
    rejected: list[tuple[Row, Refusal]] = field(default_factory=list)
    repeated: int = 0

    def too_fast(self, least: timedelta) -> list[Finding]:
        """Findings that came sooner after the tube's arrival than any test takes."""
        return [
            one for one in self.counts
            if not one.changes and one.specimen.stage == Stage.RECEIVED and one.tested_at - one.specimen.since < least
        ]

    def missed(self) -> list[Finding]:
        """Blind controls of which the laboratory says what they are not."""
        return [
            one for one in self.counts
            if one.specimen.kind == Kind.CONTROL and one.means not in (one.specimen.expected, Means.INVALID)
        ]


def read_sheet(content: bytes) -> list[Row]:
    """The rows of a CSV, TSV or XLSX. Errors: refuses `delivery-unreadable`, `delivery-empty`."""
    sheet = open_sheet(content, knows=lambda header: any(_plain(header) in names for names in COLUMNS.values()))
    places = {
        key: next((place for place, header in enumerate(sheet.headers) if _plain(header) in names), None)
        for key, names in COLUMNS.items()
    }
    lacking = [sorted(COLUMNS[key])[-1] for key, place in places.items() if place is None]
    if lacking:
        raise refusals.UNREADABLE_FILE.because(what="、".join(lacking))
    rows = [
        Row(
            row.number, _cell(row.cells, places["code"]).upper(), _cell(row.cells, places["said"]),
            _cell(row.cells, places["tested"]),
        )
        for row in sheet.rows()
    ]
    if not rows:
        raise refusals.NO_ROWS.because()
    return rows


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def judge(rows: Sequence[Row], laboratory: Laboratory, plan: LaboratorySection, *, machine: bool, at: datetime) -> Judged:
    """Each row accepted, waiting for a second person, rejected or repeated. Three queries for any number of rows.

    `machine` is true for what a laboratory's own system signed: only then a positive counts without a second person.
    """
    codes = {row.code for row in rows}
    known = {one.code: one for one in Specimen.objects.filter(code__in=codes).select_related("tube", "held")}
    latest = results_of(known.values())
    words: dict[str, set[str]] = {}
    for row in rows:
        words.setdefault(row.code, set()).add(row.said.casefold().strip())
    found = Judged()
    seen: set[str] = set()
    for row in rows:
        verdict = _verdict(row, known.get(row.code), laboratory, plan, words[row.code], at)
        if isinstance(verdict, Refusal):
            found.rejected.append((row, verdict))
            continue
        means, tested_at = verdict
        before = latest.get(known[row.code].pk)
        same = before is not None and (before.means, before.tested_at) == (means, tested_at)
        if row.code in seen or same:
            found.repeated += 1
            continue
        seen.add(row.code)
        one = Finding(row.number, known[row.code], means, tested_at, before is not None)
        clear = means in (Means.NEGATIVE, Means.INVALID) and (before is None or before.means not in (Means.POSITIVE, Means.WEAK))
        (found.counts if machine or clear else found.waits).append(one)
    return found


def _verdict(
    row: Row, specimen: Specimen | None, laboratory: Laboratory, plan: LaboratorySection, words: set[str], at: datetime
) -> Refusal | tuple[Means, datetime]:
    if specimen is None:
        return refusals.ROW_UNKNOWN.because()
    if specimen.laboratory_id != laboratory.pk or specimen.stage not in (Stage.RECEIVED, Stage.RESULTED):
        return refusals.ROW_NOT_HERE.because()
    if len(words) > 1:
        return refusals.ROW_TWICE.because()
    means = plan.means_of(row.said)
    if means is None:
        return refusals.ROW_WORD.because(said=row.said[:20])
    try:
        tested_at = moment_of(row.tested)
    except ValueError:
        return refusals.ROW_TIME.because(said=row.tested[:20])
    if tested_at > at:
        return refusals.ROW_FUTURE.because()
    if specimen.stage == Stage.RECEIVED and tested_at < specimen.since:
        return refusals.ROW_EARLY.because()
    return means, tested_at


def moment_of(text: str) -> datetime:
    """A moment as laboratories write it: ISO, with slashes, or a spreadsheet's number. Errors: `ValueError`."""
    plain = text.strip().replace("/", "-")
    zone = ZoneInfo(settings.TIME_ZONE)
    if plain.replace(".", "", 1).isdecimal() and 20_000 < float(plain) < 80_000:
        serial = SERIAL_ZERO + timedelta(days=float(plain))
        return (serial + timedelta(microseconds=500_000)).replace(microsecond=0, tzinfo=zone)
    day, _, clock = plain.replace("T", " ").partition(" ")
    parts = day.split("-")
    if len(parts) == 3:
        day = f"{parts[0]}-{parts[1]:0>2}-{parts[2]:0>2}"
    hour, colon, rest = clock.strip().partition(":")
    return parse_moment(f"{day}T{hour:0>2}{colon}{rest}", zone)


def results_of(specimens: Iterable[Specimen]) -> dict[int, Result]:
    """Specimen key → what holds of it now. Two queries."""
    last = Result.objects.filter(specimen__in=specimens).values("specimen").annotate(last=Max("id")).values("last")
    return {one.specimen_id: one for one in Result.objects.filter(id__in=last)}


def _plain(header: str) -> str:
    return header.strip().casefold().replace("(", "(").split("(")[0].strip()
