"""Events that could not be counted: kept whole, with an owner, and counted when what they wait for comes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from firebreak.engine import bulk
from firebreak.engine.capture import owners
from firebreak.engine.capture.events import EventSetAside
from firebreak.engine.capture.models import Device, Quarantined, SubjectKey
from firebreak.engine.capture.sealing import keys_for
from firebreak.engine.journal.acting import current_act, record
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import new_refs
from firebreak.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class SetAside:
    """An event to keep apart, as it came."""

    event_id: str
    sequence: int | None
    type: str
    canonical: bytes
    mac: bytes
    refusal: Refusal
    waits_for: str


def set_aside(device: Device, items: Sequence[SetAside], by: Actor, at: datetime) -> None:
    """Keep events apart, sealed whole, each with a task. Bounded statements."""
    if not items:
        return
    act = current_act()
    refs = new_refs("quarantined", len(items))
    keys = keys_for([(ref, "") for ref in refs])
    rows = Quarantined.objects.bulk_create(
        Quarantined(
            ref=ref, device=device, event_id=item.event_id, sequence=item.sequence, type=item.type[:40],
            code=item.refusal.code, waits_for=item.waits_for, mac=item.mac, received_at=at, act=act,
            sealed=settings.VAULT.seal(item.canonical, about=ref.encode(), key=keys[ref, ""][1]),
        )
        for ref, item in zip(refs, items, strict=True)
    )
    for row in rows:
        record(EventSetAside(device.ref, row.code), about=row.ref)
    matters = [owners.Matter(owners.SET_ASIDE, row.ref, device.label, row.code) for row in rows]
    owners.give_owners(matters, by=by, at=at)


def waiting_for(things: Iterable[str]) -> list[Quarantined]:
    """Events set aside that wait for these things, oldest first, locked. One query when nothing waits, else three at most."""
    if not bulk.fetch("SELECT 1 FROM capture_quarantined WHERE resolved_at IS NULL AND NOT (waits_for = '') LIMIT 1"):
        return []
    waiting = [key for (key,) in bulk.select_in(
        "SELECT id FROM capture_quarantined WHERE resolved_at IS NULL AND NOT (waits_for = '') AND waits_for IN {values}",
        [thing for thing in set(things) if thing],
    )]
    if not waiting:
        return []
    rows = Quarantined.objects.select_for_update(of=("self",)).select_related("device")
    return list(rows.filter(id__in=waiting, resolved_at=None).order_by("id"))


def counted(rows: Sequence[Quarantined], by: Actor, at: datetime) -> None:
    """What they waited for has come: they are in the ledger now, and nobody needs to settle them."""
    if not rows:
        return
    keys = [row.pk for row in rows]
    Quarantined.objects.filter(id__in=keys).update(
        resolved_at=at, resolution="counted", resolved_by=by.ref, end_act=current_act()
    )
    refs = [row.ref for row in rows]
    SubjectKey.objects.filter(subject__in=refs).delete()
    owners.settled(owners.SET_ASIDE, refs, "已入账 counted", by=by, at=at)


def known(device: int, ids: Sequence[str]) -> dict[tuple[str, bytes], tuple[str, str]]:
    """(event id, MAC) → (code, resolution) of events of a device set aside before. One query."""
    return {
        (event_id, bytes(mac)): (code, resolution)
        for event_id, mac, code, resolution in bulk.select_in(
            "SELECT event_id, mac, code, resolution FROM capture_quarantined"
            " WHERE (device_id, event_id) IN {values}", ids, under=device,
        )
    }
