"""What following positives journals: refs and counts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PoolFollowed:
    """The orders of a positive pool were issued."""

    tube: str
    people: int
    orders: list[str]


@dataclass(frozen=True, slots=True)
class CaseFound:
    """Somebody's own result is positive: a signal was taken, and so many people who live with them are to be traced."""

    signal: str
    contacts: int
