"""What somebody with the database password could do: change rows past every trigger and foreign key."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from firebreak.engine.journal.protection import protecting_sql, releasing_sql


def damage(sql: str, params: Sequence[Any] = ()) -> int:
    """Run one statement; gives the number of rows it touched."""
    with past_every_guard() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


@contextmanager
def past_every_guard() -> Iterator[Any]:
    """A cursor for which no trigger and no foreign key holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            try:
                yield cursor
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            yield cursor
        finally:
            for _, statement in triggers:
                cursor.execute(statement)
            cursor.execute("PRAGMA foreign_keys=ON")


@contextmanager
def unprotected(table: str) -> Iterator[None]:
    """The table without its append-only triggers; they stand again afterwards."""
    _execute(releasing_sql(connection.vendor, table))
    try:
        yield
    finally:
        _execute(protecting_sql(connection.vendor, table))


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
