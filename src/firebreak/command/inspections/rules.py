"""Drawing by a rule anybody can repeat, and what a draw says about those nobody found. Pure."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from math import comb

CONFIDENCE = 0.95
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be drawn: its key, and how it is called in both languages."""

    about: str
    zh: str
    en: str


def rank(seed: str, about: str) -> bytes:
    """Where a candidate stands in the draw of a seed: SHA-256 of `seed`, a line break and the candidate."""
    return sha256(f"{seed}\n{about}".encode()).digest()


def draw(seed: str, frame: Iterable[Candidate], count: int) -> tuple[list[Candidate], int]:
    """The `count` candidates that stand first in the draw of a seed, and how many there were. Memory: `count`."""
    seen = 0

    def counted() -> Iterable[Candidate]:
        nonlocal seen
        for one in frame:
            seen += 1
            yield one

    chosen = heapq.nsmallest(count, counted(), key=lambda one: rank(seed, one.about))
    return chosen, seen


def at_most(found: int, looked: int, frame: int) -> float:
    """The share of a frame that is faulty at most, with 95 % confidence, when `found` of `looked` drawn were.

    One-sided: the largest share at which so few would still be found once in twenty draws (Clopper and Pearson 1934);
    0 of 59 bounds it below 5 %, 0 of 149 below 2 %, 0 of 299 below 1 %. Seen in full, it is what was found.
    """
    if looked == 0:
        return 1.0
    if looked >= frame:
        return found / looked
    if found >= looked:
        return 1.0
    low, high = found / looked, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _so_few(found, looked, middle) > 1 - CONFIDENCE else (low, middle)
    return high


def _so_few(found: int, looked: int, share: float) -> float:
    """Chance of `found` or fewer faulty among `looked` when this share is."""
    return sum(comb(looked, n) * share**n * (1 - share) ** (looked - n) for n in range(found + 1))
