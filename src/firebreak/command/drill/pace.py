"""How fast the drill plays: a small file that a page writes and the player reads between steps."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

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

    def read(self) -> Pace:
        """The pace asked for; as fast as possible when nobody asked."""
        try:
            return Pace(**json.loads(self.path.read_text("utf-8")))
        except FileNotFoundError:
            return Pace(MAX_SPEED)

    def ask(self, pace: Pace) -> None:
        """Ask the player for another pace."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(pace)), "utf-8")
        os.replace(fresh, self.path)
