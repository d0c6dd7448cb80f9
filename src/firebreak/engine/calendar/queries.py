"""Reads of the calendar."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from firebreak.engine.calendar.models import SpecialDay
from firebreak.engine.calendar.rules import why_off
from firebreak.engine.plans.queries import followed_pack
from firebreak.engine.units.plan import OfficeHours, UnitsSection
from firebreak.kernel.text import T


def declared_days(begins: date, ends: date) -> list[SpecialDay]:
    """What holds for each declared date of a stretch, in order. One query."""
    rows = SpecialDay.objects.filter(date__range=(begins, ends)).order_by("id")
    last = {row.date: row for row in rows}
    return [last[day] for day in sorted(last)]


def office_hours() -> OfficeHours | None:
    """Office hours of the plan followed; None where it names none. Two queries."""
    pack = followed_pack()
    section = pack.find(UnitsSection) if pack else None
    return section.office_hours if section else None


def off_hours(now: datetime) -> T | None:
    """Why nobody need be at a desk now; None in office hours, or where the plan names none. Three queries."""
    hours = office_hours()
    if hours is None:
        return None
    here = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    days = {row.date: (row.kind == SpecialDay.Kind.FREE, name_of(row)) for row in declared_days(here.date(), here.date())}
    return why_off(here, hours, days)


def also_told() -> tuple[str, ...]:
    """Duties at headquarters that are told of climbs off hours."""
    hours = office_hours()
    return hours.also_told if hours else ()


def name_of(row: SpecialDay) -> T:
    """The name of a day."""
    return T(row.name_zh, row.name_en)
