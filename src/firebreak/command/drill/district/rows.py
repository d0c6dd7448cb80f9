"""The district as the lists a community would send in: a header row in Chinese, then rows of text.

Cells are written the way the importer's readers know them; outlines are GeoJSON text. Opens no file.
"""

import json
from collections.abc import Iterator

from firebreak.command.drill.district.nouns import District, IdKind, Need, Outline, Presence, Use
from firebreak.command.drill.district.roster import Roster

Row = list[str]

PEOPLE_HEADER = [
    "姓名", "性别", "证件类型", "证件号码", "出生日期", "手机号", "楼栋编号", "门牌", "户号", "人员类型", "特殊需求",
]
BUILDINGS_HEADER = [
    "楼栋编号", "楼栋名称", "英文名", "网格编号", "小区", "用途", "层数", "单元数", "地址", "经度", "纬度", "轮廓",
]
AREAS_HEADER = ["区域编号", "名称", "英文名", "级别", "上级编号", "边界"]
ROSTER_HEADER = ["姓名", "手机号", "单位", "政治面貌", "特长", "岗位编号", "岗位角色"]

_SEX = {1: "男", 2: "女"}
_PAPERS = {IdKind.RESIDENT: "居民身份证", IdKind.PASSPORT: "护照", IdKind.PERMIT: "港澳台通行证",
    IdKind.NONE: "无证件"}
_PRESENCE = {Presence.LIVES: "居住", Presence.WORKS: "工作", Presence.PASSING: "途经"}
_NEEDS = {
    Need.ALONE_OLD: "独居老人", Need.DIALYSIS: "透析", Need.PREGNANT: "孕妇", Need.INFANT: "婴儿",
    Need.LIMITED_MOBILITY: "行动不便",
    Need.PSYCHIATRIC: "精神障碍", Need.NO_PHONE: "无手机",
}
_USES = {
    Use.FLATS: "住宅", Use.HOUSE: "民房", Use.SHOPHOUSE: "店屋", Use.DORMITORY: "宿舍", Use.FACTORY: "厂房",
    Use.WAREHOUSE: "仓库",
    Use.OFFICE: "办公", Use.SCHOOL: "学校", Use.CLINIC: "卫生站", Use.MARKET: "市场", Use.HOTEL: "宾馆",
    Use.BERTH: "泊位",
    Use.TERMINAL: "客运站",
}


def people_rows(district: District) -> Iterator[Row]:
    """The register: one row a person, in the order of `District.residents`."""
    yield list(PEOPLE_HEADER)
    for person in district.residents:
        yield [
            person.name, _SEX[person.sex], _PAPERS[person.id_kind], person.id_number, person.birth_on.isoformat(),
            person.phone, person.building, person.door, person.household, _PRESENCE[person.presence],
            "、".join(_NEEDS[need] for need in person.needs),
        ]


def building_rows(district: District) -> Iterator[Row]:
    """The buildings with their footprints."""
    yield list(BUILDINGS_HEADER)
    for house in district.buildings:
        yield [
            house.code, house.name.zh, house.name.en, house.grid, house.compound_name.zh, _USES[house.use],
            str(house.floors), str(house.units), house.address.zh, f"{house.lon:.7f}", f"{house.lat:.7f}",
            _geojson((house.footprint,)),
        ]


def area_rows(district: District) -> Iterator[Row]:
    """The district, its communities and its grids, parents before children."""
    yield list(AREAS_HEADER)
    yield [district.code, district.name.zh, district.name.en, "区", "", _geojson(district.outline)]
    for community in district.communities:
        yield [
            community.code, community.name.zh, community.name.en, "社区", district.code, _geojson(community.outline),
        ]
    for grid in district.grids:
        yield [grid.code, grid.name.zh, grid.name.en, "网格", grid.community, _geojson(grid.outline)]


def roster_rows(roster: Roster) -> Iterator[Row]:
    """The roster: one row a member, posts in the order of the plan, each post's holder first."""
    yield list(ROSTER_HEADER)
    for member in roster.members:
        yield [
            member.name, member.phone, member.home.zh, member.standing.value, "、".join(member.skills), member.post,
            "负责人" if member.holder else "成员",
        ]


def _geojson(outline: Outline) -> str:
    return json.dumps({"type": "Polygon", "coordinates": outline}, separators=(",", ":"))
