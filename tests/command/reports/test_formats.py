"""One report in every format and both languages: the same numbers everywhere, and the same bytes each time."""

import csv
import io
import json
import zipfile
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from firebreak.command.reports.actions import publish_report
from firebreak.command.reports.documents import Document, document
from firebreak.command.reports.models import Report
from firebreak.command.reports.queries import published, rendering, report_folder
from firebreak.command.reports.renderings import RENDERINGS, csv_file
from firebreak.commands.report import command
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import LANGUAGES, Language
from tests.command.reports.test_report_again import CUTOFF, DAY, HOUR, late_scan, running
from tests.support.testing_round import OPENED, Running

__all__ = ["running"]
TITLES = {"zh": "HT疫情防控日报", "en": "Daily outbreak report, HT"}


@pytest.fixture
def report(running: Running) -> Report:
    return Report.objects.get(ref=publish_report(day=DAY, cutoff_at=CUTOFF, by=running.by, at=OPENED + 5 * HOUR))


def content(report: Report) -> dict[str, list[dict[str, object]]]:
    kept: dict[str, list[dict[str, object]]] = json.loads(published(report, "json"))
    return kept


def numbers(report: Report) -> dict[object, object]:
    """Code of a figure → value, as the JSON says."""
    return {one["name"]: one["value"] for one in content(report)["figures"]}


def opened(report: Report, kind: str, language: Language) -> io.BytesIO:
    return io.BytesIO(rendering(report, kind, language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", RENDERINGS)
def test_every_format_gives_the_same_bytes_again_also_after_late_news(
    running: Running, report: Report, kind: str, language: Language,
) -> None:
    first = rendering(report, kind, language)
    late_scan(running)
    for path in report_folder().iterdir():
        path.unlink()
    assert rendering(report, kind, language) == first


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_says_every_figure_with_its_font_inside(report: Report, language: Language) -> None:
    file = PdfReader(opened(report, "pdf", language))
    text = "\n".join(page.extract_text() for page in file.pages)
    assert file.metadata is not None
    assert (_close(TITLES[language]) in _close(text), file.metadata.title) == (True, TITLES[language])
    said = [str(one[language]) for one in content(report)["figures"]]
    assert [title for title in said if _close(title) not in _close(text)] == []
    assert report.head in _close(text)
    fonts = {
        str(font.get_object()["/BaseFont"]) for page in file.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index,union-attr]  # a PDF's own dictionaries
    }
    assert (len(fonts) > 0, [name for name in fonts if "NotoSansCJK" not in name]) == (True, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_document_has_real_headings_and_the_numbers_of_the_json(report: Report, language: Language) -> None:
    file = docx.Document(opened(report, "docx", language))
    headings = [one.text for one in file.paragraphs if one.style is not None and str(one.style.name).startswith("Heading")]
    assert headings[0] == TITLES[language]
    rows = [[cell.text for cell in row.cells] for row in file.tables[1].rows][1:]
    assert {row[0]: int(row[2].replace(",", "")) for row in rows} == numbers(report)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_spreadsheet_has_an_hxl_row_and_numbers_that_can_be_added(report: Report, language: Language) -> None:
    book = CalamineWorkbook.from_filelike(opened(report, "xlsx", language))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1] == ["#indicator+code", "#indicator+name", "#indicator+num", "#indicator+unit"]
    assert {row[0]: row[2] for row in rows[2:]} == numbers(report)
    sides = book.get_sheet_by_index(1).to_python()[2:]
    assert [row[1] - row[2] - row[3] - row[4] for row in sides] == [0] * len(content(report)["ledgers"])


def test_the_csv_has_one_number_a_row_with_its_moment(report: Report) -> None:
    rows = list(csv.reader(io.StringIO(rendering(report, "csv", "en").decode("utf-8-sig"))))
    assert rows[0] == ["Code", "Figure", "Value", "Unit", "as_of"]
    assert rows[1] == ["#indicator+code", "#indicator+name", "#indicator+num", "#indicator+unit", "#date+asof"]
    figures = {row[0]: int(row[2]) for row in rows[2:] if not row[0].startswith("books.")}
    assert figures == numbers(report)
    assert {row[4] for row in rows[2:]} == {CUTOFF.isoformat().replace("+00:00", "Z")}
    assert len(rows) - 2 - len(figures) == 7 * len(content(report)["ledgers"])


def test_a_text_that_a_spreadsheet_would_run_is_quoted(report: Report) -> None:
    kept = json.loads(published(report, "json"))
    kept["figures"][0]["en"] = '=HYPERLINK("x")'
    made: Document = document(kept, "en")
    assert "'=HYPERLINK" in csv_file(made).decode()


def test_nothing_inside_the_packages_tells_when_they_were_made(report: Report) -> None:
    for kind in ("docx", "xlsx"):
        with zipfile.ZipFile(opened(report, kind, "zh")) as package:
            assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_report_of_a_moment_to_come_is_refused(running: Running) -> None:
    with pytest.raises(Refusal) as refused:
        publish_report(day=DAY, cutoff_at=OPENED + 6 * HOUR, by=running.by, at=OPENED + 5 * HOUR)
    assert (refused.value.code, Report.objects.count()) == ("future-cutoff", 0)


@pytest.mark.parametrize("kind", [*RENDERINGS, "html", "json"])
def test_the_command_writes_every_format(report: Report, tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"daily.{kind}"
    ran = CliRunner().invoke(
        command, ["daily", "--again", "-".join((DAY.isoformat(), "1")), "--format", kind, "--language", "zh",
                  "--out", str(out)],
    )
    assert ran.exit_code == 0, ran.output
    expected = rendering(report, kind, "zh") if kind in RENDERINGS else published(report, kind)
    assert out.read_bytes() == expected


def test_a_file_that_is_not_kept_lands_beside_the_report(report: Report) -> None:
    ran = CliRunner().invoke(command, ["daily", "--again", f"{DAY.isoformat()}-1", "--format", "pdf", "--language", "en"])
    assert ran.exit_code == 0, ran.output
    assert (report_folder() / f"{DAY.isoformat()}-1.en.pdf").read_bytes() == rendering(report, "pdf", "en")



def _close(text: str) -> str:
    """Text without the spaces that typesetting puts in or takes out."""
    return "".join(text.split())
