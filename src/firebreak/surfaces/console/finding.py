"""What the find box looks through: each topic registers a finder for what it shows. Knows no topic."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from firebreak.engine.access.actors import AccountActor
from firebreak.kernel.text import T
from firebreak.surfaces.common.words import Words

SHORTEST = 2
AT_MOST = 10
"""Lines a list gives; more are said to be there."""
_SCANNED = re.compile(r"^FB1:P:([0-9a-z]{12})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: words, where it leads (\"\" = nowhere), and a second line."""

    text: Words
    href: str
    small: Words = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """A list to look through for who holds `permission` anywhere."""

    key: str
    title: T
    permission: str
    find: Callable[[str, AccountActor], tuple[list[Hit], bool]]
    order: int = 100


_finders: dict[str, Finder] = {}


def register_finder(finder: Finder) -> None:
    """Let the find box look through this list as well."""
    _finders[finder.key] = finder


def found(text: str, who: AccountActor) -> list[tuple[T, list[Hit], bool]]:
    """(title, hits, more) per list; lists without a hit are left out."""
    if scanned := _SCANNED.match(text):
        text = f"person:{scanned[1].lower()}"
    if len(text) < SHORTEST:
        return []
    answers = []
    for finder in sorted(_finders.values(), key=lambda finder: (finder.order, finder.key)):
        if who.may(finder.permission):
            hits, more = finder.find(text, who)
            if hits:
                answers.append((finder.title, hits, more))
    return answers
