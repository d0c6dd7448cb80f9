"""Cutting a set of weighted places into compact parts of nearly equal weight, for grids and sampling sites."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weight:
    """Something somewhere: its key, its place in metres and how much it counts."""

    key: int
    x: float
    y: float
    weight: float


def cut(places: Sequence[Weight], parts: int) -> list[list[int]]:
    """Keys by part: the longer side is halved by weight, again and again. No part is empty while places last."""
    parts = max(1, min(parts, len(places)))
    if parts == 1:
        return [sorted(place.key for place in places)]
    xs, ys = [place.x for place in places], [place.y for place in places]
    wide = max(xs) - min(xs) >= max(ys) - min(ys)
    ordered = sorted(places, key=lambda place: ((place.x, place.y) if wide else (place.y, place.x), place.key))
    fewer = parts // 2
    middle = _halve(ordered, fewer / parts)
    middle = min(max(middle, fewer), len(ordered) - (parts - fewer))
    return cut(ordered[:middle], fewer) + cut(ordered[middle:], parts - fewer)


def _halve(ordered: Sequence[Weight], part: float) -> int:
    """How many of the first places come nearest to a part of the whole weight."""
    goal = sum(place.weight for place in ordered) * part
    carried, best, nearest = 0.0, 0, goal
    for number, place in enumerate(ordered, start=1):
        carried += place.weight
        if abs(carried - goal) < nearest:
            best, nearest = number, abs(carried - goal)
    return best
