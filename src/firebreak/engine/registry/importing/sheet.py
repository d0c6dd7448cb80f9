"""A file as somebody sent it, read row by row: what is title, header, person, total, and what looks wrong.

Every row of the file is counted exactly once as one of `KINDS_OF_ROW`; rows numbered as the person sees them.
Reads in bounded memory (XLSX: the parser's). Never changes a cell beyond taking off its escape.
"""

import io
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from firebreak.engine.registry.importing import problems
from firebreak.engine.registry.importing.escaping import looks_live
from firebreak.engine.registry.importing.problems import Note
from firebreak.engine.registry.importing.textfile import Marks, RawRow, TextFile
from firebreak.engine.registry.importing.values import narrow
from firebreak.engine.registry.importing.workbook import (
    ERROR_CELL,
    FORMULA,
    FORMULA_EMPTY,
    LOST_DIGITS,
    Workbook,
)
from firebreak.kernel.text import T

__all__ = ["ERROR_CELL", "FORMULA", "FORMULA_EMPTY", "LIVE_FORMULA", "LOST_DIGITS", "Row", "Sheet", "open_sheet"]

_MAY_BE_LIVE = re.compile(r"(?:\n|^)[=+\-@＝＋－＠]")
_SPECIAL_OPENINGS = frozenset("合总小共累填制审联负备说注打tsg")
KINDS_OF_ROW = ("title", "header", "data", "repeated-header", "total", "remark", "blank")
LIVE_FORMULA = "formula-text"
_BROKEN = frozenset({ERROR_CELL, FORMULA_EMPTY})
SUSPICIOUS = (65_536, 1_048_576)
_LOOK_FOR_HEADER = 40
_TOTAL = re.compile(
    r"(合计|总计|小计|共计|累计|总数|总人数|总户数|总行数|合计人数|共有?|total|subtotal|grandtotal|sum)"
    r"[::]?(\d*)(人|户|行|条|栋|名)?[。.]?", re.IGNORECASE,
)
_REMARK = re.compile(r"(填表|制表|审核|填报|联系人|负责人|备注|说明|注|打印)[^,,]{0,12}[::]")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that should hold a person or a thing. `number` is what the spreadsheet program shows."""

    number: int
    cells: list[str]
    marks: Marks | None = None


@dataclass(slots=True)
class Sheet:
    """An opened file. `counts` has the number of rows of each kind; `notes` what a person should know."""

    source: TextFile | Workbook
    sha256: str
    headers: tuple[str, ...]
    header_rows: tuple[int, ...]
    expected_count: int | None = None
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)
    titles: list[list[str]] = field(default_factory=list)
    _special: dict[int, str] = field(default_factory=dict)
    _surveyed: bool = False

    @property
    def format(self) -> str:
        """`csv`, `tsv` or `xlsx`."""
        return self.source.format

    @property
    def encoding(self) -> str:
        """As people know it; empty for XLSX."""
        return self.source.encoding.label if isinstance(self.source, TextFile) else ""

    @property
    def questions(self) -> list[Note]:
        """What must be answered before anything is written."""
        return [note for note in self.notes if note.question]

    def rows(self) -> Iterator[Row]:
        """The rows that are neither title, header, total, remark nor blank."""
        for what, number, cells, marks in self._sorted():
            if what == "data":
                yield Row(number, cells, _with_live(cells, marks))

    def as_json(self) -> dict[str, Any]:
        """How the file was read, for the record; holds no cell of a person."""
        return {
            "format": self.format, "encoding": self.encoding, "delimiter": self.source.delimiter,
            "sheet": getattr(self.source, "sheet", ""), "headers": list(self.headers),
            "header_rows": list(self.header_rows), "counts": dict(self.counts),
            "notes": [
                {"code": note.code, "zh": note.text.zh, "en": note.text.en, "question": note.question}
                for note in self.notes
            ],
        }

    def _sorted(self) -> Iterator[tuple[str, int, list[str], Marks | None]]:
        """Every row with its kind. What the first look found special is remembered; blank rows are seen anew."""
        first, last = self.header_rows[0], self.header_rows[-1]
        names = [plain(header) for header in self.headers]
        special = self._special
        for number, cells, marks in self.source.rows():
            if (not any(cells) or not "".join(cells).strip()) and not _BROKEN.intersection((marks or {}).values()):
                yield "blank", number, cells, marks
            elif self._surveyed:
                yield special.get(number, "data"), number, cells, marks
            else:
                if number <= last:
                    what = "title" if number < first else "header"
                else:
                    what = _kind_of(cells, names)
                if what != "data":
                    special[number] = what
                yield what, number, cells, marks


def open_sheet(
    source: Path | str | bytes, *, sheet: str | None = None, expected_count: int | None = None,
    knows: Callable[[str], bool] = lambda header: False,
) -> Sheet:
    """Open a CSV, TSV or XLSX and look through all of it once.

    `knows` tells a known header (`Kind.knows`), which finds the header row among titles; `expected_count` is how
    many rows the sender counts and answers the question about a suspicious size. Errors: `Refusal`.
    """
    opened = _opener(source)
    digest = _digest(opened)
    with opened() as raw:
        head = raw.read(8)
    if not head:
        raise problems.EMPTY_FILE.because()
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise problems.OLD_WORKBOOK.because()
    reader = Workbook(opened, sheet) if head.startswith(b"PK") else TextFile(opened, knows)
    header_rows, headers = find_header(list(islice(_nonblank(reader.rows()), _LOOK_FOR_HEADER)), knows)
    found = Sheet(reader, digest, headers, header_rows, expected_count)
    _survey(found)
    return found


def find_header(head: list[RawRow], knows: Callable[[str], bool]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The number(s) of the header row(s) and the headers. Errors: `Refusal` no-header."""
    if not head:
        raise problems.NO_HEADER.because()
    known = [sum(map(knows, set(filter(None, cells)))) for _, cells, _ in head]
    best = max(range(len(head)), key=lambda index: (known[index], -index))
    if known[best] == 0:
        best = _header_by_shape(head)
    number, cells, _ = head[best]
    for above, below in ((best - 1, best), (best, best + 1)):
        if above < 0 or below >= len(head) or head[below][0] != head[above][0] + 1:
            continue
        upper, lower = head[above][1], head[below][1]
        joined = _joined(upper, lower)
        if sum(map(knows, set(joined))) > known[best] and all(knows(cell) for cell in lower if cell.strip()):
            return (head[above][0], head[below][0]), _headers(joined)
    return (number,), _headers(cells)


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    width = max(len(upper), len(lower))
    padded = [(row + [""] * width)[:width] for row in (upper, lower)]
    return [below.strip() or above for above, below in zip(*padded, strict=True)]


def _headers(cells: list[str]) -> tuple[str, ...]:
    trimmed = [" ".join(cell.split()) for cell in cells]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return tuple(trimmed)


def _header_by_shape(head: list[RawRow]) -> int:
    """The first row of distinct words without digits that is about as wide as the rows below it."""
    width = max(sum(bool(cell.strip()) for cell in cells) for _, cells, _ in head)
    for index, (_, cells, _) in enumerate(head):
        filled = [cell.strip() for cell in cells if cell.strip()]
        words = all(len(cell) <= 40 and sum(char.isdigit() for char in cell) <= 2 for cell in filled)
        if len(filled) >= max(2, width * 0.6) and words and len(set(filled)) == len(filled):
            return index
    raise problems.NO_HEADER.because()


def plain(text: str) -> str:
    """A cell without case, width and spaces, for comparing."""
    return "".join(narrow(text).casefold().split())


def _kind_of(cells: list[str], names: list[str]) -> str:
    start = next((column for column, cell in enumerate(cells) if cell and not cell.isspace()), -1)
    if start < 0:
        return "data"
    opening = plain(cells[start])
    if opening[:1] not in _SPECIAL_OPENINGS and (start >= len(names) or names[start] != opening):
        return "data"
    filled = [(column, plain(cell)) for column, cell in enumerate(cells) if cell and not cell.isspace()]
    if any(_TOTAL.fullmatch(text) for _, text in filled[:2]) and _only_counts(filled):
        return "total"
    if len(filled) <= 4 and _REMARK.match(opening):
        return "remark"
    matches = sum(column < len(names) and names[column] == text for column, text in filled)
    return "repeated-header" if matches == len(filled) and matches >= min(2, len(names)) else "data"


def _only_counts(filled: list[tuple[int, str]]) -> bool:
    return all(_TOTAL.fullmatch(text) or re.fullmatch(r"[\d,.]+(人|户|行|条|栋|名)?", text) for _, text in filled)


def _survey(sheet: Sheet) -> None:
    """Look through the whole file once: count, compare totals, and write down what looks wrong."""
    marked: Counter[str] = Counter()
    totals: list[tuple[int, int, int, bool]] = []
    since, last_number = 0, 0
    tail: deque[list[str]] = deque(maxlen=1)
    width = len(sheet.headers)
    for what, number, cells, marks in sheet._sorted():
        sheet.counts[what] += 1
        last_number = number
        if what == "title" and len(sheet.titles) < _LOOK_FOR_HEADER:
            sheet.titles.append(cells)
        elif what == "data":
            since += 1
            tail.append(cells)
            if len(cells) > width:
                width = max(width, _width(cells))
            marked.update((_with_live(cells, marks) or {}).values())
        elif what == "total":
            stated, part = _stated(cells)
            if stated is not None:
                totals.append((number, stated, since if part else sheet.counts["data"], part))
            since = 0
    if width > len(sheet.headers):
        sheet.headers += ("",) * (width - len(sheet.headers))
    _note_size(sheet, last_number)
    _note_totals(sheet, totals)
    _note_cells(sheet, marked, tail)
    sheet._surveyed = True


def _width(cells: list[str]) -> int:
    width = len(cells)
    while width and not cells[width - 1].strip():
        width -= 1
    return width


def _with_live(cells: list[str], marks: Marks | None) -> Marks | None:
    if not _MAY_BE_LIVE.search("\n".join(cells)):
        return marks
    live = {column: LIVE_FORMULA for column, cell in enumerate(cells) if cell and looks_live(cell)}
    return {**live, **(marks or {})} if live else marks


def _stated(cells: list[str]) -> tuple[int | None, bool]:
    """The number a total row states, and whether it is a subtotal."""
    texts = [plain(cell) for cell in cells if cell.strip()]
    part = any(text.startswith(("小计", "subtotal")) for text in texts)
    for text in texts:
        if found := re.search(r"\d[\d,]*", text):
            return int(found[0].replace(",", "")), part
    return None, part


def _note_size(sheet: Sheet, last_number: int) -> None:
    rows = sheet.counts["data"]
    if sheet.expected_count is not None:
        if sheet.expected_count != rows:
            sheet.notes.append(Note("count-differs", T(
                f"文件有 {rows} 行,发送方说 {sheet.expected_count} 行。没有写入。请发送方重发完整文件。",
                f"The file has {rows} rows, its sender counts {sheet.expected_count}. Nothing was written."
                " Ask for the whole file.",
            ), question=True))
        return
    for limit in SUSPICIOUS:
        if limit in (rows, rows + 1, last_number):
            sheet.notes.append(Note("suspicious-size", T(
                f"文件正好 {limit:,} 行,可能被截断。没有写入。请对照发送方的条数,填入后再导入。",
                f"The file has exactly {limit:,} rows and may be cut. Nothing was written."
                " Enter the sender's count.",
            ), question=True))


def _note_totals(sheet: Sheet, totals: list[tuple[int, int, int, bool]]) -> None:
    for number, stated, counted, part in totals:
        if stated == counted:
            sheet.notes.append(Note("total-agrees", T(
                f"第 {number} 行的合计 {stated} 与读到的行数一致;合计行不作为人员导入。",
                f"The total in row {number}, {stated}, equals the rows read; it is not imported as a person.",
            )))
            continue
        settled = sheet.expected_count == sheet.counts["data"]
        sheet.notes.append(Note("total-differs", T(
            f"第 {number} 行的{'小计' if part else '合计'}写 {stated},读到 {counted} 行。请对照发送方的条数。",
            f"The {'subtotal' if part else 'total'} in row {number} says {stated}; {counted} rows were read."
            " Enter the sender's count.",
        ), question=not settled and not part))


_CELL_NOTES = {
    FORMULA: ("formulas", "有 {n} 格是公式,取其上次算出的值。", "{n} cells hold formulas; their last result is used."),
    FORMULA_EMPTY: (
        "formulas-without-value", "有 {n} 格公式没有结果,所在行会列出。",
        "{n} formulas have no result; their rows are listed.",
    ),
    ERROR_CELL: (
        "error-cells", "有 {n} 格是公式错误(如 #REF!),所在行会列出。",
        "{n} cells hold formula errors (such as #REF!); their rows are listed.",
    ),
    LOST_DIGITS: (
        "lost-digits", "有 {n} 格长数字已丢失末位,所在行会列出。",
        "{n} long numbers have lost their last digits; their rows are listed.",
    ),
    LIVE_FORMULA: (
        "formula-text", "有 {n} 格以 = + - @ 开头,原文保留,不会运算。",
        "{n} cells begin with = + - or @; the text is kept and never run.",
    ),
}


def _note_cells(sheet: Sheet, marked: Counter[str], tail: deque[list[str]]) -> None:
    for mark, (code, zh, en) in _CELL_NOTES.items():
        if marked[mark]:
            sheet.notes.append(Note(code, T(zh, en).filled(n=marked[mark])))
    source = sheet.source
    if isinstance(source, Workbook):
        if source.merged:
            sheet.notes.append(Note("merged-cells", T(
                f"有 {source.merged} 格是向下合并的,已按合并的值补上。",
                f"{source.merged} cells were merged downwards; each row got the merged value.",
            )))
        if source.other_sheets:
            names = "、".join(source.other_sheets)
            sheet.notes.append(Note("other-sheets", T(
                f"只读工作表“{source.sheet}”;另有:{names}。",
                f"Only sheet '{source.sheet}' is read; there are also: {names}.",
            )))
    elif not source.ends_with_newline:
        named = [column for column, header in enumerate(sheet.headers) if header]
        short = bool(tail) and bool(named) and len(tail[0]) <= named[-1]
        settled = sheet.expected_count == sheet.counts["data"] or any(n.code == "total-agrees" for n in sheet.notes)
        sheet.notes.append(Note("no-final-newline", T(
            "最后一行没有换行" + (",而且列数不够,文件可能被截断。请对照发送方的条数。" if short else ",内容完整。"),
            "The last row has no line end" + (
                " and too few cells: the file may be cut. Enter the sender's count." if short else "; it is complete."
            ),
        ), question=short and not settled))


def _nonblank(rows: Iterator[RawRow]) -> Iterator[RawRow]:
    return (row for row in rows if any(cell.strip() for cell in row[1]))


def _opener(source: Path | str | bytes) -> Callable[[], BinaryIO]:
    if isinstance(source, bytes):
        return lambda: io.BytesIO(source)
    path = Path(source)
    return lambda: path.open("rb")


def _digest(opened: Callable[[], BinaryIO]) -> str:
    digest = sha256()
    with opened() as raw:
        while content := raw.read(1 << 20):
            digest.update(content)
    return digest.hexdigest()
