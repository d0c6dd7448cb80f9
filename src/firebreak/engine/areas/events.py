"""What the area tree journals: codes and counts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AreasAdded:
    """Areas came in or changed. `levels` counts the added ones per level."""

    added: int
    changed: int
    known: int
    levels: dict[str, int]


@dataclass(frozen=True, slots=True)
class AreaEnded:
    """An area no longer takes people; its history stays."""

    code: str


@dataclass(frozen=True, slots=True)
class AreaReopened:
    """An area that had ended takes people again."""

    code: str
