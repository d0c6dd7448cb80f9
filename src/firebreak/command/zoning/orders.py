"""The orders a zone brings with it: which, to whom and by when, from the plan; and their drafts when it is decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import order_terms
from firebreak.command.headquarters.actions import Draft
from firebreak.engine.units.models import Post
from firebreak.engine.units.queries import open_posts
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZoneOrder, ZonesSection

TITLE_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Planned:
    """An order of the plan with the post that would own it: the leader of its unit, else of headquarters."""

    order: ZoneOrder
    tier: T
    post: Post

    @property
    def minutes(self) -> int:
        """Minutes from the decision to its deadline."""
        return self.order.deadline_minutes.value


def planned_orders(response: Response, section: ZonesSection, *, begins: str, ends: str) -> tuple[Planned, ...]:
    """The orders issued when one tier begins and another ends (empty: none does). One query.

    A response without headquarters has nobody to order: none.
    """
    wanted: list[tuple[ZoneOrder, T]] = []
    for occasion, key in (("begins", begins), ("ends", ends)):
        tier = section.tier(key) if key else None
        if tier is not None:
            wanted.extend((order, tier.name) for order in tier.orders if order.occasion == occasion)
    leaders = _leaders(response) if wanted else {}
    top = leaders.get("")
    found = ((order, tier, leaders.get(order.unit, top)) for order, tier in wanted)
    return tuple(Planned(order, tier, post) for order, tier, post in found if post is not None)


def drafts(
    response: Response, zone: Zone, planned: Sequence[Planned], figures: Mapping[str, object], at: datetime
) -> list[Draft]:
    """The orders as they are issued; `figures` fills the places of their texts. Errors: `LookupError`."""
    if not planned:
        return []
    terms, name = order_terms(response), T(zone.name_zh, zone.name_en or zone.name_zh)
    return [
        Draft(
            unit=Ref(one.post.unit.ref), title=_title(name, one.order.name),
            text=one.order.text.text.filled(zone=name, tier=one.tier, **figures),
            due_at=at + timedelta(minutes=max(one.minutes, 1)), legal_basis=zone.legal_basis, review_on=zone.review_on,
            terms=terms,
        )
        for one in planned
    ]


def _title(zone: T, order: T) -> T:
    return T(f"{zone.zh}:{order.zh}"[:TITLE_LONGEST], f"{zone.en}: {order.en}"[:TITLE_LONGEST])


def _leaders(response: Response) -> dict[str, Post]:
    """Leader post by unit key; under the empty key that of headquarters."""
    posts = open_posts(response.ref).filter(leads_unit=True, unit__dissolved_at=None).select_related("unit", "holder")
    found: dict[str, Post] = {}
    for post in posts:
        found.setdefault(post.unit.key, post)
        if post.unit.parent_id is None:
            found.setdefault("", post)
    return found
