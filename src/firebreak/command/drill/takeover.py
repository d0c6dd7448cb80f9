"""Taking a part in the story: it stands still, somebody acts, and what they did stays or is taken back whole.

While a part is taken the player rests between two steps. A copy of the database and of the file of seals is kept;
undo puts both back, so the ledger is what it was to the last byte. Exercises on SQLite only; nothing here is
reachable on real data.
"""

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from django.db import connection

from firebreak.command.drill.pace import Pace, PaceFile
from firebreak.engine.journal import sealfile
from firebreak.kernel import clock
from firebreak.kernel.clock import iso
from firebreak.kernel.files import replace_text
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

PARTS = ("commander", "duty_officer", "task_force_leader", "testing_leader")
"""Roles that may be taken."""
REST_WITHIN_S, LOOK_S = 30.0, 0.1

ALREADY_TAKEN = RefusalKind(
    "part-already-taken",
    T("已经有人接手。请先交还或撤回。", "Somebody has taken a part already. Give it back or undo it first."),
)
NOT_TAKEN = RefusalKind(
    "no-part-taken", T("现在没有人接手。故事照旧。", "Nobody has taken a part. The story goes on as it was."),
)
STILL_PLAYING = RefusalKind(
    "story-still-playing",
    T("故事还没停下来,没有接手。请稍后再试。", "The story has not come to rest; nothing was taken. Try again in a moment."),
)
NEEDS_SQLITE = RefusalKind(
    "take-over-needs-sqlite",
    T("接手只在 SQLite 上的演练里可用(make demo)。现在可以换一个人看。",
      "A part can only be taken in a drill on SQLite (make demo). Here you can look as somebody else."),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """Who is played, from which ledger moment, and the pace before."""

    role: str
    since: datetime
    pace: Pace

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """From its file; None where there is none."""
        try:
            found = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        return cls(found["role"], datetime.fromisoformat(found["since"]), Pace(**found["pace"]))

    def write(self, path: Path) -> None:
        """Into its file."""
        replace_text(path, json.dumps({"role": self.role, "since": iso(self.since), "pace": asdict(self.pace)}))


class TakeOver:
    """A part taken in the drill of a data folder."""

    def __init__(self, data: Path, sleep: Callable[[float], None] = time.sleep, database: Path | None = None) -> None:
        self.folder, self.pace, self.sleep = data / "drill", PaceFile(data), sleep
        self.database = database or _database()
        self.mark, self.kept = self.folder / "taken.json", self.folder / "kept"
        self.seals = data / sealfile.FOLDER / sealfile.FILE

    def current(self) -> Taken | None:
        """The part that is taken now."""
        return Taken.read(self.mark)

    def take(self, role: str) -> None:
        """Bring the story to rest, keep a copy, and let somebody act.

        Errors: refuses `part-already-taken`, `take-over-needs-sqlite`, `story-still-playing` (the pace stays as it was).
        """
        if self.current() is not None:
            raise ALREADY_TAKEN.because()
        if self.database is None:
            raise NEEDS_SQLITE.because()
        before = self.pace.read()
        self.pace.ask(Pace(before.speed, paused=True))
        if not self._rests():
            self.pace.ask(before)
            raise STILL_PLAYING.because()
        self._keep(self.database)
        Taken(role, clock.now(), before).write(self.mark)

    def give_back(self) -> None:
        """The story goes on from what was done. Errors: refuses `no-part-taken`."""
        self._end(changed=True)

    def undo(self) -> None:
        """The ledger is again what it was before, and the story goes on. Errors: refuses `no-part-taken`."""
        if self.current() is None or self.database is None:
            raise NOT_TAKEN.because()
        _copy(self.kept / "database", self.database)
        if (self.kept / "seals").exists():
            os.replace(self.kept / "seals", self.seals)
        self._end(changed=False)

    def _end(self, *, changed: bool) -> None:
        taken = self.current()
        if taken is None:
            raise NOT_TAKEN.because()
        if changed:
            Changes(self.folder).begin()
        self.mark.unlink()
        shutil.rmtree(self.kept, ignore_errors=True)
        self.pace.ask(taken.pace)

    def _rests(self) -> bool:
        waited = 0.0
        while not self.pace.at_rest():
            if waited >= REST_WITHIN_S:
                return False
            self.sleep(LOOK_S)
            waited += LOOK_S
        return True

    def _keep(self, database: Path) -> None:
        shutil.rmtree(self.kept, ignore_errors=True)
        self.kept.mkdir(parents=True)
        _copy(database, self.kept / "database")
        if self.seals.exists():
            shutil.copy2(self.seals, self.kept / "seals")


class Changes:
    """Steps of the story that no longer apply, once somebody has changed it: `<data folder>/drill/changes.json`."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "changes.json"

    def begin(self) -> None:
        """From now on a step may fail."""
        if not self.path.exists():
            replace_text(self.path, "[]")

    def skipped(self) -> list[str] | None:
        """Names of the steps that were passed over; None while nobody changed the story."""
        try:
            found: list[str] = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        return found

    def skip(self, step: str) -> None:
        """Pass over a step."""
        replace_text(self.path, json.dumps([*(self.skipped() or []), step]))


def _database() -> Path | None:
    """The file of the database; None where it is not one file."""
    return Path(str(connection.settings_dict["NAME"])) if connection.vendor == "sqlite" else None


def _copy(source: Path, target: Path) -> None:
    """SQLite's own online copy: other connections see the old database or the new one, whole."""
    with closing(sqlite3.connect(source, timeout=30)) as old, closing(sqlite3.connect(target, timeout=30)) as new:
        old.backup(new, pages=-1)
