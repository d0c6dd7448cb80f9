"""Writes of recognition."""

from collections.abc import Sequence
from datetime import datetime

from firebreak.command.recognition.events import ConsentNoted
from firebreak.command.recognition.models import Consent
from firebreak.command.recognition.refusals import HOW_MISSING, NOBODY_PICKED
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.units.models import Service
from firebreak.engine.units.rights import WRITE_UNITS
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND


@action
def note_consent(*, members: Sequence[Ref], agreed: bool, how: str, by: Actor, at: datetime) -> int:
    """Note that members agreed to be named, or took it back; how many.

    Who: whoever may write a unit at which each of them serves or served.
    Refuses: nobody-chosen, consent-how-missing, not-found, not-permitted.   Journals: ConsentNoted.
    Promises: all or nobody; what was said before stays.
    """
    if not members:
        raise NOBODY_PICKED.because()
    if not how.strip():
        raise HOW_MISSING.because()
    services = Service.objects.filter(member__ref__in=list(members)).select_related("member", "post__unit").order_by("id")
    latest = {service.member.ref: service for service in services}
    if latest.keys() != set(members):
        raise NOT_FOUND.because()
    for service in latest.values():
        by.require(WRITE_UNITS, unit=service.post.unit.path)
    act = current_act()
    Consent.objects.bulk_create([
        Consent(member=service.member, agreed=agreed, how=how.strip()[:120], by=by.ref, happened_at=at, act=act)
        for service in latest.values()
    ])
    record(ConsentNoted(len(latest), agreed, how.strip()[:120]), about=by.ref)
    return len(latest)
