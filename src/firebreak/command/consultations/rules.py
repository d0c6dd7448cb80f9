"""The picture, what changed since the last one, the table it lays, and the next fixed hour. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from firebreak.command.headquarters.plan import Meeting
from firebreak.kernel.balance import Balance
from firebreak.kernel.clock import iso
from firebreak.kernel.text import T


@dataclass(frozen=True, slots=True)
class Book:
    """One balance as it stood, in figures; `off` when it did not balance."""

    name: str
    zh: str
    en: str
    owed: int
    done: int
    excused: int
    open: int
    overdue: int
    difference: int
    off: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure as it stood."""

    name: str
    zh: str
    en: str
    value: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What the books and figures said at a cut-off: `at` as ISO text, `position` the last act known."""

    at: str
    position: int
    books: tuple[Book, ...]
    figures: tuple[Reading, ...]

    def as_json(self) -> dict[str, Any]:
        """As it is frozen with its consultation."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Picture":
        """A frozen picture, read again."""
        return cls(
            kept["at"], kept["position"], tuple(Book(**one) for one in kept["books"]),
            tuple(Reading(**one) for one in kept["figures"]),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that reads otherwise than in the picture before; `was` is None when it was not there."""

    title: T
    was: int | None
    now: int


@dataclass(frozen=True, slots=True)
class Topic:
    """Something the ledgers put on the table."""

    origin: str
    about: str
    title: T


_OFF = T("“{book}”差 {n},查到哪一行", "{book} off by {n}: find the row")
_WRONG = T("“{book}”有对不上的行,逐行核对", "{book} has rows that contradict each other: go through them")
_LATE = T("“{book}”逾期 {n} 项,定人定时", "{book}: {n} late, give each an owner and a new time")
_WAITING = T("待第二人批准:{title}", "Waits for a second person: {title}")


def picture_of(
    at: datetime, position: int, balances: Iterable[Balance], figures: Iterable[tuple[str, T, int]]
) -> Picture:
    """Freeze balances and figures."""
    books = tuple(
        Book(
            one.name, one.title.zh, one.title.en, one.owed, one.done, one.excused, one.open, one.overdue,
            one.difference, not one.balanced,
        )
        for one in balances
    )
    return Picture(iso(at), position, books, tuple(Reading(name, title.zh, title.en, n) for name, title, n in figures))


def changes(before: Picture | None, now: Picture) -> list[Change]:
    """Every figure that reads otherwise than before, in the order of the registry; all of them when none was."""
    known = {one.name: one.value for one in before.figures} if before else {}
    return [
        Change(T(one.zh, one.en), known.get(one.name), one.value)
        for one in now.figures
        if known.get(one.name) != one.value
    ]


def table(now: Picture, waiting: Sequence[tuple[str, T]]) -> list[Topic]:
    """What the ledgers lay on the table: books that are off, then what is late, then what waits for a second person."""
    off, late = [], []
    for book in now.books:
        name = T(book.zh, book.en)
        if book.off:
            words = _OFF.filled(book=name, n=abs(book.difference)) if book.difference else _WRONG.filled(book=name)
            off.append(Topic("book", book.name, words))
        elif book.overdue:
            late.append(Topic("overdue", book.name, _LATE.filled(book=name, n=book.overdue)))
    proposals = [Topic("proposal", ref, _WAITING.filled(title=title)) for ref, title in waiting]
    return off + late + proposals


def next_hour(rhythm: Sequence[Meeting], after: datetime, zone: ZoneInfo) -> tuple[Meeting, datetime]:
    """The first fixed hour strictly after a moment, and when it begins. `rhythm` is not empty."""
    day = after.astimezone(zone).date()
    hours = [
        (begins_at(day + timedelta(days=ahead), meeting.at, zone), place)
        for ahead in (0, 1) for place, meeting in enumerate(rhythm)
    ]
    begins, place = min(one for one in hours if one[0] > after)
    return rhythm[place], begins


def begins_at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """`HH:MM` of a district day as a moment; `24:00` is the next midnight."""
    hours, _, minutes = clock.partition(":")
    return datetime.combine(day, time(0), tzinfo=zone) + timedelta(hours=int(hours), minutes=int(minutes))
