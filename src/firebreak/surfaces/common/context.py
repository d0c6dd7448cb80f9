"""What every page's frame shows: language, clock, the running response, who is signed in, the rail.

Asked lazily: a page that does not draw a part does not pay for it. Knows no page and no domain; surfaces
register their pages in `nav` and whoever knows the running response registers its name here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from firebreak.engine.access.actors import AccountActor
from firebreak.engine.access.models import Account
from firebreak.kernel import clock
from firebreak.kernel.text import T, language
from firebreak.surfaces.common.gate import actor
from firebreak.surfaces.common.language import place_of
from firebreak.surfaces.common.links import address
from firebreak.surfaces.common.nav import NavGroup, NavLine, rail
from firebreak.surfaces.common.taken import band_for
from firebreak.surfaces.common.words import comma, moment_text

TABS = 3
NAMED = ("home", "language", "find", "account", "sign-out")

_incident: list[Callable[[], T | None]] = []


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is signed in: a name, and the words of the roles held now."""

    name: str
    role: str


def register_incident(name: Callable[[], T | None]) -> None:
    """Say where the name of the running response comes from; None when nothing is running."""
    _incident[:] = [name]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame. Costs one query for the rights of a signed-in reader, only when the rail is drawn."""
    now = clock.now()
    spoken = language()
    return {
        "drill": settings.FIREBREAK_DRILL,
        "language": spoken,
        "html_lang": "zh-Hans" if spoken == "zh" else "en",
        "frame_now": now,
        "frame_printed": moment_text(now),
        "taken": SimpleLazyObject(lambda: band_for(_actor(request))) if settings.FIREBREAK_DRILL else None,
        "place": place_of(request),
        "incident": SimpleLazyObject(_incident_name),
        "who": SimpleLazyObject(lambda: _reader(request)),
        "nav": SimpleLazyObject(lambda: _groups(request)),
        "tabs": SimpleLazyObject(lambda: _tabs(request)),
        "pulse_url": SimpleLazyObject(lambda: address("pulse") if _actor(request) is not None else ""),
        **{f"{name.replace('-', '_')}_url": address(name) for name in NAMED},
    }


def _incident_name() -> str:
    found = _incident[0]() if _incident else None
    return "" if found is None else str(found)


def _actor(request: HttpRequest) -> AccountActor | None:
    return actor(request) if isinstance(getattr(request, "user", None), Account) else None


def _reader(request: HttpRequest) -> Reader | None:
    who = _actor(request)
    if who is None:
        return None
    roles = list(dict.fromkeys(str(held.role.name) for held in who.held))
    return Reader(who.name, comma(roles[:2]) or str(T("未分配岗位", "no post yet")))


def _groups(request: HttpRequest) -> tuple[NavGroup, ...]:
    known: tuple[NavGroup, ...] | None = getattr(request, "firebreak_rail", None)
    if known is None:
        who = _actor(request)
        known = rail(request, who.may) if who is not None else ()
        request.firebreak_rail = known  # type: ignore[attr-defined]  # drawn twice on a page, asked once
    return known


def _tabs(request: HttpRequest) -> list[NavLine]:
    """The first pages of the rail, for the thumb."""
    return [line for group in _groups(request) for line in group.lines][:TABS]
