"""What each kind of list does with its rows. Kinds that belong to a domain above register from there.

An applier turns values into staged values, and staged values into verdicts; it knows nothing of files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from firebreak.engine.registry.importing.problems import Problem
from firebreak.kernel.actor import Actor

ACCEPTED, REJECTED, DUPLICATE = "accepted", "rejected", "duplicate"

Staged = list[Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one staged row. `problem` is set exactly when it was rejected."""

    verdict: str
    problem: Problem | None = None


class Resolver(Protocol):
    """Made once per file; ties each row to what the ledger already has."""

    def staged(self, number: int, row: dict[str, Any]) -> Staged:
        """The row as JSON values. Errors: `Unreadable`."""
        ...

    def repeated(self) -> frozenset[str]:
        """Keyed hashes of people who come more than once in the file; a dry run must remember those."""
        ...


class Applier(Protocol):
    """One kind of list."""

    whole: bool
    """True when the rows of a file must be settled in one go (they point at each other)."""

    def resolver(self, by: Actor) -> Resolver: ...

    def settle(self, rows: Sequence[Staged], *, by: Actor, at: datetime) -> list[Verdict]:
        """Write the rows; call inside an action."""
        ...

    def preview(self, rows: Sequence[Staged], *, at: datetime, memory: dict[str, Any]) -> list[Verdict] | None:
        """The verdicts without writing; None when only a rolled-back writing can tell. `memory` lives for a file."""
        ...


_appliers: dict[str, Applier] = {}


def register_applier(kind: str, applier: Applier) -> None:
    """Say what happens to a kind of list. Errors: `ValueError` on a second one."""
    if kind in _appliers:
        raise ValueError(f"two appliers for lists of {kind}")
    _appliers[kind] = applier


def applier_for(kind: str) -> Applier:
    """Errors: `KeyError`."""
    return _appliers[kind]
