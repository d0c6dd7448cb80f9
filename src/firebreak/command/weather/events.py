"""What weather journals."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WeatherNoted:
    """A value was entered; `reached` rules of the plan hold because of it, `over` no longer do."""

    measure: str
    value: float
    observed_at: datetime
    source: str
    reached: int
    over: int


@dataclass(frozen=True, slots=True)
class WeatherImported:
    """A list came in: rows = accepted + rejected + duplicate."""

    rows: int
    accepted: int
    rejected: int
    duplicate: int
    source: str
