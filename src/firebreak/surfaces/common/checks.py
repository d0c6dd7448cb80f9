"""Start checks: the program refuses to run when an exercise and real data could meet."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError, connection

from firebreak.engine.journal.models import Installation


@register()
def role_links_only_in_a_drill(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A code for one-tap role links may stand in a drill's folder.json and nowhere else."""
    if settings.FIREBREAK_DRILL or "code" not in settings.FOLDER:
        return []
    return [Error(
        "folder.json holds a code for one-tap role links, but this is not a drill's data folder.",
        hint="Remove \"code\" from folder.json, or name the drill's folder with FIREBREAK_DATA.",
        id="firebreak.E001",
    )]


@register("database")
def folder_and_database_agree(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """The folder and the database belong to each other: both a drill, or both real, and the same one."""
    try:
        migrated = Installation._meta.db_table in connection.introspection.table_names()
        row = Installation.objects.first() if migrated else None
    except DatabaseError:
        return []
    kind = settings.FOLDER.get("kind")
    if row is None or kind is None or (row.kind == kind and row.folder == settings.FOLDER.get("folder")):
        return []
    return [Error(
        f"The data folder is for {kind} data and the database for {row.kind} data, or of another installation.",
        hint="Point FIREBREAK_DATA and DATABASE_URL at the same installation.",
        id="firebreak.E002",
    )]
