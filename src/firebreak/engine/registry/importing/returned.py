"""The file that goes back: the rows that stayed out, as they came, with one column more that says why.

Same format, encoding, delimiter, columns and order; no cell can run as a formula. Brought in again after
correction, its reason column is ignored.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import xlsxwriter

from firebreak.engine.registry.importing.escaping import escaped
from firebreak.engine.registry.importing.problems import Problem

REASON_HEADER = "原因 Reason"
ROWS_PER_SHEET = 1_048_000


def reason_of(problems: Sequence[Problem]) -> str:
    """All that is wrong with a row, Chinese then English."""
    return f"{' '.join(item.zh for item in problems)} / {' '.join(item.en for item in problems)}"


def write_returned(
    out: BinaryIO, reading: dict[str, Any], rows: Iterable[tuple[Sequence[str], str]]
) -> int:
    """Write (cells, reason) rows to `out` as the file described by `reading` (`Sheet.as_json`); give their count."""
    headers = list(reading["headers"])
    width = len(headers)
    if REASON_HEADER in headers:
        headers.remove(REASON_HEADER)
        skip = list(reading["headers"]).index(REASON_HEADER)
    else:
        skip = width
    lines = (
        [*(cell for index, cell in enumerate(_padded(cells, width)) if index != skip), reason]
        for cells, reason in rows
    )
    header = [*headers, REASON_HEADER]
    if reading["format"] == "xlsx":
        return _write_workbook(out, header, lines)
    return _write_text(out, reading, header, lines)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


_CODECS = {"UTF-8": "utf-8", "UTF-8 (BOM)": "utf-8-sig", "UTF-16": "utf-16", "UTF-32": "utf-32"}


def _write_text(out: BinaryIO, reading: dict[str, Any], header: list[str], lines: Iterable[list[str]]) -> int:
    codec = _CODECS.get(reading["encoding"], "gb18030")
    text = io.TextIOWrapper(out, codec, newline="", write_through=True)
    writer = csv.writer(text, delimiter=reading["delimiter"], lineterminator="\r\n")
    writer.writerow([escaped(cell) for cell in header])
    count = 0
    for line in lines:
        writer.writerow([escaped(cell) for cell in line])
        count += 1
    text.flush()
    text.detach()
    return count


def _write_workbook(out: BinaryIO, header: list[str], lines: Iterable[list[str]]) -> int:
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    count = 0
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, cell in enumerate(header):
        sheet.write_string(0, column, escaped(cell))
    for line in lines:
        count += 1
        for column, cell in enumerate(line):
            sheet.write_string(count, column, escaped(cell)[:32_767])
    book.close()
    return count
