"""The coverage board: how a round stands, from the tallies that are kept in the transaction of their rows.

Costs a number of queries that does not grow with people: at most one row per building is read. Names nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Sum

from firebreak.engine.areas.models import Area
from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Round, Tally, Tube

_COUNTS = ("listed", "found", "to_do", "sampled", "excused", "refused", "away", "unreachable")
_SUMS = {name: Sum(name) for name in _COUNTS}


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of the people owed have ended how. `owed` = listed + found = the sum of the states."""

    listed: int = 0
    found: int = 0
    to_do: int = 0
    sampled: int = 0
    excused: int = 0
    refused: int = 0
    away: int = 0
    unreachable: int = 0

    @property
    def owed(self) -> int:
        """Everybody on the list and everybody found."""
        return self.listed + self.found

    @property
    def open(self) -> int:
        """Neither sampled nor closed with a reason (a refusal is closed: a named person decided it)."""
        return self.to_do + self.away + self.unreachable

    @property
    def closed(self) -> int:
        """Closed with a reason: the excused side of the balance."""
        return self.excused + self.refused


@dataclass(frozen=True, slots=True)
class BoardRow:
    """An area of the board with its standing."""

    area: int
    code: str
    path: str
    level: str
    name: T
    standing: Standing


def running_round() -> Round | None:
    """The newest round that is not cancelled: open, or just closed. One query."""
    return Round.objects.exclude(status=Round.Status.CANCELLED).order_by("-id").select_related("area").first()


def standing(running: Round, path: str = "") -> Standing:
    """The round as a whole, or below an area path. One query."""
    tallies = Tally.objects.filter(round=running)
    if path:
        tallies = tallies.filter(building__path__startswith=path)
    sums = tallies.aggregate(**_SUMS)
    return Standing(**{name: sums[name] or 0 for name in _COUNTS})


def board(running: Round, parent: Area) -> list[BoardRow]:
    """The areas directly below `parent`, by code, without those the round has nobody in. Two queries."""
    children = list(parent.children.order_by("code"))
    rows = Tally.objects.filter(round=running, building__path__startswith=parent.path)
    sums: dict[str, dict[str, int]] = {}
    for path, *counts in rows.values_list("building__path", *_COUNTS):
        child = path[: path.index("/", len(parent.path)) + 1]
        into = sums.setdefault(child, dict.fromkeys(_COUNTS, 0))
        for name, count in zip(_COUNTS, counts, strict=True):
            into[name] += count
    return [
        BoardRow(child.pk, child.code, child.path, child.level, T(child.name_zh, child.name_en or child.name_zh),
                 Standing(**sums[child.path]))
        for child in children
        if child.path in sums
    ]


def building_states(running: Round, now: datetime) -> dict[int, str]:
    """Building key → done, open, or late (open after the round was due). One query."""
    late = "late" if now > running.due_at else "open"
    rows = Tally.objects.filter(round=running).values_list("building_id", "to_do", "away", "unreachable")
    return {building: late if sum(open_counts) else "done" for building, *open_counts in rows}


def tubes(running: Round) -> dict[str, int]:
    """Tubes of the round by status. One query."""
    counted = Tube.objects.filter(round=running).values_list("status").annotate(n=Count("id"))
    return dict(counted.order_by())


def forecast(points: Sequence[tuple[datetime, int]], now: datetime) -> tuple[datetime, datetime] | None:
    """When the round would end at the pace of the last hour (earliest) and of the last three hours (latest)."""
    if not points or points[-1][1] == 0:
        return None
    ends = [_end_at_pace(points, now, timedelta(hours=hours)) for hours in (1, 3)]
    known = [end for end in ends if end is not None]
    return (min(known), max(known)) if known else None


def _end_at_pace(points: Sequence[tuple[datetime, int]], now: datetime, back: timedelta) -> datetime | None:
    before = [left for at, left in points if at <= now - back]
    left = points[-1][1]
    done = (before[-1] if before else points[0][1]) - left
    if done <= 0:
        return None
    return now + back * (left / done)
