"""Acts to journal in tests: one small action, and the actor who does it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from firebreak.engine.journal.acting import action, keyed, record
from firebreak.kernel.actor import Actor, SystemActor

WRITER = SystemActor("test", frozenset())
START = datetime(2022, 6, 5, 6, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Noted:
    """The event of `note`."""

    count: int
    words: str


@action
def note(*, count: int, by: Actor, at: datetime) -> int:
    """Journal one number."""
    record(Noted(count, "记"), about=f"note:{count}")
    return count


def note_many(count: int, first: int = 0) -> None:
    """Journal `count` notes, every third with a client key."""
    for number in range(first, first + count):
        at = START + timedelta(seconds=number)
        if number % 3:
            note(count=number, by=WRITER, at=at)
        else:
            with keyed(f"key-{number}"):
                note(count=number, by=WRITER, at=at)
