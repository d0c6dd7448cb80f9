"""The headquarters section of a plan pack: kinds of orders, their clocks, and the rhythm of the day."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from firebreak.engine.plans.sections import Misfit, Neighbours, Section, by_key, register_section, unknown_key
from firebreak.engine.plans.values import Citation, Cited, Key, Minutes, Named, TimeOfDay, Words
from firebreak.engine.units.plan import UnitsSection
from firebreak.kernel.text import T


class OrderKind(Named):
    """A kind of order."""

    acknowledge_minutes: Cited[Minutes]
    """Minutes in which the unit must have accepted or refused it; then it comes back to whoever gave it."""
    deadline_minutes: Cited[Minutes]
    """Minutes proposed for doing it."""
    step_up_minutes: Cited[Minutes]
    """Minutes past the deadline after which it climbs one step."""
    review_after_hours: Cited[Annotated[int, Field(ge=1)]]
    """Hours after which somebody must look at it again."""
    issue_duties: tuple[Key, ...] = Field(min_length=1)
    """Duties whose holders may give it."""


class Meeting(Named):
    """A consultation at a fixed hour of the day."""

    at: TimeOfDay
    """When, district time."""
    duration_minutes: Cited[Minutes]
    """How long it may take."""
    remind_minutes: Cited[Minutes]
    """Minutes before it begins at which it is called and everybody reminded."""
    called_by: Key
    """Unit that calls it."""


class WeatherRule(Named, Citation):
    """What a unit owes when the weather reaches a value; it ends when the weather falls below."""

    from_celsius: Cited[float] | None = None
    """Temperature from which it holds."""
    from_mm_per_hour: Cited[float] | None = None
    """Rain in an hour from which it holds, in millimetres."""
    from_meters_per_second: Cited[float] | None = None
    """Wind from which it holds."""
    unit: Key
    """Unit that must act."""
    text: Words
    """What it must do, in one sentence."""
    deadline_minutes: Cited[Minutes]
    """Minutes in which it must be done."""

    @property
    def limits(self) -> dict[str, float]:
        """Measure → the value from which it holds: one of them, or the pack is refused."""
        given = {
            "temperature_c": self.from_celsius, "rain_mm_per_hour": self.from_mm_per_hour,
            "wind_m_per_second": self.from_meters_per_second,
        }
        return {measure: limit.value for measure, limit in given.items() if limit is not None}


class HeadquartersSection(Section):
    """How headquarters commands."""

    order_kinds: tuple[OrderKind, ...] = Field(min_length=1)
    """Kinds of orders."""
    rhythm: tuple[Meeting, ...] = Field(min_length=1)
    """The day's consultations."""
    document_number: Cited[str]
    """Pattern of the numbers of documents; `{district}`, `{year}` and `{n}` are filled."""
    leader_within_minutes: Cited[Minutes] = Field(default_factory=lambda: Cited(value=30))
    """Minutes in which a unit without a leader must have one."""

    weather_rules: tuple[WeatherRule, ...] = ()
    """What the weather asks for."""

    def order_kind(self, key: str) -> OrderKind:
        """A kind of order by key. Errors: `LookupError`."""
        return by_key(self.order_kinds, key)

    def misfits(self, pack: Neighbours) -> Iterator[Misfit]:
        """Units and duties that nobody has."""
        units = pack.find(UnitsSection)
        if units is None:
            return
        for number, kind in enumerate(self.order_kinds):
            for place, duty in enumerate(kind.issue_duties):
                if duty not in units.duty_keys:
                    yield unknown_key(("order_kinds", number, "issue_duties", place), duty, T("职责", "duty"))
        for number, meeting in enumerate(self.rhythm):
            if meeting.called_by not in units.unit_keys:
                yield unknown_key(("rhythm", number, "called_by"), meeting.called_by, T("单位", "unit"))
        for number, rule in enumerate(self.weather_rules):
            if rule.unit not in units.unit_keys:
                yield unknown_key(("weather_rules", number, "unit"), rule.unit, T("单位", "unit"))
            if len(rule.limits) != 1:
                yield Misfit(
                    ("weather_rules", number),
                    T("要写明一个界限:from_celsius、from_mm_per_hour 或 from_meters_per_second。",
                      "Give one limit: from_celsius, from_mm_per_hour or from_meters_per_second."),
                )


register_section("headquarters", HeadquartersSection)
