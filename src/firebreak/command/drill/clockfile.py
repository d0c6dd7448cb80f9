"""The drill's ledger clock: one small file in the drill's data folder, moved forward after work is committed.

Every process of the drill (pages, worker, player) reads the same file, so no page shows a time that the
ledger has not reached.
"""

from datetime import UTC, datetime
from pathlib import Path

from firebreak.kernel.files import replace_text


class ClockFile:
    """Ledger time as text in `<data folder>/drill/clock`."""

    def __init__(self, data: Path) -> None:
        self.path = data / "drill" / "clock"

    def read(self) -> datetime:
        """The moment the ledger has reached (aware UTC). Errors: `FileNotFoundError` before the drill began."""
        return datetime.fromisoformat(self.path.read_text("ascii")).astimezone(UTC)

    def move_to(self, moment: datetime) -> None:
        """Set the moment."""
        replace_text(self.path, moment.astimezone(UTC).isoformat())
