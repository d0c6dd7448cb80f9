"""Lists of areas and of buildings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from firebreak.engine.areas.actions import LEVELS, AreaRow, settle_areas
from firebreak.engine.registry.importing.appliers import (
    ACCEPTED,
    DUPLICATE,
    REJECTED,
    Resolver,
    Staged,
    Verdict,
    register_applier,
)
from firebreak.engine.registry.importing.problems import ROW_LEFT_OUT, Problem, Unreadable
from firebreak.kernel.actor import Actor
from firebreak.kernel.text import T

_NAMES = tuple(name for name in AreaRow.__slots__)
_VERDICTS = {"added": ACCEPTED, "changed": ACCEPTED, "known": DUPLICATE}


class AreaResolver:
    """Checks what can be said without the ledger: a code comes once."""

    def __init__(self, level: str) -> None:
        self._level = level
        self._rows: dict[str, tuple[int, dict[str, Any]]] = {}

    def staged(self, number: int, row: dict[str, Any]) -> Staged:
        said = {"level": self._level, **{key: value for key, value in row.items() if key in _NAMES}}
        code = said["code"]
        first = self._rows.get(code)
        if first is not None and first[1] != said:
            raise Unreadable(
                "code-twice-in-file",
                T(f"第 {first[0]} 行用同一编号登记了别的内容。",
                    f"Row {first[0]} uses the same code for something else."),
                T("请改正其中一行。", "Correct one of the rows."),
            )
        self._rows[code] = (number, said)
        return [number, said]

    def repeated(self) -> frozenset[str]:
        return frozenset()


class AreaLists:
    """The applier of `areas` and `buildings`; rows are settled from the top of the tree downwards."""

    whole = True

    def __init__(self, level: str) -> None:
        self._level = level

    def resolver(self, by: Actor) -> Resolver:
        return AreaResolver(self._level)

    def settle(self, rows: Sequence[Staged], *, by: Actor, at: datetime) -> list[Verdict]:
        order = sorted(range(len(rows)), key=lambda index: LEVELS.index(rows[index][1]["level"]))
        outcomes = settle_areas([AreaRow(**rows[index][1]) for index in order], by)
        verdicts: dict[int, Verdict] = {}
        for index, outcome in zip(order, outcomes, strict=True):
            if outcome.refusal is None:
                verdicts[index] = Verdict(_VERDICTS[outcome.verdict])
                continue
            text = outcome.refusal.text
            verdicts[index] = Verdict(REJECTED, Problem(
                outcome.refusal.code, "code", f"{text.zh}{ROW_LEFT_OUT.zh}", f"{text.en} {ROW_LEFT_OUT.en}"
            ))
        return [verdicts[index] for index in range(len(rows))]

    def preview(self, rows: Sequence[Staged], *, at: datetime, memory: dict[str, Any]) -> list[Verdict] | None:
        return None


def register() -> None:
    """Called once, when Django starts."""
    register_applier("areas", AreaLists(""))
    register_applier("buildings", AreaLists("building"))
