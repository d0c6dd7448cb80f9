"""Copies of a running database: SQLite's online backup, PostgreSQL's own dump. Writers go on meanwhile."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from firebreak.engine.journal.models import Seal
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

SQLITE_COPY, POSTGRES_COPY = "database.sqlite3", "database.dump"
PAGES_AT_ONCE = 4096

NO_TOOL = RefusalKind(
    "no-postgres-tool",
    T(
        "缺少 {tool}。请运行:sudo apt-get install -y postgresql-client",
        "{tool} is missing. Run: sudo apt-get install -y postgresql-client",
    ),
)
TOOL_FAILED = RefusalKind("postgres-tool-failed", T("{tool} 没有成功:{problem}", "{tool} did not succeed: {problem}"))


def copy_database(target: Path, progress: Callable[[int, int], None] | None) -> tuple[str, int]:
    """Copy the database into a folder; answers the file's name and the number of its newest seal (0 for none)."""
    if connection.vendor == "sqlite":
        return SQLITE_COPY, _copy_sqlite(target / SQLITE_COPY, progress)
    return POSTGRES_COPY, _dump_postgres(target / POSTGRES_COPY)


def _copy_sqlite(target: Path, progress: Callable[[int, int], None] | None) -> int:
    source = sqlite3.connect(connection.settings_dict["NAME"], timeout=30)
    copy = sqlite3.connect(target)
    try:
        # One step: between steps a writer would make the copy begin again and again.
        source.backup(copy, pages=-1)
        if progress:
            progress(1, 1)
        (newest,) = copy.execute("SELECT coalesce(max(number), 0) FROM journal_seal").fetchone()
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()
        source.close()
    return int(newest)


def _dump_postgres(target: Path) -> int:
    """Dump and count in one exported snapshot, so that both see the same moment."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        newest = Seal.objects.order_by("-number").values_list("number", flat=True).first() or 0
        run_tool("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
    return newest


def load_postgres(source: Path) -> None:
    """Load a dump into the (empty) database of the settings."""
    run_tool("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(source), database_option="-d")


def run_tool(tool: str, *arguments: str, database_option: str = "") -> None:
    """Run one of PostgreSQL's programs against the database of the settings. Refuses when missing or failing."""
    path = _newest(tool)
    if path is None:
        raise NO_TOOL.because(tool=tool)
    database: dict[str, Any] = connection.settings_dict
    where = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {**os.environ, **{name: str(database[key]) for name, key in where.items() if database.get(key)}}
    named = [database_option, database["NAME"]] if database_option else [database["NAME"]]
    done = subprocess.run([path, *named, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise TOOL_FAILED.because(tool=tool, problem=done.stderr.strip()[:500])


def _newest(tool: str) -> str | None:
    """The newest of the installed versions: an older one refuses a newer server."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"), key=lambda path: float(path.parts[-3]), reverse=True
    )
    return str(installed[0]) if installed else shutil.which(tool)
