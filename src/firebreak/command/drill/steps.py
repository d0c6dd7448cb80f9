"""What is played, and when: steps of several streams in order of their moments, and steps that bring others."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do at a moment. `name` is unique, so that a repeated step is recognised by its client key.

    `then` gives the steps that follow from it; it only reads, and is asked also when a drill that goes on
    after a stop passes over the step because it was played before.
    """

    at: datetime
    name: str
    play: Callable[[], None]
    then: Callable[[], Iterable["Step"]] | None = None


class Schedule:
    """Steps to come. Streams are read one step ahead, so a long one costs no memory; each must be in order."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Step, Iterator[Step]]] = []
        self._numbers = count()

    def add(self, steps: Iterable[Step]) -> None:
        """Add a stream."""
        self._advance(iter(steps))

    def __iter__(self) -> Iterator[Step]:
        """Steps in order of moment; of one moment, in the order in which they were added."""
        while self._heap:
            _, _, step, rest = heapq.heappop(self._heap)
            self._advance(rest)
            yield step
            if step.then is not None:
                self.add(step.then())

    def _advance(self, rest: Iterator[Step]) -> None:
        step = next(rest, None)
        if step is not None:
            heapq.heappush(self._heap, (step.at, next(self._numbers), step, rest))
