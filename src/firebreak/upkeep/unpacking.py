"""The part of a restore that needs no database: is the backup whole, and its files into an empty folder.

Runs before the settings are read, because the folder decides them.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from firebreak.engine.journal import sealfile
from firebreak.kernel import folder
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T
from firebreak.kernel.vault import KEY_NAMES
from firebreak.upkeep.digests import digest
from firebreak.upkeep.keyring import open_keys

MANIFEST, KEYS = "manifest.json", "keys.sealed"

NOT_A_BACKUP = RefusalKind(
    "not-a-backup",
    T(
        "{path} 不是完整的备份:没有可读的 {manifest}。没有恢复。",
        "{path} is no finished backup: it has no readable {manifest}. Nothing was restored.",
    ),
)
BACKUP_DAMAGED = RefusalKind(
    "backup-damaged",
    T(
        "备份里的 {name} 缺失或被改过(校验和不同)。没有恢复。请用另一份备份。",
        "{name} in the backup is missing or was changed (checksum differs). Nothing was restored. Use another backup.",
    ),
)
KEYS_NEEDED = RefusalKind(
    "keys-needed",
    T(
        "还需要钥匙:用 --passphrase-file 打开备份里的钥匙,或用 --keys 指出另存的钥匙文件夹。没有恢复。",
        "Keys are needed: open those of the backup with --passphrase-file, or name the folder of your copy with "
        "--keys. Nothing was restored.",
    ),
)


def read_manifest(backup: Path) -> dict[str, Any]:
    """The manifest, after every file it lists was found unchanged. Refuses `not-a-backup`, `backup-damaged`."""
    try:
        manifest: dict[str, Any] = json.loads((backup / MANIFEST).read_text("utf-8"))
        listed: dict[str, str] = manifest["files"]
    except (OSError, ValueError, KeyError) as problem:
        raise NOT_A_BACKUP.because(path=backup, manifest=MANIFEST) from problem
    for name, told in listed.items():
        path = backup / name
        if not path.is_file() or digest(path) != told:
            raise BACKUP_DAMAGED.because(name=name)
    return manifest


@contextmanager
def unpacked(backup: Path, data: Path, *, passphrase: str | None, keys: Path | None) -> Iterator[None]:
    """Folder, keys and seals in place for the time of the block; taken away again when the block fails.

    Refuses `folder-taken`, `folder-not-empty`, `keys-needed`, `wrong-passphrase`.
    """
    with folder.taken_back_on_failure(data):
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        _bring_keys(backup, data / "keys", passphrase, keys)
        sealed = sealfile.seal_file(data)
        sealed.parent.mkdir(mode=0o700)
        shutil.copyfile(sealfile.seal_file(backup), sealed)
        shutil.copyfile(backup / folder.FILE, data / folder.FILE)
        yield


def _bring_keys(backup: Path, target: Path, passphrase: str | None, keys: Path | None) -> None:
    if keys is not None and all((keys / f"{name}.key").is_file() for name in KEY_NAMES):
        target.mkdir(mode=0o700)
        for name in KEY_NAMES:
            shutil.copyfile(keys / f"{name}.key", target / f"{name}.key")
            (target / f"{name}.key").chmod(0o600)
    elif passphrase is not None and (backup / KEYS).is_file():
        open_keys(backup / KEYS, passphrase, target)
    else:
        raise KEYS_NEEDED.because()
