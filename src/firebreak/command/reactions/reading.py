"""Reads the journal and lets the table react, each event exactly once, however many workers read.

The bookmark only moves to sealed positions: below a seal no act can still commit, so nothing is overlooked.
Above it events are looked at again, and the key of their act says whether they were reacted to.
"""

from datetime import datetime

from firebreak.command.reactions.models import Reached
from firebreak.command.reactions.table import REACTIONS
from firebreak.engine.journal.acting import keyed
from firebreak.engine.journal.models import Act, Event
from firebreak.engine.journal.seals import latest

CHUNK = 500


def react(now: datetime, limit: int = CHUNK) -> int:
    """React to what the journal has that is new; how many events led to an action."""
    reached = Reached.objects.filter(id=1).values_list("position", flat=True).first() or 0
    sealed = latest()
    events = list(
        Event.objects.filter(type__in=list(REACTIONS), act_id__gt=reached, act__outcome="done").order_by("id")[:limit]
    )
    known = set(Act.objects.filter(key__in=[_key(event) for event in events]).values_list("key", flat=True))
    acted = sum(_once(event, now) for event in events if _key(event) not in known)
    seen = events[-1].act_id - 1 if len(events) == limit else None
    if sealed is not None and (position := min(sealed.position, seen or sealed.position)) > reached:
        Reached.objects.update_or_create(id=1, defaults={"position": position})
    return acted


def _once(event: Event, now: datetime) -> bool:
    with keyed(_key(event)):
        return REACTIONS[event.type](event, now)


def _key(event: Event) -> str:
    return f"reaction:{event.id}"
