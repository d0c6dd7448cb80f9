"""What custody and results journal: codes, numbers and what a tube's result means, never a name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LaboratoryEntered:
    """A laboratory is known, or brought up to date."""

    code: str
    tubes_a_day: int
    higher: bool


@dataclass(frozen=True, slots=True)
class LabelsIssued:
    """Labels were printed for a site."""

    kind: str
    first: str
    count: int


@dataclass(frozen=True, slots=True)
class LabelsLost:
    """Printed labels will not be used."""

    codes: list[str]
    reason: str


@dataclass(frozen=True, slots=True)
class ControlsPlanted:
    """Blind controls go with the tubes of a round. Which they are is not journaled."""

    round: str
    controls: int


@dataclass(frozen=True, slots=True)
class SpecimensMissing:
    """A named person says that specimens are lost; who held them last stays on record."""

    codes: list[str]
    reason: str


@dataclass(frozen=True, slots=True)
class ResultsTaken:
    """A delivery came: rows = accepted + rejected + repeated + waiting for a second person."""

    laboratory: str
    source: str
    rows: int
    accepted: int
    rejected: int
    repeated: int
    waiting: int
    changed: int
    unclear: list[str]


@dataclass(frozen=True, slots=True)
class LaboratoryDoubted:
    """What a delivery says cannot be honest: too fast, too many, or a blind control missed."""

    laboratory: str
    too_fast: int
    over_capacity: int
    controls_missed: int


@dataclass(frozen=True, slots=True)
class PoolOpened:
    """Everybody in a positive tube is held and to be tested alone."""

    tube: str
    people: int


@dataclass(frozen=True, slots=True)
class HeldReleased:
    """A named person decided that somebody of a pool will have no result of their own."""

    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class PoolClosed:
    """Everybody of the pool has a result of their own."""

    people: int
    positive: int


@dataclass(frozen=True, slots=True)
class CustodyLookedAt:
    """Rounds with tubes that have no end, and those that no longer have any."""

    due: int
    over: int
