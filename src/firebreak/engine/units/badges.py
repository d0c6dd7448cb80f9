"""Badges: who serves where until when, signed, so that a gate tells a true one without asking anybody.

A badge says a name, a post, a unit and an end, nothing of anybody's health. It stops being good when its time is over, when
the service ends, or when a newer one is issued for the same service; a gate learns of the last two when it has a network.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.units import refusals
from firebreak.engine.units.events import BadgesIssued
from firebreak.engine.units.models import Badge, Service
from firebreak.engine.units.rights import WRITE_UNITS
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_refs, token_of
from firebreak.kernel.signing import Signer, bytes_of, text_of

PREFIX, PURPOSE = "FB1:B:", "badge"
LONGEST = timedelta(days=14)


def signer() -> Signer:
    """Whoever signs badges here."""
    return Signer(settings.VAULT, PURPOSE)


@action
def issue_badges(*, unit: Ref, not_after: datetime, by: Actor, at: datetime) -> int:
    """A badge for everybody in service at a unit's open posts; answers how many.

    Who: headquarters, the unit's leader.   Refuses: not-found, badge-time, nobody-serves, not-permitted.
    Journals: BadgesIssued.   Promises: an earlier badge of the same service is no longer good.
    """
    serving = list(
        Service.objects.filter(post__unit__ref=unit, post__closed_at=None, ends_at=None)
        .select_related("member", "post__unit").order_by("id")
    )
    if not serving:
        raise refusals.NOBODY_SERVES.because()
    by.require(WRITE_UNITS, unit=serving[0].post.unit.path)
    if not at < not_after <= at + LONGEST:
        raise refusals.BADGE_TIME.because(days=LONGEST.days)
    act = current_act()
    Badge.objects.bulk_create([
        Badge(ref=ref, service=service, not_after=not_after, act=act)
        for ref, service in zip(new_refs("badge", len(serving)), serving, strict=True)
    ])
    record(BadgesIssued(serving[0].post.unit.key, len(serving), not_after), about=unit)
    return len(serving)


def good(now: datetime) -> QuerySet[Badge]:
    """Badges that are good now, in the order of posts."""
    newer = Badge.objects.filter(service=OuterRef("service"), id__gt=OuterRef("id"))
    rows = Badge.objects.filter(~Exists(newer), not_after__gt=now, service__ends_at=None)
    return rows.select_related("service__member", "service__post__unit").order_by("service__post_id", "id")


def withdrawn(now: datetime) -> list[str]:
    """Tokens of badges whose time is not over and that are no longer good. One query."""
    newer = Badge.objects.filter(service=OuterRef("service"), id__gt=OuterRef("id"))
    rows = Badge.objects.filter(not_after__gt=now).filter(Q(service__ends_at__isnull=False) | Exists(newer))
    return [token_of(ref) for ref in rows.order_by("id").values_list("ref", flat=True)]


def codes(badges: Iterable[Badge]) -> list[str]:
    """What the QR of each badge says: its facts and the signature."""
    signs = signer()
    return [PREFIX + text_of(body) + "." + text_of(signs.sign(body)) for body in map(_body, badges)]


def _body(badge: Badge) -> bytes:
    service = badge.service
    facts = [
        token_of(badge.ref), token_of(service.member.ref), service.member.name, service.post.name_zh, service.post.name_en,
        service.post.unit.name_zh, service.post.unit.name_en, int(badge.not_after.astimezone(UTC).timestamp()),
    ]
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()


def member_of(code: str, now: datetime) -> Ref | None:
    """Whose badge a scanned code is; None when it is none of ours or no longer good. Two queries at most."""
    facts = _facts(code)
    badge = good(now).filter(ref=f"badge:{facts[0]}").first() if facts else None
    return Ref(badge.service.member.ref) if badge is not None else None


def _facts(code: str) -> Sequence[object] | None:
    body, _, signature = code.removeprefix(PREFIX).partition(".")
    try:
        content, signed = bytes_of(body), bytes_of(signature)
    except ValueError:
        return None
    if not code.startswith(PREFIX) or not signer().made(content, signed):
        return None
    found: list[object] = json.loads(content)
    return found
