"""The data folder of a drill: made from a seed, marked as a drill for ever, refused to real work."""

import json
import secrets
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T
from firebreak.kernel.vault import create_keys

FOLDER_IS_REAL = RefusalKind(
    "folder-is-real",
    T(
        "数据目录 {folder} 里是真实数据,演练不能用它。请用 FIREBREAK_DATA 指定另一个目录。",
        "The data folder {folder} holds real data; a drill may not use it. Name another one with FIREBREAK_DATA.",
    ),
)
FOLDER_IS_ANOTHER_DRILL = RefusalKind(
    "folder-is-another-drill",
    T(
        "数据目录 {folder} 里已有另一次演练(种子 {seed},{people} 人)。请换一个目录,或删除它后重来。",
        "The data folder {folder} holds another drill (seed {seed}, {people} people). Use another folder, or delete "
        "it and start again.",
    ),
)


@dataclass(frozen=True, slots=True)
class DrillFolder:
    """What `folder.json` of a drill says. `code` opens the one-tap role links."""

    folder: str
    kind: str
    pack: str
    seed: int
    people: int
    code: str
    time_zone: str
    district: str


def prepare_folder(data: Path, *, pack: str, seed: int, people: int) -> DrillFolder:
    """Make the folder with its mark and keys, or open the same drill again.

    Errors: refuses `folder-is-real`, `folder-is-another-drill`.
    """
    mark = data / "folder.json"
    if mark.exists():
        return _same_drill(data, json.loads(mark.read_text("utf-8")), pack, seed, people)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = DrillFolder(
        folder=str(uuid.uuid5(uuid.NAMESPACE_OID, f"firebreak drill {pack} {seed} {people}")),
        kind="drill", pack=pack, seed=seed, people=people, code=secrets.token_urlsafe(9),
        time_zone="Asia/Shanghai", district="",
    )
    create_keys(data / "keys", seed=seed)
    mark.write_text(json.dumps(asdict(folder), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return folder


def _same_drill(data: Path, found: dict[str, object], pack: str, seed: int, people: int) -> DrillFolder:
    if found.get("kind") != "drill":
        raise FOLDER_IS_REAL.because(folder=str(data))
    folder = DrillFolder(**found)  # type: ignore[arg-type]  # the file was written from this class
    if (folder.pack, folder.seed, folder.people) != (pack, seed, people):
        raise FOLDER_IS_ANOTHER_DRILL.because(folder=str(data), seed=folder.seed, people=folder.people)
    return folder
