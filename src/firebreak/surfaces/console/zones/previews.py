"""A preview as pages show it: the numbers, the measures old and new, the orders, the needs, the buildings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from firebreak.command.activation.models import Response
from firebreak.command.zoning import actions as zoning
from firebreak.command.zoning.measures import compare
from firebreak.command.zoning.preview import Preview, Stake
from firebreak.engine.access.actors import AccountActor
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.areas.models import Area
from firebreak.engine.plans.packs import Pack
from firebreak.engine.plans.queries import adopted
from firebreak.engine.registry.plan import RegistrySection
from firebreak.engine.registry.rights import REGISTRY_READ, REGISTRY_READ_NEEDS
from firebreak.kernel import clock
from firebreak.kernel.refs import token_of
from firebreak.kernel.text import T
from firebreak.operations.rounds.plan import RoundsSection
from firebreak.operations.zones.plan import ZonesSection
from firebreak.surfaces.common.shapes import Cell, Column, Effect, Link, Listing, Row
from firebreak.surfaces.console.approvals.effects import Sight

SHOWN = 200
FEW = 5
NO_ZONE = T("无分区", "no zone")
_FIGURES: Mapping[str, T] = {
    "changing": T("栋楼改变等级", "buildings change their tier"), "households": T("户", "households"),
    "people": T("人在册", "people on the register"), "kept": T("栋不变(已有同级或更严的分区)", "buildings keep theirs"),
    "zone_orders": T("件指令随之下达", "orders are issued with it"), "notices": T("栋楼收到告知书", "buildings get a notice"),
}
_CHANGED = T("提出后变了", "changed since proposed")


@dataclass(frozen=True, slots=True)
class Look:
    """Everything a page shows of a preview: `moves` are the measures old and new of each pair of tiers."""

    effects: tuple[Effect, ...]
    moves: tuple[Listing, ...]
    orders: Listing
    needs: Listing
    buildings: Listing


def look_of(
    response: Response, preview: Preview, who: AccountActor, before: Mapping[str, Any] | None = None
) -> Look:
    """A preview for this reader; `before` is what the proposal said, so that a change is named. One query."""
    pack = adopted(response.plan.ref)
    may_needs = who.may(REGISTRY_READ_NEEDS, area=response.area.path)
    return Look(
        effects=effects_of(preview, before), moves=_moves(pack, preview), orders=_orders(preview),
        needs=_needs(pack, preview, exact=may_needs),
        buildings=_buildings(pack, preview, may_needs, opens=who.may(REGISTRY_READ, area=response.area.path)),
    )


def effects_of(preview: Preview, before: Mapping[str, Any] | None = None) -> tuple[Effect, ...]:
    """The numbers; one that is no longer what was proposed shows both and is marked."""
    now = preview.as_json()
    lines = []
    for key, words in _FIGURES.items():
        was = now[key] if before is None else before.get(key, now[key])
        if was != now[key]:
            text = T(f"{words.zh}({_CHANGED.zh})", f"{words.en} ({_CHANGED.en})")
            lines.append(Effect(f"{was:,} → {now[key]:,}", text, "warn"))
        elif now[key] or key != "kept":
            lines.append(Effect(now[key], words))
    return tuple(lines)


def sight(proposal: Proposal) -> Sight | None:
    """What approving a proposal about a zone would do now, for the list of decisions. Eleven queries."""
    preview = zoning.look_again(proposal, clock.now())
    if preview is None:
        return None
    text = T("看清楚:每项措施、指令、楼栋", "Look closely: each measure, order and building")
    return Sight(effects_of(preview, proposal.effect), Link(text, reverse("zone", args=[token_of(proposal.about)])))


def tier_name(section: ZonesSection, key: str) -> T:
    """A tier by name; of none when the key is empty."""
    return section.tier(key).name if key else NO_ZONE


def _moves(pack: Pack, preview: Preview) -> tuple[Listing, ...]:
    section = pack.section(ZonesSection)
    rounds = pack.find(RoundsSection)
    plain = rounds.pool_size_people.value if rounds is not None and rounds.pool_size_people is not None else None
    moves = []
    for group in preview.groups:
        old, new = tier_name(section, group.before), tier_name(section, group.after)
        rows = tuple(
            Row((Cell(change.name), Cell(change.old, tone="quiet"), Cell(change.new, small=_source(change.verified))))
            for change in compare(section, group.before, group.after, plain)
        )
        columns = (Column(T("措施", "Measure")), Column(T("现在", "Now")), Column(T("改为", "Then")))
        title = T(f"{old.zh} → {new.zh}", f"{old.en} → {new.en}")
        count = T(
            f"{group.buildings:,} 栋,{group.households:,} 户,{group.people:,} 人",
            f"{group.buildings:,} buildings, {group.households:,} households, {group.people:,} people",
        )
        same = T("措施相同。", "The measures are the same.")
        moves.append(Listing(title, columns, rows, note=count, empty=same))
    return tuple(moves)


def _source(verified: bool) -> T | str:
    return "" if verified else T("预案值,出处未核实", "value of the plan, source not verified")


def _orders(preview: Preview) -> Listing:
    rows = tuple(
        Row((
            Cell(one.order.name, small=one.tier),
            Cell(T(one.post.unit.name_zh, one.post.unit.name_en), small=T(one.post.name_zh, one.post.name_en)),
            T(f"批准后 {one.minutes} 分钟", f"{one.minutes} min after approval"),
        ), tone="" if one.post.holder_id else "warn")
        for one in preview.orders
    )
    columns = (Column(T("指令", "Order")), Column(T("责任岗位", "Owner")), Column(T("时限", "Due")))
    return Listing(
        T("随之下达的指令", "Orders issued with it"), columns, rows, empty=T("不带指令。", "It brings no order."),
    )


def _needs(pack: Pack, preview: Preview, *, exact: bool) -> Listing:
    """People by need, most urgent first; who may not see needs is not told of fewer than five."""
    registry = pack.find(RegistrySection)
    kinds = {} if registry is None else {kind.key: kind for kind in registry.need_kinds}
    found = sorted(preview.needs.items(), key=lambda pair: (
        kinds[pair[0]].priority_rank if pair[0] in kinds else 99, pair[0],
    ))
    rows = tuple(
        Row((Cell(kinds[key].name if key in kinds else key), count if exact or count >= FEW else T("1–4", "1–4")))
        for key, count in found
    )
    columns = (Column(T("需求", "Need")), Column(T("人", "People"), numeric=True))
    return Listing(
        T("要先想到的人", "People to think of first"), columns, rows,
        empty=T("底册里没有登记特殊需求。", "The register names no special need here."),
    )


def _buildings(pack: Pack, preview: Preview, may_needs: bool, *, opens: bool) -> Listing:
    section = pack.section(ZonesSection)
    shown = sorted(preview.stakes, key=lambda stake: (-stake.people, stake.building))[:SHOWN]
    names = Area.objects.in_bulk([stake.building for stake in shown])
    columns = [
        Column(T("楼栋", "Building")), Column(T("等级", "Tier")),
        Column(T("户", "Households"), numeric=True, total=preview.households),
        Column(T("人", "People"), numeric=True, total=preview.people),
    ]
    if may_needs:
        columns.append(Column(T("需求", "Needs"), numeric=True, total=sum(preview.needs.values())))
    rows = tuple(_building(section, names[stake.building], stake, may_needs, opens) for stake in shown)
    more = len(preview.stakes) - len(shown)
    note = T(f"人最多的 {SHOWN} 栋;另有 {more:,} 栋", f"the {SHOWN} with most people; {more:,} more") if more else ""
    return Listing(
        T("受影响的楼栋", "Buildings affected"), tuple(columns), rows, note=note,
        empty=T("没有一栋楼的等级会变。", "No building would change its tier."),
    )


def _building(section: ZonesSection, area: Area, stake: Stake, may_needs: bool, opens: bool) -> Row:
    old, new = tier_name(section, stake.before), tier_name(section, stake.after)
    cells = (
        Cell(T(area.name_zh, area.name_en or area.name_zh), small=area.code),
        T(f"{old.zh} → {new.zh}", f"{old.en} → {new.en}"), stake.households, stake.people,
    )
    extra = (sum(stake.needs.values()),) if may_needs else ()
    return Row((*cells, *extra), href=reverse("area-people", args=[area.code]) if opens else "")

