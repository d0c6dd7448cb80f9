"""The units section of a plan pack: who exists when the plan is activated, and who climbs in for whom.

Units and posts are templates with counts, because a plan is written for any district; `expand_units` and
`expand_posts` spread them over a real one. This module assigns areas, never people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from firebreak.engine.plans.sections import Misfit, Neighbours, Section, by_key, register_section, unknown_key
from firebreak.engine.plans.values import Cited, FromCsv, Key, KeyedRow, Minutes, Named, PlanModel, TimeOfDay
from firebreak.kernel.text import T

UnitKind = Literal["headquarters", "task_force", "branch", "team"]
AreaLevel = Literal["district", "community", "grid"]
TaskKind = Literal["signal", "checklist", "order", "sweep", "revisit"]

_NUMERALS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九")
_UNIT = T("单位", "unit")
_DUTY = T("职责", "duty")


class UnitTemplate(KeyedRow):
    """One row of units.csv: a unit, or as many alike as `count` says."""

    parent: str = ""
    """Key of the unit above; empty for headquarters alone. Alike units pair off with alike parents, one to one."""
    kind: UnitKind
    """What sort of unit."""
    count: Annotated[int, Field(ge=1)] = 1
    """How many of it."""
    level: AreaLevel = "district"
    """Areas it is spread over when there are several."""
    name_zh: str = Field(min_length=1)
    """Chinese name; `{n}` becomes the unit's numeral."""
    name_en: str = Field(min_length=1)
    """English name; `{n}` becomes the unit's number."""
    charter_zh: str = Field(min_length=1)
    """What it is there for, in Chinese."""
    charter_en: str = Field(min_length=1)
    """What it is there for, in English."""


class PostTemplate(KeyedRow):
    """One row of posts.csv: a post, or as many alike as `count` says."""

    unit: Key
    """Unit it belongs to; posts of several alike units are spread over them evenly."""
    duty: Key
    """What its holder answers for."""
    leads_unit: bool = False
    """True for the post that leads its unit."""
    level: AreaLevel = "district"
    """Areas it is attached to."""
    count: Annotated[int, Field(ge=1)] = 1
    """How many of it."""
    required_people: Annotated[int, Field(ge=1)] = 1
    """People one such post needs."""
    name_zh: str = Field(min_length=1)
    """Chinese name; `{n}` becomes the post's number."""
    name_en: str = Field(min_length=1)
    """English name; `{n}` becomes the post's number."""


class Duty(Named):
    """What a post answers for, and how long an overdue task stays with it before it climbs."""

    step_up_minutes: Cited[Minutes]
    """Minutes past the deadline after which a task of this duty goes one step up the unit tree."""


class OfficeHours(PlanModel):
    """When people are at their desks. Off hours whoever a task climbs to is told with their deputies and the duties below."""

    begin: Cited[TimeOfDay]
    """When a working day begins."""
    end: Cited[TimeOfDay]
    """When it ends; later and earlier are off hours, as are free days."""
    also_told: tuple[Key, ...] = ()
    """Duties at headquarters whose holders are told too when a task climbs off hours."""


class UnitsSection(Section):
    """Headquarters, task forces, branches, teams and posts, and the way a task climbs."""

    units: Annotated[tuple[UnitTemplate, ...], FromCsv()]
    """The unit tree."""
    posts: Annotated[tuple[PostTemplate, ...], FromCsv()]
    """The posts."""
    posts_in_all: Cited[Annotated[int, Field(ge=1)]]
    """How many posts the rows must add up to."""
    duties: tuple[Duty, ...]
    """Every duty a post may have."""
    first_owner: Mapping[TaskKind, Key]
    """Which duty owns a new task of each kind."""
    office_hours: OfficeHours | None = None
    """Office hours; without them no hour is off hours."""

    def duty(self, key: str) -> Duty:
        """A duty by key. Errors: `LookupError`."""
        return by_key(self.duties, key)

    @property
    def unit_keys(self) -> frozenset[str]:
        """Keys of all unit templates."""
        return frozenset(unit.key for unit in self.units)

    @property
    def duty_keys(self) -> frozenset[str]:
        """Keys of all duties."""
        return frozenset(duty.key for duty in self.duties)

    def misfits(self, pack: Neighbours) -> Iterator[Misfit]:
        """Parents, units and duties that nobody has; units without exactly one leader; trees without one top."""
        yield from _tree_misfits(self)
        yield from _post_misfits(self)
        counted = sum(post.count for post in self.posts)
        if counted != self.posts_in_all.value:
            yield Misfit(("posts_in_all",), T(
                f"岗位表合计 {counted} 个,与此处的 {self.posts_in_all.value} 个不符。",
                f"The rows of posts add up to {counted}, not {self.posts_in_all.value}."))
        for kind, duty in self.first_owner.items():
            if duty not in self.duty_keys:
                yield unknown_key(("first_owner", kind), duty, _DUTY)
        for number, duty in enumerate(self.office_hours.also_told if self.office_hours else ()):
            if duty not in self.duty_keys:
                yield unknown_key(("office_hours", "also_told", number), duty, _DUTY)


@dataclass(frozen=True, slots=True)
class UnitSpec:
    """A unit as it will stand in a real district. `parent_key` is empty for headquarters; `areas` are codes."""

    key: str
    template_key: str
    parent_key: str
    kind: UnitKind
    name: T
    charter: T
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostSpec:
    """A post as it will stand in a real district. `areas` are the codes it answers for, at least one.

    An overdue task stays `step_up_minutes` with this post before it climbs to the leader of its unit, and from
    a leader to the leader of the unit above; 0 at the top.
    """

    key: str
    template_key: str
    unit_key: str
    duty: str
    duty_name: T
    leads_unit: bool
    level: AreaLevel
    areas: tuple[str, ...]
    required_people: int
    step_up_minutes: int
    name: T


AreaCodes = Mapping[str, Sequence[str]]


def expand_units(section: UnitsSection, area_codes_by_level: AreaCodes) -> list[UnitSpec]:
    """Every unit of the plan for a district, parents before children.

    `area_codes_by_level` holds the codes of the district (one), its communities (at least one) and its grids
    (may be none), each in the order in which they are to be dealt out.
    """
    templates = {unit.key: unit for unit in section.units}
    specs: list[UnitSpec] = []
    for unit in section.units:
        dealt = deal(_codes(area_codes_by_level, unit.level), unit.count)
        for number, areas in enumerate(dealt, start=1):
            parent = templates.get(unit.parent)
            specs.append(UnitSpec(
                key=numbered(unit.key, number, unit.count), template_key=unit.key,
                parent_key="" if parent is None else numbered(parent.key, _pair(number, parent.count), parent.count),
                kind=unit.kind, name=_named(unit.name_zh, unit.name_en, number),
                charter=T(unit.charter_zh, unit.charter_en), areas=areas,
            ))
    return specs


def expand_posts(
    section: UnitsSection, area_codes_by_level: AreaCodes, *, parent_of: Mapping[str, str] | None = None
) -> list[PostSpec]:
    """Every post of the plan for a district: always the same number, whatever the district is cut into.

    Each area of a post's level is answered for by at least one of the alike posts, and each post by at least
    one area. `parent_of` gives the community of a grid, so that a team's posts stay in the team's communities;
    without it grids count as spread evenly over communities in their order.
    """
    homes = _grid_homes(area_codes_by_level, parent_of)
    units: dict[str, list[UnitSpec]] = {template.key: [] for template in section.units}
    for unit in expand_units(section, area_codes_by_level):
        units[unit.template_key].append(unit)
    return [
        spec
        for post in section.posts
        for spec in _posts_of(
            post, section.duty(post.duty), _areas_of_posts(post, units[post.unit], area_codes_by_level, homes)
        )
    ]


def deal(areas: Sequence[str], count: int) -> list[tuple[str, ...]]:
    """Deal areas to `count` receivers: runs of neighbours when there are enough, else the same area to several."""
    if count > len(areas):
        return [(areas[number % len(areas)],) for number in range(count)]
    edges = [number * len(areas) // count for number in range(count + 1)]
    return [tuple(areas[begin:end]) for begin, end in pairwise(edges)]


def numbered(key: str, number: int, count: int) -> str:
    """Key of one of several alike: `branch-03`; a single one keeps its key."""
    return key if count == 1 else f"{key}-{number:02d}"


def _posts_of(
    post: PostTemplate, duty: Duty, dealt: Sequence[tuple[UnitSpec, tuple[str, ...]]]
) -> Iterator[PostSpec]:
    for number, (unit, areas) in enumerate(dealt, start=1):
        yield PostSpec(
            key=numbered(post.key, number, post.count), template_key=post.key, unit_key=unit.key,
            duty=post.duty, duty_name=duty.name, leads_unit=post.leads_unit, level=post.level, areas=areas,
            required_people=post.required_people, step_up_minutes=duty.step_up_minutes.value,
            name=_named(post.name_zh, post.name_en, number),
        )


def _areas_of_posts(
    post: PostTemplate, units: Sequence[UnitSpec], codes: AreaCodes, homes: Mapping[str, Sequence[str]]
) -> list[tuple[UnitSpec, tuple[str, ...]]]:
    """Unit and areas of each of the alike posts, unit by unit."""
    if len(units) == 1:
        return [(units[0], areas) for areas in deal(_codes(codes, post.level), post.count)]
    shares = [post.count * (n + 1) // len(units) - post.count * n // len(units) for n in range(len(units))]
    dealt: list[tuple[UnitSpec, tuple[str, ...]]] = []
    for unit, share in zip(units, shares, strict=True):
        if share:
            fields = _fields_of(unit, units, homes) if post.level == "grid" else unit.areas
            dealt += [(unit, areas) for areas in deal(fields, share)]
    return dealt


def _fields_of(unit: UnitSpec, units: Sequence[UnitSpec], homes: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The grids of a unit's communities; units that share a community share its grids."""
    fields = [grid for community in unit.areas for grid in homes.get(community) or (community,)]
    sharing = [other for other in units if other.areas == unit.areas]
    return deal(fields, len(sharing))[sharing.index(unit)]


def _grid_homes(codes: AreaCodes, parent_of: Mapping[str, str] | None) -> dict[str, list[str]]:
    communities, grids = codes["community"], codes.get("grid", ())
    homes: dict[str, list[str]] = {community: [] for community in communities}
    for number, grid in enumerate(grids):
        even = communities[number * len(communities) // len(grids)]
        homes[parent_of[grid] if parent_of is not None else even].append(grid)
    return homes


def _codes(codes: AreaCodes, level: AreaLevel) -> Sequence[str]:
    """The codes of a level; a district that is not cut into grids is taken by communities."""
    return codes.get(level) or codes["community"]


def _pair(number: int, parents: int) -> int:
    return (number - 1) % parents + 1


def _named(zh: str, en: str, number: int) -> T:
    return T(zh.replace("{n}", numeral(number)), en.replace("{n}", str(number)))


def numeral(number: int) -> str:
    """A number from 1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("" if tens == 1 else _NUMERALS[tens]) + "十") + (_NUMERALS[ones] if ones else "")


def _tree_misfits(section: UnitsSection) -> Iterator[Misfit]:
    seen: set[str] = set()
    for number, unit in enumerate(section.units):
        path = ("units", number)
        if (unit.parent == "") != (unit.kind == "headquarters"):
            yield Misfit(path, T("只有指挥部没有上级,其他单位都要写。", "Only headquarters has no parent; name one."))
        elif unit.parent and unit.parent not in seen:
            yield unknown_key(path, unit.parent, T("(写在前面的)单位", "unit above this row"))
        seen.add(unit.key)
        leaders = sum(post.count for post in section.posts if post.unit == unit.key and post.leads_unit)
        if leaders != unit.count:
            yield Misfit(path, T(
                f"单位“{unit.key}”共 {unit.count} 个,牵头岗位却有 {leaders} 个,应当一一对应。",
                f"There are {unit.count} units '{unit.key}' and {leaders} posts that lead them; each needs one."))


def _post_misfits(section: UnitsSection) -> Iterator[Misfit]:
    for number, post in enumerate(section.posts):
        path = ("posts", number)
        if post.unit not in section.unit_keys:
            yield unknown_key(path, post.unit, _UNIT)
        if post.duty not in section.duty_keys:
            yield unknown_key(path, post.duty, _DUTY)


register_section("units", UnitsSection)
