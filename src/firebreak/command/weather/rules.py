"""Measures with their units and limits, and which rules of a plan a value reaches. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from firebreak.command.headquarters.plan import WeatherRule
from firebreak.kernel.text import T


@dataclass(frozen=True, slots=True)
class Measure:
    """What may be observed: its name, its unit, the lowest and highest value anybody ever measured, rounded outwards."""

    name: T
    unit: str
    low: float
    high: float


MEASURES: dict[str, Measure] = {
    "temperature_c": Measure(T("气温", "Temperature"), "°C", -90, 60),
    "rain_mm_per_hour": Measure(T("小时雨量", "Rain in an hour"), "mm/h", 0, 400),
    "wind_m_per_second": Measure(T("风速", "Wind"), "m/s", 0, 120),
}


def reached(rules: Sequence[WeatherRule], measure: str, value: float) -> set[str]:
    """Keys of the rules of this measure that the value reaches."""
    return {rule.key for rule in rules if measure in rule.limits and value >= rule.limits[measure]}
