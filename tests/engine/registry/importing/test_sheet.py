"""Files as they are sent: encodings, titles, totals, merged cells, formulas, cuts and traps."""

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from firebreak.engine.registry.importing import sheet as sheets
from firebreak.engine.registry.importing.kinds import PEOPLE
from firebreak.engine.registry.importing.sheet import Sheet, open_sheet
from firebreak.kernel.refusals import Refusal

pytestmark = pytest.mark.one_database
LIST = "姓名,楼栋编号,门牌号\n张三,B1,301\n李四,B2,\n"


def opened(content: bytes, **options: object) -> Sheet:
    return open_sheet(content, knows=PEOPLE.knows, **options)  # type: ignore[arg-type]  # passed on as given


def refused(content: bytes) -> Refusal:
    with pytest.raises(Refusal) as seen:
        opened(content)
    return seen.value


def workbook(fill: Callable[[xlsxwriter.worksheet.Worksheet], object], *names: str) -> bytes:
    """An XLSX whose first sheet `fill` writes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    fill(book.add_worksheet(names[0] if names else None))
    for name in names[1:]:
        book.add_worksheet(name)
    book.close()
    return out.getvalue()


def plain_workbook(rows: Sequence[Sequence[object]]) -> bytes:
    return workbook(lambda page: [page.write_row(number, 0, row) for number, row in enumerate(rows)])


def cells(sheet: Sheet) -> list[list[str]]:
    return [row.cells for row in sheet.rows()]


def codes(sheet: Sheet) -> list[str]:
    return [note.code for note in sheet.notes]


@pytest.mark.parametrize(("codec", "label"), [
    ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 (BOM)"), ("utf-16", "UTF-16"), ("gbk", "GBK"),
])
def test_the_encoding_is_decided_and_reported(codec: str, label: str) -> None:
    sheet = opened(LIST.encode(codec))
    assert (sheet.encoding, sheet.headers) == (label, ("姓名", "楼栋编号", "门牌号"))
    assert cells(sheet) == [["张三", "B1", "301"], ["李四", "B2", ""]]


def test_characters_beyond_gbk_make_the_file_gb18030() -> None:
    sheet = opened(LIST.replace("张三", "𠀀三").encode("gb18030"))
    assert (sheet.encoding, cells(sheet)[0][0]) == ("GB18030", "𠀀三")


def test_a_damaged_byte_in_utf8_is_refused_with_row_and_byte_and_never_read_as_gbk() -> None:
    content = LIST.encode()
    at = content.index("李四".encode())
    refusal = refused(content[:at] + b"\xff" + content[at:])
    assert (refusal.code, refusal.facts) == ("undecodable-bytes", {"row": 3, "offset": at + 1, "encoding": "UTF-8"})


def test_a_file_cut_inside_a_character_is_refused() -> None:
    assert refused(LIST.encode()[:-9]).code == "undecodable-bytes"


def test_utf16_without_a_mark_and_other_zero_bytes_are_refused() -> None:
    assert refused("name,building\na,b\n".encode("utf-16-le")).code == "zero-bytes"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    sheet = opened(LIST.replace(",", delimiter).encode())
    assert (sheet.source.delimiter, cells(sheet)[0]) == (delimiter, ["张三", "B1", "301"])


def test_full_width_commas_are_text() -> None:
    assert cells(opened("姓名,楼栋编号\n张三,B1,旁边\n".replace("B1,", "B1，").encode()))[0][1] == "B1，旁边"


def test_every_row_is_counted_as_one_kind_and_numbered_as_the_person_sees_it() -> None:
    content = (
        f"东澳社区人员名单\n\n制表日期:2022-06-05,,\n{LIST}\n"
        "姓名,楼栋编号,门牌号\n王五,B3,1\n合计,3 人\n填表人:陈\n"
    ).encode()
    sheet = opened(content)
    assert dict(sheet.counts) == {
        "title": 2, "blank": 2, "header": 1, "data": 3, "repeated-header": 1, "total": 1, "remark": 1,
    }
    assert [row.number for row in sheet.rows()] == [5, 6, 9]
    assert codes(sheet) == ["total-agrees"]


@pytest.mark.parametrize("total", ["合计,3", "总计:3人,,", "共 3 人", "合 计,,3", "Total,3"])
def test_a_total_that_differs_is_a_question_and_never_a_person(total: str) -> None:
    sheet = opened(f"{LIST}{total}\n".encode())
    assert (sheet.counts["data"], [note.code for note in sheet.questions]) == (2, ["total-differs"])
    assert opened(f"{LIST}{total}\n".encode(), expected_count=2).questions == []


def test_subtotals_count_from_the_one_before() -> None:
    sheet = opened(f"{LIST}小计,2\n王五,B3,1\n小计,1\n合计,3\n".encode())
    assert codes(sheet) == ["total-agrees", "total-agrees", "total-agrees"]


def test_people_called_like_a_total_stay_people() -> None:
    assert opened("姓名,楼栋编号\n共小林,B1\n总三,B2\n".encode()).counts["data"] == 2


def test_a_header_of_two_rows_is_joined() -> None:
    sheet = opened("姓名,居住地址,,电话\n,楼栋,门牌,\n张三,B1,301,13800138000\n".encode())
    assert (sheet.header_rows, sheet.headers) == ((1, 2), ("姓名", "楼栋", "门牌", "电话"))
    assert sheet.counts["data"] == 1


def test_a_file_without_a_header_is_refused() -> None:
    assert refused("张三,350203199001011234\n李四,350203199001011235\n".encode()).code == "no-header"
    assert refused(b"").code == "empty-file"


@pytest.mark.parametrize(("content", "code"), [
    ('姓名,楼栋编号\n张三,"B1\n李四,B2\n', "open-quote"),
    ('姓名,楼栋编号\n"张三"x,B1\n', "stray-quote"),
    ('姓名,楼栋编号\n张三,"' + "x" * 1_000_100 + '"\n', "cell-too-long"),
    ("姓名,楼栋编号\n张三" + ",x" * 400 + "\n", "too-many-columns"),
])
def test_rows_that_cannot_be_told_apart_refuse_the_file_and_name_the_row(content: str, code: str) -> None:
    refusal = refused(content.encode())
    assert (refusal.code, refusal.facts["row"]) == (code, 2)


def test_a_last_row_without_line_end_and_with_too_few_cells_is_a_question() -> None:
    cut = opened("姓名,楼栋编号,门牌号\n张三,B1,301\n李四,B".encode())
    assert [note.code for note in cut.questions] == ["no-final-newline"]
    whole = opened("姓名,楼栋编号,门牌号\n张三,B1,301\n李四,B2,302".encode())
    assert (whole.questions, codes(whole)) == ([], ["no-final-newline"])


@pytest.mark.parametrize("data", [65_535, 65_536])
def test_a_suspicious_size_is_a_question_that_the_senders_count_settles(data: int) -> None:
    content = ("姓名,楼栋编号\n" + "张三,B1\n" * data).encode()
    assert [note.code for note in opened(content).questions] == ["suspicious-size"]
    assert opened(content, expected_count=data).questions == []
    assert [note.code for note in opened(content, expected_count=data + 9).questions] == ["count-differs"]


def test_an_ordinary_size_raises_no_question() -> None:
    assert opened(("姓名,楼栋编号\n" + "张三,B1\n" * 65_534).encode()).questions == []


def test_text_that_begins_like_a_formula_is_kept_and_flagged() -> None:
    sheet = opened('姓名,楼栋编号,电话\n=1+1,B1,+86 138\n"=""0301""",B2,-\n'.encode())
    rows = list(sheet.rows())
    assert (rows[0].cells[0], rows[0].marks) == ("=1+1", {0: sheets.LIVE_FORMULA})
    assert (rows[1].cells[0], codes(sheet)) == ("0301", ["formula-text"])


def test_a_workbook_with_titles_merged_cells_formulas_and_errors_is_read() -> None:
    def fill(page: xlsxwriter.worksheet.Worksheet) -> None:
        page.merge_range(1, 1, 1, 4, "东澳社区名单")
        page.write_row(2, 1, ["姓名", "楼栋编号", "门牌号", "证件号码"])
        page.write_row(3, 1, ["张三", "", 301])
        page.merge_range(3, 2, 4, 2, "B1")
        page.write(4, 1, "李四")
        page.write_formula(4, 3, "=300+2", None, 302)
        page.write_formula(5, 1, "=A1", None, "#REF!")
        page.write_number(6, 4, 350203199001011234)
        page.write_formula(7, 1, "=A1", None, "")
        page.write_row(8, 1, ["共 5 人"])

    sheet = opened(workbook(fill))
    assert (sheet.headers, sheet.counts["title"]) == (("", "姓名", "楼栋编号", "门牌号", "证件号码"), 1)
    rows = list(sheet.rows())
    assert [row.cells[1:4] for row in rows[:2]] == [["张三", "B1", "301"], ["李四", "B1", "302"]]
    assert {row.number: row.marks for row in rows} == {
        4: None, 5: {3: sheets.FORMULA}, 6: {1: sheets.ERROR_CELL}, 7: {4: sheets.LOST_DIGITS},
        8: {1: sheets.FORMULA_EMPTY},
    }
    assert set(codes(sheet)) == {
        "total-agrees", "formulas", "formulas-without-value", "error-cells", "lost-digits", "merged-cells",
    }


def test_only_the_visible_sheet_is_read_and_the_others_are_named() -> None:
    content = workbook(lambda page: [page.write_row(0, 0, ["姓名", "楼栋编号"]), page.write_row(1, 0, ["张三",
        "B1"])], "甲", "乙")
    assert codes(opened(content)) == ["other-sheets"]
    with pytest.raises(Refusal) as seen:
        opened(content, sheet="丙")
    assert seen.value.code == "no-such-sheet"


def test_a_cut_workbook_is_refused() -> None:
    content = plain_workbook([["姓名", "楼栋编号"], ["张三", "B1"]])
    for length in range(8, len(content), 97):
        assert refused(content[:length]).code == "cut-file"


def test_an_old_or_locked_workbook_is_refused() -> None:
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600).code == "old-workbook"


def test_an_archive_that_unpacks_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firebreak.engine.registry.importing.workbook.UNPACKED_LIMIT_MB", 5)
    out = io.BytesIO(plain_workbook([["姓名", "楼栋编号"], ["张三", "B1"]]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * (6 << 20))
    assert refused(out.getvalue()).code == "too-big-unpacked"


def test_a_sheet_whose_corners_lie_absurdly_far_apart_is_refused_before_it_is_loaded() -> None:
    content = workbook(lambda page: [page.write_row(0, 0, ["姓名", "楼栋编号"]), page.write(1_048_575, 16_383, "x")])
    assert refused(content).code == "too-many-columns"


def test_an_archive_with_entities_in_its_parts_is_refused() -> None:
    source = zipfile.ZipFile(io.BytesIO(plain_workbook([["姓名", "楼栋编号"], ["张三", "B1"]])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/workbook.xml":
                content = content.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook', 1)
            archive.writestr(name, content)
    assert refused(out.getvalue()).code == "cut-file"


def test_a_path_is_read_like_bytes(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes(LIST.encode())
    assert open_sheet(path, knows=PEOPLE.knows).sha256 == opened(LIST.encode()).sha256
