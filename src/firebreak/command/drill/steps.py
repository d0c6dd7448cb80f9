"""What is played, and when: steps from several streams, merged in order of their moments."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do at a moment. `name` is unique, so that a repeated step is recognised by its client key."""

    at: datetime
    name: str
    play: Callable[[], None]


def merged(*streams: Iterable[Step]) -> Iterator[Step]:
    """All steps in order of moment; within a moment, in the order of the streams."""
    return heapq.merge(*streams, key=lambda step: step.at)
