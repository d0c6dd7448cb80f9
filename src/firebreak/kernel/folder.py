"""The data folder: `folder.json` says whose it is (a drill's or a real district's), `keys/` opens the rest.

Made once and never turned into the other kind: a drill never shares a folder with real data.
"""

import json
import os
import uuid
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


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old text or the new, never half; fsynced before it counts."""
    draft = path.with_name(path.name + ".draft")
    with draft.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
