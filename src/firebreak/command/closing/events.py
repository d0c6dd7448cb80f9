"""What the end of a response journals: keys and counts."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LevelChanged:
    """The response works at another level."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ResponseClosed:
    """The response ended with nothing owed; `erasures` classes of personal data have an owner and a day."""

    reason: str
    units: int
    posts: int
    services: int
    told: int
    erasures: int


@dataclass(frozen=True, slots=True)
class ErasureHandedOver:
    """Somebody else answers for a class of personal data."""

    key: str
    owner: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ErasureDone:
    """A class of personal data ended; `digest` names its certificate."""

    key: str
    outcome: str
    digest: str
