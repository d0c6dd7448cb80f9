"""What the drill's phones say: each keeps a log of its day and hands it over in batches, like a real one.

Ids, numbers and links are made as a phone makes them, from the drill's seed, so a drill that goes on after a
stop sends the same events again and nothing is counted twice.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from firebreak.kernel.clock import iso

BATCH = 100
WINDOW = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a phone records: when, what sort, and the body."""

    at: datetime
    type: str
    body: dict[str, Any]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Tail:
    """Where a phone's log ends: the last number, and the link the next event carries."""

    seq: int = 0
    link: str = ""


@dataclass(slots=True)
class Phone:
    """A phone's day, which goes on behind `tail`. `late` shifts when its batches arrive (no network)."""

    label: str
    account: str
    seed: int
    log: list[Said] = field(default_factory=list)
    tail: Tail = Tail()
    day: int = 1
    late: timedelta = timedelta()

    def batches(self) -> Iterator[tuple[datetime, list[dict[str, Any]]]]:
        """(arrival, events) in order of arrival; at most 100 events, at most half an hour of work."""
        events = self.events()
        begin, batch = 0, 0
        while begin < len(events):
            closes = _window_end(self.log[begin].at)
            end = begin
            while end < len(events) and end - begin < BATCH and self.log[end].at < closes:
                end += 1
            arrival = max(self.log[end - 1].at, closes if end - begin < BATCH else self.log[end - 1].at)
            yield arrival + self._offset() + self.late, events[begin:end]
            begin, batch = end, batch + 1

    def events(self) -> list[dict[str, Any]]:
        """The whole log as events, numbered and linked."""
        self.log.sort(key=lambda said: said.at)
        events: list[dict[str, Any]] = []
        previous = self.tail.link
        boot = self.log[0].at - timedelta(minutes=20) if self.log else None
        for number, said in enumerate(self.log, start=self.tail.seq + 1):
            event = {
                "id": str(self.event_id(said, number)), "seq": number, "prev": previous, "type": said.type,
                "at": iso(said.at), "boot": f"{self.label}-{self.day}",
                "mono_ms": int((said.at - boot).total_seconds() * 1000) if boot else 0,
                "server_seen": None, "actor": "", "body": said.body,
            }
            previous = _link(event)
            events.append(event)
        return events

    def end(self) -> Tail:
        """Where the log ends after this day."""
        events = self.events()
        return Tail(events[-1]["seq"], _link(events[-1])) if events else self.tail

    def event_id(self, said: Said, number: int) -> UUID:
        """A UUIDv7 of the moment whose random part comes from the seed, the phone and the number."""
        drawn = int.from_bytes(sha256(f"{self.seed}/{self.label}/{number}".encode()).digest()[:10])
        value = int(said.at.timestamp() * 1000) << 80 | drawn
        value = value & ~(0xF << 76) | 0x7 << 76
        return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)

    def _offset(self) -> timedelta:
        """Phones do not all call at the same second."""
        return timedelta(seconds=int.from_bytes(sha256(self.label.encode()).digest()[:2]) % 420)


def envelope(events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The envelope of a batch."""
    return {"envelope": 1, "client": "drill", "events": list(events)}


def _link(event: dict[str, Any]) -> str:
    return sha256(json.dumps(event, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _window_end(at: datetime) -> datetime:
    whole = int(at.timestamp() // WINDOW.total_seconds() + 1) * WINDOW.total_seconds()
    return datetime.fromtimestamp(whole, at.tzinfo)
