"""Restoring a backup into an empty place, and the test that says whether it may be trusted.

Nothing is restored over anything. A backup that fails a check leaves its files where they are and says which.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from firebreak.engine.journal.models import Installation
from firebreak.engine.journal.verify import Progress, verify_database
from firebreak.kernel import folder
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T
from firebreak.upkeep.backup import figures
from firebreak.upkeep.beginning import DATABASE_TAKEN
from firebreak.upkeep.copies import POSTGRES_COPY, SQLITE_COPY, load_postgres

WRONG_DATABASE = RefusalKind(
    "wrong-database",
    T(
        "备份来自 {theirs},现在连的是 {ours}。没有恢复。请设好(或去掉)DATABASE_URL。",
        "The backup is of {theirs}, this is {ours}. Nothing was restored. Set (or remove) DATABASE_URL.",
    ),
)
_INTEGRITY = T("数据库自检:{result}", "Integrity of the database: {result}")
_FIGURES_SAME = T("{count} 本账与备份时一致", "{count} ledgers are as they were")
_FIGURES_DIFFER = T("账本 {names} 与备份时不同", "Ledgers {names} are not as they were")
_UNBALANCED = T("账本 {names} 不平", "Ledgers {names} do not balance")
_BALANCED = T("全部账平", "All ledgers balance")
_SEALS = T("封存完好:{seals} 次,{acts} 条凭证", "The seals hold: {seals} seals, {acts} acts")
_SEALS_BROKEN = T("封存不符:{first}", "The seals do not hold: {first}")
_HEAD_SAME = T("链头与备份单一致:{head}", "The head is the manifest's: {head}")
_HEAD_DIFFERS = T("链头 {ours} 不是备份单的 {theirs}", "The head is {ours}, the manifest says {theirs}")
_BUILT = {SQLITE_COPY: "SQLite", POSTGRES_COPY: "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the restore test looked at."""

    passed: bool
    text: T


def load_database(backup: Path, manifest: dict[str, Any]) -> None:
    """Put the backed-up database where the settings point. Refuses `wrong-database`, `database-taken`."""
    ours = SQLITE_COPY if connection.vendor == "sqlite" else POSTGRES_COPY
    theirs = manifest["database"]
    if theirs != ours:
        raise WRONG_DATABASE.because(theirs=_BUILT.get(theirs, theirs), ours=_BUILT[ours])
    if connection.vendor == "sqlite":
        connection.close()
        shutil.copyfile(backup / SQLITE_COPY, connection.settings_dict["NAME"])
        return
    tables = connection.introspection.table_names()
    if Installation._meta.db_table in tables:
        row = Installation.objects.first()
        raise DATABASE_TAKEN.because(kind=folder.KIND_WORDS[row.kind] if row else T("?", "?"))
    load_postgres(backup / POSTGRES_COPY)


def restore_test(manifest: dict[str, Any], progress: Progress | None = None) -> Iterator[Check]:
    """Integrity, balance at the backup's cut-off, seals, head: each with its figures."""
    yield _integrity()
    now = figures(datetime.fromisoformat(manifest["as_of"]), manifest["position"])
    differing = _differing(now, manifest["ledgers"])
    yield (
        Check(False, _FIGURES_DIFFER.filled(names=", ".join(differing)))
        if differing
        else Check(True, _FIGURES_SAME.filled(count=len(now)))
    )
    uneven = [ledger["name"] for ledger in now if ledger["difference"] or ledger["unowned"] or ledger["rows"]]
    yield Check(False, _UNBALANCED.filled(names=", ".join(uneven))) if uneven else Check(True, _BALANCED)
    verdict = verify_database(settings.DATA, progress=progress)
    yield (
        Check(False, _SEALS_BROKEN.filled(first=verdict.broken))
        if verdict.broken
        else Check(True, _SEALS.filled(seals=verdict.seals, acts=verdict.acts))
    )
    same = verdict.head == manifest["head"]
    heads = {"head": verdict.head} if same else {"ours": verdict.head, "theirs": manifest["head"]}
    yield Check(same, (_HEAD_SAME if same else _HEAD_DIFFERS).filled(**heads))


def _differing(now: list[dict[str, Any]], told: list[dict[str, Any]]) -> list[str]:
    """Names of the ledgers that are on one side only, or not the same on both."""
    apart = [ledger for ledger in now if ledger not in told] + [ledger for ledger in told if ledger not in now]
    return sorted({ledger["name"] for ledger in apart})


def _integrity() -> Check:
    """SQLite checks every page and key; PostgreSQL checked its constraints while loading."""
    if connection.vendor != "sqlite":
        return Check(True, _INTEGRITY.filled(result="ok"))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        problems = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        problems += [f"{row[0]} {row[1]}" for row in cursor.fetchall()]
    return Check(not problems, _INTEGRITY.filled(result="; ".join(problems[:5]) or "ok"))
