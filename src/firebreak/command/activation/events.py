"""What activation journals: refs, codes and counts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignalTaken:
    """Something was reported."""

    kind: str
    classification: str
    area: str


@dataclass(frozen=True, slots=True)
class SignalJudged:
    """The signal is taken for something else now."""

    before: str
    after: str
    status: str


@dataclass(frozen=True, slots=True)
class SignalOverturned:
    """The signal was wrong; `responses` it had opened were cancelled."""

    responses: int
    reason: str


@dataclass(frozen=True, slots=True)
class ResponseActivated:
    """The plan is at work: what exists from this moment on."""

    signal: str
    plan: str
    area: str
    level_before: str
    level: str
    minutes: int
    units: int
    posts: int
    unfilled: int
    members: int
    orders: int
    tasks: int
    messages: int


@dataclass(frozen=True, slots=True)
class ResponseCancelled:
    """The response ended because what had opened it fell away."""

    reason: str
    units: int
    posts: int
    services: int
    orders: int
    tasks: int
    told: int
