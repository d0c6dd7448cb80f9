"""The coverage board at a million people, against the anti-join that must agree with it exactly.

`python -m benchmarks.coverage_board` measures on SQLite and on PostgreSQL: people still missing by grid and by
building, from the counters kept with every swab, and by comparing the list with the scans. 95 % are sampled, one in
a hundred twice. Both run in turn (ABBA); the answers are compared row by row before any time counts.
"""

import statistics
import time
from typing import Any
from uuid import UUID

from benchmarks import district
from benchmarks.in_turn import ask, in_turn

PEOPLE = 1_000_000


def run(people: int = PEOPLE, pairs: int = 5) -> dict[str, Any]:
    """All figures of this benchmark."""
    return in_turn("benchmarks.coverage_board", people, pairs)


def race(people: int, pairs: int) -> dict[str, Any]:
    """Both answers in turn; median of the pair ratios (anti-join / board)."""
    district.start_django()
    planted = district.plant(people, max(20, people // 50))
    key = district.open_round(1)[0]
    sample(planted, key)
    board: list[float] = []
    joined: list[float] = []
    for pair in range(pairs + 1):
        times: dict[str, float] = {}
        seen: dict[str, Any] = {}
        for side, asked in (("board", from_board), ("joined", from_scans))[:: 1 if pair % 2 == 0 else -1]:
            begun = time.perf_counter()
            seen[side] = asked(key)
            times[side] = time.perf_counter() - begun
        if seen["board"] != seen["joined"]:
            raise SystemExit("the board and the anti-join differ")
        if pair:
            board.append(times["board"])
            joined.append(times["joined"])
    ratios = [slow / fast for slow, fast in zip(joined, board, strict=True)]
    return {
        "people": people, "buildings": len(planted.buildings), "missing": sum(count for _, count in seen["board"][0]),
        "times_faster_than_anti_join": round(statistics.median(ratios), 1), "ratios": [round(ratio, 1) for ratio in ratios],
        "board_ms": round(statistics.median(board) * 1000, 2), "anti_join_ms": round(statistics.median(joined) * 1000, 1),
    }


def sample(planted: district.District, key: int) -> None:
    """Swab 95 of a hundred, one in a hundred twice, written in bulk with the counters they belong to."""
    from django.db import transaction

    from firebreak.engine import bulk
    from firebreak.engine.journal.models import Act
    from firebreak.operations.rounds.models import Round, Site, Tube

    act = Act.objects.latest("id").pk
    row = Round.objects.get(pk=key)
    tube = Tube.objects.create(
        round=row, code="T", site=Site.objects.get(), pool_size=10, opened_at=row.opened_at, act_id=act
    )
    moment = bulk.moment(row.opened_at)
    rows = [
        (key, bulk.uid(UUID(int=7 << 76 | 2 << 62 | number << 1 | twice)), person, tube.pk, moment, act)
        for number, person in enumerate(planted.people) if number % 20
        for twice in ((0, 1) if number % 100 == 1 else (0,))
    ]
    with transaction.atomic():
        bulk.insert("rounds_scan", ("round_id", "event_id", "person_id", "tube_id", "happened_at", "act_id"), rows)
        bulk.execute(
            "UPDATE rounds_entry SET state = 'sampled' WHERE round_id = %s AND person_id IN"
            " (SELECT person_id FROM rounds_scan WHERE round_id = %s)", [key, key],
        )
        bulk.execute(
            "UPDATE rounds_tally SET sampled = (SELECT COUNT(*) FROM rounds_entry e WHERE e.round_id = rounds_tally.round_id"
            " AND e.building_id = rounds_tally.building_id AND e.state = 'sampled') WHERE round_id = %s", [key],
        )
        bulk.execute("UPDATE rounds_tally SET to_do = listed - sampled WHERE round_id = %s", [key])
    bulk.execute("ANALYZE")


_GROUPED = (
    "SELECT g.code, SUM(m.n) FROM ({missing}) m JOIN areas_area b ON b.id = m.building_id"
    " JOIN areas_area g ON g.id = b.parent_id GROUP BY g.code ORDER BY g.code"
)
_BOARD = "SELECT building_id, to_do + away + unreachable AS n FROM rounds_tally WHERE round_id = %s"
_JOINED = (
    "SELECT e.building_id, COUNT(*) AS n FROM rounds_entry e WHERE e.round_id = %s AND NOT EXISTS"
    " (SELECT 1 FROM rounds_scan s WHERE s.round_id = e.round_id AND s.person_id = e.person_id AND NOT EXISTS"
    "  (SELECT 1 FROM rounds_undo u WHERE u.scan_event_id = s.event_id)) GROUP BY e.building_id"
)


def from_board(key: int) -> Any:
    """Missing by grid from the counters."""
    return _answer(_BOARD, key)


def from_scans(key: int) -> Any:
    """Missing by grid from the list and the scans."""
    return _answer(_JOINED, key)


def _answer(missing: str, key: int) -> Any:
    from firebreak.engine import bulk

    grids = [(code, int(count)) for code, count in bulk.fetch(_GROUPED.replace("{missing}", missing), [key])]
    houses = sorted((building, int(count)) for building, count in bulk.fetch(missing, [key]) if count)
    return grids, houses


if __name__ == "__main__":
    ask("benchmarks.coverage_board", __doc__, race, PEOPLE, 5)
