"""The left rail: surfaces register their pages here once, at import of their URLs. Knows words, not pages.

A page appears for whoever holds its permission anywhere; the page itself still filters by area.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from firebreak.kernel.text import T
from firebreak.surfaces.common.words import Tone, Words

GROUPS: dict[str, T] = {
    "": T("", ""),
    "work": T("各线工作", "Lines of work"),
    "laboratory": T("标本与检测", "Specimens and tests"),
    "units": T("队伍", "Units"),
    "register": T("底册", "Register"),
    "record": T("记录", "Record"),
    "system": T("系统", "System"),
}

FOLDING = frozenset({"laboratory", "units", "register", "record", "system"})
"""Groups that fold on a long rail, so that what everybody needs stays in one look."""
LONG = 16


@dataclass(frozen=True, slots=True)
class NavBadge:
    """The count beside a word: `NavBadge(T("逾期 2", "2 late"), "bad")`."""

    text: Words
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One page of the rail. `permission` "" shows it to everybody signed in; `badge` is asked on each page."""

    key: str
    url_name: str
    zh: str
    en: str
    group: str = ""
    order: int = 100
    permission: str = ""
    badge: Callable[[HttpRequest], NavBadge | None] | None = None

    @property
    def words(self) -> T:
        return T(self.zh, self.en)


@dataclass(frozen=True, slots=True)
class NavLine:
    """An item as drawn for one reader."""

    key: str
    words: T
    href: str
    current: bool
    badge: NavBadge | None


@dataclass(frozen=True, slots=True)
class NavGroup:
    """A titled stretch of the rail; `folded` hides its lines behind its title."""

    title: T
    lines: tuple[NavLine, ...]
    folded: bool | None = None
    """None: it cannot be folded."""


_items: dict[str, NavItem] = {}


def register_nav(item: NavItem) -> None:
    """Put a page on the rail. Errors: `ValueError` for an unknown group or a key given to two pages."""
    if item.group not in GROUPS:
        raise ValueError(f"no such group of pages: {item.group!r}")
    known = _items.setdefault(item.key, item)
    if known.url_name != item.url_name:
        raise ValueError(f"two pages share the key {item.key!r}")


def items() -> tuple[NavItem, ...]:
    """Every registered page in the order of the rail."""
    groups = list(GROUPS)
    return tuple(sorted(_items.values(), key=lambda item: (groups.index(item.group), item.order, item.key)))


def rail(request: HttpRequest, may: Callable[[str], bool]) -> tuple[NavGroup, ...]:
    """The rail for this reader. The current page is the longest registered address the path starts with.

    On a rail of more than `LONG` lines some groups fold, unless the current page or a badge is in them.
    """
    shown = [(item, reverse(item.url_name)) for item in items() if not item.permission or may(item.permission)]
    current = max((href for _, href in shown if _covers(href, request.path)), key=len, default="")
    lines = [
        (item.group, NavLine(item.key, item.words, href, href == current, item.badge(request) if item.badge else None))
        for item, href in shown
    ]
    found = {of: tuple(line for group, line in lines if group == of) for of in GROUPS}
    return tuple(
        NavGroup(title, found[of], _folded(found[of]) if of in FOLDING and len(lines) > LONG else None)
        for of, title in GROUPS.items() if found[of]
    )


def _folded(lines: Iterable[NavLine]) -> bool:
    return not any(line.current or line.badge for line in lines)


def unresolved(check: Iterable[NavItem] | None = None) -> list[str]:
    """Keys of pages whose address does not resolve; a test holds this empty."""
    from firebreak.surfaces.common.links import address

    return [item.key for item in (items() if check is None else check) if not address(item.url_name)]


def _covers(href: str, path: str) -> bool:
    return path == href or path.startswith(href.rstrip("/") + "/")
