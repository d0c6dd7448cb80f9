"""What news briefs journal: numbers and names of figures, never the words."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class QuoteStored:
    """Words may be quoted from now on."""

    number: int
    source: str
    consent: str


@dataclass(frozen=True, slots=True)
class BriefPictureStored:
    """A picture may be published from now on."""

    number: int
    source: str
    consent: str


@dataclass(frozen=True, slots=True)
class BriefWritten:
    """A version of a brief; the first is the author's."""

    number: int
    version: int


@dataclass(frozen=True, slots=True)
class BriefPublished:
    """The public reads it; `figures` are of `cutoff_at`."""

    number: int
    figures: list[str]
    quotes: list[int]
    cutoff_at: datetime
    pictures: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BriefWithdrawn:
    """The public reads that it was withdrawn."""

    number: int
    reason: str
