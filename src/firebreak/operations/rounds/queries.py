"""Reads of rounds for screens: the board from its counters, lists by name, progress.

Everything is true at this moment; what must be true at a cut-off stands in `ledger` and `figures`. Names come
back in full: masking, scope and the record of the reading belong to the view.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum

from firebreak.engine import bulk
from firebreak.engine.areas.models import Area
from firebreak.operations.rounds.lists import (
    attempts,
    decided,
    doubles,
    found,
    log_of,
    members,
    missing,
    person_in,
    roster,
    rounds_of_person,
    tubes,
)
from firebreak.operations.rounds.models import Entry, Progress, Round, Tally
from firebreak.operations.rounds.states import DECIDED, OPEN

__all__ = [
    "BoardRow", "Left", "Point", "Totals", "attempts", "board", "burn_down", "by_ref", "decided", "doubles",
    "excused_by_reason", "found", "log_of", "members", "missing", "open_people", "open_rounds", "person_in", "roster",
    "rounds_of_person", "totals", "tubes",
]
COUNTS = ("listed", "found", "to_do", "sampled", "excused", "refused", "away", "unreachable")
BELOW = {"district": "community", "community": "grid", "grid": "building"}


@dataclass(frozen=True, slots=True)
class Totals:
    """People of a round, or of a part of its area."""

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
        """On the list, or found beside it."""
        return self.listed + self.found

    @property
    def closed(self) -> int:
        """Closed with a reason, refusals included."""
        return self.excused + self.refused

    @property
    def open(self) -> int:
        """Still missing."""
        return self.to_do + self.away + self.unreachable


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One area of the board."""

    code: str
    path: str
    level: str
    name_zh: str
    name_en: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Point:
    """People sampled up to the end of a quarter of an hour, and still missing then of those owed now."""

    at: datetime
    sampled: int
    open: int


@dataclass(frozen=True, slots=True)
class Left:
    """People without an end: how many, and a few of them by ref and building."""

    count: int
    named: list[str]


def open_rounds() -> QuerySet[Round]:
    """Rounds that run, newest first. One query."""
    return Round.objects.filter(status=Round.Status.OPEN).select_related("area").order_by("-id")


def by_ref(ref: str) -> Round | None:
    """One round. One query."""
    return Round.objects.select_related("area").filter(ref=ref).first()


def totals(round_id: int, path: str = "") -> Totals:
    """People of a round at or below a path. One query over the counters."""
    rows = Tally.objects.filter(round_id=round_id)
    if path:
        rows = rows.filter(building__path__startswith=path)
    return Totals(**{name: value or 0 for name, value in rows.aggregate(**_sums()).items()})


def _sums() -> dict[str, Sum]:
    return {name: Sum(name) for name in COUNTS}


def board(round_id: int, parent_path: str | None = None) -> list[BoardRow]:
    """Communities of the round, grids of a community, or buildings of a grid. Two queries over the counters."""
    rows = Tally.objects.filter(round_id=round_id)
    above = "district"
    if parent_path is not None:
        rows = rows.filter(building__path__startswith=parent_path)
        above = Area.objects.values_list("level", flat=True).get(path=parent_path)
    level = BELOW[above]
    area = {"building": "building", "grid": "building__parent", "community": "building__parent__parent"}[level]
    names = [f"{area}__{name}" for name in ("path", "code", "name_zh", "name_en")]
    found = rows.order_by(names[0]).values_list(*names).annotate(**_sums()).values_list(*names, *COUNTS)
    return [
        BoardRow(code, path, level, zh, en, Totals(*counts)) for path, code, zh, en, *counts in found
    ]


def open_people(round_id: int, named: int) -> Left:
    """Who is still without an end. Two queries."""
    rows = Entry.objects.filter(round_id=round_id, state__in=OPEN)
    few = rows.order_by("building__path", "person_id").values_list("building__name_zh", "person__ref")[:named]
    return Left(rows.count(), [f"{building} {ref}" for building, ref in few])


def excused_by_reason(round_id: int) -> dict[str, int]:
    """People closed with a reason, by reason as decided last. One query."""
    reasons: dict[str, int] = {}
    for reason, count in bulk.fetch(
        "SELECT reason, COUNT(*) FROM ("
        "  SELECT d.reason, ROW_NUMBER() OVER (PARTITION BY d.person_id ORDER BY d.happened_at DESC, d.id DESC) AS place"
        "  FROM rounds_decision d JOIN rounds_entry e ON e.round_id = d.round_id AND e.person_id = d.person_id"
        f"  WHERE d.round_id = %s AND e.state IN ({', '.join(['%s'] * len(DECIDED))})"
        ") latest WHERE place = 1 GROUP BY reason ORDER BY reason",
        [round_id, *DECIDED],
    ):
        reasons[reason] = count
    return reasons


def burn_down(round_id: int) -> list[Point]:
    """How the round went, by quarters of an hour in which something happened. Two queries over the counters."""
    whole = totals(round_id)
    rows = Progress.objects.filter(round_id=round_id).values("begins_at").annotate(n=Sum("sampled"))
    points, sampled = [], 0
    for row in rows.order_by("begins_at"):
        sampled += row["n"]
        points.append(Point(row["begins_at"], sampled, whole.owed - whole.closed - sampled))
    return points
