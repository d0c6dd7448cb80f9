"""Reading every side of a book in one snapshot, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Queries in the block see the database at one moment; nobody waits for it. Joins a running transaction."""
    if connection.in_atomic_block or _reading_already():
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _reading_already() -> bool:
    """Whether a snapshot of SQLite's is open: Django does not know of it."""
    connection.ensure_connection()
    return connection.vendor == "sqlite" and bool(connection.connection.in_transaction)
