"""What units journal: keys, refs and counts, never names."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UnitsFormed:
    """Units exist from now on; `kinds` counts them by kind."""

    kinds: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PostsOpened:
    """Posts exist from now on and ask for `required` people together."""

    posts: int
    required: int


@dataclass(frozen=True, slots=True)
class PostsFilled:
    """Posts were filled from the roster; `unfilled` posts still lack a holder or people."""

    holders: int
    members: int
    unfilled: int


@dataclass(frozen=True, slots=True)
class HolderChanged:
    """Somebody else answers for a post; an empty ref means nobody."""

    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeputyNamed:
    """Somebody stands ready to hold the post when its holder leaves; an empty ref means nobody does any more."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DeputyStoodIn:
    """The holder left, and the deputy holds the post from this moment on."""

    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class ServiceBegun:
    """A member began to serve at a post."""

    member: str


@dataclass(frozen=True, slots=True)
class ServiceEnded:
    """A member's service at a post ended."""

    member: str
    reason: str


@dataclass(frozen=True, slots=True)
class UnitsDissolved:
    """All units of a response ended, with their posts and services."""

    units: int
    posts: int
    services: int
    reason: str


@dataclass(frozen=True, slots=True)
class RosterTaken:
    """Members came in from a roster. `changed` are known ones with something new."""

    added: int
    changed: int
    known: int


@dataclass(frozen=True, slots=True)
class BadgesIssued:
    """So many badges of a unit, good until a moment."""

    unit: str
    badges: int
    not_after: datetime
