"""Deciding about zones with their effect in view: proposed with the numbers, carried out with orders and notices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from firebreak.command.activation.models import Response
from firebreak.command.releasing.actions import check_due, subject_of
from firebreak.command.zoning.following import follow
from firebreak.command.zoning.models import Notice
from firebreak.command.zoning.preview import Preview, preview_gone, preview_release, preview_zone
from firebreak.command.zoning.queries import zones_to_clear
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.journal.acting import action
from firebreak.engine.plans.queries import adopted
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.operations.zones import actions as zones
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection

ZONE, RELEASE = "zone", "zone-release"


@dataclass(frozen=True, slots=True)
class ZoneDraft:
    """A zone as somebody asks for it: a border (GeoJSON, WGS-84) or codes; `effective_at` empty means on approval.

    `replaces` is the ref of the zone in force whose tier or area this changes.
    """

    tier: str
    name: T
    legal_basis: str
    document_number: str
    review_on: date
    effective_at: datetime | None = None
    polygon: Mapping[str, Any] | None = None
    areas: Sequence[str] = ()
    replaces: str = ""


@action
def propose_zone(*, response: Ref, draft: ZoneDraft, by: Actor, at: datetime) -> Ref:
    """Ask for a zone, with what it would do to people beside it.

    Who: headquarters, community-control leader.   Refuses: as `zones.propose_zone`.
    Journals: ZoneProposed; ZoneInForce, ZoneAnnounced and OrderIssued at once for a tier that restricts nobody.
    Promises: the second person sees the numbers of this moment beside those of theirs.
    """
    row = response_of(response)
    section = adopted(row.plan.ref).section(ZonesSection)
    old = replaced_by(draft)
    rule = zones.tier_of(section, draft.tier)
    look = look_at(row, draft, at)
    ref = zones.propose_zone(
        response=response, within=row.area.path, section=section, tier=rule.key, name=draft.name,
        legal_basis=draft.legal_basis, document_number=draft.document_number,
        effective_at=draft.effective_at or at, review_on=draft.review_on, by=by, at=at, polygon=draft.polygon,
        areas=draft.areas, replaces=Ref(draft.replaces) if draft.replaces else None, effect=look.as_json(),
    )
    if not zones.needs_second(section, rule.key, old):
        follow(row, Zone.objects.select_related("replaces").get(ref=ref), look, rule.key, by, at)
    return ref


@action
def propose_release(*, zone: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """Ask to release a zone in force, with what its end would do beside it.

    Who: headquarters.   Refuses: release-not-due (the plan's condition does not hold), wrong-state, not-found.
    Journals: ProposalMade.
    """
    row = Zone.objects.filter(ref=zone).first()
    if row is None:
        raise NOT_FOUND.because()
    response = response_of(Ref(row.response_ref))
    if row.status == Zone.Status.IN_FORCE:
        check_due(subject_of(zone, at), at)
    effect = preview_release(response, row, max(at, row.effective_at)).as_json()
    return zones.propose_release(zone=zone, reason=reason, within=response.area.path, by=by, at=at, effect=effect)


def put_in_force(proposal: Proposal, by: Actor, at: datetime) -> Ref:
    """What the approval of a zone does: it takes force, its orders and notices leave in the same act."""
    zone, response = _meant(proposal)
    look = look_again(proposal, at) if response else None
    ref = zones.execute_zone(proposal, by, at)
    if response is not None and look is not None:
        zone.refresh_from_db()
        follow(response, zone, look, zone.tier, by, at)
    return ref


def release(proposal: Proposal, by: Actor, at: datetime) -> Ref:
    """What the approval of a release does: its buildings fall back to what else holds them, and are told."""
    zone, response = _meant(proposal)
    look = look_again(proposal, at) if response else None
    ref = zones.execute_release(proposal, by, at)
    if response is not None and look is not None:
        follow(response, zone, look, "", by, at)
    return ref


@action
def clear_zones(*, response: Ref, by: Actor, at: datetime) -> int:
    """Make known that the zones of a cancelled response are over; how many.

    Who: the program.   Journals: ZoneAnnounced for each.
    Promises: each building whose last notice said that a zone holds it gets one that says it no longer does.
    """
    row = response_of(response)
    over = zones_to_clear(response)
    for zone in over:
        told = Notice.objects.filter(alert__zone=zone).order_by("id").values_list("building_id", "after")
        held = {building: after for building, after in told if after}
        follow(row, zone, preview_gone(held, at), "", by, at)
    return len(over)


def look_at(response: Response, draft: ZoneDraft, at: datetime) -> Preview:
    """The preview of a draft nobody has proposed. Errors: refuses what drawing it would refuse."""
    buildings = zones.buildings_of(response.area.path, draft.polygon, draft.areas)
    begins_at = max(draft.effective_at or at, at)
    return preview_zone(response, tier=draft.tier, buildings=buildings, at=begins_at, replaces=replaced_by(draft))


def look_again(proposal: Proposal, at: datetime) -> Preview | None:
    """The preview of a proposal as it would be carried out now; None when its zone or response is unknown."""
    zone, response = _meant(proposal)
    if response is None:
        return None
    begins_at = max(zone.effective_at, at)
    if proposal.kind == RELEASE:
        return preview_release(response, zone, begins_at)
    return preview_zone(
        response, tier=zone.tier, buildings=proposal.payload["buildings"], at=begins_at, replaces=zone.replaces
    )


def replaced_by(draft: ZoneDraft) -> Zone | None:
    """The zone a draft changes. Errors: refuses `not-found`."""
    if not draft.replaces:
        return None
    row = Zone.objects.filter(ref=draft.replaces).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def response_of(ref: Ref) -> Response:
    """The response with its area and plan. Errors: refuses `not-found`."""
    row = response_named(ref)
    if row is None:
        raise NOT_FOUND.because()
    return row


def response_named(ref: str) -> Response | None:
    """The response of a zone, or None."""
    return Response.objects.select_related("area", "plan").defer("plan__content").filter(ref=ref).first()


def _meant(proposal: Proposal) -> tuple[Zone, Response | None]:
    zone = Zone.objects.select_related("replaces").get(ref=proposal.about)
    return zone, response_named(zone.response_ref)
