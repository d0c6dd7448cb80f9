"""The types of events that phones may send: each registered by the domain that understands it.

A type says what its body looks like, which of its fields are personal, which right its author needs, and how a
batch of accepted events is applied at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from firebreak.engine.access.actors import AccountActor
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal


@dataclass(slots=True)
class Accepted:
    """An event that is well formed, new, and made by somebody with the right. `by` is its author at that moment."""

    id: UUID
    sequence: int
    type: str
    happened_at: datetime
    body: Any
    by: AccountActor
    device: Ref


@dataclass(slots=True)
class Verdict:
    """What became of an event. With a `refusal` it is set aside, else counted.

    `waits_for` names what would make a refused event countable; `brings` names what this event made known.
    `subject` and `response` choose the key under which its personal part is sealed. `note` is for the screen.
    """

    refusal: Refusal | None = None
    waits_for: str = ""
    brings: str = ""
    subject: str = ""
    response: str = ""
    note: dict[str, Any] = field(default_factory=dict)


Apply = Callable[[Sequence[Accepted], Actor, datetime], list[Verdict]]


@dataclass(frozen=True, slots=True)
class EventType:
    """One type. Types are applied in `order`; `apply` answers one verdict for each event, in order."""

    name: str
    body: type[BaseModel]
    personal: frozenset[str]
    right: str
    apply: Apply
    order: int = 50

    @property
    def open_fields(self) -> frozenset[str]:
        """The fields of the body that stay in clear."""
        return frozenset(self.body.model_fields) - self.personal


_types: dict[str, EventType] = {}


def register(event_type: EventType) -> None:
    """Add a type. Errors: `ValueError` on a second one of the same name."""
    if event_type.name in _types:
        raise ValueError(f"event type registered twice: {event_type.name}")
    _types[event_type.name] = event_type


def known() -> Mapping[str, EventType]:
    """All types by name."""
    return _types
