"""Writes of zones. A restrictive tier waits for a second person; the effect is executed by their approval."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from firebreak.engine.approvals import actions as approvals
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.operations.zones import queries, rules
from firebreak.operations.zones.events import ZoneInForce, ZoneProposed, ZoneReleased, ZoneWithdrawn
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
) -> Ref:
    """Set a zone from a polygon or from area codes (buildings, or whole grids and communities).

    Who: headquarters, community-control leader.   Refuses: unknown-tier, no-legal-basis, review-too-late,
    not-a-polygon, polygon-crosses-itself, unknown-buildings, zone-is-empty.
    Journals: ZoneProposed, and ZoneInForce at once for a tier that restricts nobody.
    Promises: a restrictive tier takes force only when a second person approves. `within` is an area path.
    """
    by.require(PROPOSE_ZONE, area=within)
    rule = tier_of(section, tier)
    rules.check_authority(legal_basis, document_number)
    rules.check_review(effective_at, review_on, rule.max_days_before_review.value)
    buildings = _buildings(within, polygon, areas)
    zone = Zone.objects.create(
        ref=new_ref("zone"), response_ref=response, tier=tier, name_zh=name.zh, name_en=name.en,
        geometry=dict(polygon) if polygon else None, legal_basis=legal_basis, document_number=document_number,
        effective_at=effective_at, review_on=review_on,
    )
    ref = Ref(zone.ref)
    record(ZoneProposed(tier, len(buildings), document_number), about=ref)
    if rule.restrictive:
        approvals.propose(
            kind="zone", about=ref, title=T(f"划定{name.zh}为{rule.name_zh}", f"Set {name.en} as {rule.name_en}"),
            effect={"tier": tier, "buildings": len(buildings)}, payload={"buildings": buildings},
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
def propose_release(*, zone: Ref, reason: str, within: str, by: Actor, at: datetime) -> Ref:
    """Propose to release (解封) a zone in force; a second person decides.

    Who: headquarters.   Refuses: wrong-state, not-found.   Journals: ProposalMade (by approvals).
    """
    by.require(PROPOSE_ZONE, area=within)
    row = _locked(zone)
    ZONE_MOVES.check(row.status, Zone.Status.RELEASED)
    return approvals.propose(
        kind="zone-release", about=zone, title=T(f"解封{row.name_zh}", f"Release {row.name_en}"),
        effect={"tier": row.tier, "buildings": queries.zone_buildings(row, at).count()},
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


def _buildings(within: str, polygon: Mapping[str, Any] | None, areas: Sequence[str]) -> list[int]:
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
    zone.status = Zone.Status.IN_FORCE
    zone.save(update_fields=["status", "effective_at"])
    _change_tier(zone, buildings, zone.tier, zone.effective_at)
    record(ZoneInForce(zone.tier, len(buildings), zone.effective_at), about=zone.ref)


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
    row = Zone.objects.select_for_update().filter(ref=zone).first()
    if row is None:
        raise NOT_FOUND.because()
    return row
