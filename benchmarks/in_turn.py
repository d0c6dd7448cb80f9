"""A measurement on both databases in turn, each in a process and data folder of its own; how one is asked for."""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import Any

Race = Callable[[int, int], dict[str, Any]]


def ask(module: str, about: str | None, race: Race, people: int, pairs: int, growth: tuple[int, ...] = ()) -> None:
    """Read the options, run both databases, print one JSON object; inside a process of its own, run `race(people, pairs)`.

    With `growth`, `--growth` runs it at each of these sizes with three pairs.
    """
    options = argparse.ArgumentParser(description=about)
    options.add_argument("--pairs", type=int, default=pairs)
    options.add_argument("--people", type=int, default=people)
    options.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--only", choices=["sqlite", "postgresql"])
    if growth:
        options.add_argument("--growth", action="store_true")
    chosen = options.parse_args()
    if chosen.inside:
        print(json.dumps(race(chosen.people, chosen.pairs), ensure_ascii=False))
        return
    if growth and chosen.growth:
        figures: dict[Any, Any] = {size: in_turn(module, size, 3, chosen.only) for size in growth}
    else:
        figures = in_turn(module, chosen.people, chosen.pairs, chosen.only)
    print(json.dumps(figures, ensure_ascii=False, indent=1))


def in_turn(module: str, people: int, pairs: int, only: str | None = None) -> dict[str, Any]:
    """The race of a module on each database."""
    from scripts.postgres import running_postgres

    figures: dict[str, Any] = {"machine": f"{platform.machine()}, {os.cpu_count()} CPUs, {platform.python_version()}"}
    if only != "postgresql":
        figures["sqlite"] = _inside(module, people, pairs, "")
    if only != "sqlite":
        with running_postgres(durable=True) as url:
            figures["postgresql"] = _inside(module, people, pairs, url)
    return figures


def _inside(module: str, people: int, pairs: int, url: str) -> dict[str, Any]:
    data = tempfile.mkdtemp(prefix="firebreak-bench-")
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"FIREBREAK_DATA": data, "DJANGO_SETTINGS_MODULE": "firebreak.settings"}
    environment |= {"DATABASE_URL": url} if url else {}
    command = [sys.executable, "-m", module, "--inside", "--people", str(people), "--pairs", str(pairs)]
    try:
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer
    finally:
        shutil.rmtree(data, ignore_errors=True)
