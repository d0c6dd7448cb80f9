"""What each kind of list holds, as data: fields, their words in both languages, and how a cell is read.

Adding a synonym here is all it takes to recognise another header. Nothing here opens a file.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from firebreak.engine.registry.importing import papers, values
from firebreak.engine.registry.importing.agreement import agree_person
from firebreak.engine.registry.importing.shapes import parse_outline
from firebreak.engine.registry.importing.values import Parser, one_of, parse_whole, text_of
from firebreak.kernel.text import T

PRESENCE_WORDS = {
    **dict.fromkeys(("居住", "常住", "户籍", "住户", "租住", "租户", "自住", "本地居民", "居民", "暂住", "住",
                     "lives", "live", "resident", "living"), "lives"),
    **dict.fromkeys(("工作", "务工", "上班", "就业", "员工", "经商", "从业", "works", "work", "working", "worker"),
        "works"),
    **dict.fromkeys(("途经", "过境", "路过", "途径", "临时", "访客", "船员", "passing", "transit", "visitor"),
        "passing"),
}
SEX_WORDS = {
    **dict.fromkeys(("男", "男性", "m", "male", "1", "01", "先生"), 1),
    **dict.fromkeys(("女", "女性", "f", "female", "2", "02", "女士"), 2),
    **dict.fromkeys(("未知", "未说明", "不详", "0", "unknown"), 0),
    **dict.fromkeys(("不适用", "9"), 9),
}
NEED_WORDS = {
    **dict.fromkeys(("透析", "透析患者", "血透", "血液透析", "dialysis", "ondialysis"), "dialysis"),
    **dict.fromkeys(("孕产妇", "孕妇", "产妇", "怀孕", "pregnant", "pregnancy"), "pregnant"),
    **dict.fromkeys(("独居老人", "独居", "孤寡老人", "空巢老人", "alone_old", "oldandlivingalone"), "alone_old"),
    **dict.fromkeys(("未成年人", "未成年", "留守儿童", "minor", "child"), "minor"),
    **dict.fromkeys(("残疾人", "残疾", "disabled", "disability"), "disabled"),
    **dict.fromkeys(("行动不便人员", "行动不便", "卧床", "limited_mobility", "limitedmobility", "bedridden"),
                    "limited_mobility"),
    **dict.fromkeys(("精神障碍患者", "精神障碍", "精神疾病", "psychiatric", "psychiatricillness"), "psychiatric"),
    **dict.fromkeys(("慢性病患者", "慢性病", "慢病", "高血压", "糖尿病", "chronic", "chronicillness"), "chronic"),
    **dict.fromkeys(("婴幼儿", "婴儿", "幼儿", "infant", "baby"), "infant"),
    **dict.fromkeys(("无手机", "没有手机", "无电话", "no_phone", "nophone"), "no_phone"),
    **dict.fromkeys(("隔离", "居家隔离", "集中隔离", "隔离人员", "isolated", "inisolation", "quarantine"), "isolated"),
}
NEED_KEYS = frozenset(NEED_WORDS.values())
LEVEL_WORDS = {
    **dict.fromkeys(("区", "县", "区县", "街道", "乡镇", "镇", "district", "county"), "district"),
    **dict.fromkeys(("社区", "村", "村居", "居委会", "村委会", "community", "village"), "community"),
    **dict.fromkeys(("网格", "小组", "片区", "grid"), "grid"),
}
STANDING_WORDS = {
    **dict.fromkeys(("党员", "中共党员", "预备党员", "中共预备党员", "party", "partymember"), "party"),
    **dict.fromkeys(("发展对象", "candidate"), "candidate"),
    **dict.fromkeys(("入党积极分子", "积极分子", "activist"), "activist"),
    **dict.fromkeys(("群众", "非党员", "none", "无", "public"), ""),
    **dict.fromkeys(("团员", "共青团员", "youthleague", "youth"), "youth"),
    **dict.fromkeys(("发展对象", "candidate"), "candidate"),
    **dict.fromkeys(("入党积极分子", "积极分子", "activist"), "activist"),
    **dict.fromkeys(("民主党派", "无党派人士", "other"), "other"),
    **dict.fromkeys(("志愿者", "volunteer"), "volunteer"),
}
ROLE_WORDS = {
    **dict.fromkeys(("负责人", "组长", "岗位负责人", "责任人", "主管", "holder", "leader", "owner"), "holder"),
    **dict.fromkeys(("成员", "组员", "队员", "member"), "member"),
}


@dataclass(frozen=True)
class Field:
    """One field of a kind. `synonyms` are other headers for it; `evidence` names what its values look like."""

    key: str
    label: T
    parse: Parser
    synonyms: tuple[str, ...] = ()
    required: bool = False
    evidence: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of list. `agree` completes a row's values and refuses those that contradict each other."""

    key: str
    label: T
    fields: tuple[Field, ...]
    agree: Callable[[dict[str, Any]], None] = lambda row: None

    @cached_property
    def by_key(self) -> dict[str, Field]:
        return {field.key: field for field in self.fields}

    @cached_property
    def words(self) -> dict[str, str]:
        """Every known header, plain, to its field's key."""
        known: dict[str, str] = {}
        for field in self.fields:
            for word in (field.label.zh, field.label.en, field.key, *field.synonyms):
                known.setdefault(plain_header(word), field.key)
        return known

    def knows(self, header: str) -> bool:
        """Whether a cell reads like one of this kind's headers."""
        return plain_header(header) in self.words


def plain_header(text: str) -> str:
    """A header without case, width, spaces, marks of being required, and remarks in brackets."""
    narrow = values.narrow(text).casefold()
    for opening, closing in (("(", ")"), ("[", "]"), ("【", "】")):
        start = narrow.find(opening)
        if start > 0 and narrow.endswith(closing):
            narrow = narrow[:start]
    return "".join(char for char in narrow if char.isalnum())


_NAME = T("姓名", "name")
_LON = Field("lon", T("经度", "longitude"), values.parse_degrees(-180, 180, "经度", "longitude"), ("lng", "lon", "x"))
_LAT = Field("lat", T("纬度", "latitude"), values.parse_degrees(-90, 90, "纬度", "latitude"), ("lat", "y"))
_OUTLINE = Field(
    "geometry", T("边界", "outline"), parse_outline, ("范围", "多边形", "轮廓", "几何", "wkt", "geojson", "geometry",
        "polygon")
)
_PHONE = Field(
    "phone", T("手机号码", "phone"), values.parse_phone,
    ("手机", "手机号", "电话", "联系电话", "联系方式", "移动电话", "电话号码", "联系号码", "本人电话", "mobile",
        "telephone", "tel",
     "phone number", "contact"), evidence="phone",
)

PEOPLE = Kind("people", T("人员", "people"), (
    Field("name", _NAME, values.parse_name,
          ("名字", "人员姓名", "居民姓名", "成员姓名", "住户姓名", "姓 名", "full name", "person name"), required=True),
    Field("building", T("楼栋编号", "building code"), text_of(160),
          ("楼栋", "楼号", "幢号", "栋号", "楼幢", "楼栋号", "楼栋名称", "建筑编号", "居住楼栋", "所在楼栋", "楼宇",
              "building",
           "building no", "地址", "居住地址", "现住址", "家庭住址", "现居住地址", "详细地址", "address"),
           required=True),
    Field("door", T("门牌号", "door"), values.parse_door,
          ("门牌", "房号", "房间号", "室号", "户室", "门号", "单元房号", "房间", "door number", "door no", "room",
              "flat", "unit")),
    Field("household", T("户号", "household number"), text_of(40),
          ("户编号", "家庭编号", "户籍号", "户口号", "家庭号", "household", "household no", "family number")),
    Field("presence", T("居住类型", "presence"),
          one_of(PRESENCE_WORDS, "presence-unreadable", "居住、工作、途经", "lives, works, passing"),
          ("人员类型", "类型", "人员类别", "类别", "与本楼关系", "在区类型", "居住情况", "在区情形", "居住性质",
              "presence kind", "kind",
           "type")),
    Field("id_kind", T("证件类型", "kind of paper"),
          one_of(papers.KIND_WORDS, "paper-kind-unreadable", "居民身份证、护照、通行证、无",
              "resident, passport, permit, none"),
          ("证件种类", "证件类别", "证件名称", "id kind", "id type", "document type", "paper kind")),
    Field("id_number", T("证件号码", "id number"), str,
          ("身份证", "身份证号", "身份证号码", "公民身份号码", "证件号", "居民身份证号码", "身份证件号码", "id",
              "id no", "id card",
           "identity number", "passport number", "document number"), evidence="id"),
    Field("sex", T("性别", "sex"), one_of(SEX_WORDS, "sex-unreadable", "男、女", "M, F"), ("gender",), evidence="sex"),
    Field("birth_on", T("出生日期", "date of birth"), values.parse_date,
          ("出生年月", "出生年月日", "生日", "birth date", "birthday", "born", "dob"), evidence="date"),
    _PHONE,
    Field("needs", T("特殊需求", "needs"),
          values.list_of(
              NEED_WORDS, "need-unreadable",
              "透析、孕产妇、独居老人、未成年人、残疾人、行动不便、精神障碍、慢性病、婴幼儿、无手机、隔离",
              "dialysis, pregnant, alone_old, minor, disabled, limited_mobility, psychiatric, chronic, infant,"
              " no_phone, isolated",
          ),
          ("需求", "特殊人群", "重点人群", "特殊情况", "照护需求", "特殊人员", "special needs", "need flags", "need")),
    Field("begins_on", T("入住日期", "since"), values.parse_date,
          ("开始日期", "起始日期", "到达日期", "来区日期", "入区日期", "begins on", "start date", "from"),
          evidence="date"),
    Field("ends_on", T("离开日期", "until"), values.parse_date,
          ("结束日期", "截止日期", "离区日期", "搬离日期", "预计离开日期", "ends on", "end date", "to"),
          evidence="date"),
    Field("compound", T("小区", "compound"), text_of(80),
          ("小区名称", "小区名", "院落", "自然村", "园区", "estate", "compound name")),
    Field("community", T("社区", "community"), text_of(80),
          ("村居", "社区名称", "所属社区", "所在社区", "村委会", "居委会", "community name", "village")),
), agree_person)

AREAS = Kind("areas", T("区域", "areas"), (
    Field("code", T("区域编号", "area code"), text_of(40),
          ("编号", "编码", "代码", "区域编码", "区域代码", "社区编号", "网格编号", "code"), required=True),
    Field("name_zh", T("名称", "name"), text_of(80),
          ("区域名称", "中文名称", "社区名称", "网格名称", "name zh", "chinese name"), required=True),
    Field("name_en", T("英文名称", "English name"), text_of(80), ("英文名", "name en")),
    Field("level", T("级别", "level"),
          one_of(LEVEL_WORDS, "level-unreadable", "区、社区、网格", "district, community, grid"),
          ("层级", "区域级别", "区域类型", "类型", "type"), required=True),
    Field("parent", T("上级编号", "parent code"), text_of(40),
          ("上级", "上级区域", "上级编码", "所属区域", "上级代码", "上级区域编号", "父级编号", "parent", "belongs to")),
    _OUTLINE, _LON, _LAT,
))

BUILDINGS = Kind("buildings", T("楼栋", "buildings"), (
    Field("code", T("楼栋编号", "building code"), text_of(40),
          ("编号", "编码", "代码", "楼号", "幢号", "建筑编号", "楼栋编码", "code"), required=True),
    Field("name_zh", T("楼栋名称", "building name"), text_of(80),
          ("名称", "楼名", "楼栋", "中文名称", "name", "name zh", "chinese name"), required=True),
    Field("name_en", T("英文名称", "English name"), text_of(80), ("英文名", "name en")),
    Field("parent", T("网格编号", "grid code"), text_of(40),
          ("网格", "所属网格", "网格编码", "网格代码", "所在网格", "上级编号", "grid", "parent", "parent code")),
    Field("address", T("地址", "address"), text_of(160), ("详细地址", "门牌地址", "坐落", "street address")),
    Field("compound", T("小区", "compound"), text_of(80),
          ("小区名称", "小区名", "院落", "自然村", "园区", "所属小区", "estate", "compound name")),
    Field("use", T("用途", "use"), text_of(20), ("建筑用途", "楼栋类型", "类型", "性质", "purpose", "type")),
    Field("floors", T("层数", "floors"), parse_whole(0, 200), ("楼层数", "地上层数", "总层数", "storeys", "levels")),
    Field("units", T("单元数", "units"), parse_whole(0, 200), ("单元", "单元个数", "staircases", "entrances")),
    _LON, _LAT, _OUTLINE,
))

ROSTER = Kind("roster", T("花名册", "roster"), (
    Field("name", _NAME, values.parse_name, ("名字", "人员姓名", "full name"), required=True),
    replace(_PHONE, parse=values.parse_one_phone),
    Field("home", T("单位", "home unit"), text_of(80),
          ("工作单位", "所在单位", "派出单位", "原单位", "部门", "home", "organisation", "organization", "department",
              "employer")),
    Field("standing", T("政治面貌", "standing"),
          one_of(STANDING_WORDS, "standing-unreadable", "党员、发展对象、入党积极分子、团员、志愿者、群众",
                 "party, candidate, activist, youth, volunteer, none"),
          ("身份", "人员身份", "party standing")),
    Field("skills", T("技能", "skills"), values.parse_words,
          ("专长", "特长", "技能特长", "资质", "专业技能", "skill", "qualifications")),
    Field("post", T("岗位编号", "post code"), text_of(40),
          ("岗位", "先锋岗", "拟任岗位", "岗位代码", "岗位编码", "岗位编号", "post", "post key", "position")),
    Field("role", T("岗位角色", "role"),
          one_of(ROLE_WORDS, "role-unreadable", "负责人、成员", "holder, member"),
          ("角色", "岗位职务", "职务", "角色类型", "post role")),
))

KINDS = {kind.key: kind for kind in (PEOPLE, AREAS, BUILDINGS, ROSTER)}
