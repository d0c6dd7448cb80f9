"""What an activation will create, worked out from plan and district before anything is written. Pure.

The preview counts it, the activation writes it: both from the same value, so the preview cannot promise what
the activation does not do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from firebreak.command.activation.plan import ActivationSection
from firebreak.engine.plans.packs import Pack
from firebreak.engine.units.plan import PostSpec, UnitSpec, UnitsSection, expand_posts, expand_units
from firebreak.kernel.text import T


@dataclass(frozen=True, slots=True)
class District:
    """The area a plan is spread over: codes in order, and the community of each grid."""

    name: T
    codes: Mapping[str, Sequence[str]]
    parent_of: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A clock of the first hours or a line of the first-hour page. `unit` is a unit key."""

    kind: str
    key: str
    unit: str
    title: T
    due_at: datetime


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """An opening order. `unit` is a unit key."""

    key: str
    unit: str
    title: T
    text: T
    due_at: datetime
    legal_basis: T
    review_on: date


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Everything that will exist a moment after the second person agrees."""

    units: tuple[UnitSpec, ...]
    posts: tuple[PostSpec, ...]
    tasks: tuple[PlannedTask, ...]
    orders: tuple[PlannedOrder, ...]

    @property
    def required(self) -> int:
        """People all posts together ask for."""
        return sum(post.required_people for post in self.posts)


def draw(pack: Pack, district: District, signalled_at: datetime, at: datetime, zone: ZoneInfo) -> Blueprint:
    """The blueprint of activating this plan over this district at `at`."""
    section, units = pack.section(ActivationSection), pack.section(UnitsSection)
    formed = tuple(expand_units(units, district.codes))
    names = {unit.key: unit.name for unit in formed}
    return Blueprint(
        units=formed,
        posts=tuple(expand_posts(units, district.codes, parent_of=district.parent_of or None)),
        tasks=(*_clocks(section, signalled_at), *_checklist(section, at)),
        orders=tuple(_orders(pack, section, district.name, names, at, zone)),
    )


def _clocks(section: ActivationSection, signalled_at: datetime) -> Iterable[PlannedTask]:
    for clock in section.clocks:
        due_at = signalled_at + timedelta(minutes=clock.within_minutes.value)
        yield PlannedTask("clock", clock.key, clock.unit, clock.name, due_at)


def _checklist(section: ActivationSection, at: datetime) -> Iterable[PlannedTask]:
    for item in section.checklist:
        yield PlannedTask("checklist", item.key, item.unit, item.name, at + timedelta(minutes=item.deadline_minutes))


def _orders(
    pack: Pack, section: ActivationSection, district: T, names: Mapping[str, T], at: datetime, zone: ZoneInfo
) -> Iterable[PlannedOrder]:
    for order in section.orders:
        due_at = at + timedelta(minutes=order.deadline_minutes.value)
        places = {"district": district, "unit": names[order.unit], "deadline": f"{due_at.astimezone(zone):%m-%d %H:%M}"}
        review_on = (at + timedelta(hours=order.review_after_hours.value)).astimezone(zone).date()
        yield PlannedOrder(
            order.key, order.unit, order.name, pack.text(order.text).filled(**places), due_at,
            order.legal_basis.value.text, review_on,
        )


def document(pattern: str, district: T, year: int, n: int | str) -> str:
    """A document number from the plan's pattern."""
    return pattern.format(district=district.zh, year=year, n=n)
