"""A list on its whole way: laid out, rehearsed, staged, written slice by slice, repeated, handed back."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError

from firebreak.engine.areas.actions import AreaRow, add_areas
from firebreak.engine.areas.models import Area, Building
from firebreak.engine.journal.models import Event
from firebreak.engine.registry.importing import actions, listing
from firebreak.engine.registry.importing.papers import check_digit
from firebreak.engine.registry.importing.returned import REASON_HEADER, write_returned
from firebreak.engine.registry.models import ImportChunk, ImportFile, ImportRow, Person, PresenceChange
from firebreak.engine.units.models import Member
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
AT = datetime(2022, 6, 5, 6, 0, tzinfo=UTC)
BY = SystemActor("test", frozenset({"areas.write", "registry.import", "units.write"}))
HEADER = "姓名,证件号码,性别,手机号码,楼栋编号,门牌号,居住类型,特殊需求"


def resident(born: str, serial: int) -> str:
    """An invented resident number with a right check digit."""
    body = f"350203{born}{serial:03d}"
    return body + check_digit(body)


ROWS = [
    f"张三,{resident('19800101', 1)},男,13800138000,B1,101,居住,",
    f"李四,{resident('19810101', 2)},女,,B1,101,,透析",
    "王无证,,男,,B2,,途经,",
    f"赵六,{resident('19820101', 3)[:17]}A,,,B1,102,,",
    "钱七,,,,B9,1,,",
]


@pytest.fixture(autouse=True)
def _district(db: None) -> None:
    add_areas(rows=[
        AreaRow("HT", "district", "海投"), AreaRow("HT-01", "community", "东澳社区", parent="HT"),
        AreaRow("G1", "grid", "第一网格", parent="HT-01"),
        AreaRow("B1", "building", "1号楼", parent="G1", compound="海景苑", address="滨海路1号"),
        AreaRow("B2", "building", "1号楼", parent="G1", compound="渔港里", address="渔港路8号"),
    ], by=BY, at=AT)


def people(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows, ""]).encode()


def laid_out(content: bytes, kind: str = "people", by: SystemActor = BY, **options: Any) -> listing.Listing:
    sheet, mapping = listing.read_sheet(kind, content, **options)
    return listing.lay_out(sheet, mapping, name="名单.csv", by=by)


def brought_in(content: bytes, kind: str = "people", **options: Any) -> tuple[Ref, dict[str, int]]:
    ref = actions.stage_import(listing=laid_out(content, kind, **options), by=BY, at=AT)
    return ref, dict(actions.bring_in(file=ref, by=BY, at=AT))


def test_rows_in_equal_accepted_and_rejected_and_duplicate() -> None:
    ref, counts = brought_in(people(*ROWS, ROWS[0]))
    assert counts == {"rows": 6, "accepted": 3, "rejected": 2, "duplicate": 1}
    assert sorted(Person.objects.values_list("name", flat=True)) == ["张三", "李四", "王无证"]
    problems = ImportRow.objects.filter(verdict="rejected").order_by("number").values_list("number", "problem")
    assert list(problems) == [(5, "id-wrong-length"), (6, "building-unknown")]
    assert [event.type for event in Event.objects.filter(about=ref).order_by("id")] == [
        "ImportStaged", "ImportChunkApplied", "ImportApplied",
    ]


def test_a_rehearsal_says_what_writing_then_does() -> None:
    content = people(*ROWS, ROWS[0], ROWS[2])
    laid = laid_out(content)
    foreseen, refused = actions.preview(laid, by=BY, at=AT)
    assert Person.objects.count() == 0
    assert [number for number, _ in refused] == [5, 6]
    staged = actions.stage_import(listing=laid_out(content), by=BY, at=AT)
    assert actions.preview_staged(staged, by=BY, at=AT)[0] == foreseen
    assert dict(actions.bring_in(file=staged, by=BY, at=AT)) == dict(foreseen)


def test_the_same_file_again_is_all_duplicates_and_writes_no_step() -> None:
    first = brought_in(people(*ROWS[:3]))[1]
    steps = PresenceChange.objects.count()
    again = brought_in(people(*ROWS[:3]))[1]
    assert (first["accepted"], again) == (3, {"rows": 3, "accepted": 0, "rejected": 0, "duplicate": 3})
    assert PresenceChange.objects.count() == steps


def test_a_changed_row_is_an_explicit_move() -> None:
    brought_in(people(*ROWS[:2]))
    counts = brought_in(people(ROWS[0].replace("B1,101", "B2,8"), ROWS[1]))[1]
    assert (counts["accepted"], counts["duplicate"]) == (1, 1)
    steps = PresenceChange.objects.filter(person__name="张三").order_by("id").values_list("building__code", "change")
    assert list(steps) == [("B1", 1), ("B1", -1), ("B2", 1)]


def test_an_id_under_another_name_is_rejected_with_its_reason() -> None:
    brought_in(people(ROWS[0]))
    ref, counts = brought_in(people(ROWS[0].replace("张三", "章三"), ROWS[1]))
    assert counts == {"rows": 2, "accepted": 1, "rejected": 1, "duplicate": 0}
    assert [cells[0] for cells, reason in actions.returned_rows(ref) if "另一个姓名" in reason] == ["章三"]


@pytest.mark.parametrize(("second", "code"), [
    (f"章三,{resident('19800101', 1)},男,,B1,101,居住,", "id-two-names-in-file"),
    (f"张三,{resident('19800101', 1)},男,,B2,1,居住,", "lives-twice-in-file"),
])
def test_rows_that_contradict_each_other_in_one_file_name_the_first(second: str, code: str) -> None:
    counts = brought_in(people(ROWS[0], second))[1]
    row = ImportRow.objects.get(verdict="rejected")
    assert (counts["accepted"], row.problem, "第 2 行" in row.problem_zh) == (1, code, True)


def test_somebody_who_lives_here_and_works_there_is_one_person_with_two_presences() -> None:
    works = ROWS[0].replace("B1,101,居住", "B2,,工作")
    assert brought_in(people(ROWS[0], works))[1]["accepted"] == 2
    assert Person.objects.count() == 1


def test_buildings_are_known_by_address_and_by_name_within_their_compound() -> None:
    content = (
        "姓名,楼栋名称,小区,门牌号\n张三,滨海路1号,,1\n李四,1号楼,渔港里,2\n王五,1号楼,,3\n赵六,渔港里1号楼,,4\n"
    ).encode()
    counts = brought_in(content)[1]
    assert (counts["accepted"], ImportRow.objects.get().problem) == (3, "building-ambiguous")
    found = Person.objects.order_by("id").values_list("presences__building__code", flat=True)
    assert list(found) == ["B1", "B2", "B2"]


def test_the_returned_file_has_the_rejected_rows_as_they_came_and_why() -> None:
    ref, _ = brought_in(people(*ROWS, "=cmd(),,,,B1,,,"))
    out = io.BytesIO()
    assert write_returned(out, ImportFile.objects.get(ref=ref).reading, actions.returned_rows(ref)) == 3
    lines = out.getvalue().decode().splitlines()
    assert lines[0] == f"{HEADER},{REASON_HEADER}"
    assert lines[1].startswith(ROWS[3] + ",")
    assert lines[3].startswith("'=cmd(),,,,B1,,,,")
    again = laid_out(out.getvalue())
    assert (again.rows, again.mapping.unknown) == (3, [])


def test_a_file_with_an_open_question_is_not_staged_until_the_count_is_given() -> None:
    content = people(*ROWS[:2], "合计,3 人")
    with pytest.raises(Refusal) as refused:
        actions.stage_import(listing=laid_out(content), by=BY, at=AT)
    assert refused.value.code == "total-differs"
    with pytest.raises(Refusal) as refused:
        actions.stage_import(listing=laid_out(content, expected_count=3), by=BY, at=AT)
    assert refused.value.code == "count-differs"
    assert brought_in(content, expected_count=2)[1]["accepted"] == 2


def test_writing_stopped_between_slices_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "CHUNK_ROWS", 2)
    ref = actions.stage_import(listing=laid_out(people(*ROWS[:3], *ROWS[:2])), by=BY, at=AT)
    actions.apply_chunk(file=ref, number=1, by=BY, at=AT)
    assert ImportFile.objects.get(ref=ref).status == "applying"
    with pytest.raises(Refusal):
        actions.finish_import(file=ref, by=BY, at=AT)
    with pytest.raises(Refusal):
        actions.apply_chunk(file=ref, number=1, by=BY, at=AT)
    stopped = ImportFile.objects.get(ref=ref)
    again = actions.resumable("people", stopped.sha256, stopped.mapping)
    assert again is not None
    assert dict(actions.bring_in(file=Ref(again.ref), by=BY, at=AT)) == {
        "rows": 5, "accepted": 3, "rejected": 0, "duplicate": 2,
    }


def test_personal_cells_are_sealed_while_staged_and_erased_when_written() -> None:
    ref = actions.stage_import(listing=laid_out(people(*ROWS)), by=BY, at=AT)
    staged = ImportChunk.objects.get()
    assert "张三".encode() not in bytes(staged.sealed or b"")
    actions.bring_in(file=ref, by=BY, at=AT)
    staged.refresh_from_db()
    assert (staged.sealed, staged.cells) == (None, None)


def test_an_abandoned_file_leaves_no_cell_behind() -> None:
    ref = actions.stage_import(listing=laid_out(people(*ROWS)), by=BY, at=AT)
    actions.abandon_import(file=ref, by=BY, at=AT)
    assert not ImportChunk.objects.exclude(sealed=None).exists()
    assert not ImportRow.objects.exclude(sealed=None).exists()
    with pytest.raises(Refusal):
        actions.bring_in(file=ref, by=BY, at=AT)


def test_a_mapping_that_worked_is_used_again_for_the_same_headers() -> None:
    content = "甲,乙\n张三,B1\n".encode()
    with pytest.raises(Refusal) as refused:
        laid_out(content)
    assert refused.value.code == "column-missing"
    brought_in(content, saved={"name": "甲", "building": "乙"})
    assert brought_in(content)[1]["duplicate"] == 1


def test_people_outside_the_importers_area_stay_out() -> None:
    class Elsewhere(SystemActor):
        def areas(self, permission: str) -> tuple[str, ...]:
            return ("/HT/HT-02/",)

    laid = laid_out(people(ROWS[0]), by=Elsewhere("test", BY.rights))
    assert [problems[0].code for _, _, problems in laid.rejected] == ["outside-your-area"]


def test_areas_in_any_order_and_buildings_by_coordinates() -> None:
    square = "POLYGON((118 24, 118.1 24, 118.1 24.1, 118 24.1, 118 24))"
    areas = f"区域编号,名称,级别,上级编号,边界\nG5,第五网格,网格,HT-05,\"{square}\"\nHT-05,西澳社区,社区,HT,\n" \
            "G6,第六网格,网格,HT-05,\"POLYGON((0 0,1 1,1 0,0 1,0 0))\"\n"
    assert brought_in(areas.encode(), "areas")[1] == {"rows": 3, "accepted": 2, "rejected": 1, "duplicate": 0}
    assert ImportRow.objects.get().problem == "outline-crosses-itself"
    houses = "楼栋编号,楼栋名称,网格编号,经度,纬度,层数\nX1,一号楼,,118.05,24.05,6层\n" \
             "X2,二号楼,,119,24.05,6\nX3,三号楼,G5,,,\n"
    ref, counts = brought_in(houses.encode(), "buildings")
    assert (counts["accepted"], counts["rejected"]) == (2, 1)
    assert ["网格" in reason for _, reason in actions.returned_rows(ref)] == [True]
    assert Area.objects.get(code="X1").path == "/HT/HT-05/G5/X1/"
    assert Building.objects.get(area__code="X1").floors == 6
    assert brought_in(houses.encode(), "buildings")[1]["duplicate"] == 2


def test_a_roster_names_members_and_their_posts_once() -> None:
    roster = "姓名,手机号码,单位,政治面貌,技能,岗位编号,角色\n" \
             "陈组长,13900000001,卫健局,党员,采样、驾驶,grid-1,负责人\n" \
             "林队员,13900000002,教育局,群众,,grid-1,成员\n林队员,13900000002,教育局,群众,,grid-1,成员\n" \
             "黄抢岗,13900000003,教育局,,,grid-1,负责人\n"
    counts = brought_in(roster.encode(), "roster")[1]
    assert counts == {"rows": 4, "accepted": 2, "rejected": 1, "duplicate": 1}
    chen = Member.objects.get(roster_role="holder")
    assert (chen.roster_post, chen.skills, chen.standing) == ("grid-1", ["采样", "驾驶"], "party")
    assert brought_in(roster.encode(), "roster")[1]["duplicate"] == 3


def test_a_slice_is_classified_anew_when_capture_registered_the_same_person_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ref = actions.stage_import(listing=laid_out(people(ROWS[0])), by=BY, at=AT)
    calls = []

    def collide(**arguments: Any) -> None:
        calls.append(arguments["number"])
        if len(calls) == 1:
            raise IntegrityError("somebody was faster")
        original(**arguments)

    original = actions.apply_chunk
    monkeypatch.setattr(actions, "apply_chunk", collide)
    assert actions.bring_in(file=ref, by=BY, at=AT)["accepted"] == 1
    assert calls == [1, 1]


def test_staging_without_the_right_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        actions.stage_import(listing=laid_out(people(ROWS[0])), by=SystemActor("test", frozenset()), at=AT)
    assert refused.value.code == "not-permitted"
