"""`python -m benchmarks [name …]`: every measurement, or the named ones, one after the other, as JSON."""

import importlib
import json
import platform
import sys
from datetime import UTC, datetime

ALL = ("import_people", "sync_intake", "open_round", "coverage_board", "find", "duplicates", "zone_preview", "pages")


def main() -> None:
    """Run them and print one JSON object for each as it ends."""
    print(json.dumps({"at": datetime.now(UTC).isoformat(), "machine": platform.machine(), "python": platform.python_version()}))
    for name in sys.argv[1:] or ALL:
        figures = importlib.import_module(f"benchmarks.{name}").run()
        print(json.dumps({name: figures}, ensure_ascii=False, indent=1), flush=True)


if __name__ == "__main__":
    main()
