"""What a decision about a zone brings with it, in the same act: orders, the alert, a notice for each building, messages."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from firebreak.command.activation.models import Response
from firebreak.command.headquarters.actions import issue_orders
from firebreak.command.headquarters.queries import local
from firebreak.command.zoning import cap
from firebreak.command.zoning.events import ZoneAnnounced
from firebreak.command.zoning.models import Alert, Notice
from firebreak.command.zoning.orders import drafts
from firebreak.command.zoning.preview import Preview, Stake
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import current_act, record
from firebreak.engine.messages.actions import Recipient, queue_each
from firebreak.engine.plans.queries import adopted
from firebreak.engine.units.models import Post
from firebreak.engine.units.queries import posts_for
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_ref, token_of
from firebreak.kernel.text import T
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection

GRID = "grid"
_POST_NOTICES = T(
    "{zone}:自 {begins} 起{tier}。您负责的 {n} 栋门口须张贴告知书并逐户告知。告知书在该分区页面打印。",
    "{zone}: {tier} from {begins}. Put the notice on the {n} building doors you answer for and tell every household. "
    "Print the notices on the page of the zone.",
)
_LIFTED = T("解除", "lifted")


def follow(response: Response, zone: Zone, look: Preview, tier: str, by: Actor, at: datetime) -> None:
    """Issue what a decision brings with it, inside its act; `tier` is empty when the zone ends.

    A bounded number of statements, whatever the size of the zone, plus those of each order.
    """
    if not look.stakes:
        return
    section = adopted(response.plan.ref).section(ZonesSection)
    begins_at = max(look.begins_at, at)
    figures = {
        "buildings": len(look.stakes), "households": look.households, "people": look.people, "begins": local(begins_at),
    }
    issued = issue_orders(
        response=Ref(response.ref), drafts=drafts(response, zone, look.orders, figures, at), by=by, at=at
    ) if look.orders else []
    alert = _alert(response, zone, section, look, tier, begins_at, at)
    _notices(alert, look.stakes)
    told = _tell_grids(response, zone, section, look.stakes, tier, begins_at, by, at)
    record(
        ZoneAnnounced(alert.kind, tier, len(look.stakes), look.people, len(issued), len(look.stakes), told), about=zone.ref
    )


def latest_alert(zone: Zone) -> Alert | None:
    """The alert a new one about this zone brings up to date: its own latest, else that of the zone it replaces."""
    zones = [zone.pk] if zone.replaces_id is None else [zone.pk, zone.replaces_id]
    return Alert.objects.filter(zone_id__in=zones).order_by("-id").first()


def _alert(
    response: Response, zone: Zone, section: ZonesSection, look: Preview, tier: str, begins_at: datetime, at: datetime
) -> Alert:
    earlier = latest_alert(zone)
    ref = new_ref("alert")
    if not tier:
        kind = Alert.Kind.ALL_CLEAR
    else:
        kind = Alert.Kind.ALERT if earlier is None else Alert.Kind.UPDATE
    row = Alert(
        ref=ref, response_ref=response.ref, zone=zone, earlier=earlier, kind=kind, tier=tier,
        identifier=cap.identifier(response.area.code, token_of(ref)), sent_at=at, effective_at=begins_at,
        act=current_act(),
    )
    changing = [stake.building for stake in look.stakes]
    places = Area.objects.filter(id__in=changing).order_by("id").only("id", "lon", "lat", "geometry")
    row.document = cap.document(
        row, response, section, places=cap.outlines(zone.geometry if tier else None, list(places)),
        exercise=bool(settings.FIREBREAK_DRILL), buildings=len(changing),
    )
    row.save()
    return row


def _notices(alert: Alert, stakes: Sequence[Stake]) -> None:
    Notice.objects.bulk_create(
        [
            Notice(
                alert=alert, building_id=stake.building, before=stake.before, after=stake.after,
                households=stake.households, people=stake.people, act=alert.act,
            )
            for stake in stakes
        ],
        batch_size=500,
    )


def _tell_grids(
    response: Response, zone: Zone, section: ZonesSection, stakes: Sequence[Stake], tier: str, begins_at: datetime,
    by: Actor, at: datetime,
) -> int:
    """One message to whoever answers for the doors, with how many are theirs; how many were queued."""
    try:
        owners = posts_for([stake.building for stake in stakes], GRID, response.ref)
    except LookupError:
        return 0
    doors = Counter(owners.values())
    posts = Post.objects.filter(id__in=doors, holder__isnull=False).select_related("holder").order_by("id")
    rule = section.tier(tier).name if tier else _LIFTED
    to: list[tuple[Recipient, T]] = []
    for post in posts:
        facts: dict[str, Any] = {"zone": T(zone.name_zh, zone.name_en or zone.name_zh), "tier": rule, "n": doors[post.pk]}
        words = _POST_NOTICES.filled(begins=local(begins_at), **facts)
        if post.holder is not None:
            to.append((Recipient.of(post.holder), words))
    return queue_each(to=to, template="zone_notice", about=zone.ref, by=by, at=at) if to else 0
