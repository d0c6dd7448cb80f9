"""Headquarters and the round page at 71,702 people × 10 rounds against a 1 % district, on the same machine in turn.

`python -m benchmarks.pages` prints queries and server milliseconds of each page for both sizes and their ratio
(limit: 3), and the growth from 100,000 to 1,000,000 people with `--growth`. Times are of the whole request
through every middleware, median of many, the two sizes in turn.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FULL, SMALL = 71_702, 717
ROUNDS, REPEATS = 10, 15
PEOPLE_A_BUILDING = 38
PAGES = {"hq": "/hq/live", "round": "/rounds/{n}", "missing": "/rounds/{n}/missing"}


def main() -> None:
    """Both sizes in processes of their own, asked in turn; one JSON object."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--inside", type=int)
    options.add_argument("--growth", action="store_true")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = options.parse_args()
    if chosen.inside:
        serve_questions(chosen.inside, chosen.rounds)
    else:
        sizes = (100_000, 1_000_000) if chosen.growth else (SMALL, FULL)
        print(json.dumps(run(*sizes, rounds=1 if chosen.growth else chosen.rounds), indent=1))


def run(small: int = SMALL, full: int = FULL, rounds: int = ROUNDS) -> dict[str, Any]:
    """Pages → queries and milliseconds of both sizes, and the median ratio of pairs."""
    sides = [Side(size, rounds) for size in (small, full)]
    try:
        return {name: _compare(name, small, full, sides) for name in PAGES}
    finally:
        for side in sides:
            side.end()


def _compare(name: str, small: int, full: int, sides: "list[Side]") -> dict[str, Any]:
    pairs = []
    for turn in range(REPEATS):
        order = sides if turn % 2 == 0 else sides[::-1]
        answers = {id(side): side.ask(name) for side in order}
        pairs.append(tuple(answers[id(side)] for side in sides))
    ratios = [late["ms"] / early["ms"] for early, late in pairs]
    return {
        f"queries at {small}": pairs[-1][0]["queries"], f"queries at {full}": pairs[-1][1]["queries"],
        f"ms at {small}": round(statistics.median(early["ms"] for early, _ in pairs), 1),
        f"ms at {full}": round(statistics.median(late["ms"] for _, late in pairs), 1),
        "ratio": round(statistics.median(ratios), 2),
    }


class Side:
    """A process with a district of one size, answering questions line by line."""

    def __init__(self, people: int, rounds: int) -> None:
        self.data = tempfile.mkdtemp(prefix="firebreak-pages-")
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.pages", "--inside", str(people), "--rounds", str(rounds)],
            env={**environment, "FIREBREAK_DATA": self.data}, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        self.ask("hq")

    def ask(self, name: str) -> dict[str, Any]:
        """One request of a page: queries and milliseconds."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def end(self) -> None:
        """Stop the process and remove its data."""
        self.process.communicate("")
        shutil.rmtree(self.data, ignore_errors=True)


def serve_questions(people: int, rounds: int) -> None:
    """Plant a district with so many rounds, then answer each line with one measured request."""
    client = _planted_client(people, rounds)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for line in sys.stdin:
        address = PAGES[line.strip()].format(n=rounds)
        with CaptureQueriesContext(connection) as queries:
            begun = time.perf_counter()
            answer = client.get(address)
            spent = time.perf_counter() - begun
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
        print(json.dumps({"queries": len(queries), "ms": spent * 1000}), flush=True)


def _planted_client(people: int, rounds: int) -> Any:
    from firebreak.command.drill.folder import prepare_folder
    from firebreak.kernel.place import data_folder

    folder = prepare_folder(Path(data_folder()), pack="benchmark", seed=1, people=people)
    from benchmarks.district import AT, RESPONSE, plant, start_django

    start_django()
    from datetime import timedelta

    from django.test import Client

    from firebreak.command.reactions.work import check_due
    from firebreak.engine.plans.loader import load_pack
    from firebreak.kernel import clock
    from firebreak.kernel.actor import SystemActor
    from firebreak.kernel.refs import Ref
    from firebreak.operations.rounds.actions import cancel_round, open_round
    from firebreak.operations.rounds.plan import RoundsSection
    from firebreak.upkeep.starting import enter_installation

    enter_installation()
    plant(people, max(2, people // PEOPLE_A_BUILDING))
    by = SystemActor("benchmark", frozenset({"rounds.open", "rounds.close"}))
    plan = load_pack(Path("plans/covid-2022")).section(RoundsSection)
    for number in range(1, rounds + 1):
        at = AT + timedelta(hours=number)
        clock.use(lambda moment=at: moment)
        ref = open_round(
            response=Ref(RESPONSE), area_code=_district(), plan=plan, number=number, due_at=at + timedelta(days=1),
            by=by, at=at,
        )
        if number < rounds:
            cancel_round(round=ref, reason="benchmark", by=by, at=at)
    check_due(clock.now())
    client = Client(headers={"Host": "127.0.0.1"})
    entered = client.get(f"/demo/as/testing_leader?code={folder.code}")
    if entered.status_code != 302:
        raise RuntimeError(f"sign-in: {entered.status_code}")
    return client


def _district() -> str:
    from firebreak.engine.areas.models import Area

    return Area.objects.get(level=Area.Level.DISTRICT).code


if __name__ == "__main__":
    main()
