"""Reading XLSX: values by calamine, and beside it a look at the raw sheet for formulas, errors and traps.

The archive is unpacked once in a stream to see that it is whole and not larger than it may be, before a parser
that would hold it in memory gets it.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import IO, BinaryIO
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from firebreak.engine.registry.importing import problems
from firebreak.engine.registry.importing.escaping import unescaped
from firebreak.engine.registry.importing.textfile import COLUMN_LIMIT, Marks, RawRow

UNPACKED_LIMIT_MB = 600
PART_LIMIT = 3000
CELLS_LIMIT = 20_000_000
FORMULA, ERROR_CELL, FORMULA_EMPTY = "formula", "error-cell", "formula-without-value"
LOST_DIGITS = "lost-digits"
_TEXT_FORMULA = "formula-giving-text"
_CHUNK = 1 << 20
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>(\s*<(?:\w+:)?f\b)?")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class Workbook:
    """One worksheet of an XLSX file. Row numbers and columns are those a spreadsheet program shows."""

    format = "xlsx"
    delimiter = ""
    ends_with_newline = True

    def __init__(self, opened: Callable[[], BinaryIO], sheet: str | None) -> None:
        self._opened = opened
        with opened() as raw:
            parts = _unpacked(raw)
        with opened() as raw:
            self._book = _loaded(raw)
        names = [
            entry.name for entry in self._book.sheets_metadata
            if entry.typ == SheetTypeEnum.WorkSheet
            and (entry.visible == SheetVisibleEnum.Visible or entry.name == sheet)
        ]
        if not names or (sheet is not None and sheet not in names):
            raise problems.NO_SUCH_SHEET.because(sheet=sheet or "", sheets="、".join(names) or "-")
        self.sheet = sheet or names[0]
        self.other_sheets = [name for name in names if name != self.sheet]
        with opened() as raw:
            self.marks = _scanned(raw, parts, self.sheet)
        self.merged = 0

    def rows(self) -> Iterator[RawRow]:
        """(row, cells, marks). Cells merged downwards repeat their value. Errors: `Refusal`."""
        try:
            sheet = self._book.get_sheet_by_name(self.sheet)
        except CalamineError:
            raise problems.CUT_ARCHIVE.because() from None
        offset = [""] * (sheet.start[1] if sheet.start else 0)
        below = _merged_down(sheet.merged_cell_ranges or [])
        self.merged = sum(last - first for first, last in below.values())
        held: dict[int, tuple[str, int]] = {}
        for number, values in enumerate(sheet.iter_rows(), 1):
            marks = dict(self.marks.get(number, {}))
            cells = offset + [_text(value, column + len(offset), marks) for column, value in enumerate(values)]
            if below:
                _fill_down(number, cells, below, held)
            for column, mark in marks.items():
                if mark == _TEXT_FORMULA:
                    marks[column] = FORMULA
                elif mark == FORMULA and column < len(cells) and not cells[column]:
                    marks[column] = FORMULA_EMPTY
            yield number, cells, marks or None


def _text(value: object, column: int, marks: Marks) -> str:
    if isinstance(value, str):
        return unescaped(value) if value[:1] == "'" else value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        if not value.is_integer():
            return repr(value)
        if abs(value) >= 1e15:
            marks[column] = LOST_DIGITS
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _merged_down(
    ranges: list[tuple[tuple[int, int], tuple[int, int]]],
) -> dict[tuple[int, int], tuple[int, int]]:
    """(first row, column), from 1 and 0, of each cell merged downwards, with its first and last row."""
    return {
        (top + 1, left): (top + 1, bottom + 1)
        for (top, left), (bottom, right) in ranges if bottom > top and bottom - top < 10_000
    }


def _fill_down(
    number: int, cells: list[str], below: dict[tuple[int, int], tuple[int, int]], held: dict[int, tuple[str, int]]
) -> None:
    for column, cell in enumerate(cells):
        span = below.get((number, column))
        if span:
            held[column] = (cell, span[1])
        elif column in held and number > held[column][1]:
            del held[column]
    for column, (text, _) in held.items():
        if not cells[column]:
            cells[column] = text


def _unpacked(raw: BinaryIO) -> dict[str, str]:
    """Unpack every part once, counting; give each sheet's part by name. Errors: `Refusal`."""
    try:
        with zipfile.ZipFile(raw) as archive:
            entries = archive.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise problems.OLD_WORKBOOK.because()
            names = [entry.filename for entry in entries]
            if len(entries) > PART_LIMIT or len(set(names)) < len(names):
                raise problems.CUT_ARCHIVE.because()
            left = UNPACKED_LIMIT_MB << 20
            for entry in entries:
                with archive.open(entry) as part:
                    while content := part.read(_CHUNK):
                        left -= len(content)
                        if left < 0:
                            raise problems.TOO_BIG.because(limit=UNPACKED_LIMIT_MB)
            return _sheet_parts(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError, KeyError,
            ElementTree.ParseError, _zlib_error(), RuntimeError):
        raise problems.CUT_ARCHIVE.because() from None


def _zlib_error() -> type[Exception]:
    import zlib

    return zlib.error


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    book = _parsed(archive, "xl/workbook.xml")
    relations = _parsed(archive, "xl/_rels/workbook.xml.rels")
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    parts = {}
    for entry in book.iter():
        if entry.tag.endswith("}sheet"):
            target = targets.get(entry.get(_RELATION) or entry.get(_STRICT_RELATION) or "", "")
            parts[entry.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return parts


def _parsed(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    content = archive.read(name)
    if len(content) > 4 << 20 or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise problems.CUT_ARCHIVE.because()
    return ElementTree.fromstring(content)  # noqa: S314  no entities: refused the line before


def _loaded(raw: BinaryIO) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(raw)
    except CalamineError:
        raise problems.CUT_ARCHIVE.because() from None


def _scanned(raw: BinaryIO, parts: dict[str, str], sheet: str) -> dict[int, Marks]:
    """Formula and error cells by row and column; refuses a sheet whose corners lie absurdly far apart."""
    marks: dict[int, Marks] = {}
    last_row, last_column = 0, 0
    with zipfile.ZipFile(raw) as archive:
        name = parts.get(sheet, "")
        if name not in archive.namelist():
            raise problems.CUT_ARCHIVE.because()
        with archive.open(name) as part:
            for cells in _cell_runs(part):
                for attributes, formula in cells:
                    place = _PLACE.search(attributes)
                    if place is None:
                        continue
                    row, column = int(place[2]), _column(place[1])
                    last_row, last_column = max(last_row, row), max(last_column, column)
                    if b't="e"' in attributes:
                        marks.setdefault(row, {})[column] = ERROR_CELL
                    elif formula:
                        marks.setdefault(row, {})[column] = _TEXT_FORMULA if b't="str"' in attributes else FORMULA
    if last_column >= COLUMN_LIMIT and last_column * last_row > CELLS_LIMIT:
        raise problems.TOO_MANY_COLUMNS.because(row=last_row, columns=last_column + 1, limit=COLUMN_LIMIT)
    if (last_column + 1) * last_row > CELLS_LIMIT:
        raise problems.TOO_BIG.because(limit=UNPACKED_LIMIT_MB)
    return marks


def _cell_runs(part: IO[bytes]) -> Iterator[list[tuple[bytes, bytes]]]:
    rest = b""
    while content := part.read(_CHUNK):
        content = rest + content
        cut = content.rfind(b"<", 0, content.rfind(b' r="') + 1)
        if cut <= 0 or len(content) - cut > _CHUNK:
            cut = len(content)
        rest = content[cut:]
        yield _CELL.findall(content[:cut])
    yield _CELL.findall(rest)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
