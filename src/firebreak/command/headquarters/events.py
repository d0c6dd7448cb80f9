"""What headquarters journals: refs, numbers and counts; the words of an order stay in its row."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OrderIssued:
    """A unit owes something by a deadline."""

    number: int
    unit: str
    due_at: datetime
    document_number: str


@dataclass(frozen=True, slots=True)
class OrderUndone:
    """Taken back by its issuer within seconds, before anybody saw it."""

    number: int


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """Its owner opened it."""

    number: int


@dataclass(frozen=True, slots=True)
class OrderAccepted:
    """Its owner took it on."""

    number: int


@dataclass(frozen=True, slots=True)
class OrderReported:
    """Its owner reported progress."""

    number: int
    percent: int


@dataclass(frozen=True, slots=True)
class OrderFinished:
    """Its owner reported the end."""

    number: int


@dataclass(frozen=True, slots=True)
class OrderVerified:
    """Somebody other than its owner saw that it was done."""

    number: int


@dataclass(frozen=True, slots=True)
class OrderReopened:
    """Reported done and found not to be: it is owed again."""

    number: int
    due_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class OrderRefused:
    """Its owner gave it back; somebody at headquarters must see to it."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class OrderCancelled:
    """Headquarters cancelled it."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class OrdersCancelled:
    """Every live order fell with its response."""

    orders: int
    reason: str


@dataclass(frozen=True, slots=True)
class OrdersReturned:
    """Nobody answered in time; the orders came back to whoever gave them."""

    orders: int


@dataclass(frozen=True, slots=True)
class UnitsUnled:
    """Units without a leader were found, and others have one again."""

    unled: int
    led: int
