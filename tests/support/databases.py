"""Databases for tests: a file instead of memory, tables emptied after commits, and copies for other processes."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from firebreak.kernel import folder
from tests.support.damage import past_every_guard

KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def use_a_file(database: dict[str, Any], data: Path) -> None:
    """SQLite in a file, as in earnest: WAL and several connections do not exist in memory."""
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"] = {"NAME": str(data / "test.sqlite3")}


def empty_tables_after_committing_tests() -> None:
    """Replace Django's flush, which the append-only triggers refuse, by one that steps around them."""
    TransactionTestCase._fixture_teardown = lambda self: empty_tables()  # type: ignore[attr-defined]  # Django's hook


def keep_planner_from_believing_tables_empty() -> None:
    """Turn PostgreSQL's autovacuum off for the tables of the tests.

    Every test rolls its rows back, so a vacuum between two of them finds nothing and writes "no rows" into the
    statistics; a query over a dozen tables is then planned as a product of all of them and runs for ever. For the same
    reason a test that needs statistics names the table: a bare ANALYZE writes "no rows" for every other one.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'ALTER TABLE "{table}" SET (autovacuum_enabled = false)')


def empty_tables() -> None:
    """Delete every row that a test may have written."""
    with past_every_guard() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in KEPT:
                cursor.execute(f'DELETE FROM "{table}"')


@dataclass(frozen=True)
class RealDatabase:
    """A data folder and a migrated database of its own, and the environment that leads a process there."""

    folder: Path
    environment: dict[str, str]
    url: str | None

    def run(self, *arguments: str, check: bool = True, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run `firebreak ARGUMENTS…` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "firebreak", *arguments],
            env=self.environment,
            text=True,
            capture_output=True,
            check=check,
            **options,
        )

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start `firebreak ARGUMENTS…`; the caller ends it."""
        return subprocess.Popen(
            [sys.executable, "-m", "firebreak", *arguments], env=self.environment, text=True, **options
        )


@contextmanager
def real_database(tmp_path: Path) -> Iterator[RealDatabase]:
    """A fresh one with its folder and tables; on PostgreSQL its database is dropped again afterwards."""
    with empty_database(tmp_path / "data") as database:
        folder.create(database.folder, kind="real", time_zone="Asia/Shanghai")
        if database.url is None:
            _migrate_once(database)
        else:
            database.run("migrate", "--verbosity", "0")
        yield database


@contextmanager
def empty_database(data: Path) -> Iterator[RealDatabase]:
    """Nothing made yet: a folder that does not exist, and on PostgreSQL an empty database, dropped afterwards."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment["FIREBREAK_DATA"] = str(data)
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield RealDatabase(data, environment, None)
        return
    name = f"real_{uuid.uuid4().hex[:12]}"
    url = _with_database(os.environ["DATABASE_URL"], name)
    _administer(f'CREATE DATABASE "{name}"')
    try:
        yield RealDatabase(data, environment | {"DATABASE_URL": url}, url)
    finally:
        _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _migrate_once(database: RealDatabase) -> None:
    """Migrating takes seconds; the first test of a run does it and the others copy the file."""
    template = Path(os.environ["FIREBREAK_DATA"]) / "template.sqlite3"
    target = database.folder / "firebreak.sqlite3"
    if not template.exists():
        database.run("migrate", "--verbosity", "0")
        shutil.copy(target, template)
    elif not target.exists():
        shutil.copy(template, target)


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _administer(statement: str) -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as administrator:
        administrator.execute(statement)
