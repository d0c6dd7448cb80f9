"""Runs the suite on SQLite, then on PostgreSQL: `python -m scripts.test_on_both [pytest arguments]`.

Exits 0 only when both runs passed; the last thing printed is pytest's own summary of the PostgreSQL run.
Tests marked `one_database` say nothing about a database and run once.
"""

import os
import subprocess
import sys

from scripts.postgres import NoPostgres, running_postgres

NOTHING_COLLECTED = 5


def main() -> int:
    """Both runs; the exit code of the first that failed."""
    base = [sys.executable, "-m", "pytest", *(sys.argv[1:] or ["-n", "2", "-q"])]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    print("— SQLite —", flush=True)
    first = subprocess.run(base, env=environment, check=False).returncode
    try:
        with running_postgres() as url:
            print("— PostgreSQL —", flush=True)
            command = [*base, "-m", "not one_database"]
            second = subprocess.run(command, env={**environment, "DATABASE_URL": url}, check=False).returncode
    except NoPostgres as problem:
        print(problem, file=sys.stderr)
        return first or 1
    if first:
        print("The run on SQLite failed; its list stands above.", file=sys.stderr)
    return first or (0 if second == NOTHING_COLLECTED else second)


if __name__ == "__main__":
    sys.exit(main())
