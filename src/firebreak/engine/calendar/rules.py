"""Whether a moment lies in office hours. Pure."""

from collections.abc import Mapping
from datetime import date, datetime

from firebreak.engine.units.plan import OfficeHours
from firebreak.kernel.text import T

NIGHT, WEEKEND = T("非工作时间", "out of hours"), T("周末", "weekend")
SATURDAY = 5


def why_off(now: datetime, hours: OfficeHours, declared: Mapping[date, tuple[bool, T]]) -> T | None:
    """Why nobody need be at a desk at a moment of the district; None in office hours.

    `declared` says of a date whether it is free, and its name; other dates are what their weekday says.
    """
    free, name = declared.get(now.date(), (now.weekday() >= SATURDAY, WEEKEND))
    if free:
        return name
    return None if hours.begin.value <= now.strftime("%H:%M") < hours.end.value else NIGHT
