"""Compares the rows of the journal with what was sealed: edited, deleted, inserted, swapped, cut off.

Reads both sides in the order of the acts; memory does not grow with the journal. Never mends anything.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from firebreak.engine.journal.models import Act, Leaf, Seal
from firebreak.engine.journal.sealfile import SealLine
from firebreak.engine.journal.seals import leaves_between
from firebreak.engine.journal.verify import Progress, Verdict, checked_lines, verify_files
from firebreak.kernel.text import T

_EDITED = T("凭证 {act} 与第 {seal} 号封存时不同:被改过。", "Act {act} is not what seal {seal} sealed: it was changed.")
_DELETED = T(
    "凭证 {act} 在第 {seal} 号封存里,数据库里没有了。",
    "Act {act} is in seal {seal} but gone from the database.",
)
_INSERTED = T(
    "凭证 {act} 是事后塞进第 {seal} 号封存范围的。",
    "Act {act} was slipped into the range of seal {seal} afterwards.",
)
_ROW_MISSING = T("数据库里没有第 {seal} 号封存,文件里有。", "Seal {seal} is in the file but not in the database.")
_ROW_DIFFERS = T("第 {seal} 号封存在数据库里被改过。", "Seal {seal} was changed in the database.")
_LEAVES_DIFFER = T("第 {seal} 号封存的清单在数据库里被改过。", "The list of seal {seal} was changed in the database.")
_FILE_CUT = T(
    "数据库有第 {seal} 号封存,文件里没有:文件被截断。",
    "The database has seal {seal} but the file does not: the file was cut.",
)
_NOT_ENTERED = T(
    "第 {seal} 号封存已写入文件,数据库还没登记(断电);下一次封存会补上。",
    "Seal {seal} is in the file and not yet in the database (a crash); the next seal enters it.",
)
_UNSEALED = T("最近 {count} 条凭证还没封存。", "The latest {count} acts are not sealed yet.")


def verify_database(folder: Path, *, head: str = "", progress: Progress | None = None) -> Verdict:
    """Check the seal file of a data folder and compare the journal's rows with it.

    Costs one pass over the acts, in batches, and three queries a seal.
    """
    verdict = verify_files(folder, head=head)
    compared = Verdict()
    floor, late = 0, []
    rows = {row.number: row for row in Seal.objects.all()}
    for line in checked_lines(folder, compared, progress):
        row = rows.pop(line.number, None)
        found_before = verdict.fault_count
        _compare_acts(line, floor, verdict)
        if row is None:
            late.append((line, verdict.fault_count > found_before))
        else:
            _compare_row(line, row, verdict)
        floor = max(floor, line.position)
    _judge_missing_rows(late, verdict)
    for number in sorted(rows):
        verdict.fault(_FILE_CUT, seal=number)
    if unsealed := Act.objects.filter(id__gt=floor).count():
        verdict.notes.append(_UNSEALED.filled(count=unsealed))
    return verdict


def _compare_acts(line: SealLine, floor: int, verdict: Verdict) -> None:
    """Walk the sealed acts and the present ones together; both rise by act number."""
    present: Iterator[tuple[int, str]] = leaves_between(floor, line.position)
    now = next(present, None)
    for act, leaf in line.leaves:
        while now and now[0] < act:
            verdict.fault(_INSERTED, act=now[0], seal=line.number)
            now = next(present, None)
        if now is None or now[0] > act:
            verdict.fault(_DELETED, act=act, seal=line.number)
            continue
        if now[1] != leaf:
            verdict.fault(_EDITED, act=act, seal=line.number)
        now = next(present, None)
    while now:
        verdict.fault(_INSERTED, act=now[0], seal=line.number)
        now = next(present, None)


def _compare_row(line: SealLine, row: Seal, verdict: Verdict) -> None:
    told = (line.position, line.root, line.head, len(line.leaves), datetime.fromisoformat(line.sealed_at))
    if told != (row.position, row.root, row.head, row.acts, row.sealed_at):
        verdict.fault(_ROW_DIFFERS, seal=line.number)
    listed = Leaf.objects.filter(seal_id=line.number).order_by("act_id").values_list("act_id", "hash")
    if tuple(listed) != line.leaves:
        verdict.fault(_LEAVES_DIFFER, seal=line.number)


def _judge_missing_rows(late: list[tuple[SealLine, bool]], verdict: Verdict) -> None:
    """One last seal without its row, its acts untouched, is what a crash leaves; anything else is a fault."""
    newest = late[-1][0].number if late else 0
    for line, damaged in late:
        if len(late) == 1 and line.number == newest == verdict.seals and not damaged:
            verdict.notes.append(_NOT_ENTERED.filled(seal=line.number))
        else:
            verdict.fault(_ROW_MISSING, seal=line.number)
