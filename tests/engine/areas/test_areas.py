"""The area tree: added in one list, found by place, never doubled."""

from datetime import UTC, datetime, timedelta

import pytest

from firebreak.engine.areas import queries
from firebreak.engine.areas.actions import AreaRow, add_areas, end_area, reopen_area
from firebreak.engine.areas.models import Area, AreaVersion, Building
from firebreak.engine.journal.models import Act
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
AT = datetime(2022, 6, 5, 6, 0, tzinfo=UTC)
BY = SystemActor("test", frozenset({"areas.write"}))


def square(west: float, south: float, side: float = 0.01) -> dict[str, object]:
    east, north = west + side, south + side
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west,
        south]]]}


TREE = [
    AreaRow("HT", "district", "海投"),
    AreaRow("HT-01", "community", "东澳社区", parent="HT"),
    AreaRow("HT-01-G1", "grid", "第一网格", parent="HT-01", geometry=square(118.0, 24.0)),
    AreaRow("HT-01-G2", "grid", "第二网格", parent="HT-01", geometry=square(118.01, 24.0)),
    AreaRow("B1", "building", "1号楼", parent="HT-01-G1", floors=6, units=2, compound="海景苑"),
]


def test_add_areas_builds_the_whole_tree_at_once() -> None:
    assert add_areas(rows=TREE, by=BY, at=AT) == ["HT", "HT-01", "HT-01-G1", "HT-01-G2", "B1"]
    assert Area.objects.get(code="B1").path == "/HT/HT-01/HT-01-G1/B1/"
    assert Building.objects.get(area__code="B1").compound == "海景苑"


def test_add_areas_repeated_adds_nothing_and_changed_words_are_brought_up_to_date() -> None:
    add_areas(rows=TREE, by=BY, at=AT)
    renamed = [*TREE[:4], AreaRow("B1", "building", "一号楼", parent="HT-01-G1", floors=7)]
    assert add_areas(rows=renamed, by=BY, at=AT) == []
    building = Building.objects.select_related("area").get(area__code="B1")
    assert (building.area.name_zh, building.floors, building.units) == ("一号楼", 7, 2)
    last = Act.objects.filter(name="areas.add_areas").latest("id").events.get()
    assert last.payload == {"added": 0, "changed": 1, "known": 4, "levels": {}}


def test_a_community_without_a_parent_belongs_to_the_only_district() -> None:
    add_areas(rows=[TREE[0]], by=BY, at=AT)
    assert add_areas(rows=[AreaRow("HT-02", "community", "西澳社区")], by=BY, at=AT) == ["HT-02"]
    assert Area.objects.get(code="HT-02").path == "/HT/HT-02/"


def test_a_community_without_a_parent_is_refused_where_there_are_two_districts() -> None:
    add_areas(rows=[TREE[0], AreaRow("LJ", "district", "邻近")], by=BY, at=AT)
    with pytest.raises(Refusal) as refused:
        add_areas(rows=[AreaRow("HT-02", "community", "西澳社区")], by=BY, at=AT)
    assert refused.value.code == "unknown-parent-area"


@pytest.mark.parametrize(("row", "code"), [
    (AreaRow("X", "building", "x", parent="nowhere"), "unknown-parent-area"),
    (AreaRow("X", "building", "x", parent="HT"), "wrong-area-level"),
    (AreaRow("B1", "building", "x", parent="HT-01-G2"), "area-has-other-parent"),
    (AreaRow("X/Y", "building", "x", parent="HT-01-G1"), "area-code-unreadable"),
    (AreaRow("X", "building", "x", lon=119.5, lat=24.0), "outside-every-grid"),
])
def test_add_areas_refuses_what_has_no_place_and_writes_nothing(row: AreaRow, code: str) -> None:
    add_areas(rows=TREE, by=BY, at=AT)
    with pytest.raises(Refusal) as refused:
        add_areas(rows=[AreaRow("B2", "building", "2号楼", parent="HT-01-G1"), row], by=BY, at=AT)
    assert refused.value.code == code
    assert not Area.objects.filter(code="B2").exists()


def test_a_building_without_grid_gets_the_grid_it_stands_in() -> None:
    add_areas(rows=TREE, by=BY, at=AT)
    add_areas(rows=[AreaRow("B9", "building", "9号楼", lon=118.015, lat=24.005)], by=BY, at=AT)
    parent = Area.objects.get(code="B9").parent
    assert parent is not None
    assert parent.code == "HT-01-G2"


def test_locate_names_the_grid_of_a_place_and_none_far_away() -> None:
    add_areas(rows=TREE, by=BY, at=AT)
    found = queries.locate_many([(118.005, 24.005), (118.015, 24.005), (119.0, 24.0), (118.0201, 24.005)])
    assert [grid.code if grid else None for grid in found] == ["HT-01-G1", "HT-01-G2", None, "HT-01-G2"]


def test_end_area_with_running_areas_below_is_refused() -> None:
    add_areas(rows=TREE, by=BY, at=AT)
    with pytest.raises(Refusal) as refused:
        end_area(code="HT-01-G1", by=BY, at=AT)
    assert refused.value.code == "area-in-use"
    end_area(code="B1", by=BY, at=AT)
    assert [area.code for area in queries.buildings_within("/HT/")] == []


def test_any_past_version_of_a_building_can_be_listed() -> None:
    hour = timedelta(hours=1)
    add_areas(rows=TREE, by=BY, at=AT)
    add_areas(rows=[AreaRow("B1", "building", "1号楼(东)", parent="HT-01-G1", floors=7)], by=BY, at=AT + hour)
    end_area(code="B1", by=BY, at=AT + 2 * hour)
    reopen_area(code="B1", by=BY, at=AT + 3 * hour)
    building = Area.objects.get(code="B1")
    grid = Area.objects.get(code="HT-01-G1")
    told = [
        (version.name_zh, version.floors, version.units, version.ended_at is not None)
        for hours in range(4) if (version := queries.stood(building, Cutoff(AT + hours * hour))[0])
    ]
    assert told == [("1号楼", 6, 2, False), ("1号楼(东)", 7, 2, False), ("1号楼(东)", 7, 2, True), ("1号楼(东)", 7, 2, False)]
    assert [version.ended_at is None for version in queries.stood(grid, Cutoff(AT + 2 * hour))[1]] == [False]
    assert queries.stood(building, Cutoff(AT - hour)) == (None, [])
    assert len(queries.versions_of(building)) == 4


def test_a_list_that_says_nothing_new_keeps_no_version() -> None:
    add_areas(rows=TREE, by=BY, at=AT)
    before = AreaVersion.objects.count()
    add_areas(rows=TREE, by=BY, at=AT)
    assert (before, AreaVersion.objects.count()) == (len(TREE), len(TREE))


def test_reopening_below_an_ended_area_is_refused() -> None:
    add_areas(rows=TREE, by=BY, at=AT)
    end_area(code="B1", by=BY, at=AT)
    Area.objects.filter(code="HT-01-G1").update(ended_at=AT)
    with pytest.raises(Refusal) as refused:
        reopen_area(code="B1", by=BY, at=AT)
    assert refused.value.code == "upper-area-ended"


def test_add_areas_without_the_right_over_the_parent_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        add_areas(rows=TREE, by=SystemActor("test", frozenset()), at=AT)
    assert refused.value.code == "not-permitted"
