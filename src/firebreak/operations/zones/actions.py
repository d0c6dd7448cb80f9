"""Writes of zones. A restrictive tier waits for a second person; the effect is executed by their approval."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from firebreak.engine.approvals import actions as approvals
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.kernel.actor import Actor
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, new_ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.operations.zones import queries, rules
from firebreak.operations.zones.events import ZoneInForce, ZoneProposed, ZoneReleased, ZoneReplaced, ZoneWithdrawn
from firebreak.operations.zones.models import TierChange, Zone
from firebreak.operations.zones.plan import ZonesSection, ZoneTier
from firebreak.operations.zones.rights import APPROVE_ZONE, PROPOSE_ZONE
from firebreak.operations.zones.states import ZONE_MOVES

PROPOSAL_LIFE = timedelta(hours=12)


@action
def propose_zone(
    *,
    response: Ref,
    within: str,
    section: ZonesSection,
    tier: str,
    name: T,
    legal_basis: str,
    document_number: str,
    effective_at: datetime,
    review_on: date,
    by: Actor,
    at: datetime,
    polygon: Mapping[str, Any] | None = None,
    areas: Sequence[str] = (),
    replaces: Ref | None = None,
    effect: Mapping[str, Any] | None = None,
) -> Ref:
    """Set a zone from a polygon or from area codes (buildings, or whole grids and communities).

    `replaces` names a zone in force that ends when this one begins: how a tier or an area is changed.
    `effect` is what the second person is shown beside the tier and the buildings.

    Who: headquarters, community-control leader.   Refuses: unknown-tier, no-legal-basis, review-too-late,
    zone-begins-in-the-past, not-a-polygon, polygon-crosses-itself, unknown-buildings, zone-is-empty,
    overlaps-the-same-tier, nothing-changes, wrong-state, not-found.
    Journals: ZoneProposed, and ZoneInForce at once for a tier that restricts nobody and replaces none that does.
    Promises: a restrictive tier is set and ended only when a second person approves. `within` is an area path.
    """
    by.require(PROPOSE_ZONE, area=within)
    rule = tier_of(section, tier)
    rules.check_authority(legal_basis, document_number)
    rules.check_effect(effective_at, at)
    rules.check_review(effective_at, review_on, rule.max_days_before_review.value)
    buildings = buildings_of(within, polygon, areas)
    old = _replaceable(replaces, response) if replaces else None
    zone = Zone(
        ref=new_ref("zone"), response_ref=response, tier=tier, name_zh=name.zh, name_en=name.en,
        geometry=dict(polygon) if polygon else None, legal_basis=legal_basis, document_number=document_number,
        effective_at=effective_at, review_on=review_on, replaces=old,
    )
    check_overlap(zone, buildings)
    zone.save()
    ref = Ref(zone.ref)
    record(ZoneProposed(tier, len(buildings), document_number), about=ref)
    if needs_second(section, tier, old):
        approvals.propose(
            kind="zone", about=ref, title=T(f"划定{name.zh}为{rule.name_zh}", f"Set {name.en} as {rule.name_en}"),
            effect={"tier": tier, "buildings": len(buildings), **(effect or {})}, payload={"buildings": buildings},
            permission=APPROVE_ZONE, area_path=within, expires_at=at + PROPOSAL_LIFE, by=by, at=at,
        )
    else:
        _put_in_force(zone, buildings)
    return ref


def execute_zone(proposal: Proposal, by: Actor, at: datetime) -> Ref:
    """What the second person's approval of a zone does (runs inside the act of the approval)."""
    zone = _locked(Ref(proposal.about))
    ZONE_MOVES.check(zone.status, Zone.Status.IN_FORCE)
    zone.effective_at = max(zone.effective_at, at)
    check_overlap(zone, proposal.payload["buildings"])
    _put_in_force(zone, proposal.payload["buildings"])
    return Ref(zone.ref)


def give_up_zone(proposal: Proposal, by: Actor, at: datetime) -> None:
    """What the end of a proposal without approval does: the zone it stood for is withdrawn."""
    zone = _locked(Ref(proposal.about))
    ZONE_MOVES.check(zone.status, Zone.Status.WITHDRAWN)
    zone.status, zone.ended_at = Zone.Status.WITHDRAWN, at
    zone.save(update_fields=["status", "ended_at"])
    record(ZoneWithdrawn(zone.tier, len(proposal.payload["buildings"]), proposal.reason), about=zone.ref)


@action
def propose_release(
    *, zone: Ref, reason: str, within: str, by: Actor, at: datetime, effect: Mapping[str, Any] | None = None,
) -> Ref:
    """Propose to release (解封) a zone in force; a second person decides, shown `effect`.

    Who: headquarters.   Refuses: wrong-state, not-found.   Journals: ProposalMade (by approvals).
    """
    by.require(PROPOSE_ZONE, area=within)
    row = _locked(zone)
    ZONE_MOVES.check(row.status, Zone.Status.RELEASED)
    return approvals.propose(
        kind="zone-release", about=zone, title=T(f"解封{row.name_zh}", f"Release {row.name_en}"),
        effect={"tier": row.tier, "buildings": queries.zone_buildings(row, at).count(), **(effect or {})},
        payload={"reason": reason}, permission=APPROVE_ZONE, area_path=within,
        expires_at=at + PROPOSAL_LIFE, by=by, at=at,
    )


def execute_release(proposal: Proposal, by: Actor, at: datetime) -> Ref:
    """What the approval of a release does: every building leaves the zone at this moment."""
    zone = _locked(Ref(proposal.about))
    ZONE_MOVES.check(zone.status, Zone.Status.RELEASED)
    _release(zone, str(proposal.payload["reason"]), at)
    return Ref(zone.ref)


def _release(zone: Zone, reason: str, at: datetime) -> None:
    buildings = list(queries.zone_buildings(zone, max(at, zone.effective_at)).values_list("id", flat=True))
    _change_tier(zone, buildings, "", at)
    zone.status, zone.ended_at = Zone.Status.RELEASED, at
    zone.save(update_fields=["status", "ended_at"])
    record(ZoneReleased(zone.tier, len(buildings), reason), about=zone.ref)


@action
def cancel_zones(*, response: Ref, reason: str, by: Actor, at: datetime) -> None:
    """End every zone of a response that was cancelled: those in force are released, those proposed withdrawn.

    Who: whoever may overturn the signal.   Journals: ProposalsDropped, ZoneReleased, ZoneWithdrawn.
    """
    by.require(PROPOSE_ZONE)
    zones = Zone.objects.filter(response_ref=response).order_by("id")
    # Proposals before zones, in the order in which an approval locks them.
    approvals.drop(about=[response, *zones.values_list("ref", flat=True)], reason=reason, by=by, at=at)
    for zone in zones.select_for_update().filter(status=Zone.Status.IN_FORCE):
        _release(zone, reason, at)


def tier_of(section: ZonesSection, tier: str) -> ZoneTier:
    """The plan's rule of a tier. Errors: refuses `unknown-tier`."""
    try:
        return section.tier(tier)
    except LookupError as unknown:
        raise rules.UNKNOWN_TIER.because(tier=tier) from unknown


def needs_second(section: ZonesSection, tier: str, replaced: Zone | None) -> bool:
    """Whether setting this tier, in place of that zone, takes two people."""
    keys = {tier, replaced.tier if replaced else tier}
    return any(one.restrictive for one in section.tiers if one.key in keys)


def check_overlap(zone: Zone, buildings: Sequence[int]) -> None:
    """Refuse a zone that repeats what holds: `overlaps-the-same-tier`, `nothing-changes`. Three queries at most."""
    held = queries.memberships(zone.response_ref, Cutoff(zone.effective_at))
    inside = set(buildings)
    old = zone.replaces
    if old is not None and old.tier == zone.tier and inside == {key for key, zones in held.items() if old.pk in zones}:
        raise rules.NOTHING_CHANGES.because(zone=T(old.name_zh, old.name_en or old.name_zh))
    leaving = None if old is None else old.pk
    doubled = {
        key: other for key in inside for other, tier in held.get(key, {}).items()
        if tier == zone.tier and other != leaving
    }
    if doubled:
        names = [T(zh, en or zh) for zh, en in Zone.objects.filter(id__in=set(doubled.values())).order_by("id")
                 .values_list("name_zh", "name_en")]
        zones = T("、".join(name.zh for name in names), ", ".join(name.en for name in names))
        raise rules.SAME_TIER.because(n=len(doubled), zones=zones)


def _replaceable(zone: Ref, response: Ref) -> Zone:
    row = _locked(zone)
    if row.response_ref != response:
        raise NOT_FOUND.because()
    ZONE_MOVES.check(row.status, Zone.Status.REPLACED)
    return row


def buildings_of(within: str, polygon: Mapping[str, Any] | None, areas: Sequence[str]) -> list[int]:
    """Keys of the buildings meant, all inside `within`."""
    found: set[int] = set()
    if polygon is not None:
        found.update(rules.enclosed(rules.read_polygon(polygon), queries.spots_within(within)))
    if areas:
        known = dict(Area.objects.filter(code__in=areas, path__startswith=within).values_list("code", "path"))
        unknown = [code for code in areas if code not in known]
        if unknown:
            raise rules.UNKNOWN_BUILDINGS.because(codes="、".join(unknown[:10]))
        for path in known.values():
            below = Area.objects.filter(level=Area.Level.BUILDING, path__startswith=path, ended_at=None)
            found.update(below.values_list("id", flat=True))
    if not found:
        raise rules.EMPTY_ZONE.because()
    return sorted(found)


def _put_in_force(zone: Zone, buildings: Sequence[int]) -> None:
    if zone.replaces is not None:
        _give_way(_locked(Ref(zone.replaces.ref)), zone)
    zone.status = Zone.Status.IN_FORCE
    zone.save(update_fields=["status", "effective_at"])
    _change_tier(zone, buildings, zone.tier, zone.effective_at)
    record(ZoneInForce(zone.tier, len(buildings), zone.effective_at), about=zone.ref)


def _give_way(old: Zone, new: Zone) -> None:
    """End a zone at the moment another takes its place."""
    ZONE_MOVES.check(old.status, Zone.Status.REPLACED)
    buildings = list(queries.zone_buildings(old, new.effective_at).values_list("id", flat=True))
    _change_tier(old, buildings, "", new.effective_at)
    old.status, old.ended_at = Zone.Status.REPLACED, new.effective_at
    old.save(update_fields=["status", "ended_at"])
    record(ZoneReplaced(old.tier, len(buildings), new.ref), about=old.ref)


def _change_tier(zone: Zone, buildings: Sequence[int], tier: str, at: datetime) -> None:
    act = current_act()
    TierChange.objects.bulk_create(
        [
            TierChange(response_ref=zone.response_ref, building_id=key, zone=zone, tier=tier, happened_at=at, act=act)
            for key in buildings
        ],
        batch_size=500,
    )


def _locked(zone: Ref) -> Zone:
    row = Zone.objects.select_for_update(of=("self",)).select_related("replaces").filter(ref=zone).first()
    if row is None:
        raise NOT_FOUND.because()
    return row
