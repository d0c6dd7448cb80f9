"""Reads of rounds for screens: the missing by name in bounded pages, the swabs of a tube, reasons, progress.

Everything is true at this moment; what must be true at a cut-off stands in `ledger` and `figures`. Counts come from
`boards`. Names come in full and phones sealed: scope, masking and the record of the reading belong to the view.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from firebreak.engine import bulk
from firebreak.operations.rounds import boards
from firebreak.operations.rounds.models import Entry, Progress, Round, Site
from firebreak.operations.rounds.states import DECIDED, OPEN

_END = "\U0010ffff"


def running_sites() -> QuerySet[Site]:
    """The sites a round opened now could use."""
    return Site.objects.filter(benches__gt=0)


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody without an end; `key` continues a page after them."""

    key: str
    person: int


_SELECT = (
    "SELECT e.person_id, a.path, e.revisit_at FROM rounds_entry e JOIN areas_area a ON a.id = e.building_id"
)


def missing(round_id: int, area_path: str, after_key: str, limit: int) -> list[Missing]:
    """People without an end below a path: first those to come back to, by when; then the others, by building.

    Pass the last row's `key` to go on. Two or three queries; what they read is bounded by `limit`, not by the round.
    """
    kind, moment, last = after_key.split("|") if after_key else ("r", "", "0")
    rows = _to_revisit(round_id, area_path, moment, int(last), limit) if kind == "r" else []
    if len(rows) < limit:
        path, person = (moment, int(last)) if kind == "t" else ("", 0)
        rows += _to_do(round_id, area_path, path, person, limit - len(rows))
    return rows


def _to_revisit(round_id: int, path: str, moment: str, last: int, limit: int) -> list[Missing]:
    after, params = "", [round_id, path, path + _END]
    if moment:
        at = bulk.moment(datetime.fromisoformat(moment))
        after = " AND (e.revisit_at > %s OR (e.revisit_at = %s AND e.person_id > %s))"
        params += [at, at, last]
    found = bulk.fetch(
        f"{_SELECT} WHERE e.round_id = %s AND e.state IN ('away', 'unreachable') AND {_below()}{after}"
        " ORDER BY e.revisit_at, e.person_id LIMIT %s", [*params, limit],
    )
    return [Missing(f"r|{_iso(revisit)}|{person}", person) for person, _, revisit in found]


def _to_do(round_id: int, path: str, after: str, last: int, limit: int) -> list[Missing]:
    """From the board: the buildings that hold the next people; then these people."""
    rows = bulk.fetch(
        "SELECT a.path, b.building_id, b.to_do FROM rounds_tally b JOIN areas_area a ON a.id = b.building_id"
        f" WHERE b.round_id = %s AND b.to_do > 0 AND {_below()} AND a.path >= %s{_bytes()} ORDER BY a.path{_bytes()} LIMIT %s",
        [round_id, path, path + _END, after, limit + 1],
    )
    chosen, people = [], 0
    for place, building, to_do in rows:
        chosen.append(building)
        people += 0 if place == after else to_do
        if people >= limit:
            break
    if not chosen:
        return []
    places = ", ".join(["%s"] * len(chosen))
    found = bulk.fetch(
        f"{_SELECT} WHERE e.round_id = %s AND e.building_id IN ({places}) AND e.state = 'to_do'"
        f" AND (a.path > %s{_bytes()} OR (a.path = %s AND e.person_id > %s))"
        f" ORDER BY a.path{_bytes()}, e.person_id LIMIT %s",
        [round_id, *chosen, after, after, last, limit],
    )
    return [Missing(f"t|{place}|{person}", person) for person, place, _ in found]


def _bytes() -> str:
    """Compare paths by bytes on both databases."""
    return ' COLLATE "C"' if bulk.is_postgres() else ""


def _below() -> str:
    """The building lies at or below a path given as (path, path + last character)."""
    return f"a.path >= %s{_bytes()} AND a.path < %s{_bytes()}"


def _iso(moment: Any) -> str:
    return str(bulk.read_moment(moment).isoformat())


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One swab in a tube; `undone` when it was taken back."""

    ref: str
    name: str
    at: datetime
    event: UUID
    undone: bool


def members(code: str) -> list[MemberRow]:
    """The swabs of a tube, oldest first. One query."""
    return [
        MemberRow(ref, name, bulk.read_moment(at), bulk.read_uid(event), undone is not None)
        for ref, name, at, event, undone in bulk.fetch(
            "SELECT p.ref, p.name, s.happened_at, s.event_id, u.event_id FROM rounds_tube t"
            " JOIN rounds_scan s ON s.tube_id = t.id JOIN registry_person p ON p.id = s.person_id"
            " LEFT JOIN rounds_undo u ON u.scan_event_id = s.event_id WHERE t.code = %s ORDER BY s.happened_at, s.event_id",
            [code],
        )
    ]


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


def burn_down(running: Round) -> list[Point]:
    """How the round went, by quarters of an hour in which something happened. Two queries over the counters."""
    whole = boards.standing(running)
    rows = Progress.objects.filter(round=running).values("begins_at").annotate(n=Sum("sampled"))
    points, sampled = [], 0
    for row in rows.order_by("begins_at"):
        sampled += row["n"]
        points.append(Point(row["begins_at"], sampled, whole.owed - whole.closed - sampled))
    return points
