"""Append-only tables: a migration operation that makes the database itself refuse UPDATE and DELETE.

Put `AppendOnly("journal_act")` into the migration that creates the table. Works on SQLite and PostgreSQL.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION firebreak_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: % on %', TG_OP, TG_TABLE_NAME; END $$
"""


class AppendOnly(Operation):
    """Refuse UPDATE and DELETE (and TRUNCATE on PostgreSQL) on the named table."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models do not change."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for statement in protecting_sql(schema_editor.connection.vendor, self.table):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for statement in releasing_sql(schema_editor.connection.vendor, self.table):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return f"Make {self.table} append-only"


def protecting_sql(vendor: str, table: str) -> list[str]:
    """The statements that protect a table. Names are program constants, never input."""
    if vendor == "postgresql":
        return [
            _POSTGRES_FUNCTION,
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION firebreak_refuse_change()",
            f"CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION firebreak_refuse_change()",
        ]
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'append-only: UPDATE on {table}'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'append-only: DELETE on {table}'); END",
    ]


def releasing_sql(vendor: str, table: str) -> list[str]:
    """The statements that undo `protecting_sql`; what a person with the database password could also do."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER append_only ON {table}", f"DROP TRIGGER append_only_truncate ON {table}"]
    return [f"DROP TRIGGER {table}_no_update", f"DROP TRIGGER {table}_no_delete"]
