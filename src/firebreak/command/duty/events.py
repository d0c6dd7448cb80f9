"""What the duty desk journals: numbers, counts and digests; words stay in their rows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DutyLogged:
    """A line was written into the log."""

    kind: str
    digest: str


@dataclass(frozen=True, slots=True)
class DeskGiven:
    """Who leaves signed the sheet of everything that is open."""

    number: int
    open: int
    digest: str


@dataclass(frozen=True, slots=True)
class DeskTaken:
    """Who comes signed the same sheet."""

    number: int


@dataclass(frozen=True, slots=True)
class DeskKept:
    """Who wanted to leave stays: the hand-over was taken back."""

    number: int


@dataclass(frozen=True, slots=True)
class DutyLogErased:
    """The words of the log went with the names of the register; when, who and the digests stay."""

    lines: int
