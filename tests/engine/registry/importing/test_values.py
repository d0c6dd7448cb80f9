"""Single cells as people type them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from firebreak.engine.registry.importing import papers, shapes, values
from firebreak.engine.registry.importing.kinds import KINDS
from firebreak.engine.registry.importing.problems import Unreadable

pytestmark = pytest.mark.one_database


def code_of(parse: Callable[[str], Any], text: str) -> str:
    """The code of the problem that keeps a cell out."""
    with pytest.raises(Unreadable) as refused:
        parse(text)
    return refused.value.code


@pytest.mark.parametrize(("text", "name"), [
    ("张三", "张三"), (" 欧阳 修 ", "欧阳修"), ("张 三", "张三"), ("买买提•艾力", "买买提·艾力"),
    ("𠀀𪚥", "𠀀𪚥"), ("Ｊｏｈｎ　Smith", "John Smith"), ("O'Neill", "O'Neill"), ("张三(演练)", "张三(演练)"),
    ("\u200b李四\u200b", "李四"), ("丨", "丨"),
])
def test_parse_name_keeps_rare_characters_and_drops_gaps_set_for_looks(text: str, name: str) -> None:
    assert values.parse_name(text) == name


@pytest.mark.parametrize(("text", "code"), [
    ("张?", "name-lost-character"), ("李\ufffd", "name-lost-character"), ("王**", "name-masked"),
    ("12345", "name-unreadable"), ("=HYPERLINK(1)", "name-unreadable"), ("x" * 61, "too-long"), ("--",
        "name-unreadable"),
])
def test_parse_name_with_a_lost_or_masked_character_is_refused(text: str, code: str) -> None:
    assert code_of(values.parse_name, text) == code


@pytest.mark.parametrize("text", [
    "1990-01-31", "1990/1/31", "1990.1.31", "1990年1月31日", "19900131", "31/1/1990", "1/31/1990", "32904", "32904.0",
    "１９９０－０１－３１", "1990-01-31 00:00:00", "'1990-01-31", "1990 - 1 - 31",
])
def test_parse_date_reads_one_day_in_every_common_form(text: str) -> None:
    assert values.parse_date(text) == date(1990, 1, 31)


def test_parse_date_with_two_readings_asks_unless_the_column_proves_its_order() -> None:
    assert code_of(values.parse_date, "01/02/1990") == "date-two-readings"
    assert values.parse_date("01/02/1990", values.DAY_FIRST) == date(1990, 2, 1)
    assert values.parse_date("01/02/1990", values.MONTH_FIRST) == date(1990, 1, 2)
    assert (values.order_of("31/1/1990"), values.order_of("1/31/1990"), values.order_of("1/2/1990")) == (
        values.DAY_FIRST, values.MONTH_FIRST, "",
    )


@pytest.mark.parametrize("text", ["1990", "1990-02-30", "90-01-01", "yesterday", "2020-W01-1", "99999999"])
def test_parse_date_that_is_no_day_is_refused(text: str) -> None:
    assert code_of(values.parse_date, text) == "date-unreadable"


@pytest.mark.parametrize(("text", "phone"), [
    ("138 0013 8000", "13800138000"), ("+86-138-0013-8000", "13800138000"), ("008613800138000", "13800138000"),
    ("１３８００１３８０００", "13800138000"), ("0596-1234567", "05961234567"), ("+852 2345 6789", "+85223456789"),
    ("13800138000/13900139000", "13800138000、13900139000"), ("13800138000.0", "13800138000"), ("6012345", "6012345"),
])
def test_parse_phone_reads_mobiles_landlines_and_several(text: str, phone: str) -> None:
    assert values.parse_phone(text) == phone


@pytest.mark.parametrize("text", ["1380013800", "23800138000000000", "abc", "138001380001", "+1"])
def test_parse_phone_with_wrong_digits_is_refused(text: str) -> None:
    assert code_of(values.parse_phone, text) == "phone-unreadable"


@pytest.mark.parametrize(("text", "door"), [
    ("301室", "301"), ("3单元 502 室", "3-502"), ("Ａ－１０１", "A-101"), ("301.0", "301"), ("'0301", "0301"),
    ("2-301房", "2-301"),
])
def test_parse_door_gives_one_spelling_per_door(text: str, door: str) -> None:
    assert values.parse_door(text) == door


def test_parse_door_turned_into_a_date_by_a_spreadsheet_is_refused() -> None:
    assert code_of(values.parse_door, "2022-03-02") == "door-became-date"


@pytest.mark.parametrize(("field", "text", "value"), [
    ("sex", "男", 1), ("sex", " F ", 2), ("sex", "２", 2), ("presence", "务工", "works"), ("presence", "常住", "lives"),
    ("presence", "过境", "passing"), ("needs", "透析、孕妇 /行动不便", ["dialysis", "limited_mobility", "pregnant"]),
    ("needs", "无", []), ("id_kind", "护照", "passport"),
])
def test_words_for_codes_are_understood(field: str, text: str, value: object) -> None:
    assert KINDS["people"].by_key[field].parse(text) == value


def test_an_unknown_word_is_refused_with_the_words_that_are_known() -> None:
    with pytest.raises(Unreadable) as refused:
        KINDS["people"].by_key["sex"].parse("X")
    problem = refused.value.as_problem("sex")
    assert problem.zh == "“X”看不懂。本行未导入,其他行不受影响。请写:男、女。"
    assert problem.en == (
        "'X' is not understood. This row was left out; the others are not affected. Write one of: M, F."
    )


def test_a_resident_id_says_birth_and_sex() -> None:
    paper = papers.parse_paper("11010519491231002x")
    assert paper == ("resident", "11010519491231002X", date(1949, 12, 31), 2)
    assert papers.parse_paper(" １１０１０５ 19491231-002Ｘ").number == "11010519491231002X"


def test_fifteen_digit_ids_are_upgraded_also_for_people_of_a_hundred_years() -> None:
    assert papers.parse_paper("320311770706001").number == "320311197707060018"
    assert papers.parse_paper("320311770706996").birth_on == date(1877, 7, 6)


@pytest.mark.parametrize(("number", "kind", "code"), [
    ("110105194912310021", "", "id-check-digit"), ("110105199002300011", "", "id-no-such-day"),
    ("1101051949123100", "", "id-wrong-length"), ("11010519491231000000", "", "id-wrong-length"),
    ("350203199001011000", "", "id-lost-digits"), ("3.50203E+17", "", "id-lost-digits"),
    ("12", "passport", "paper-unreadable"), ("X1", "permit", "paper-unreadable"),
])
def test_a_paper_that_cannot_be_true_is_refused(number: str, kind: str, code: str) -> None:
    assert code_of(lambda text: papers.parse_paper(text, kind), number) == code


def test_the_sentence_about_the_check_digit_says_what_is_safe_and_what_to_do() -> None:
    with pytest.raises(Unreadable) as refused:
        papers.parse_paper("110105194912310021")
    problem = refused.value.as_problem("id_number")
    assert problem.zh == "身份证第 18 位对不上。本行未导入,其他行不受影响。再看一遍,或选“无法核对”。"


@pytest.mark.parametrize(("number", "kind"), [
    ("E12345678", "passport"), ("G12345678", "passport"), ("H12345678", "permit"), ("M1234567890", "permit"),
    ("12345678", "permit"), ("", "none"), ("无", "none"), ("AB1234567", "passport"),
])
def test_the_kind_of_paper_follows_from_its_shape(number: str, kind: str) -> None:
    assert papers.parse_paper(number).kind == kind


def test_every_changed_digit_of_a_resident_id_is_noticed() -> None:
    number = "11010519491231002X"
    for place in range(17):
        for digit in "0123456789":
            if digit != number[place]:
                changed = number[:place] + digit + number[place + 1:]
                with pytest.raises(Unreadable):
                    papers.parse_paper(changed)


def test_outlines_are_read_from_wkt_and_geojson() -> None:
    ring = [[118.0, 24.0], [118.1, 24.0], [118.1, 24.1], [118.0, 24.0]]
    expected = {"type": "Polygon", "coordinates": [ring]}
    assert shapes.parse_outline("POLYGON((118 24,118.1 24,118.1 24.1,118 24))") == expected
    polygon = '{"type":"Polygon","coordinates":[[[118,24],[118.1,24],[118.1,24.1],[118,24]]]}'
    feature = f'{{"type":"Feature","geometry":{polygon}}}'
    assert shapes.parse_outline(feature) == expected
    assert shapes.parse_outline('{"type":"FeatureCollection","features":[' + feature + "]}") == expected


def test_an_outline_that_crosses_itself_is_refused_with_the_point() -> None:
    with pytest.raises(Unreadable) as refused:
        shapes.parse_outline("POLYGON((0 0,1 1,1 0,0 1,0 0))")
    assert refused.value.what.zh == "边界在 0.500000, 0.500000 与自己相交。"


@pytest.mark.parametrize(("text", "code"), [
    ("POINT(1 1)", "outline-no-polygon"), ("POLYGON((0 0,200 0,200 10,0 0))", "outline-out-of-range"),
    ("POLYGON((0 0,1", "outline-unreadable"), ("{}", "outline-unreadable"), ("[", "outline-unreadable"),
    ('{"type":"Polygon","coordinates":1}', "outline-unreadable"), ("{" * 5000, "outline-unreadable"),
])
def test_what_is_no_outline_is_refused(text: str, code: str) -> None:
    assert code_of(shapes.parse_outline, text) == code


def test_exchanged_coordinates_are_noticed() -> None:
    lat = KINDS["buildings"].by_key["lat"].parse
    assert code_of(lat, "118.05") == "coordinate-unreadable"
    assert lat(" 24.05° ") == 24.05
