"""The balance: owed = done + excused + open, at one instant, with the rows that say otherwise.

The sides come from different tables (see docs/adr), so `difference` can be other than zero: then somebody
damaged the books or the program is wrong, and the rows name where.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from firebreak.kernel.text import T


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One row that does not fit: what it is about, and what is wrong with it in both languages."""

    about: str
    text: T

    def as_json(self) -> dict[str, str]:
        return {"about": self.about, "zh": self.text.zh, "en": self.text.en}


@dataclass(frozen=True, slots=True)
class Balance:
    """The figures of one ledger at `as_of`. `open` counts what is neither done nor excused, late or not."""

    name: str
    title: T
    as_of: datetime
    owed: int
    done: int
    excused: int
    open: int
    overdue: int = 0
    unowned: int = 0
    excused_by: dict[str, int] = field(default_factory=dict)
    rows: tuple[Discrepancy, ...] = ()

    @property
    def difference(self) -> int:
        """owed − done − excused − open; 0 in sound books."""
        return self.owed - self.done - self.excused - self.open

    @property
    def balanced(self) -> bool:
        """True when nothing is missing, doubled, ownerless or contradicted."""
        return self.difference == 0 and self.unowned == 0 and not self.rows

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "owed": self.owed, "done": self.done, "excused": self.excused,
            "excused_by": self.excused_by, "open": self.open, "overdue": self.overdue,
            "unowned": self.unowned, "difference": self.difference,
            "rows": [row.as_json() for row in self.rows],
        }
