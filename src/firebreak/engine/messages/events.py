"""What messages journal: counts and codes, never addresses or texts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessagesQueued:
    """Messages wait to leave."""

    template: str
    messages: int


@dataclass(frozen=True, slots=True)
class MessagesClaimed:
    """A worker took messages to send them; `chased` of them had an unknown fate."""

    messages: int
    chased: int


@dataclass(frozen=True, slots=True)
class MessagesSettled:
    """What became of claimed messages."""

    sent: int
    retried: int
    failed: int
    unknown: int


@dataclass(frozen=True, slots=True)
class MessageSpoken:
    """Somebody was told by voice, from the printed call tree."""

    template: str


@dataclass(frozen=True, slots=True)
class MessagesWithdrawn:
    """Messages that had not left were taken back because their matter fell away."""

    messages: int
    reason: str
