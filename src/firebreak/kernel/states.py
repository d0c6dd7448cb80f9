"""Transition tables as data: which state may follow which, and the refusal when it may not."""

from collections.abc import Mapping
from dataclasses import dataclass

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

WRONG_STATE = RefusalKind(
    "wrong-state",
    T(
        "现在的状态是“{now}”,不能转为“{then}”。没有改动,请刷新查看。",
        "It is now '{now}' and cannot become '{then}'. Nothing was changed; refresh to see.",
    ),
)


@dataclass(frozen=True, slots=True)
class Transitions:
    """Lawful moves of one kind of thing, with the word for each state."""

    moves: Mapping[str, frozenset[str]]
    words: Mapping[str, T]

    def check(self, now: str, then: str) -> None:
        """Refuse with `wrong-state` unless `then` may follow `now`."""
        if then not in self.moves.get(now, frozenset()):
            raise WRONG_STATE.because(now=self.words[now], then=self.words[then])
