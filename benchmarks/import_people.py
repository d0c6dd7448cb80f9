"""Import of 10,000 rows into a register of 100,000, against hand-written set-based SQL writing the same rows.

`python -m benchmarks.import_people` measures on SQLite and on PostgreSQL (fsync on). Our side starts from the
file's bytes: encoding, mapping, checks, hashes, encryption, staging, classification, journal. The other side
starts from values already parsed, hashed and encrypted, in one transaction. Pairs run in the order ABBA; after
each pair both registers are compared row by row before any time counts. Also: the ratio to bare loading
(COPY, executemany) of the same rows without any check, and the peak memory of a file of 100,000 people.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PEOPLE, ROWS, KNOWN = 100_000, 10_000, 500


def main() -> None:
    """Run every part, each in a process of its own, and print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--people", type=int, default=PEOPLE)
    options.add_argument("--rows", type=int, default=ROWS)
    options.add_argument("--inside", choices=["race", "memory-csv", "memory-xlsx"])
    chosen = options.parse_args()
    if chosen.inside == "race":
        print(json.dumps(race(chosen.people, chosen.rows, chosen.pairs)))
    elif chosen.inside:
        print(json.dumps(memory(chosen.people, chosen.inside.removeprefix("memory-"))))
    else:
        print(json.dumps(run(chosen.people, chosen.rows, chosen.pairs), ensure_ascii=False, indent=1))


def run(people: int = PEOPLE, rows: int = ROWS, pairs: int = 5) -> dict[str, Any]:
    """All figures of this benchmark."""
    from scripts.postgres import running_postgres

    sizes = ["--people", str(people), "--rows", str(rows), "--pairs", str(pairs)]
    figures: dict[str, Any] = {"machine": f"{platform.machine()}, {os.cpu_count()} CPUs, {platform.python_version()}"}
    figures["sqlite"] = _inside("race", sizes, "")
    with running_postgres(durable=True) as url:
        figures["postgresql"] = _inside("race", sizes, url)
    figures["memory_csv"] = _inside("memory-csv", sizes, "")
    figures["memory_xlsx"] = _inside("memory-xlsx", sizes, "")
    return figures


def _inside(part: str, sizes: list[str], url: str) -> dict[str, Any]:
    data = tempfile.mkdtemp(prefix="firebreak-bench-")
    environment = {**os.environ, "FIREBREAK_DATA": data, "DJANGO_SETTINGS_MODULE": "firebreak.settings"}
    environment |= {"DATABASE_URL": url} if url else {}
    if not url:
        environment.pop("DATABASE_URL", None)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.import_people", "--inside", part, *sizes],
            env=environment, check=True, stdout=subprocess.PIPE, text=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer
    finally:
        shutil.rmtree(data, ignore_errors=True)


def race(people: int, rows: int, pairs: int) -> dict[str, Any]:
    """Both sides in turn on one database; median of the pair ratios (theirs / ours: 1 is as fast)."""
    from benchmarks import import_people_sides as sides

    sides.prepare(people)
    content, values = sides.rows_to_import(people, rows)
    snapshot = sides.Snapshot()
    ours: list[float] = []
    theirs: list[float] = []
    bare: list[float] = []
    for pair in range(pairs):
        order = (("ours", "theirs"), ("theirs", "ours"))[pair % 2]
        seen: dict[str, Any] = {}
        times: dict[str, float] = {}
        for side in order:
            snapshot.restore()
            play: Callable[[], None] = {
                "ours": lambda: sides.import_as_firebreak(content), "theirs": lambda: sides.import_by_hand(values),
            }[side]
            times[side] = _timed(play)
            seen[side] = sides.register_digest()
        if seen["ours"] != seen["theirs"]:
            raise SystemExit(f"the two registers differ: {seen}")
        ours.append(times["ours"])
        theirs.append(times["theirs"])
        snapshot.restore()
        bare.append(_timed(lambda: sides.load_bare(values)))
    ratios = [hand / own for hand, own in zip(theirs, ours, strict=True)]
    return {
        "rows": rows, "register": people, "ratio_to_set_based_sql": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "ratio_to_bare_load": round(statistics.median(b / o for b, o in zip(bare, ours, strict=True)), 3),
        "ours_s": round(statistics.median(ours), 3), "by_hand_s": round(statistics.median(theirs), 3),
        "bare_s": round(statistics.median(bare), 3), "rows_per_s": round(rows / statistics.median(ours)),
    }


def memory(people: int, form: str) -> dict[str, Any]:
    """Peak memory of the process that brings in a file of this many people."""
    from benchmarks import import_people_sides as sides

    sides.prepare(0)
    path = Path(os.environ["FIREBREAK_DATA"]) / f"people.{form}"
    subprocess.run(
        [
            sys.executable, "-c",
            f"from benchmarks.import_people_sides import write_file; write_file({str(path)!r}, {people})",
        ],
        check=True,
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = _timed(lambda: sides.import_file(path))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "people": people, "peak_mb": round(peak / 1024), "before_mb": round(before / 1024),
        "seconds": round(seconds, 1), "imported": sides.count_people(),
    }


def _timed(play: Callable[[], None]) -> float:
    begun = time.perf_counter()
    play()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
