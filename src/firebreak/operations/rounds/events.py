"""What rounds journal: refs, codes and counts, never a name."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SitesAdded:
    """Sampling sites were entered."""

    sites: int


@dataclass(frozen=True, slots=True)
class RoundOpened:
    """A round lists everybody present in `area` as the register stood at `register_position`."""

    response: str
    number: int
    area: str
    listed: int
    buildings: int
    sites: int
    register_position: int
    due_at: datetime
    scope: str = ""


@dataclass(frozen=True, slots=True)
class PoolsFollowed:
    """The tier of `buildings` changed under an open round: from now on so many people (`sizes`) share a tube there."""

    buildings: int
    sizes: list[int]


@dataclass(frozen=True, slots=True)
class RoundClosed:
    """Nobody on its list is left without an end, or without a follow-up that a named person decided."""

    listed: int
    found: int
    sampled: int
    excused: dict[str, int] = field(default_factory=dict)
    handed_over: int = 0
    follow_up_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoundCancelled:
    """The round was called off; what was recorded stays."""

    reason: str


@dataclass(frozen=True, slots=True)
class TubeOpened:
    """A tube is in use at a site."""

    round: str
    site: str


@dataclass(frozen=True, slots=True)
class TubeSealed:
    """A tube is closed with `members` people."""

    members: int


@dataclass(frozen=True, slots=True)
class TubeVoided:
    """A tube is spoiled; everybody in it is to be sampled again."""

    members: int
    reason: str


@dataclass(frozen=True, slots=True)
class ScanUndone:
    """A scan was taken back."""

    person: str
    tube: str
    reason: str


@dataclass(frozen=True, slots=True)
class AttemptRecorded:
    """Somebody called or knocked."""

    person: str
    way: str
    result: str


@dataclass(frozen=True, slots=True)
class AttemptUndone:
    """Whoever wrote an attempt down took it back."""

    person: str
    way: str
    result: str


@dataclass(frozen=True, slots=True)
class EntryDecided:
    """A named person closed an entry with a reason (`state`), or opened it again (`to_do`)."""

    person: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class PersonFound:
    """Somebody who was on no list."""

    person: str
    building: str
    found_as: str


@dataclass(frozen=True, slots=True)
class SwabKeyedBack:
    """A swab was written on paper and keyed at a desk; `later` when it was not keyed at the moment it was taken."""

    person: str
    tube: str
    later: bool


@dataclass(frozen=True, slots=True)
class OutcomeRecorded:
    """An outcome of the plan was written down for a person, and for the `people` behind the same door."""

    person: str
    outcome: str
    people: int


@dataclass(frozen=True, slots=True)
class VisitRecorded:
    """One call or visit counted for several people."""

    people: int
    way: str
    result: str


@dataclass(frozen=True, slots=True)
class VisitUndone:
    """It counts no longer for so many people."""

    people: int


@dataclass(frozen=True, slots=True)
class PeopleExcused:
    """Several people were excused for one reason of the plan."""

    people: int
    reason: str
