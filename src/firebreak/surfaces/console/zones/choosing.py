"""Choosing the area of a zone on the map, corner by corner or block by block. Works without a script.

Everything chosen so far stands in the address, so that Back takes the last step back. A click on the picture sends
its place in the picture; the page answers with the same map and one corner more.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from shapely.geometry import Polygon

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import active_response
from firebreak.command.activation.rules import NO_RESPONSE
from firebreak.engine.areas.models import Area, Building
from firebreak.engine.areas.queries import below, buildings_within
from firebreak.kernel.refusals import Refusal, RefusalKind
from firebreak.kernel.text import T
from firebreak.operations.zones import rules, shapes
from firebreak.operations.zones.actions import buildings_of
from firebreak.operations.zones.rights import PROPOSE_ZONE
from firebreak.surfaces.common.gate import needs
from firebreak.surfaces.common.maps import Sheet, outer_rings, sheet
from firebreak.surfaces.common.shapes import Chip

PLACE = "console/zones/"
SHOWN_WIDTH = 720
WAYS: Mapping[str, T] = {
    "blocks": T("道路围成的地块", "Blocks between roads"), "polygon": T("逐点画边界", "A border, point by point"),
    "compound": T("小区", "A compound"), "radius": T("一栋楼周围", "Round a building"),
}
NO_MAP = RefusalKind("no-map", T(
    "底册里还没有带坐标的楼栋,画不了图。请先导入坐标,或直接写楼栋编码。",
    "No building on the register has a place yet, so nothing can be drawn. Import places first, or write codes.",
))
BAD_RADIUS = RefusalKind("radius-out-of-range", T(
    "半径要在 10 到 5000 米之间。没有改动。", "The radius lies between 10 and 5,000 metres. Nothing was changed.",
))
MORE_CORNERS = RefusalKind("too-few-corners", T(
    "再点 {n} 个点就能围成边界。", "{n} more points and the border is closed.",
))


@dataclass(frozen=True, slots=True)
class Asked:
    """What was chosen so far, as the address says it. Numbers that cannot be read are left out."""

    by: str
    within: str
    corners: tuple[shapes.Point, ...]
    blocks: frozenset[int]
    compound: str
    centre: str
    metres: str

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        """Read from a query string."""
        by = given.get("by", "")
        return cls(
            by if by in WAYS else "blocks", given.get("within", "")[:40], _corners(given.get("corners", "")),
            frozenset(int(part) for part in given.get("blocks", "").split(",") if part.isdecimal()),
            given.get("compound", "")[:80], given.get("centre", "").strip()[:40], given.get("metres", "").strip()[:8],
        )

    def address(self, **changed: str) -> str:
        """The page with something else chosen."""
        said = {
            "by": self.by, "within": self.within, "corners": ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in self.corners),
            "blocks": ",".join(str(one) for one in sorted(self.blocks)), "compound": self.compound,
            "centre": self.centre, "metres": self.metres, **changed,
        }
        return "?" + urlencode({key: value for key, value in said.items() if value})


@dataclass(frozen=True, slots=True)
class Chosen:
    """The area chosen: a border, or codes; `problem` says why there is none yet."""

    border: dict[str, Any] | None = None
    codes: tuple[str, ...] = ()
    buildings: frozenset[int] = frozenset()
    problem: T | None = None


@needs(PROPOSE_ZONE)
def choose(request: HttpRequest) -> HttpResponse:
    """Choose an area: blocks, a border, a compound, or a circle; then take it to the proposal."""
    response, drawn = _ground()
    asked = Asked.of(request.GET.dict())
    if asked.by == "polygon" and "pick.x" in request.GET:
        corner = _clicked(request, drawn, asked, response)
        return redirect(reverse("zone-area") + asked.address(corners=_joined((*asked.corners, corner))))
    parts = _blocks(drawn) if asked.by == "blocks" else []
    chosen = _chosen(response, drawn, asked, parts)
    names = Building.objects.filter(area__path__startswith=response.area.path, area__ended_at=None).exclude(compound="")
    return render(request, PLACE + "area.html", {
        "asked": asked, "chosen": chosen, "picture": _picture(response, drawn, asked, chosen, parts),
        "border": _text(chosen.border), "codes": " ".join(chosen.codes), "count": len(chosen.buildings),
        "ways": [Chip(word, asked.address(by=key), on=key == asked.by) for key, word in WAYS.items()],
        "places": [(one.code, T(one.name_zh, one.name_en or one.name_zh)) for one in below(response.area.path, "community")],
        "compounds": list(names.order_by("compound").values_list("compound", flat=True).distinct()),
        "back": asked.address(corners=_joined(asked.corners[:-1])), "clear": asked.address(corners="", blocks=""),
        "corners": _joined(asked.corners), "has_blocks": bool(parts), "keep": asked.address()[1:],
    }, status=422 if chosen.problem is not None and asked.by in ("compound", "radius") and _tried(asked) else 200)


@needs(PROPOSE_ZONE)
def picture(request: HttpRequest) -> HttpResponse:
    """The map of what is chosen so far, as a picture that can be clicked."""
    response, drawn = _ground()
    asked = Asked.of(request.GET.dict())
    chosen = _chosen(response, drawn, asked, [])
    context = {"picture": _picture(response, drawn, asked, chosen, [])}
    return render(request, PLACE + "picture.svg", context, content_type="image/svg+xml")


def _ground() -> tuple[Response, Sheet]:
    response = active_response()
    if response is None:
        raise NO_RESPONSE.because()
    drawn = sheet()
    if drawn is None:
        raise NO_MAP.because()
    return response, drawn


def _chosen(response: Response, drawn: Sheet, asked: Asked, parts: Sequence[Polygon]) -> Chosen:
    try:
        border, codes = _area(response, asked, parts)
        if border is None and not codes:
            return Chosen()
        return Chosen(border, codes, frozenset(buildings_of(response.area.path, border, codes)))
    except Refusal as refusal:
        return Chosen(problem=refusal.text)


def _area(
    response: Response, asked: Asked, parts: Sequence[Polygon]
) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """The border or the codes meant. Errors: refusals that say what is missing."""
    if asked.by == "blocks":
        picked = [part for number, part in enumerate(parts) if number in asked.blocks]
        return (shapes.joined(picked) if picked else None), ()
    if asked.by == "polygon":
        if not asked.corners:
            return None, ()
        if len(asked.corners) < 3:
            raise MORE_CORNERS.because(n=3 - len(asked.corners))
        ring = [list(corner) for corner in (*asked.corners, asked.corners[0])]
        border = {"type": "Polygon", "coordinates": [ring]}
        rules.read_polygon(border)
        return border, ()
    if asked.by == "compound":
        inside = Building.objects.filter(
            compound=asked.compound, area__path__startswith=response.area.path, area__ended_at=None
        )
        return None, tuple(inside.order_by("area__code").values_list("area__code", flat=True)) if asked.compound else ()
    if not asked.centre:
        return None, ()
    return _circle(response, asked), ()


def _circle(response: Response, asked: Asked) -> dict[str, Any]:
    place = buildings_within(response.area.path).filter(code=asked.centre).first()
    if place is None or place.lon is None or place.lat is None:
        raise rules.UNKNOWN_BUILDINGS.because(codes=asked.centre)
    if not asked.metres.isdecimal() or not 10 <= int(asked.metres) <= 5000:
        raise BAD_RADIUS.because()
    return shapes.circle(place.lon, place.lat, int(asked.metres))


def _blocks(drawn: Sheet) -> list[Polygon]:
    spots = [drawn.projection.spot(tile.x, tile.y) for tile in drawn.tiles]
    return shapes.blocks(drawn.ground.roads, drawn.ground.water, spots)


@dataclass(frozen=True, slots=True)
class Block:
    """A block on the picture: a link that takes it in or leaves it out."""

    path: str
    href: str
    on: bool
    name: T


@dataclass(frozen=True, slots=True)
class Picture:
    """The map as a picture: a window of the sheet, shown `width` × `height` pixels large."""

    view: str
    width: int
    height: int
    water: Sequence[str]
    roads: Sequence[str]
    tiles: Sequence[tuple[str, bool]]
    blocks: Sequence[Block]
    area: str
    corners: Sequence[tuple[str, str, int]]
    thin: str
    dot: str


def _picture(
    response: Response, drawn: Sheet, asked: Asked, chosen: Chosen, parts: Sequence[Polygon]
) -> Picture:
    left, top, width, height = _window(response, drawn, asked)
    scale = width / SHOWN_WIDTH
    place = drawn.projection.place
    rings = outer_rings(chosen.border) if chosen.border is not None and not parts else []
    line = drawn.projection.path(asked.corners, closed=False) if len(asked.corners) > 1 and not rings else ""
    return Picture(
        view=f"{left:.1f} {top:.1f} {width:.1f} {height:.1f}", width=SHOWN_WIDTH, height=round(height / scale),
        water=drawn.water, roads=drawn.roads,
        tiles=[(tile.path, tile.area in chosen.buildings) for tile in drawn.tiles],
        blocks=[_block(drawn, asked, number, part) for number, part in enumerate(parts)],
        area="".join(drawn.projection.path(ring) for ring in rings) or line,
        corners=[
            (f"{x:.1f}", f"{y:.1f}", number)
            for number, (x, y) in enumerate((place(*corner) for corner in asked.corners), start=1)
        ] if asked.by == "polygon" else [],
        thin=f"{scale:.2f}", dot=f"{5 * scale:.2f}",
    )


def _block(drawn: Sheet, asked: Asked, number: int, part: Polygon) -> Block:
    on = number in asked.blocks
    other = asked.blocks - {number} if on else asked.blocks | {number}
    href = asked.address(blocks=",".join(str(one) for one in sorted(other)))
    name = T(f"地块 {number + 1}", f"Block {number + 1}")
    # With its holes: the land outside the roads surrounds the other blocks and must not lie over them.
    rings = [[(point[0], point[1]) for point in ring.coords] for ring in (part.exterior, *part.interiors)]
    return Block("".join(drawn.projection.path(ring) for ring in rings), href, on, name)


def _window(response: Response, drawn: Sheet, asked: Asked) -> tuple[float, float, float, float]:
    """The part of the sheet to show: round the buildings of `within`, else all of it. Left, top, width, height."""
    tiles = drawn.tiles
    if asked.within:
        area = Area.objects.filter(code=asked.within, path__startswith=response.area.path).first()
        inside = set() if area is None else set(buildings_within(area.path).values_list("id", flat=True))
        tiles = tuple(tile for tile in drawn.tiles if tile.area in inside) or drawn.tiles
    left, top = min(tile.x for tile in tiles), min(tile.y for tile in tiles)
    width = max(max(tile.x for tile in tiles) - left, 40.0)
    height = max(max(tile.y for tile in tiles) - top, width * 0.4)
    edge = width * 0.12
    return left - edge, top - edge, width + 2 * edge, height + 2 * edge


def _clicked(request: HttpRequest, drawn: Sheet, asked: Asked, response: Response) -> shapes.Point:
    """The place of a click on the picture, as a form with a picture in it sends it."""
    left, top, width, _ = _window(response, drawn, asked)
    scale = width / SHOWN_WIDTH
    x, y = (_number(request.GET.get(f"pick.{axis}", "0")) for axis in "xy")
    return drawn.projection.spot(left + x * scale, top + y * scale)


def _corners(text: str) -> tuple[shapes.Point, ...]:
    pairs = [part.split(",") for part in text.split(";")[:200] if part.count(",") == 1]
    return tuple((_number(lon), _number(lat)) for lon, lat in pairs)


def _number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        return 0.0
    return found if abs(found) < 1e6 else 0.0


def _joined(corners: Sequence[shapes.Point]) -> str:
    return ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in corners)


def _tried(asked: Asked) -> bool:
    return bool(asked.compound if asked.by == "compound" else asked.centre)


def _text(border: Mapping[str, Any] | None) -> str:
    return json.dumps(border) if border is not None else ""
