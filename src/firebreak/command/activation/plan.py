"""The activation section of a plan pack: signals, levels, who may activate, the clocks of the first hours, the
first-hour page and the opening orders.

Nothing here activates by itself: the plan says when, people decide.
"""

from collections.abc import Iterator
from datetime import time
from typing import Annotated, Literal

from pydantic import Field

from firebreak.engine.plans.release import Release
from firebreak.engine.plans.sections import Misfit, Neighbours, Section, by_key, register_section, unknown_key
from firebreak.engine.plans.texts import misfits_of_places
from firebreak.engine.plans.values import (
    Citation,
    Cited,
    Hours,
    Key,
    Minutes,
    Named,
    NamedText,
    PlanModel,
    TimeOfDay,
    Words,
)
from firebreak.engine.units.plan import UnitsSection
from firebreak.kernel.text import T

ORDER_PLACES = ("district", "deadline", "unit")
NUMBER_PLACES = ("district", "year", "n")
SignalStatus = Literal["suspected", "confirmed", "overturned"]

_CLASS = T("分类", "classification")
_UNIT, _DUTY = T("单位", "unit"), T("职责", "duty")


class SignalKind(Named):
    """A way in which an alarm comes in."""

    suffices: Cited[bool]
    """True when one such signal is enough to activate on suspicion."""


class Classification(Named):
    """What a signal is taken for, and what it may become."""

    status: SignalStatus
    """Where it stands: suspected, confirmed, or overturned, which cancels what it opened."""
    may_become: tuple[Key, ...] = ()
    """Classifications it may change to."""


class Level(Named):
    """A level of the response."""

    rank: Annotated[int, Field(ge=0)]
    """Height of the level; 0 is routine."""


class NightRule(PlanModel):
    """When one person may confirm alone, and the second follows."""

    from_time: TimeOfDay
    """Begin of the night, district time."""
    to_time: TimeOfDay
    """End of the night."""
    second_within_minutes: Cited[Minutes]
    """Minutes in which the second person must have confirmed."""

    def covers(self, moment: time) -> bool:
        """Whether a district time of day lies in the night (from inclusive, to exclusive)."""
        clock = f"{moment:%H:%M}"
        if self.from_time <= self.to_time:
            return self.from_time <= clock < self.to_time
        return clock >= self.from_time or clock < self.to_time


class WhoActivates(PlanModel):
    """Who may put the plan into force."""

    duties: tuple[Key, ...] = Field(min_length=1)
    """Duties whose holders may propose and confirm."""
    people_to_confirm: Cited[Annotated[int, Field(ge=1, le=2)]]
    """How many different people it takes."""
    night: NightRule | None = None
    """When one may go ahead; absent when never."""


class ReportClock(Named):
    """A deadline that begins with the signal."""

    within_minutes: Cited[Minutes]
    """Minutes from the signal."""
    unit: Key
    """Unit that answers for it."""


class ChecklistItem(Named, Citation):
    """One line of the first-hour page."""

    unit: Key
    """Unit that does it."""
    deadline_minutes: Annotated[int, Field(ge=1, le=60)]
    """Minutes from the activation."""


class OpeningOrder(Named):
    """An order that is given with the activation."""

    unit: Key
    """Unit it goes to."""
    text: NamedText
    """The order itself."""
    deadline_minutes: Cited[Minutes]
    """Minutes in which it must be done."""
    legal_basis: Cited[Words]
    """The law it stands on."""
    review_after_hours: Cited[Annotated[int, Field(ge=1)]]
    """Hours after which somebody must look at it again."""


class ActivationSection(Section):
    """From the signal to the first hour."""

    signal_kinds: tuple[SignalKind, ...] = Field(min_length=1)
    """Kinds of signals."""
    classifications: tuple[Classification, ...] = Field(min_length=1)
    """Classifications and their lawful changes; the first is what a new signal gets."""
    levels: tuple[Level, ...] = Field(min_length=2)
    """Levels of the response."""
    level_before: Key
    """Level from which the plan starts."""
    level_after: Key
    """Level it puts in force."""
    legal_basis: Cited[Words]
    """The law the activation stands on."""
    document_number: Cited[str]
    """Pattern of the numbers of its documents; `{district}`, `{year}` and `{n}` are filled."""
    review_after_hours: Cited[Hours]
    """Hours after which somebody must look at the activation again."""
    who: WhoActivates
    """Who may activate."""
    clocks: tuple[ReportClock, ...] = Field(min_length=1)
    """Deadlines that begin with the signal."""
    checklist: tuple[ChecklistItem, ...] = Field(min_length=1)
    """The first-hour page, in order."""
    orders: tuple[OpeningOrder, ...] = Field(min_length=1)
    """The opening orders, in order."""
    end: Release | None = None
    """When the closing of the response may be proposed; absent when the plan does not say."""

    def classification(self, key: str) -> Classification:
        """A classification by key. Errors: `LookupError`."""
        return by_key(self.classifications, key)

    def level(self, key: str) -> Level:
        """A level by key. Errors: `LookupError`."""
        return by_key(self.levels, key)

    def misfits(self, pack: Neighbours) -> Iterator[Misfit]:
        """References to nothing, places nobody fills."""
        yield from self._own_misfits(pack)
        units = pack.find(UnitsSection)
        if units is None:
            return
        for number, duty in enumerate(self.who.duties):
            if duty not in units.duty_keys:
                yield unknown_key(("who", "duties", number), duty, _DUTY)
        owners = {
            "clocks": [clock.unit for clock in self.clocks],
            "checklist": [item.unit for item in self.checklist],
            "orders": [order.unit for order in self.orders],
        }
        for field, keys in owners.items():
            for number, unit in enumerate(keys):
                if unit not in units.unit_keys:
                    yield unknown_key((field, number, "unit"), unit, _UNIT)

    def _own_misfits(self, pack: Neighbours) -> Iterator[Misfit]:
        known = {one.key for one in self.classifications}
        for number, one in enumerate(self.classifications):
            for place, key in enumerate(one.may_become):
                if key not in known:
                    yield unknown_key(("classifications", number, "may_become", place), key, _CLASS)
        levels = {level.key for level in self.levels}
        for field, key in (("level_before", self.level_before), ("level_after", self.level_after)):
            if key not in levels:
                yield unknown_key((field,), key, T("响应级别", "level"))
        pattern = T(self.document_number.value, self.document_number.value)
        yield from misfits_of_places(("document_number",), pattern, NUMBER_PLACES)
        for number, order in enumerate(self.orders):
            yield from misfits_of_places(("orders", number, "text"), pack.text(order.text), ORDER_PLACES)


register_section("activation", ActivationSection)
