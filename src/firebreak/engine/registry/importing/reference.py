"""The reference page of the four lists, written from the fields themselves: docs/reference/import-columns.md.

A test compares the page with what is written here, so a new synonym cannot be forgotten.
"""

from collections.abc import Iterator, Mapping

from firebreak.engine.registry.importing import papers
from firebreak.engine.registry.importing.kinds import (
    KINDS,
    LEVEL_WORDS,
    NEED_WORDS,
    PRESENCE_WORDS,
    ROLE_WORDS,
    SEX_WORDS,
    STANDING_WORDS,
    Field,
    Kind,
)

_WORDS: dict[str, Mapping[str, object]] = {
    "presence": PRESENCE_WORDS, "id_kind": papers.KIND_WORDS, "sex": SEX_WORDS, "needs": NEED_WORDS,
    "level": LEVEL_WORDS, "standing": STANDING_WORDS, "role": ROLE_WORDS,
}
_HEAD = """# What the four lists hold 四种名单的列

Written from the program itself; a test compares. A header is recognised in any of the ways given, without regard to
case, width, spaces or remarks in brackets; other columns are left unread and named. Titles above the header and a
total below are left out by themselves. Order: areas, buildings, people, roster. What is refused comes back as the same
file with a reason for each row.

按程序里的定义生成,有测试核对。表头写法不分大小写、全角半角和空格;认不出的列不读,并会列出来。导入顺序:区域、楼栋、人员、花名册。

- **areas 区域**: communities, and the grids below them. A community without a parent belongs to your one district.
- **buildings 楼栋**: the smallest place. Without a grid code a building is put into the grid whose outline holds its
  coordinates; outside every grid it is refused.
- **people 人员**: one row for each person and building. Somebody without papers is somebody too: leave the number empty.
- **roster 花名册**: those who can be deployed. `firebreak plan posts plans/covid-2022 roster.csv` writes the posts of
  your district with their codes, to be filled in.
"""


def render_reference() -> str:
    """The whole page as Markdown."""
    return "\n".join([_HEAD, *(line for kind in KINDS.values() for line in _kind(kind))]).rstrip() + "\n"


def _kind(kind: Kind) -> Iterator[str]:
    yield f"## {kind.label.zh} {kind.key}"
    yield ""
    yield "| column 列 | must be there 必填 | also recognised as 也认作 | words it may hold 可填 |"
    yield "|---|---|---|---|"
    for field in kind.fields:
        yield f"| {field.label.zh} {field.label.en} | {'✓' if field.required else ''} | {_others(field)} | {_held(field)} |"
    yield ""


def _others(field: Field) -> str:
    return ", ".join(dict.fromkeys(word for word in (field.key, *field.synonyms) if word != field.label.en))


def _held(field: Field) -> str:
    return ", ".join(word for word in _WORDS.get(field.key, {}) if word)
