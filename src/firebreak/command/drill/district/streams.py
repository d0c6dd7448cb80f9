"""Chance and shares of the invented district: seeded streams of numbers and quotas that add up exactly.

Every purpose draws from its own stream, so a change in one never moves another. Never uses the time, the hash
seed of the interpreter or the order of a set.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Choice = TypeVar("Choice")


def stream(seed: int, purpose: str) -> Random:
    """The numbers of one purpose, the same on every machine."""
    digest = hashlib.sha256(f"{seed}/{purpose}".encode()).digest()
    return Random(int.from_bytes(digest[:8], "big"))  # noqa: S311  an invention, not a secret


class Weighted(Generic[Choice]):
    """Draws from a table of (choice, weight) in the time of a bisection."""

    __slots__ = ("_choices", "_edges", "_total")

    def __init__(self, table: Sequence[tuple[Choice, float]]) -> None:
        self._choices = [choice for choice, _ in table]
        self._edges = list(accumulate(weight for _, weight in table))
        self._total = self._edges[-1]

    def draw(self, chance: Random) -> Choice:
        """One choice."""
        return self._choices[bisect_right(self._edges, chance.random() * self._total, hi=len(self._edges) - 1)]


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Cut a whole number by weights into whole parts that add up to it (largest remainders, first come first)."""
    whole = sum(weights)
    if whole <= 0:
        return [0] * len(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


def lively_shares(total: int, quotas: Mapping[str, int]) -> dict[str, int]:
    """Like `shares`, by name; nobody with a quota is left at nothing while another has two or more."""
    names = list(quotas)
    parts = shares(total, [quotas[name] for name in names])
    for place, name in enumerate(names):
        richest = max(range(len(parts)), key=lambda other: (parts[other], -other))
        if parts[place] == 0 and quotas[name] and parts[richest] > 1:
            parts[richest] -= 1
            parts[place] += 1
    return dict(zip(names, parts, strict=True))
