"""The one door for what phones report: `take_batch`.

A batch is one act. It is read event by event, compared with what is known by a fixed number of queries, and
written by a fixed number of statements; one bad event never holds up the others. It knows no domain: the types
that domains registered say what an event means.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from operator import attrgetter
from typing import Any

from django.conf import settings
from pydantic import ValidationError
from pydantic_core import from_json, to_json

from firebreak.engine import bulk
from firebreak.engine.capture import devices, gaps, quarantine, refusals, types
from firebreak.engine.capture.authors import Authors
from firebreak.engine.capture.envelope import Envelope, Read, corrected, read_event, where
from firebreak.engine.capture.events import BatchRepeated, BatchTaken
from firebreak.engine.capture.models import Device, Quarantined
from firebreak.engine.capture.rights import SEND
from firebreak.engine.capture.sealing import Part, open_whole, seal_parts
from firebreak.engine.capture.types import Accepted, Verdict
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.kernel import clock
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T

FARTHEST_JUMP = 100_000
_NOTHING: dict[str, Any] = {}
_DUPLICATE = T("先前已收到。", "Received before.")
_STILL_ASIDE = T("先前已收到,正由专人处理。", "Received before; somebody is settling it.")


@dataclass(slots=True)
class Item:
    """One event on its way: as read, its MAC, and what became of it."""

    read: Read
    mac: bytes
    status: str = ""
    refusal: Refusal | None = None
    accepted: Accepted | None = None
    verdict: Verdict | None = None
    happened_at: datetime | None = None
    skewed: bool = False
    number: int | None = None
    device: Device | None = None
    repeated: bool = False

    def refuse(self, refusal: Refusal) -> None:
        """Set it aside."""
        self.status, self.refusal, self.accepted = "quarantined", refusal, None

    def answer(self) -> dict[str, Any]:
        """What the phone is told."""
        text = self.refusal.text if self.refusal else _DUPLICATE if self.status == "duplicate" else None
        return {
            "id": self.read.id_text, "status": self.status, "code": self.refusal.code if self.refusal else "",
            "zh": text.zh if text else "", "en": text.en if text else "",
            "note": self.verdict.note if self.verdict else _NOTHING,
        }


@dataclass(slots=True)
class BatchAnswer:
    """The answer to a batch; `hops` are the milliseconds spent on each part of the work."""

    server_time: datetime
    answers: list[dict[str, Any]]
    gaps: list[tuple[int, int]]
    expected_seq: int
    hops: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As sent to the phone."""
        return {
            "server_time": clock.iso(self.server_time), "answers": self.answers,
            "gaps": [{"first": first, "last": last} for first, last in self.gaps], "expected_seq": self.expected_seq,
        }


@action
def take_batch(*, device: Device, envelope: Envelope, by: Actor, at: datetime) -> BatchAnswer:
    """Take in what a device reports.

    Who: the enrolled device; each event is judged by the right its author held when it happened.
    Refuses: device-revoked. Single events are never refused but set aside, with an owner.
    Journals: BatchTaken, or BatchRepeated when everything had come before; EventSetAside.
    Promises: an event is stored once however often it comes; the rest of a batch does not suffer from one bad
    event; what is derived changes in the same transaction; a number that is missing is a named gap with an owner.
    """
    watch = Stopwatch()
    device = devices.lock(device.pk)
    if device.revoked_at is not None:
        raise refusals.DEVICE_REVOKED.because()
    mac = settings.VAULT.mac
    items = [Item(read, mac(read.canonical), device=device) for read in envelope.events]
    recognise(device, items)
    judge(device, [item for item in items if not item.status], at)
    watch.lap("classify")
    settled = apply(items, by, at)
    watch.lap("apply")
    missing = write(device, items, settled, by, at)
    watch.lap("write")
    return BatchAnswer(at, [item.answer() for item in items], missing, device.last_sequence + 1, watch.hops)


class Stopwatch:
    """Milliseconds between laps."""

    def __init__(self) -> None:
        self.hops: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """The time since the lap before belongs to `name`."""
        now = time.perf_counter()
        self.hops[name] = (now - self._last) * 1000
        self._last = now


def recognise(device: Device, items: Sequence[Item]) -> None:
    """Mark what came before (earlier in this batch, or in another). Two or three queries."""
    events = [item.read.event.id for item in items if item.read.event]
    known = {
        str(bulk.read_uid(key)): bytes(mac) for key, mac in bulk.select_in(
            "SELECT id, mac FROM capture_capturedevent WHERE id IN {values}",
            [str(key) if bulk.is_postgres() else key.hex for key in events], "uuid",
        )
    }
    aside = quarantine.known(device.pk, [item.read.id_text for item in items])
    known |= {name: mac for name, mac in aside if name and name not in known}
    here: set[tuple[str, bytes]] = set()
    used = _used_numbers(device, items)
    for item in items:
        name = item.read.id_text
        before = aside.get((name, item.mac))
        if before is not None or (name, item.mac) in here or known.get(name) == item.mac:
            _again(item, before)
        elif name in known:
            item.refuse(refusals.OTHER_BYTES.because())
        else:
            _number(item, device, used)
        here.add((name, item.mac))
        if name:
            known.setdefault(name, item.mac)


def _again(item: Item, before: tuple[str, str] | None) -> None:
    """The same event once more: the same answer, or that what was set aside has been settled meanwhile."""
    item.repeated, item.status = True, "duplicate"
    if before is not None and not before[1]:
        item.refuse(Refusal(before[0], _STILL_ASIDE))


def _number(item: Item, device: Device, used: set[int]) -> None:
    """Give the event its number, unless another event has it or it lies absurdly far ahead."""
    number = item.read.sequence
    if number is None:
        return
    if number in used:
        item.refuse(refusals.NUMBER_USED.because(sequence=number))
    elif number > device.last_sequence + FARTHEST_JUMP:
        item.read.event, item.read.problem = None, "seq"
    else:
        item.number = number
        used.add(number)


def _used_numbers(device: Device, items: Sequence[Item]) -> set[int]:
    late = [number for item in items if (number := item.read.sequence) is not None and number <= device.last_sequence]
    if not late:
        return set()
    key = int(device.pk)
    both = (
        "SELECT sequence FROM capture_capturedevent WHERE (device_id, sequence) IN {values}"
        f" UNION SELECT sequence FROM capture_quarantined WHERE device_id = {key} AND sequence BETWEEN"
        f" {min(late)} AND {max(late)}"
    )
    return {number for (number,) in bulk.select_in(both, set(late), "integer", under=key)}


def judge(device: Device, items: Sequence[Item], at: datetime) -> None:
    """Whether each new event is well formed, of a known type, and made by somebody with the right. One query."""
    latest: dict[str, int] = {}
    for item in items:
        if (event := item.read.event) is not None and event.boot:
            latest[event.boot] = max(latest.get(event.boot, 0), event.mono_ms)
    authors = Authors(
        {device.account_ref, *(event.actor for item in items if (event := item.read.event) and event.actor)}
    )
    kinds = types.known()
    for item in items:
        event = item.read.event
        if event is None:
            item.refuse(refusals.MALFORMED.because(where=item.read.problem))
            continue
        item.happened_at, item.skewed = corrected(event, latest.get(event.boot, 0), at, device.enrolled_at)
        kind = kinds.get(event.type)
        if kind is None:
            item.refuse(refusals.UNKNOWN_TYPE.because(type=event.type))
            continue
        author = authors.at(event.actor or device.account_ref, item.happened_at)
        if author is None or not (author.may(SEND) and author.may(kind.right)):
            item.refuse(refusals.NO_RIGHT.because())
            continue
        try:
            body = kind.body.model_validate(event.body)
        except ValidationError as wrong:
            item.refuse(refusals.MALFORMED.because(where=where(wrong)))
            continue
        item.accepted = Accepted(
            event.id, event.seq, event.type, item.happened_at, body, author, Ref(device.ref)
        )


def apply(items: Sequence[Item], by: Actor, at: datetime) -> list[tuple[Quarantined, Item]]:
    """Let the domains apply what was accepted, type by type; then what had waited for it, until nothing is left.

    Answers the events that had been set aside and are counted now.
    """
    settled: list[tuple[Quarantined, Item]] = []
    brought = _apply(items, by, at)
    while rows := quarantine.waiting_for(brought):
        again = [(row, item) for row in rows if (item := _reread(row, at)) is not None]
        brought = _apply([item for _, item in again], by, at)
        settled += [(row, item) for row, item in again if item.status == "accepted"]
    return settled


def _apply(items: Iterable[Item], by: Actor, at: datetime) -> set[str]:
    by_type: dict[str, list[Item]] = {}
    for item in items:
        if item.accepted is not None and item.verdict is None:
            by_type.setdefault(item.accepted.type, []).append(item)
    kinds = types.known()
    brought = set()
    for kind in sorted((kinds[name] for name in by_type), key=attrgetter("order")):
        chosen = by_type[kind.name]
        verdicts = kind.apply([item.accepted for item in chosen if item.accepted], by, at)
        for item, verdict in zip(chosen, verdicts, strict=True):
            item.verdict = verdict
            if verdict.refusal is not None:
                item.refuse(verdict.refusal)
            else:
                item.status = "accepted"
                brought.add(verdict.brings)
    return brought - {""}


def _reread(row: Quarantined, at: datetime) -> Item | None:
    """An event set aside, as it was when it came; None when its content is gone."""
    content = open_whole(row.sealed, row.ref)
    if content is None:
        return None
    item = Item(read_event(from_json(content)), bytes(row.mac), number=row.sequence, device=row.device)
    judge(row.device, [item], row.received_at)
    return item if item.accepted is not None else None


def write(
    device: Device, items: Sequence[Item], settled: Sequence[tuple[Quarantined, Item]], by: Actor, at: datetime
) -> list[tuple[int, int]]:
    """Store events, what was set aside, gaps and the device's number; journal the batch. Answers what is missing."""
    accepted = [item for item in items if item.status == "accepted"] + [item for _, item in settled]
    fresh = [item for item in items if not item.repeated]
    if not fresh:
        record(BatchRepeated(len(items)), about=device.ref)
        return gaps.keep(device, [], by, at)
    store(accepted)
    aside = [item for item in fresh if item.status == "quarantined"]
    quarantine.set_aside(device, [_kept(item) for item in aside], by, at)
    quarantine.counted([row for row, _ in settled], by, at)
    numbers = [item.number for item in fresh if item.number is not None]
    missing = gaps.keep(device, numbers, by, at)
    devices.keep_seen(device, max([device.last_sequence, *numbers]), at)
    record(
        BatchTaken(
            len(fresh), len(accepted), len(aside), len(items) - len(fresh), min(numbers, default=0),
            max(numbers, default=0), digest_of(accepted), len(settled),
        ),
        about=device.ref,
    )
    return missing


def digest_of(accepted: Sequence[Item]) -> str:
    """SHA-256 over id ‖ MAC of the events an act captured, in order of id."""
    rows = sorted((item.accepted.id.bytes, item.mac) for item in accepted if item.accepted)
    return sha256(b"".join(key + mac for key, mac in rows)).hexdigest()


def _kept(item: Item) -> quarantine.SetAside:
    event, refusal = item.read.event, item.refusal
    assert refusal is not None
    return quarantine.SetAside(
        item.read.id_text, item.number, event.type if event else "", item.read.canonical, item.mac, refusal,
        item.verdict.waits_for if item.verdict else "",
    )


def store(accepted: Sequence[Item]) -> None:
    """Write captured events; personal and unknown parts go under their subject's key."""
    act = current_act().pk
    kinds = types.known()
    clear = {name: kinds[name].open_fields for name in {item.accepted.type for item in accepted if item.accepted}}
    rows, parts = [], []
    for item in accepted:
        event, device = item.read.event, item.device
        assert event is not None
        assert item.verdict is not None
        assert device is not None
        assert item.happened_at is not None
        body, hidden, unknown = split(event.body, clear[event.type], kinds[event.type].personal)
        if event.model_extra:
            hidden["event"] = {name: event.model_extra[name] for name in event.model_extra}
            unknown += sorted(event.model_extra)
        if hidden:
            verdict = item.verdict
            parts.append(Part(event.id, verdict.subject or device.ref, verdict.response, hidden))
        rows.append((
            bulk.uid(event.id), device.pk, event.seq, event.prev, event.type, event.actor or device.account_ref,
            to_json(body).decode(), to_json(unknown).decode() if unknown else None,
            bulk.moment(item.happened_at), bulk.moment(event.at), item.skewed, event.boot, event.mono_ms, item.mac, act,
        ))
    bulk.insert("capture_capturedevent", COLUMNS, rows)
    if parts:
        seal_parts(parts)


COLUMNS = (
    "id", "device_id", "sequence", "previous", "type", "account_ref", "body", "unknown", "happened_at", "device_at",
    "skewed", "boot", "monotonic_ms", "mac", "act_id",
)


def split(
    body: dict[str, Any], open_fields: frozenset[str], personal: frozenset[str]
) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """(what stays in clear, what is sealed, names of unknown fields). Unknown fields may be personal: sealed."""
    if body.keys() <= open_fields:
        return body, {}, []
    clear = {name: value for name, value in body.items() if name in open_fields}
    hidden = {name: value for name, value in body.items() if name not in open_fields}
    return clear, hidden, sorted(hidden.keys() - personal)
