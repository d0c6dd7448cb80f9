"""Laws that hold for any file: rows add up, escapes come back, nothing crashes the reader."""

import csv
import io
import os
import random
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firebreak.engine.registry.importing.escaping import escaped, unescaped
from firebreak.engine.registry.importing.kinds import PEOPLE
from firebreak.engine.registry.importing.mapping import propose
from firebreak.engine.registry.importing.papers import check_digit
from firebreak.engine.registry.importing.returned import REASON_HEADER, write_returned
from firebreak.engine.registry.importing.rows import RowReader
from firebreak.engine.registry.importing.sheet import KINDS_OF_ROW, Sheet, open_sheet
from firebreak.kernel.refusals import Refusal

pytestmark = pytest.mark.one_database
MALFORMED_FILES = int(os.environ.get("FIREBREAK_MALFORMED_FILES", "300"))
HEADER = ["姓名", "证件号码", "楼栋编号", "门牌号", "备注"]
_CELL = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12)


def resident(serial: int) -> str:
    body = f"35020319800101{serial:03d}"
    return body + check_digit(body)


_NAME = st.one_of(st.sampled_from(["张三", "李四", "𠀀三", "合计", "姓名", ""]), _CELL)
_PAPER = st.one_of(st.integers(0, 20).map(resident), st.just(""), _CELL)
_ROW = st.tuples(_NAME, _PAPER, st.sampled_from(["B1", "B2", ""]), st.sampled_from(["101", "2单元3", ""]), _CELL)


@dataclass
class Register:
    """The smallest register there is: who is known by paper, and by name, building, door."""

    papers: dict[str, str] = field(default_factory=dict)
    twins: set[tuple[str, str, str]] = field(default_factory=set)

    def verdict(self, row: dict[str, Any]) -> str:
        twin = (row["name"], row["building"], row.get("door", ""))
        if paper := row["id_number"]:
            known = self.papers.setdefault(paper, row["name"])
            if known != row["name"]:
                return "rejected"
        if (paper or "", *twin) in self.twins:
            return "duplicate"
        self.twins.add((paper or "", *twin))
        return "accepted"


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def read(content: bytes) -> Sheet:
    return open_sheet(content, knows=PEOPLE.knows)


def settled(sheet: Sheet, register: Register) -> Counter[str]:
    """The three counts of a sheet against a register."""
    mapping = propose(PEOPLE, sheet.headers, [])
    reader = RowReader(PEOPLE, mapping.columns)
    counts: Counter[str] = Counter()
    for row in sheet.rows():
        values = reader.read(row.cells, row.marks)
        counts[register.verdict(values) if isinstance(values, dict) else "rejected"] += 1
    return counts


@settings(max_examples=120, deadline=None)
@given(st.lists(_ROW.map(list), max_size=25))
def test_rows_in_are_accepted_rejected_or_duplicate_and_every_row_of_the_file_is_counted(rows: list[list[str]]) -> None:
    content = as_csv([HEADER, *rows])
    sheet = read(content)
    assert sum(sheet.counts[kind] for kind in KINDS_OF_ROW) == sum(1 for _ in sheet.source.rows())
    register = Register()
    counts = settled(sheet, register)
    assert sheet.counts["data"] == counts["accepted"] + counts["rejected"] + counts["duplicate"]
    again = settled(sheet, register)
    assert (again["accepted"], again["rejected"]) == (0, counts["rejected"])


@settings(max_examples=400, deadline=None)
@given(st.one_of(_CELL, st.tuples(st.sampled_from(["", "'", "''", " "]), st.sampled_from("=+-@\t\r＝'"),
    _CELL).map("".join)))
def test_an_escaped_text_comes_back_and_is_not_live(text: str) -> None:
    assert unescaped(escaped(text)) == text or text.startswith('="')
    assert escaped(text).lstrip()[:1] not in set("=+-@\t\r＝＋－＠")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(_CELL, min_size=5, max_size=5), min_size=1, max_size=6), st.sampled_from(["csv", "xlsx"]))
def test_a_returned_file_holds_the_cells_as_they_came(rows: list[list[str]], form: str) -> None:
    reading = {"format": form, "encoding": "UTF-8", "delimiter": ",", "headers": HEADER}
    out = io.BytesIO()
    write_returned(out, reading, [(row, "因为 / because") for row in rows])
    sheet = read(out.getvalue())
    assert sheet.headers == (*HEADER, REASON_HEADER)
    seen = [cells[:5] for _, cells, _ in list(sheet.source.rows())[1:]]
    clean = [[_as_stored(cell, form) for cell in row] for row in rows]
    assert [[_as_stored(cell, form) for cell in row] for row in seen] == clean


def _as_stored(cell: str, form: str) -> str:
    """XML knows one line end and no control characters; `="x"` is an exporter's quotation."""
    if cell.startswith('="'):
        return unescaped(cell)
    if form == "csv":
        return cell
    return "".join(char for char in cell if ord(char) >= 32 and char not in "\ufffe\uffff\x7f").strip()


def _workbook(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    if rows and len(rows) % 3 == 0:
        page.merge_range(1, 0, 2, 0, "合并")
    book.close()
    return out.getvalue()


def _malformed(draw: random.Random) -> bytes:
    """A small list that something happened to on its way."""
    rows = [HEADER, *([draw.choice(["张三", "=1", "合计", ""]), resident(draw.randrange(30)), "B1", "1", "x"]
                      for _ in range(draw.randrange(6)))]
    content = draw.choice([
        lambda: as_csv(rows), lambda: _workbook(rows), lambda: as_csv(rows).decode().encode("gbk"),
        lambda: as_csv(rows).decode().encode("utf-16"), lambda: as_csv(rows).decode().encode("utf-16-le"),
        lambda: draw.randbytes(draw.randrange(400)), lambda: b"PK\x03\x04" + draw.randbytes(200),
        lambda: b'"' * draw.randrange(50), lambda: as_csv(rows).replace(b",", b'"'), lambda: _repacked(draw, rows),
    ])()
    for _ in range(draw.randrange(4)):
        place = draw.randrange(len(content) + 1)
        content = draw.choice([
            content[:place], content[:place] + draw.randbytes(3) + content[place:], content + content[place:],
            content[:place] + content[place + 5:], content,
        ])
    return content


def _repacked(draw: random.Random, rows: list[list[str]]) -> bytes:
    """A workbook with one part broken, missing or doubled."""
    source, out = zipfile.ZipFile(io.BytesIO(_workbook(rows))), io.BytesIO()
    victim = draw.choice(source.namelist())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == victim:
                content = draw.choice([b"", content[: len(content) // 2], content.replace(b"<c ", b"<c r='A0' "),
                                       content.replace(b'r="', b'r="ZZZ99'), b"<a/>", content.replace(b"<v>", b"<v>9")])
                if draw.random() < 0.3:
                    continue
            archive.writestr(name, content)
    return out.getvalue()


def test_malformed_files_are_read_or_refused_and_always_add_up() -> None:
    outcomes: Counter[str] = Counter()
    for seed in range(MALFORMED_FILES):
        content = _malformed(random.Random(seed))
        try:
            sheet = read(content)
            rows = list(sheet.rows())
        except Refusal as refusal:
            outcomes[refusal.code] += 1
            continue
        outcomes["read"] += 1
        counts = settled(sheet, Register())
        assert len(rows) == sheet.counts["data"] == counts.total(), f"seed {seed}"
    assert outcomes["read"] > MALFORMED_FILES // 20
    assert outcomes.total() == MALFORMED_FILES
