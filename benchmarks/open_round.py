"""Opening a round for 100,000 people, against the same rows written by hand with INSERT … SELECT.

`python -m benchmarks.open_round` measures on SQLite and on PostgreSQL (fsync on). Ours checks rights, sites,
buildings and owners, and journals; the other side writes the same rows of the same tables in one transaction and
asks nothing. Pairs in the order ABBA; what both wrote is compared before any time counts.
"""

import statistics
import time
from datetime import timedelta
from typing import Any

from benchmarks import district
from benchmarks.in_turn import ask, in_turn

PEOPLE, BUILDINGS = 100_000, 2_000


def run(people: int = PEOPLE, pairs: int = 5) -> dict[str, Any]:
    """All figures of this benchmark."""
    return in_turn("benchmarks.open_round", people, pairs)


def race(people: int, pairs: int) -> dict[str, Any]:
    """Both sides in turn; median of the pair ratios (theirs / ours: 1 is as fast)."""
    district.start_django()
    district.plant(people, BUILDINGS)
    ours: list[float] = []
    theirs: list[float] = []
    number = 0
    for pair in range(pairs + 1):
        times: dict[str, float] = {}
        seen: dict[str, Any] = {}
        for side in ("ours", "theirs") if pair % 2 == 0 else ("theirs", "ours"):
            number += 1
            begun = time.perf_counter()
            key = district.open_round(number)[0] if side == "ours" else by_hand(number)
            times[side] = time.perf_counter() - begun
            seen[side] = digest(key)
        if seen["ours"] != seen["theirs"]:
            raise SystemExit(f"the rows of the two sides differ: {seen}")
        if pair:
            ours.append(times["ours"])
            theirs.append(times["theirs"])
    ratios = [hand / own for hand, own in zip(theirs, ours, strict=True)]
    return {
        "people": people, "buildings": BUILDINGS, "ratio_to_insert_select": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios], "ours_s": round(statistics.median(ours), 3),
        "by_hand_s": round(statistics.median(theirs), 3), "rows_compared": seen["ours"],
    }


def by_hand(number: int) -> int:
    """The same rows, in one transaction."""
    from django.db import connection, transaction

    from firebreak.engine import bulk
    from firebreak.engine.areas.models import Area
    from firebreak.engine.journal.models import Act, Event
    from firebreak.engine.registry.queries import present_at
    from firebreak.kernel.cutoff import Cutoff
    from firebreak.operations.rounds.models import Round

    at = district.AT + timedelta(hours=1)
    with transaction.atomic(), connection.cursor() as cursor:
        Round.objects.filter(status="open").update(status="cancelled", closed_at=district.AT)
        act = Act.objects.create(name="hand", by="system:benchmark", at=at, received_at=at, outcome="done").pk
        row = Round.objects.create(
            ref=f"round:hand{number}", response_ref=district.RESPONSE, number=number, area=Area.objects.get(code="D0"),
            register_at=at, register_position=act, opened_at=at, due_at=at + timedelta(hours=24), terms={}, act_id=act,
        )
        present = present_at("/D0/", Cutoff(at, act))
        cursor.execute(
            "INSERT INTO rounds_entry (round_id, person_id, building_id, origin, state, attempts, facts, act_id)"
            f" SELECT %s, person_id, building_id, 'listed', 'to_do', 0, 0, %s FROM ({present.sql}) p",
            [row.pk, act, *present.params],
        )
        cursor.execute(
            "INSERT INTO rounds_siteduty (round_id, building_id, site_id, pool_size) SELECT %s, a.id, s.id, 10"
            " FROM areas_area a CROSS JOIN rounds_site s WHERE a.level = 'building'", [row.pk],
        )
        cursor.execute(
            "INSERT INTO tasks_task (ref, kind, about, response_ref, title_zh, title_en, owner_id, due_at, status, opened_at,"
            " outcome, escalation, escalates_at, act_id)"
            " SELECT 'task:' || %s || '-' || a.code, 'sweep', 'sweep:' || %s || a.code, %s, a.name_zh, a.name_zh, p.id, %s,"
            " 'open', %s, '', 0, %s, %s FROM areas_area a CROSS JOIN units_post p"
            " WHERE a.level = 'building' AND p.code = 'grid'",
            [number, number, district.RESPONSE, *map(bulk.moment, (row.due_at, at, row.due_at)), act],
        )
        cursor.execute(
            "INSERT INTO tasks_taskchange (task_id, owner_id, due_at, status, outcome, reason, happened_at, act_id)"
            " SELECT id, owner_id, due_at, status, '', '', opened_at, act_id FROM tasks_task WHERE act_id = %s", [act],
        )
        cursor.execute(
            "INSERT INTO rounds_tally (round_id, building_id, task_id, listed, found, to_do, sampled, excused, refused, away,"
            " unreachable) SELECT %s, e.building_id, t.id, COUNT(*), 0, COUNT(*), 0, 0, 0, 0, 0 FROM rounds_entry e"
            " JOIN areas_area a ON a.id = e.building_id"
            " JOIN tasks_task t ON t.kind = 'sweep' AND t.about = 'sweep:' || %s || a.code"
            " WHERE e.round_id = %s GROUP BY e.building_id, t.id", [row.pk, number, row.pk],
        )
        for kind in ("TasksOpened", "RoundOpened"):
            Event.objects.create(act_id=act, type=kind, about=row.ref, payload={})
    return row.pk


def digest(key: int) -> dict[str, Any]:
    """Counts and sums of every table that an opening writes."""
    from firebreak.engine import bulk

    return {
        "entries": bulk.fetch(
            "SELECT COUNT(*), COUNT(DISTINCT person_id), SUM(building_id), MIN(state) FROM rounds_entry WHERE round_id = %s",
            [key],
        )[0][:2],
        "buildings": int(bulk.fetch("SELECT SUM(building_id) FROM rounds_entry WHERE round_id = %s", [key])[0][0]),
        "duties": bulk.fetch("SELECT COUNT(*), SUM(pool_size) FROM rounds_siteduty WHERE round_id = %s", [key])[0],
        "board": bulk.fetch(
            "SELECT COUNT(*), COUNT(b.task_id), SUM(b.listed), SUM(b.to_do), COUNT(c.id) FROM rounds_tally b"
            " JOIN tasks_task t ON t.id = b.task_id JOIN tasks_taskchange c ON c.task_id = t.id WHERE b.round_id = %s", [key],
        )[0],
    }


if __name__ == "__main__":
    ask("benchmarks.open_round", __doc__, race, PEOPLE, 5)
