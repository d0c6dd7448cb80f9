"""What recognition journals: how many, never who."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConsentNoted:
    """So many members agreed to be named, or took it back."""

    members: int
    agreed: bool
    how: str
