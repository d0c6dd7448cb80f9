"""The shapes views fill and components draw. Values only: no query, no HTML, no HTTP.

Every text is a `T` (both languages), a plain string (a name, a code) or an int (a count, shown with separators).
"""

from dataclasses import dataclass
from datetime import date, datetime

from firebreak.kernel.balance import Balance
from firebreak.surfaces.common.words import Tone, Words


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: Words
    href: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in the URL: `href` is the same list with this filter put on (or taken off when `on`)."""

    text: Words
    href: str
    on: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """One ledger in the strip. Owed = done + excused + open; `late` counts the late among the open."""

    title: Words
    href: str
    figure: Words
    unit: Words
    owed: int
    done: int
    excused: int
    open: int
    late: int = 0
    note: Words = ""
    late_note: Words = ""

    @property
    def difference(self) -> int:
        """What the books cannot explain; shown in words when it is not 0."""
        return self.owed - self.done - self.excused - self.open

    @classmethod
    def of(cls, balance: Balance, *, href: str, figure: Words, unit: Words, note: Words = "") -> "Book":
        """The strip entry of a ledger's balance."""
        return cls(
            title=balance.title,
            href=href,
            figure=figure,
            unit=unit,
            owed=balance.owed,
            done=balance.done,
            excused=balance.excused,
            open=balance.open,
            late=balance.overdue,
            note=note,
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """Text of a table cell; `small` is its second line, `mark` a filled word before it (such as LIFE)."""

    text: Words
    href: str = ""
    small: Words = ""
    tone: Tone = ""
    mark: Words = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline. `ended_at` stops the clock: the chip then says when it was done."""

    at: datetime
    ended_at: datetime | None = None
    soon_minutes: int = 30


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has it: unit and person, with the number to call when the reader may see it."""

    unit: Words
    name: Words = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A name as this reader may see it. `masked` and `unmask_url` together offer to unmask with a reason."""

    name: str
    href: str = ""
    masked: bool = False
    unmask_url: str = ""
    small: Words = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A badge letter (done, missing, refused, away, unreachable, excused) or a tier; `word` and `letter` are the plan's."""

    kind: str
    count: int | None = None
    word: Words = ""
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """A 100 % bar: how the people due end, in the order done, excused, away, refused, unreachable, missing."""

    due: int
    done: int = 0
    excused: int = 0
    away: int = 0
    refused: int = 0
    unreachable: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """One building (or community) with its bar."""

    name: Words
    parts: Parts
    href: str = ""
    late: bool = False


AnyCell = Cell | Due | Owner | Person | Mark | Parts | Link | Words | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `numeric` aligns right, `total` is its sum over all rows of the list, `sort_href` orders by it."""

    title: Words
    numeric: bool = False
    total: int | None = None
    sort_href: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `href` makes the whole line a link, `tone="quiet"` greys it."""

    cells: tuple[AnyCell, ...]
    href: str = ""
    tone: Tone = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class KeyPage:
    """Where we are in a long list paged by key: no page numbers, no counting query unless `total` is given."""

    shown: int
    total: int | None = None
    first_href: str = ""
    next_href: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: the same shape on every screen. `exports` are links to the same rows as files.

    With `pick`, the id of a form on the page, each row with a ref can be ticked for it; `picked` are ticked already.
    """

    caption: Words
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Words = ""
    chips: tuple[Chip, ...] = ()
    exports: tuple[Link, ...] = ()
    page: KeyPage | None = None
    empty: Words = ""
    as_of: datetime | None = None
    live_id: str = ""
    pick: str = ""
    picked: frozenset[str] = frozenset()

    @property
    def has_totals(self) -> bool:
        """True when at least one column carries its sum."""
        return any(column.total is not None for column in self.columns)


@dataclass(frozen=True, slots=True)
class Effect:
    """One line of what a decision will do, in numbers."""

    figure: Words
    text: Words
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Confirm:
    """A decision that needs a second person. `blocked` says why this reader may not confirm it.

    `detail` leads to everything it would do, where the figures alone do not say it.
    """

    title: Words
    effects: tuple[Effect, ...]
    asked_by: Words
    asked_at: datetime
    needs: Words
    confirm_url: str
    refuse_url: str = ""
    blocked: Words = ""
    expires_at: datetime | None = None
    legal_basis: Words = ""
    detail: Link | None = None


@dataclass(frozen=True, slots=True)
class BurnDown:
    """A round burning down: people left at moments, against its deadline, with a forecast band."""

    question: Words
    opened_at: datetime
    deadline: datetime
    now: datetime
    total: int
    points: tuple[tuple[datetime, int], ...]
    forecast: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class LaneBar:
    """One order in its lane: waiting until `taken_at`, worked on until `ended_at` (None: still), due at `due_at`."""

    text: Words
    href: str
    begins_at: datetime
    due_at: datetime
    taken_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SwimLanes:
    """Orders by unit over time. `lanes` are (unit, its orders); what began before `begins_at` is cut there."""

    question: Words
    begins_at: datetime
    now: datetime
    lanes: tuple[tuple[Words, tuple[LaneBar, ...]], ...]


@dataclass(frozen=True, slots=True)
class EpiCurve:
    """Cases by day, without a gap: (day, confirmed, suspected)."""

    question: Words
    days: tuple[tuple[date, int, int], ...]


@dataclass(frozen=True, slots=True)
class Meter:
    """The line that must stay at 0: the difference of the books over time."""

    question: Words
    points: tuple[tuple[datetime, int], ...]


@dataclass(frozen=True, slots=True)
class MapZone:
    """A tinted polygon; `path` is SVG path text in the map's units; the label stands at `x`, `y`."""

    tier: str
    path: str
    label: Words
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class MapTile:
    """One building on the map; `state` is done, open or late. With `href` it is a link named by `title`."""

    path: str
    state: str
    title: Words = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class MapFrame:
    """A quiet district map: ground shapes, zones, buildings. Units are those of `width` × `height`."""

    question: Words
    width: float
    height: float
    water: tuple[str, ...] = ()
    roads: tuple[str, ...] = ()
    zones: tuple[MapZone, ...] = ()
    tiles: tuple[MapTile, ...] = ()
    places: tuple[tuple[float, float, str], ...] = ()
    href: str = ""
