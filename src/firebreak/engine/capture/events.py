"""What capture journals: refs, counts and digests."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeviceEnrolled:
    """A device may report for an account."""

    label: str
    account: str


@dataclass(frozen=True, slots=True)
class DeviceTokenRotated:
    """The device has a new token; the old one is dead."""

    label: str


@dataclass(frozen=True, slots=True)
class DeviceRevoked:
    """The device may not report any more."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class BatchTaken:
    """A batch came in: received + settled = captured + set_aside; `repeats` had come before.

    `sha256` is over id ‖ MAC of the captured events in order of id, so that a seal over this act covers them.
    `settled` of the captured ones had been set aside before, and what they waited for has come.
    """

    received: int
    captured: int
    set_aside: int
    repeats: int
    first: int
    last: int
    sha256: str
    settled: int = 0


@dataclass(frozen=True, slots=True)
class BatchRepeated:
    """Everything in the batch had come before; nothing changed."""

    repeats: int


@dataclass(frozen=True, slots=True)
class EventSetAside:
    """One event could not be counted."""

    device: str
    code: str


@dataclass(frozen=True, slots=True)
class QuarantineSettled:
    """A named person settled an event that could not be counted."""

    device: str
    code: str
    resolution: str


@dataclass(frozen=True, slots=True)
class GapDeclaredLost:
    """A named person declared a device's numbers `first`–`last` lost."""

    device: str
    first: int
    last: int
    reason: str


@dataclass(frozen=True, slots=True)
class SubjectErased:
    """The keys to everything captured about a subject were destroyed."""

    keys: int


@dataclass(frozen=True, slots=True)
class OwnersGiven:
    """So many unsettled matters that nobody owned have an owner."""

    matters: int


@dataclass(frozen=True, slots=True)
class ResponseErased:
    """Every key of a response was destroyed: what was captured about people in it can never be read again."""

    keys: int
