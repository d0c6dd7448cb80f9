"""The wall: are we winning, and where not? Totals only, updating by itself."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import condition

from firebreak.kernel import clock
from firebreak.kernel.text import language
from firebreak.surfaces.common import happenings, picture
from firebreak.surfaces.common.gate import needs
from firebreak.surfaces.wall.rights import READ_WALL

EVENTS = 6
BEHIND = 4
"""Communities shown, the furthest behind first; more would not stand at 28 px."""
PARTS = ("band", "left", "centre", "right", "events")


def _etag(request: HttpRequest, part: str) -> str:
    return f'{picture.pulse_of(clock.now())[:-1]}-{part}-{language()}"'


@needs(READ_WALL)
def wall(request: HttpRequest) -> HttpResponse:
    """The whole wall."""
    return render(request, "wall/wall.html", _context())


@needs(READ_WALL, background=True)
@condition(etag_func=_etag)
def wall_part(request: HttpRequest, part: str) -> HttpResponse:
    """One tile of the wall; 304 while nothing was done."""
    return render(request, f"wall/{part}.html", _context())


def _context() -> dict[str, object]:
    found = picture.picture(clock.now())
    return {
        "picture": found, "books": picture.books(found), "burn": picture.burn(found.running, found.count),
        "events": happenings.latest(EVENTS), "bars": picture.community_bars(found)[:BEHIND], "district": picture.map_of(found),
        "meter": picture.meter(found, found.now - timedelta(hours=24)),
    }
