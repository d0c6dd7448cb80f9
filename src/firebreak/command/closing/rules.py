"""Which level may follow which, when a class of data is erased, and what a certificate says. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from firebreak.command.activation.plan import Level
from firebreak.command.closing.refusals import LEVEL_SKIPPED, UNKNOWN_LEVEL
from firebreak.engine.registry.plan import RetentionClass
from firebreak.kernel.balance import Balance


def next_levels(levels: Iterable[Level], now: str) -> list[Level]:
    """The levels one step away, the lower one first."""
    ordered = sorted(levels, key=lambda level: level.rank)
    place = next(number for number, level in enumerate(ordered) if level.key == now)
    return [ordered[near] for near in (place - 1, place + 1) if 0 <= near < len(ordered)]


def check_step(levels: Sequence[Level], now: str, wanted: str) -> Level:
    """The wanted level. Errors: refuses `unknown-level`, `level-skipped`."""
    near = next_levels(levels, now)
    for level in near:
        if level.key == wanted:
            return level
    known = {level.key: level.name for level in levels}
    if wanted not in known:
        raise UNKNOWN_LEVEL.because()
    raise LEVEL_SKIPPED.because(now=known[now], next=near[0].name)


def may_close_from(levels: Sequence[Level], now: str, routine: str) -> bool:
    """Whether closing is the next step: the level now is routine, or the one just above it."""
    return now == routine or routine in {level.key for level in next_levels(levels, now)}


def due_at(kept: RetentionClass, closed_at: datetime) -> datetime:
    """When a class must be gone. Follow-ups and rounds have ended by the closing, so their days count from it too."""
    return closed_at + timedelta(days=kept.erase_after_days.value)


def books(balances: Iterable[Balance]) -> list[dict[str, Any]]:
    """Balances as a certificate states them."""
    return [
        {
            "name": one.name, "zh": one.title.zh, "en": one.title.en, "owed": one.owed, "done": one.done,
            "excused": one.excused, "open": one.open, "difference": one.difference,
        }
        for one in balances
    ]


def canonical(document: Mapping[str, Any]) -> tuple[str, str]:
    """The text of a certificate, the same for the same content, and its SHA-256."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)
    return text, hashlib.sha256(text.encode()).hexdigest()
