"""Counts too small to be shown, also by difference. Pure.

A table by place is additive: what is owed is what is done and what is left, and the places add up to the whole. A
hidden cell beside shown ones can be worked out, so small places are not hidden but counted together with others, until
no count that is shown, and no difference of counts that are shown, is between 1 and the limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """People owed and left somewhere; `codes` are the places counted together."""

    codes: tuple[str, ...]
    owed: int
    left: int

    @property
    def done(self) -> int:
        """Those with an end."""
        return self.owed - self.left

    def small(self, few: int) -> bool:
        """Whether one of its counts is above nothing and below the limit."""
        return any(0 < count < few for count in (self.owed, self.left, self.done))

    def with_(self, other: "Count") -> "Count":
        """Both together."""
        return Count((*self.codes, *other.codes), self.owed + other.owed, self.left + other.left)


def together(places: Sequence[Count], few: int) -> list[Count]:
    """The places with small ones counted together, in their order, those together last.

    Empty when even all of them together are small: then nothing by place can be shown, nor what is left of the whole.
    """
    rest = [one for one in places if not one.small(few)]
    small = [one for one in places if one.small(few)]
    if not small:
        return list(places)
    joined = Count((), 0, 0)
    for one in small:
        joined = joined.with_(one)
    for one in sorted(rest, key=lambda one: (one.owed, one.codes)):
        if not joined.small(few):
            break
        joined = joined.with_(one)
        rest.remove(one)
    return [] if joined.small(few) else [*rest, joined]
