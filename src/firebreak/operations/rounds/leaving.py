"""What a round learned of people who moved away or died reaches the register when nobody can take it back any more.

While a round is open a decision may be reopened, so the register waits; closing settles it, and the next round does
not list them. A person handed over and decided about later leaves the register in the same act.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from firebreak.engine.registry.actions import people_left
from firebreak.kernel.actor import Actor
from firebreak.operations.rounds.models import Entry, EntryOutcome, Round
from firebreak.operations.rounds.states import State


def leave(row: Round, at: datetime, people: Sequence[int] | None = None, *, by: Actor) -> int:
    """Let those of a round who moved or died leave the register (`people` keys, else all); how many presences end.

    `by` is whoever may write the register. A moved person leaves the building of the entry, a dead one every building.
    """
    rows = Entry.objects.filter(round=row, state__in=[State.MOVED, State.DEAD])
    if people is not None:
        rows = rows.filter(person_id__in=people)
    gone = list(rows.order_by("person_id").values_list("person_id", "building_id", "state"))
    if not gone:
        return 0
    moved = [(person, building) for person, building, state in gone if state == State.MOVED]
    dead = [person for person, _, state in gone if state == State.DEAD]
    told = EntryOutcome.objects.filter(round=row, person_id__in=dead, state=State.DEAD).order_by("id")
    days = dict(told.values_list("person_id", "happened_at"))
    zone = ZoneInfo(settings.TIME_ZONE)
    died = {person: days.get(person, at).astimezone(zone).date() for person in dead}
    return people_left(moved=moved, died=died, by=by, at=at)
