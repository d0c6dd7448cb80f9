"""The envelope of a sync: read strictly, one event at a time, so that a bad event harms no other.

Unknown fields are kept, because phones may be newer than the server. Nothing here touches the database.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from firebreak.engine.capture.refusals import TOO_MANY, UNREADABLE
from firebreak.kernel.text import T

MOST_EVENTS = 100
MOST_BYTES = 256 * 1024
VERSIONS = (1,)
LARGEST = 2**31 - 1
SKEW = timedelta(minutes=5)

Lax = Field(strict=False)


class EventIn(BaseModel):
    """One event as a device writes it. `at` is the device's clock, `server_seen` the last server time it saw."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    id: Annotated[UUID, Lax]
    seq: Annotated[int, Field(ge=1, le=LARGEST)]
    prev: Annotated[str, Field(max_length=64)] = ""
    type: Annotated[str, Field(max_length=40)]
    at: Annotated[AwareDatetime, Lax]
    boot: Annotated[str, Field(max_length=40)] = ""
    mono_ms: Annotated[int, Field(ge=0, le=2**53)] = 0
    server_seen: Annotated[AwareDatetime, Lax] | None = None
    actor: Annotated[str, Field(max_length=60)] = ""
    body: dict[str, Any]


EVENT: TypeAdapter[EventIn] = TypeAdapter(EventIn)


@dataclass(slots=True)
class Read:
    """An event as it came: its bytes (keys in the order they came), and what could be read of it."""

    raw: Any
    canonical: bytes
    event: EventIn | None
    problem: str = ""
    id_text: str = field(init=False)
    """The id as text, also of an event that could not be read."""
    sequence: int | None = field(init=False)
    """The device's number, when it can be read."""

    def __post_init__(self) -> None:
        raw = self.raw if isinstance(self.raw, dict) else {}
        given, number = raw.get("id"), raw.get("seq")
        self.id_text = given[:60] if isinstance(given, str) else ""
        self.sequence = number if type(number) is int and 1 <= number <= LARGEST else None
        if self.event is not None and not (len(self.id_text) == 36 and self.id_text.islower()):
            self.id_text = str(self.event.id)


@dataclass(slots=True)
class Envelope:
    """A batch: at most 100 events, in the order they came."""

    client: str
    events: list[Read] = field(default_factory=list)


def read_envelope(content: bytes) -> Envelope:
    """Read the bytes of a request. Errors: refuses `envelope-unreadable`, `too-many-events`."""
    try:
        given = from_json(content)
    except ValueError as wrong:
        raise UNREADABLE.because(why=T("不是 JSON", "not JSON")) from wrong
    return envelope_of(given)


def envelope_of(given: Any) -> Envelope:
    """Read an envelope that is already parsed. Errors: as `read_envelope`."""
    if not isinstance(given, dict) or given.get("envelope") not in VERSIONS:
        raise UNREADABLE.because(why=T("信封版本不认识", "unknown version of the envelope"))
    events = given.get("events")
    client = given.get("client", "")
    if not isinstance(events, list) or not events or not isinstance(client, str):
        raise UNREADABLE.because(why=T("没有记录", "no events"))
    if len(events) > MOST_EVENTS:
        raise TOO_MANY.because(n=len(events), most=MOST_EVENTS)
    return Envelope(client[:40], [read_event(raw) for raw in events])


def read_event(raw: Any) -> Read:
    """Read one event; what is wrong with it is noted, never raised."""
    try:
        canonical = to_json(raw)
    except (ValueError, RecursionError):
        return Read(raw, repr(raw)[:1000].encode("utf-8", "replace"), None, "text")
    try:
        event = EVENT.validate_python(raw)
    except ValidationError as wrong:
        return Read(raw, canonical, None, where(wrong))
    return Read(raw, canonical, event, "")


def where(wrong: ValidationError) -> str:
    """The fields that are wrong, without their content."""
    return ", ".join(sorted({".".join(str(part) for part in error["loc"]) or "-" for error in wrong.errors()}))[:100]


def corrected(event: EventIn, latest_mono: int, received_at: datetime, earliest: datetime) -> tuple[datetime, bool]:
    """When the event happened, and whether the device's clock was off by more than five minutes.

    It lies after `earliest` and after the last server time the device had seen, and before the receipt; when the
    batch holds a later event of the same boot (`latest_mono`, 0 when none) then before it by the difference of
    the monotonic clock. The device's clock decides within these bounds; a clock that is off decides nothing.
    """
    at = event.at
    low = earliest if event.server_seen is None else min(max(earliest, event.server_seen), received_at)
    high = received_at - timedelta(milliseconds=latest_mono - event.mono_ms) if latest_mono else received_at
    if low <= at <= high:
        return at.astimezone(UTC), False
    high = max(low, high)
    if at > high + SKEW or at < low - SKEW:
        return high, True
    return min(max(at, low), high).astimezone(UTC), False
