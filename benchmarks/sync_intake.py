"""Sync intake over HTTP in batches of 100 with all rules, against hand-written set-based SQL writing the same rows.

`python -m benchmarks.sync_intake` measures on SQLite and on PostgreSQL (fsync on). Our side: one client, one
connection, the page server in a process of its own; each batch is parsed, judged and answered event by event.
The other side starts from parsed values and writes the same rows into all the same tables, one transaction a
batch, one connection. Pairs run in the order ABBA, each on a round of its own over the same people; the rows of
both are compared before any time counts. Also: bare COPY (executemany) of the mass rows, and the CPU seconds the
page server spends on a million scans.
"""

import statistics
from typing import Any

from benchmarks.in_turn import ask, in_turn

PEOPLE, BUILDINGS = 20_000, 200


def run(people: int = PEOPLE, pairs: int = 5) -> dict[str, Any]:
    """All figures of this benchmark."""
    return in_turn("benchmarks.sync_intake", people, pairs)


def race(people: int, pairs: int) -> dict[str, Any]:
    """Both sides in turn on one database; median of the pair ratios (theirs / ours: 1 is as fast)."""
    from benchmarks import sync_intake_sides as sides

    ground = sides.prepare(people, BUILDINGS)
    ours: list[float] = []
    theirs: list[float] = []
    bare: list[float] = []
    cpu: list[float] = []
    with sides.server() as served:
        for pair in range(pairs + 1):
            times: dict[str, float] = {}
            seen: dict[str, Any] = {}
            for side in ("ours", "theirs") if pair % 2 == 0 else ("theirs", "ours"):
                shift = sides.new_shift(ground)
                if side == "ours":
                    before = served.cpu_seconds()
                    times[side] = sides.send_over_http(shift, served)
                    spent = served.cpu_seconds() - before
                else:
                    times[side] = sides.write_by_hand(shift)
                seen[side] = sides.digest(shift)
            if seen["ours"] != seen["theirs"]:
                raise SystemExit(f"the rows of the two sides differ: {seen}")
            if pair == 0:
                continue
            ours.append(times["ours"])
            theirs.append(times["theirs"])
            cpu.append(spent / people * 1e6)
            bare.append(sides.load_bare(sides.new_shift(ground)))
    ratios = [hand / own for hand, own in zip(theirs, ours, strict=True)]
    return {
        "scans": people, "ratio_to_set_based_sql": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "ratio_to_bare_load": round(statistics.median(b / o for b, o in zip(bare, ours, strict=True)), 3),
        "scans_per_s": round(people / statistics.median(ours)), "by_hand_per_s": round(people / statistics.median(theirs)),
        "bare_per_s": round(people / statistics.median(bare)),
        "server_cpu_s_per_million": round(statistics.median(cpu), 1), "rows_compared": seen["ours"],
    }


if __name__ == "__main__":
    ask("benchmarks.sync_intake", __doc__, race, PEOPLE, 5)
