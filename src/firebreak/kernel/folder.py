"""The data folder: `folder.json` says whose it is (a drill's or a real district's), `keys/` opens the rest.

Made once and never turned into the other kind: a drill never shares a folder with real data.
"""

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from firebreak.kernel import clock
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T
from firebreak.kernel.vault import create_keys

Kind = Literal["drill", "real"]
FILE = "folder.json"

FOLDER_TAKEN = RefusalKind(
    "folder-taken",
    T(
        "数据文件夹 {path} 已经在用({kind})。没有改动。请用 FIREBREAK_DATA 指定另一个空文件夹。",
        "The data folder {path} is in use already ({kind}). Nothing was changed. Name another, empty folder with "
        "FIREBREAK_DATA.",
    ),
)
FOLDER_NOT_EMPTY = RefusalKind(
    "folder-not-empty",
    T(
        "{path} 里已有文件({names}),不像新的数据文件夹。没有改动。请换一个空文件夹。",
        "{path} holds files already ({names}). Nothing was changed. Name an empty folder.",
    ),
)
KIND_WORDS: dict[str, T] = {"drill": T("演练", "a drill"), "real": T("正式数据", "real data")}


def read(path: Path) -> dict[str, Any] | None:
    """The folder's own description, or `None` when it was never set up.

    Always there: `folder` (an id repeated in the database's one `Installation` row), `kind`, `time_zone`.
    """
    try:
        text = (path / FILE).read_text("utf-8")
    except FileNotFoundError:
        return None
    found: dict[str, Any] = json.loads(text)
    return found


def create(path: Path, *, kind: Kind, time_zone: str) -> dict[str, Any]:
    """Set up a data folder with fresh keys. Refuses `folder-taken` when one is already there."""
    if taken := read(path):
        raise FOLDER_TAKEN.because(path=path, kind=KIND_WORDS[taken["kind"]])
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    create_keys(path / "keys")
    described = {
        "folder": str(uuid.uuid4()),
        "kind": kind,
        "time_zone": time_zone,
        "made_at": clock.iso(clock.real_now()),
    }
    write_whole(path / FILE, json.dumps(described, indent=1, ensure_ascii=False) + "\n")
    return described


@contextmanager
def new_folder(path: Path, time_zone: str) -> Iterator[None]:
    """A fresh real data folder for the time of the block; taken away again when the block fails.

    Refuses `folder-taken` and `folder-not-empty`. Must stand before the settings are read.
    """
    with taken_back_on_failure(path):
        create(path, kind="real", time_zone=time_zone)
        yield


@contextmanager
def taken_back_on_failure(path: Path) -> Iterator[None]:
    """Leave nothing of a new data folder behind when the block fails.

    Refuses `folder-taken` and `folder-not-empty`, so that nothing which was there before is ever removed.
    """
    if taken := read(path):
        raise FOLDER_TAKEN.because(path=path, kind=KIND_WORDS[taken["kind"]])
    existed = path.exists()
    names = sorted(entry.name for entry in path.iterdir()) if existed else []
    if names:
        raise FOLDER_NOT_EMPTY.because(path=path, names=", ".join(names[:5]))
    try:
        yield
    except BaseException:
        for entry in path.iterdir() if path.exists() else ():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        if not existed and path.exists():
            path.rmdir()
        raise


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old text or the new, never half; fsynced before it counts."""
    draft = path.with_name(path.name + ".draft")
    with draft.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
