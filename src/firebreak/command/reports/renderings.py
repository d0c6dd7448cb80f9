"""A document as a file: PDF, Word, spreadsheet, CSV with HXL. The same document gives the same bytes.

What a library would stamp with the clock (creation dates, times inside a ZIP) is set to the report's own cut-off.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import docx as word
import typst
import xlsxwriter
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from firebreak.command.reports.documents import BOOK_SIDES, Document, Table

TEMPLATE = Path(__file__).parent / "templates" / "reports" / "daily.typ"
STILL = (1980, 1, 1, 0, 0, 0)
"""The moment inside every ZIP: its earliest."""


def pdf(document: Document) -> bytes:
    """A4, pages numbered, tagged for screen readers (PDF/UA), the font embedded."""
    data = json.dumps({**asdict(document), "at": None}, ensure_ascii=False, sort_keys=True)
    return typst.compile(
        str(TEMPLATE), format="pdf", font_paths=[_fonts()], ignore_system_fonts=True,
        sys_inputs={"document": data}, timestamp=int(document.at.timestamp()), pdf_standards="ua-1",
    )


def docx(document: Document) -> bytes:
    """For a word processor: headings, real tables, the fonts its reader has."""
    file = word.Document()
    normal = file.styles["Normal"]
    normal.font.name = "Arial"
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "SimSun")
    if document.drill:
        file.add_paragraph(document.drill).alignment = WD_ALIGN_PARAGRAPH.CENTER
    file.add_heading(document.title, level=1)
    file.add_paragraph(document.lead)
    for table, said in ((document.books, document.said), (document.figures, "")):
        file.add_heading(table.caption, level=2)
        if said:
            file.add_paragraph(said)
        grid = file.add_table(rows=1, cols=len(table.columns), style="Table Grid")
        for cell, words in zip(grid.rows[0].cells, table.columns, strict=True):
            cell.text = words
        for row in table.rows:
            for cell, value in zip(grid.add_row().cells, row, strict=True):
                cell.text = _said(value)
                if isinstance(value, int):
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for note in document.notes:
        file.add_paragraph(note)
    moment = document.at.astimezone(UTC).replace(tzinfo=None)
    core = file.core_properties
    core.title, core.author, core.language = document.title, "Firebreak", document.language
    core.created = core.modified = moment
    out = io.BytesIO()
    file.save(out)
    return _stilled(out.getvalue())


def xlsx(document: Document) -> bytes:
    """A sheet of figures with their HXL row, one of books, one of what the report stands on."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({
        "title": document.title, "author": "Firebreak", "created": document.at.astimezone(UTC).replace(tzinfo=None),
    })
    bold, count = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "#,##0"})
    for table in (document.figures, document.books):
        sheet = book.add_worksheet(table.caption)
        sheet.write_row(0, 0, table.columns, bold)
        sheet.write_row(1, 0, table.tags)
        for number, row in enumerate(table.rows, start=2):
            for place, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(number, place, value, count)
                else:
                    sheet.write_string(number, place, value)
        sheet.set_column(0, 1, 30)
        sheet.freeze_panes(2, 1)
    about = book.add_worksheet("Firebreak")
    for number, words in enumerate([document.title, document.lead, document.drill, document.said, *document.notes]):
        about.write_string(number, 0, words)
    book.close()
    return out.getvalue()


def csv_file(document: Document) -> bytes:
    """One row a number (figures, then each side of each book), with the HXL hashtags in the second row."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    figures = document.figures
    lines.writerow((*figures.columns, "as_of"))
    lines.writerow((*figures.tags, "#date+asof"))
    at = document.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    for row in (*figures.rows, *_flat(document.books, figures.rows[0][3] if figures.rows else "")):
        lines.writerow((*(_harmless(value) for value in row), at))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


RENDERINGS: Mapping[str, tuple[Callable[[Document], bytes], str]] = {
    "pdf": (pdf, "application/pdf"),
    "docx": (docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (csv_file, "text/csv; charset=utf-8"),
}
"""Kind of file → how it is made, and its content type."""


def _flat(books: Table, unit: str | int) -> list[tuple[str | int, ...]]:
    """Each side of each book as a line of its own."""
    return [
        (f"books.{number}.{side}", f"{row[0]} · {word}", value, "")
        for number, row in enumerate(books.rows, start=1)
        for side, word, value in zip(BOOK_SIDES, books.columns[1:], row[1:], strict=True)
    ]


def _said(value: str | int) -> str:
    return f"{value:,}" if isinstance(value, int) else value


def _harmless(value: str | int) -> str | int:
    """A text that a spreadsheet would take for a formula is quoted (OWASP: CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _stilled(package: bytes) -> bytes:
    """The same ZIP with every entry at one moment, in the order of its names."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(zipfile.ZipInfo(name, STILL), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


@cache
def _fonts() -> str:
    """Where the embedded font lies; its package has no code worth importing."""
    found = find_spec("manimgx_fonts_cjk")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent)
