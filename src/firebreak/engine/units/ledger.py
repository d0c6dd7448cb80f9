"""Figures of units: what stands, who leads it, which posts are filled and how many people serve."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from django.db.models import QuerySet

from firebreak.engine.ledgers.registry import Figure, Row, register_figure
from firebreak.engine.units import queries
from firebreak.engine.units.models import Unit
from firebreak.engine.units.rights import READ_UNITS
from firebreak.kernel.clock import iso
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T

_UNIT_COLUMNS = {
    "unit": T("编码", "Unit"), "name_zh": T("名称", "Name (zh)"), "name_en": T("名称(英文)", "Name (en)"),
    "formed_at": T("成立时间", "Formed"),
}
_UNIT_HXL = {"unit": "#org+code", "name_zh": "#org+name+i_zh", "name_en": "#org+name+i_en", "formed_at": "#date+start"}
_POST_COLUMNS = {
    "post": T("编码", "Post"), "name_zh": T("名称", "Name (zh)"), "name_en": T("名称(英文)", "Name (en)"),
    "unit": T("所属单位", "Unit"), "required": T("需要人数", "Required"), "serving": T("在岗人数", "Serving"),
    "holder": T("责任人编号", "Holder"),
}
_POST_HXL = {"post": "#service+code", "unit": "#org+code", "required": "#inneed", "serving": "#reached"}
_MEMBER_COLUMNS = {"member": T("人员编号", "Member"), "home": T("派出单位", "Home unit")}

_UNITS, _POSTS, _PEOPLE = T("个", "units"), T("个", "posts"), T("人", "people")
Slots = Callable[[Cutoff], list[queries.Slot]]


def _unit_rows(units: QuerySet[Unit] | list[Unit]) -> Iterator[Row]:
    for unit in units:
        yield {
            "unit": unit.key, "name_zh": unit.name_zh, "name_en": unit.name_en, "formed_at": iso(unit.formed_at)
        }


def _slot_rows(slots: list[queries.Slot]) -> Iterator[Row]:
    for slot in slots:
        yield {
            "post": slot.post.code, "name_zh": slot.post.name_zh, "name_en": slot.post.name_en,
            "unit": slot.post.unit.key, "required": slot.post.required, "serving": slot.serving,
            "holder": "" if slot.holder is None else slot.holder.ref,
        }


def _units_of(kind: str, title: T) -> Figure:
    return Figure(
        name=f"units-{kind.replace('_', '-')}", title=title, unit=_UNITS,
        count=lambda cutoff: queries.units_at(cutoff, kind).count(),
        rows=lambda cutoff: _unit_rows(queries.units_at(cutoff, kind).order_by("id")),
        columns=_UNIT_COLUMNS, permission=READ_UNITS, hxl=_UNIT_HXL,
    )


def _slots(name: str, title: T, chosen: Slots) -> Figure:
    return Figure(
        name=name, title=title, unit=_POSTS, count=lambda cutoff: len(chosen(cutoff)),
        rows=lambda cutoff: _slot_rows(chosen(cutoff)), columns=_POST_COLUMNS, permission=READ_UNITS, hxl=_POST_HXL,
    )


def _led(cutoff: Cutoff) -> list[queries.Slot]:
    return [
        slot for slot in queries.slots_at(cutoff)
        if slot.post.leads_unit and slot.holder is not None and slot.post.unit.kind == Unit.Kind.TASK_FORCE
    ]


def _members() -> Figure:
    return Figure(
        name="members-in-service", title=T("在岗党员干部", "Members in service"), unit=_PEOPLE,
        count=lambda cutoff: queries.members_in_service(cutoff).count(),
        rows=lambda cutoff: ({"member": m.ref, "home": m.home} for m in queries.members_in_service(cutoff)),
        columns=_MEMBER_COLUMNS, permission=READ_UNITS, hxl={"member": "#contact+code", "home": "#org+home"},
    )


def register() -> None:
    """Enter the figures; called once when Django starts."""
    register_figure(_units_of(Unit.Kind.TASK_FORCE, T("专班", "Task forces")))
    register_figure(_slots("units-led", T("专班组长在岗", "Task-force leaders in place"), _led))
    register_figure(Figure(
        name="units-unled", title=T("无人牵头的专班", "Task forces without a leader"), unit=_UNITS,
        count=lambda cutoff: len(queries.unled(cutoff)), rows=lambda cutoff: _unit_rows(queries.unled(cutoff)),
        columns=_UNIT_COLUMNS, permission=READ_UNITS, hxl=_UNIT_HXL,
    ))
    register_figure(_units_of(Unit.Kind.BRANCH, T("临时党支部", "Temporary branches")))
    register_figure(_units_of(Unit.Kind.TEAM, T("党员先锋队", "Pioneer teams")))
    posts = _slots("posts-open", T("岗位", "Posts"), queries.slots_at)
    register_figure(replace(posts, count=lambda cutoff: queries.posts_at(cutoff).count()))
    register_figure(_slots("posts-filled", T("已满员岗位", "Posts filled"),
                           lambda cutoff: [slot for slot in queries.slots_at(cutoff) if slot.filled]))
    register_figure(_slots("posts-unfilled", T("缺人岗位", "Posts unfilled"),
                           lambda cutoff: [slot for slot in queries.slots_at(cutoff) if not slot.filled]))
    register_figure(_members())
