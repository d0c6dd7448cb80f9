"""A cut-off names two things: a moment in the world, and how much the ledger had learned.

A fact belongs to a cut-off when it happened at or before `at` and was recorded by an act at or before
`position` (an act's number in the journal). Seals take an exclusive lock, so no act can later commit at or
below a sealed position: a figure at a cut-off never changes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

LIVE = 2**62


@dataclass(frozen=True, slots=True)
class Cutoff:
    """`at`: aware UTC, inclusive. `position`: journal act number, inclusive; `LIVE` means all that is known."""

    at: datetime
    position: int = LIVE

    def known(self, happened: str = "happened_at", act: str = "act_id") -> dict[str, Any]:
        """Django filter arguments for append-only rows."""
        return {f"{happened}__lte": self.at, f"{act}__lte": self.position}
