"""Geometry of the plots: values in, numbers for SVG attributes out. Draws nothing and asks nothing.

Plots are stretched 1000 × 1000 boxes for lines and per cent positions for words, so that text keeps its
size on a phone and on the wall, and no inline style is needed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.utils import timezone

from firebreak.surfaces.common.marks import BAR_ORDER, MarkWords
from firebreak.surfaces.common.shapes import Book, BurnDown, EpiCurve, LaneBar, Meter, Parts, SwimLanes
from firebreak.surfaces.common.words import Words, clock_time, percent

SIDE = 1000
TOP_ROOM = 1.12
GUTTER = 0.08
DAYS_NAMED = 8
LABEL_TURNS = 52
LABEL_WIDTH = 36
ROW = 22  # pixels of a row of a swim lane
LEVEL_TOP = 0.85  # a level written closer to the start of the line would stand on it


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a 100 % bar, in per cent."""

    css: str
    x: float
    width: float
    count: int
    letter: str = ""
    word: object = ""

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def roomy(self) -> bool:
        """Wide enough to carry its letter."""
        return self.width >= 8


@dataclass(frozen=True, slots=True)
class Tick:
    """A position in per cent with its words."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Curve:
    """What the burn-down template draws."""

    line: str
    band: str
    pace: str
    deadline: float
    now: float
    last_x: float
    last_y: float
    last: int
    hours: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    label_left: bool
    label_y: float
    deadline_left: bool


def book_segments(book: Book) -> tuple[Segment, ...]:
    """The thin bar under a ledger: done, excused, open on time, late."""
    counts = (("done", book.done), ("excused", book.excused), ("open", book.open - book.late), ("late", book.late))
    return _lay(((css, count, None) for css, count in counts), book.owed)


def part_segments(parts: Parts) -> tuple[Segment, ...]:
    """The 100 % bar of a building, with letters."""
    return _lay(((words.css, getattr(parts, name), words) for name, words in BAR_ORDER), parts.due)


def _lay(counts: Iterable[tuple[str, int, MarkWords | None]], whole: int) -> tuple[Segment, ...]:
    laid: list[Segment] = []
    x = 0.0
    for css, count, words in counts:
        if count <= 0:
            continue
        width = percent(count, whole)
        laid.append(Segment(css, round(x, 3), width, count, words.letter if words else "", words.word if words else ""))
        x += width
    return tuple(laid)


def burn_down_curve(plot: BurnDown) -> Curve:
    """Lines of a burn-down: what is left, the even pace to the deadline, the forecast band."""
    ends = [plot.deadline, plot.now, *(plot.forecast or ())]
    start, end = plot.opened_at, max(ends) + (max(ends) - plot.opened_at) * GUTTER
    top = max([plot.total, *(left for _, left in plot.points)], default=1) * TOP_ROOM or 1

    def x(moment: datetime) -> float:
        return round(100 * float((moment - start) / (end - start)), 2)

    def y(left: float) -> float:
        return round(100 - 100 * left / top, 2)

    last_at, last = plot.points[-1] if plot.points else (plot.opened_at, plot.total)
    band = ""
    if plot.forecast and last:
        first, latest = plot.forecast
        band = _points([(x(last_at), y(last)), (x(first), y(0)), (x(latest), y(0))])
    return Curve(
        line=_points([(x(at), y(left)) for at, left in plot.points]),
        band=band,
        pace=_points([(x(plot.opened_at), y(plot.total)), (x(plot.deadline), y(0))]),
        deadline=x(plot.deadline),
        now=x(plot.now),
        last_x=x(last_at),
        last_y=y(last),
        last=last,
        hours=tuple(Tick(x(at), clock_time(at)) for at in _hours(start, end)),
        levels=tuple(Tick(y(level), f"{level:,}") for level in _levels(plot.total) if level < plot.total * LEVEL_TOP),
        label_left=x(last_at) > LABEL_TURNS,
        label_y=max(8, min([y(last), *(y(left) for at, left in plot.points if x(at) > x(last_at) - LABEL_WIDTH)]) - 4),
        deadline_left=x(plot.deadline) > 70,
    )


@dataclass(frozen=True, slots=True)
class LaneMark:
    """One order drawn: from, width of waiting, of working, of being late, where it was due; all in per cent."""

    bar: LaneBar
    y: int
    x: float
    waiting: float
    work_x: float
    working: float
    late_x: float
    late: float
    due: float

    @property
    def is_late(self) -> bool:
        """Whether any of it lies past its deadline."""
        return self.late > 0


@dataclass(frozen=True, slots=True)
class Lane:
    """A unit's orders in rows that do not overlap."""

    name: Words
    rows: int
    marks: tuple[LaneMark, ...]

    @property
    def height(self) -> int:
        """Pixels."""
        return ROW * self.rows + 6


@dataclass(frozen=True, slots=True)
class Swim:
    """What the swim-lane template draws."""

    lanes: tuple[Lane, ...]
    now: float
    hours: tuple[Tick, ...]


def swim_lanes(plot: SwimLanes) -> Swim:
    """Positions of every order; the picture reaches a little past now and the last deadline ahead."""
    dues = [bar.due_at for _, bars in plot.lanes for bar in bars if bar.ended_at is None]
    start = plot.begins_at
    end = max([plot.now, *dues]) + (max([plot.now, *dues]) - start) * GUTTER

    def x(moment: datetime) -> float:
        return round(100 * float((min(max(moment, start), end) - start) / (end - start)), 2)

    return Swim(
        tuple(_lane(name, bars, plot.now, x) for name, bars in plot.lanes), x(plot.now),
        tuple(Tick(x(at), _hour_or_day(at)) for at in _hours(start, end)),
    )


def _hour_or_day(at: datetime) -> str:
    """21:00, and at midnight the day that begins: 6/8."""
    local = timezone.localtime(at)
    return f"{local.month}/{local.day}" if (local.hour, local.minute) == (0, 0) else clock_time(at)


def _lane(name: Words, bars: Sequence[LaneBar], now: datetime, x: Callable[[datetime], float]) -> Lane:
    """Each order in the first row that is free when it begins."""
    free: list[datetime] = []
    marks = []
    for bar in sorted(bars, key=lambda bar: (bar.begins_at, bar.due_at)):
        until = bar.ended_at or now
        row = next((place for place, at in enumerate(free) if at <= bar.begins_at), len(free))
        reach = max(until, bar.due_at if bar.ended_at is None else until)
        free[row:row + 1] = [reach]
        taken = min(bar.taken_at or until, until)
        late_from = max(bar.due_at, bar.begins_at)
        marks.append(LaneMark(
            bar, ROW * row, x(bar.begins_at), round(x(taken) - x(bar.begins_at), 2), x(taken), round(x(until) - x(taken), 2),
            x(late_from), round(max(0.0, x(until) - x(late_from)), 2) if until > bar.due_at else 0.0, x(bar.due_at),
        ))
    return Lane(name, max(1, len(free)), tuple(marks))


@dataclass(frozen=True, slots=True)
class DayBar:
    """One day of the epidemic curve, in per cent of the picture: confirmed below, suspected on top."""

    day: date
    confirmed: int
    suspected: int
    x: float
    width: float
    confirmed_y: float
    confirmed_height: float
    suspected_y: float
    suspected_height: float
    named: bool


def day_bars(plot: EpiCurve) -> tuple[DayBar, ...]:
    """Positions of every day; at most about eight days are named under the axis."""
    most = max((confirmed + suspected for _, confirmed, suspected in plot.days), default=0) or 1
    wide, every = 100 / max(1, len(plot.days)), -(-len(plot.days) // DAYS_NAMED)
    bars = []
    for place, (day, confirmed, suspected) in enumerate(plot.days):
        low, high = 100 * confirmed / most, 100 * suspected / most
        bars.append(DayBar(
            day, confirmed, suspected, round(place * wide + wide * 0.1, 2), round(wide * 0.8, 2), round(100 - low, 2),
            round(low, 2), round(100 - low - high, 2), round(high, 2), place % every == 0,
        ))
    return tuple(bars)


def meter_line(meter: Meter) -> tuple[str, float, int]:
    """Points of the balance line around its zero, the y of the last value in per cent, and that value."""
    if not meter.points:
        return "", 50.0, 0
    start, end = meter.points[0][0], meter.points[-1][0]
    width = (end - start) or timedelta(seconds=1)
    reach = max(max(abs(value) for _, value in meter.points), 1) * 1.3
    placed = [(round(100 * (at - start) / width, 2), round(50 - 50 * value / reach, 2)) for at, value in meter.points]
    steps = [placed[0]]
    for before, after in pairwise(placed):
        steps += [(after[0], before[1]), after]
    return _points(steps), placed[-1][1], meter.points[-1][1]


def _points(pairs: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x * SIDE / 100:g},{y * SIDE / 100:g}" for x, y in pairs)


def _hours(start: datetime, end: datetime) -> list[datetime]:
    """Four to eight round hours between two moments, in district time."""
    length = (end - start).total_seconds() / 3600
    step = next((hours for hours in (1, 2, 3, 4, 6, 12, 24) if length / hours <= 7), 48)
    at = timezone.localtime(start).replace(minute=0, second=0, microsecond=0)
    while at <= start or at.hour % min(step, 24):
        at += timedelta(hours=1)
    found: list[datetime] = []
    while at < end:
        found.append(at)
        at += timedelta(hours=step)
    return found


def _levels(total: int) -> list[int]:
    """Two or three round figures between nought and `total`."""
    if total < 4:
        return [total] if total else []
    rough = total / 3
    size = 10 ** (len(str(int(rough))) - 1)
    step = max(1, round(rough / size) * size)
    return list(range(step, int(total * TOP_ROOM) + 1, step))[:4]
