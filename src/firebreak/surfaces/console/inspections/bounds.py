"""What a draw says of those nobody found, as a sentence."""

from firebreak.command.inspections import queries
from firebreak.command.inspections.models import Inspection
from firebreak.kernel.text import T
from firebreak.surfaces.common.words import share

_WORDS = T(
    "看了 {looked} 处({frame} 处中抽),{places} 处有名单外的人,共 {people} 人;有 95% 把握:漏登的地方不超过 {most}。",
    "Of {looked} looked at (drawn from {frame}), {places} held people on no list, {people} in all; with 95 % "
    "confidence at most {most} of all places do.",
)


def sentence(row: Inspection) -> T | None:
    """The bound of a draw; None when it does not count them or nobody has looked yet."""
    found = queries.bound(row)
    if found is None or not found.looked:
        return None
    # Rounded up: a bound never promises more than was seen.
    most = share(-int(-found.at_most * 1000 // 1), 1000)
    return _WORDS.filled(looked=found.looked, frame=found.frame, places=found.places, people=found.people, most=most)
