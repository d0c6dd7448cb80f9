"""Which column holds which field: proposed from headers and values, saved, and never doubled."""

import pytest

from firebreak.command.drill.district import rows as drill
from firebreak.engine.registry.importing.kinds import KINDS, PEOPLE
from firebreak.engine.registry.importing.mapping import headers_hash, propose, restored
from firebreak.engine.registry.importing.rows import RowReader
from firebreak.engine.registry.importing.sheet import FORMULA_EMPTY
from firebreak.kernel.refusals import Refusal

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(("kind", "header"), [
    ("people", drill.PEOPLE_HEADER), ("buildings", drill.BUILDINGS_HEADER), ("areas", drill.AREAS_HEADER),
    ("roster", drill.ROSTER_HEADER),
])
def test_the_lists_of_the_drill_map_with_no_question_asked(kind: str, header: list[str]) -> None:
    mapping = propose(KINDS[kind], header, [])
    assert (mapping.missing, mapping.unknown, mapping.guessed) == ([], [], {})
    assert len(mapping.columns) == len(header)


def test_every_word_of_a_kind_means_one_field() -> None:
    for kind in KINDS.values():
        for field in kind.fields:
            assert kind.words[field.label.zh.replace(" ", "")] == field.key


def test_remarks_in_brackets_width_and_case_do_not_matter() -> None:
    mapping = propose(PEOPLE, ["姓 名(必填)", "Ｂｕｉｌｄｉｎｇ", "联系电话（手机）", "*性别"], [])
    assert mapping.columns == {"name": 0, "building": 1, "phone": 2, "sex": 3}


def test_similar_headers_are_proposed_and_marked_for_a_look() -> None:
    mapping = propose(PEOPLE, ["姓名", "楼栋编号", "居民证件号码", "备注"], [])
    assert mapping.columns["id_number"] == 2
    assert (mapping.guessed, mapping.unknown) == ({"id_number": "near"}, [(3, "备注")])


def test_values_tell_what_headers_do_not() -> None:
    sample = [["张三", "B1", "11010519491231002X", "13800138000", "女"]] * 5
    mapping = propose(PEOPLE, ["姓名", "楼栋编号", "列甲", "列乙", "列丙"], sample)
    assert mapping.columns == {"name": 0, "building": 1, "id_number": 2, "phone": 3, "sex": 4}
    assert set(mapping.guessed.values()) == {"values"}


def test_of_two_columns_for_one_field_the_one_whose_values_fit_is_taken_and_the_other_listed() -> None:
    sample = [["张三", "B1", "家里", "13800138000"]] * 5
    mapping = propose(PEOPLE, ["姓名", "楼栋编号", "手机号码", "联系电话"], sample)
    assert (mapping.columns["phone"], mapping.unknown) == (3, [(2, "手机号码")])


def test_a_saved_mapping_comes_back_by_header_also_when_headers_repeat() -> None:
    headers = ["姓名", "电话", "电话", "楼号"]
    saved = {"columns": {"name": "姓名", "phone": "电话#2", "building": "楼号"}, "orders": {"birth_on": "day-first"}}
    mapping = restored(PEOPLE, headers, saved, [])
    assert (mapping.columns, mapping.orders) == ({"name": 0, "phone": 2, "building": 3}, {"birth_on": "day-first"})
    assert restored(PEOPLE, headers, mapping.as_json(), []).columns == mapping.columns


@pytest.mark.parametrize(("columns", "code"), [
    ({"name": "名字"}, "no-such-column"), ({"nickname": "姓名"}, "no-such-field"),
    ({"name": "姓名", "household": "姓名"}, "column-twice"),
])
def test_a_saved_mapping_that_does_not_fit_is_refused(columns: dict[str, str], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        restored(PEOPLE, ["姓名", "楼号"], {"columns": columns}, [])
    assert refused.value.code == code


def test_the_order_of_dates_is_proved_by_the_column() -> None:
    sample = [["张三", "B1", "31/01/1990"], ["李四", "B1", "01/02/1990"]]
    mapping = propose(PEOPLE, ["姓名", "楼栋编号", "出生日期"], sample)
    reader = RowReader(PEOPLE, mapping.columns, mapping.orders)
    row = reader.read(sample[1])
    assert isinstance(row, dict)
    assert row["birth_on"].isoformat() == "1990-02-01"


def test_headers_are_recognised_again_whatever_their_width() -> None:
    assert headers_hash(["姓名", "Phone"]) == headers_hash(["姓 名", "ＰＨＯＮＥ"])
    assert headers_hash(["姓名", "Phone"]) != headers_hash(["Phone", "姓名"])


def test_every_problem_of_a_row_is_told_at_once() -> None:
    reader = RowReader(PEOPLE, {"name": 0, "building": 1, "sex": 2, "phone": 3, "door": 4})
    problems = reader.read(["", "B1", "X", "1", ""], {4: FORMULA_EMPTY})
    assert not isinstance(problems, dict)
    assert [(problem.field, problem.code) for problem in problems] == [
        ("door", "formula-without-value"), ("sex", "sex-unreadable"), ("phone", "phone-unreadable"), ("name",
            "cell-empty"),
    ]


@pytest.mark.parametrize(("birth", "sex", "code"), [
    ("1949-12-30", "女", "birth-differs-from-id"), ("1949-12-31", "男", "sex-differs-from-id"),
])
def test_a_row_that_contradicts_its_id_is_refused(birth: str, sex: str, code: str) -> None:
    reader = RowReader(PEOPLE, {"name": 0, "building": 1, "id_number": 2, "birth_on": 3, "sex": 4})
    problems = reader.read(["张三", "B1", "11010519491231002X", birth, sex])
    assert not isinstance(problems, dict)
    assert [problem.code for problem in problems] == [code]


def test_cannot_verify_as_kind_of_paper_leaves_the_number_out() -> None:
    reader = RowReader(PEOPLE, {"name": 0, "building": 1, "id_number": 2, "id_kind": 3})
    row = reader.read(["张三", "B1", "110105194912310021", "无法核对"])
    assert isinstance(row, dict)
    assert (row["id_kind"], row["id_number"]) == ("none", "")
