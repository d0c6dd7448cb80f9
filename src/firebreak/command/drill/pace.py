"""How fast the drill plays: a small file that a page writes and the player reads between steps.

The player answers through two more: its process while it plays, and which request to pause it rests for.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from firebreak.kernel.files import replace_text

MAX_SPEED = 0.0


@dataclass(frozen=True, slots=True)
class Pace:
    """`speed`: ledger seconds per real second; `MAX_SPEED` (0) means as fast as the work commits."""

    speed: float
    paused: bool = False


class PaceFile:
    """`<data folder>/drill/pace.json`."""

    def __init__(self, data: Path) -> None:
        self.path = data / "drill" / "pace.json"
        self._player, self._rest = self.path.with_name("player"), self.path.with_name("rest")

    def read(self) -> Pace:
        """The pace asked for; as fast as possible when nobody asked."""
        try:
            return Pace(**json.loads(self.path.read_text("utf-8")))
        except FileNotFoundError:
            return Pace(MAX_SPEED)

    def ask(self, pace: Pace) -> None:
        """Ask the player for another pace."""
        replace_text(self.path, json.dumps(asdict(pace)))

    @contextmanager
    def playing(self) -> Iterator[None]:
        """While it lasts this process is the player."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._player.write_text(str(os.getpid()), "ascii")
        try:
            yield
        finally:
            self._player.unlink(missing_ok=True)

    def rest(self) -> None:
        """Say that the player stands between two steps for the pause that is asked for now."""
        self._rest.write_text(self._asked(), "ascii")

    def at_rest(self) -> bool:
        """Whether nobody plays, or the player rests for the pause that is asked for now."""
        if not _lives(self._player):
            return True
        try:
            return self._rest.read_text("ascii") == self._asked()
        except FileNotFoundError:
            return False

    def _asked(self) -> str:
        return str(self.path.stat().st_mtime_ns) if self.path.exists() else ""


def _lives(file: Path) -> bool:
    """Whether the process that a file names is there."""
    try:
        os.kill(int(file.read_text("ascii")), 0)
    except PermissionError:
        return True
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return False
    return True
