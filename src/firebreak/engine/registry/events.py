"""What the register journals: references, codes and counts, never a name."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PeopleRegistered:
    """People came in one by one. `added` are new persons, `changed` known ones with something new."""

    added: int
    changed: int
    known: int


@dataclass(frozen=True, slots=True)
class PresenceEnded:
    """A person is no longer expected at a building."""

    person: str
    building: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class NeedsChanged:
    """What somebody needs was brought up to date. Which needs is never journaled: some tell of an illness."""

    added: int
    taken_off: int


@dataclass(frozen=True, slots=True)
class PeopleLeft:
    """Several people are no longer expected: so many moved away, so many died, so many presences ended with it."""

    moved: int
    died: int
    ended: int


@dataclass(frozen=True, slots=True)
class ImportStaged:
    """A file was read and laid out; nothing of it is in the register yet."""

    file: str
    kind: str
    sha256: str
    rows: int
    chunks: int


@dataclass(frozen=True, slots=True)
class ImportChunkApplied:
    """One slice of a file went in: rows = accepted + rejected + duplicate."""

    file: str
    chunk: int
    rows: int
    accepted: int
    rejected: int
    duplicate: int


@dataclass(frozen=True, slots=True)
class ImportApplied:
    """The whole file is in: rows = accepted + rejected + duplicate."""

    file: str
    kind: str
    rows: int
    accepted: int
    rejected: int
    duplicate: int


@dataclass(frozen=True, slots=True)
class ImportAbandoned:
    """A staged file was given up; its personal data were erased."""

    file: str


@dataclass(frozen=True, slots=True)
class RegisterErased:
    """Personal data whose time was over were erased; field → rows."""

    fields: dict[str, int]


@dataclass(frozen=True, slots=True)
class PairsFound:
    """The register was searched for people entered twice; so many new pairs wait for somebody."""

    pairs: int


@dataclass(frozen=True, slots=True)
class PairDecided:
    """Somebody decided about two entries without merging them."""

    first: str
    second: str
    decision: str


@dataclass(frozen=True, slots=True)
class PeopleMerged:
    """`folded` is the same human being as `kept`, which takes over `taken` presences."""

    kept: str
    folded: str
    taken: int


@dataclass(frozen=True, slots=True)
class PeopleUnmerged:
    """They were two after all."""

    kept: str
    folded: str


@dataclass(frozen=True, slots=True)
class CensusNoted:
    """What a census counted in so many areas; `people` adds them up, wider ones and those inside alike."""

    areas: int
    people: int
    counted_on: date
    source: str
