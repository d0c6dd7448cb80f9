"""The audit: every ledger at a moment, and whether the journal is still what was sealed. Changes nothing."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from firebreak.engine.journal.verify import Progress, Verdict, verify_database
from firebreak.engine.ledgers.registry import balance_all
from firebreak.kernel import clock
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff

COLUMNS = ("name", "owed", "done", "excused", "open", "overdue", "unowned", "difference", "rows")


@dataclass(frozen=True, slots=True)
class Audit:
    """All balances at `as_of` and the verdict on the seals."""

    as_of: datetime
    balances: list[Balance]
    verdict: Verdict

    @property
    def balanced(self) -> bool:
        """Whether every ledger balances."""
        return all(balance.balanced for balance in self.balances)

    @property
    def sound(self) -> bool:
        """Whether the books balance and the journal is what was sealed."""
        return self.balanced and self.verdict.sound

    def as_json(self) -> dict[str, Any]:
        """What `firebreak audit --json` prints."""
        told = [balance.as_json() for balance in self.balances]
        return {
            "as_of": clock.iso(self.as_of),
            "balanced": self.balanced,
            "ledgers": [{column: ledger[column] for column in COLUMNS} for ledger in told],
        }


def audit(as_of: datetime, folder: Path, progress: Progress | None = None) -> Audit:
    """Audit every ledger with all that is known now about `as_of`, and compare the journal with its seals."""
    return Audit(as_of, balance_all(Cutoff(as_of)), verify_database(folder, progress=progress))
