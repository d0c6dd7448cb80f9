"""What the calendar journals."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DaysDeclared:
    """Days from `begins` to `ends` were declared free or worked."""

    kind: str
    begins: date
    ends: date
    name: str
    source: str
