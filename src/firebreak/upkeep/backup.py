"""A backup: database, sealed journal and a manifest with hashes and the figures that a restore must find again.

Keys are left out, or go in under a passphrase: a stolen backup opens nothing. Changes nothing but the journal's
seals and the mark of the latest backup.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from firebreak import __version__
from firebreak.engine.journal import sealfile, seals
from firebreak.engine.ledgers.registry import balance_all
from firebreak.kernel import clock, folder
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T
from firebreak.upkeep.copies import copy_database
from firebreak.upkeep.digests import digest
from firebreak.upkeep.keyring import seal_keys
from firebreak.upkeep.unpacking import KEYS, MANIFEST

MARKS = "backups.log"

BACKUP_EXISTS = RefusalKind(
    "backup-exists", T("{path} 已经有了。没有改动。", "{path} exists already. Nothing was changed.")
)


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup: where, how large, and the head that a printed report would carry."""

    path: Path
    bytes: int
    head: str
    position: int
    with_keys: bool


def make_backup(into: Path, *, passphrase: str | None, progress: Callable[[int, int], None] | None = None) -> Made:
    """Seal, copy, and write the manifest last: a folder without one is no backup.

    Refuses `backup-exists`, `weak-passphrase`, `seals-disagree`, and what PostgreSQL's tools refuse.
    """
    data: Path = settings.DATA
    now = clock.real_now()
    target = into / f"firebreak-{now:%Y%m%dT%H%M%SZ}"
    if target.exists():
        raise BACKUP_EXISTS.because(path=target)
    sealed_keys = seal_keys(data / "keys", passphrase) if passphrase is not None else None
    as_of = clock.now()
    seals.seal(at=as_of)
    target.mkdir(parents=True, mode=0o700)
    database, newest = copy_database(target, progress)
    head, position = _copy_seals(data, target, newest)
    (target / folder.FILE).write_bytes((data / folder.FILE).read_bytes())
    if sealed_keys is not None:
        (target / KEYS).write_bytes(sealed_keys)
    manifest = {
        "made_at": clock.iso(now),
        "program": __version__,
        "database": database,
        "as_of": clock.iso(as_of),
        "position": position,
        "head": head,
        "ledgers": figures(as_of, position),
        "files": {path.relative_to(target).as_posix(): digest(path) for path in files_of(target)},
    }
    folder.write_whole(target / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    _mark(data, now)
    size = sum(path.stat().st_size for path in files_of(target))
    return Made(target, size, head, position, sealed_keys is not None)


def figures(as_of: datetime, position: int) -> list[dict[str, Any]]:
    """Every balance at a sealed cut-off; the same for ever, so a restore can compare."""
    return [balance.as_json() for balance in balance_all(Cutoff(as_of, position))]


def files_of(target: Path) -> list[Path]:
    """The files of a backup, sorted."""
    return sorted(path for path in target.rglob("*") if path.is_file())


def _copy_seals(data: Path, target: Path, newest: int) -> tuple[str, int]:
    """The seal file up to the copied database's newest seal; what was sealed since belongs to the next backup."""
    copy = sealfile.seal_file(target)
    copy.parent.mkdir(mode=0o700)
    head, position = sealfile.FIRST, 0
    with copy.open("wb") as out:
        for number, (_, raw) in enumerate(sealfile.lines(data), start=1):
            if number > newest:
                break
            out.write(raw)
            if number == newest:
                line = sealfile.decoded(raw)
                head, position = line.head, line.position
        out.flush()
        os.fsync(out.fileno())
    return head, position


def _mark(data: Path, now: datetime) -> None:
    with (data / MARKS).open("a", encoding="utf-8") as marks:
        marks.write(clock.iso(now) + "\n")
