"""Writes of the calendar."""

from datetime import date, datetime, timedelta

from firebreak.engine.calendar.events import DaysDeclared
from firebreak.engine.calendar.models import SpecialDay
from firebreak.engine.calendar.refusals import DAYS_BACKWARDS, DAYS_UNNAMED, TOO_MANY_DAYS
from firebreak.engine.calendar.rights import KEEP_CALENDAR
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.kernel.actor import Actor
from firebreak.kernel.text import T

MOST = 31


@action
def declare_days(*, begins: date, ends: date, kind: str, name: T, source: str, by: Actor, at: datetime) -> int:
    """Declare days free or worked, both ends included; answers how many.

    Who: the duty desk, the clerks.   Refuses: days-backwards, too-many-days, days-unnamed.
    Journals: DaysDeclared.   Promises: earlier entries stay; the last one holds.
    """
    by.require(KEEP_CALENDAR)
    count = (ends - begins).days + 1
    if count < 1:
        raise DAYS_BACKWARDS.because()
    if count > MOST:
        raise TOO_MANY_DAYS.because(most=MOST)
    if not (name.zh.strip() and name.en.strip() and source.strip()):
        raise DAYS_UNNAMED.because()
    act = current_act()
    SpecialDay.objects.bulk_create([
        SpecialDay(
            date=begins + timedelta(days=day), kind=kind, name_zh=name.zh.strip(), name_en=name.en.strip(),
            source=source.strip(), act=act,
        )
        for day in range(count)
    ])
    record(DaysDeclared(kind, begins, ends, name.zh, source), about=by.ref)
    return count
