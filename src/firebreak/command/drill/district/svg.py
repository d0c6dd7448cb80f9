"""A map of the district as one SVG picture, to look at the invention with eyes. Never part of a screen."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from firebreak.command.drill.district.frame import HEIGHT_M, WIDTH_M, board
from firebreak.command.drill.district.nouns import District, Outline, Point

_USES = {
    "flats": "#b5654a", "house": "#b98a5a", "shophouse": "#c9703f", "dormitory": "#5f7fae", "factory": "#77777c",
    "warehouse": "#94949a", "school": "#4b8f5a", "clinic": "#b0476f", "berth": "#7a3f98", "terminal": "#7a3f98",
}
_ROADS = {"arterial": "#f3c677", "street": "#ffffff", "lane": "#fbf7ee"}
_TINTS = ("#e8efe2", "#f1ead9", "#e6ebf2", "#f2e4e2", "#e3efee", "#efe7f1", "#eef0dc")


def draw(district: District) -> str:
    """The picture: sea, orchards, grids, roads, buildings, sampling sites and the names of communities."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_M:.0f} {HEIGHT_M:.0f}"'
        ' font-family="Noto Sans CJK SC">',
        '<rect width="100%" height="100%" fill="#b4d3e2"/>',
        _area((district.coast.land,), 'fill="#eef1e6" stroke="#8fb3c4" stroke-width="10"'),
        *(_area((islet,), 'fill="#dfe8d3" stroke="#8fb3c4" stroke-width="8"') for islet in district.coast.islets),
    ]
    tints = {community.code: _TINTS[number % len(_TINTS)] for number, community in enumerate(district.communities)}
    parts += [_area(grid.outline, f'fill="{tints[grid.community]}"') for grid in district.grids]
    parts += [_area((orchard.outline,), 'fill="#b9d39a"') for orchard in district.orchards]
    walls = 'fill="#fbfaf6" stroke="#d8d2c4" stroke-width="2"'
    parts += [_area((compound.outline,), walls) for compound in district.compounds]
    for kind in ("lane", "street", "arterial"):
        parts += [
            f'<path d="{_line(road.line)}" fill="none" stroke="{_ROADS[kind]}" stroke-width="{road.width_m:.0f}" '
            'stroke-linejoin="round"/>'
            for road in district.roads if road.kind == kind
        ]
    parts += [_area((house.footprint,), f'fill="{_USES.get(house.use, "#9a5b86")}"') for house in district.buildings]
    dashes = 'fill="none" stroke="#8a94a6" stroke-width="3" stroke-dasharray="14 10"'
    parts += [_area(grid.outline, dashes) for grid in district.grids]
    parts += [_area(place.outline, 'fill="none" stroke="#44506a" stroke-width="7"') for place in district.communities]
    parts += [_site(site.lon, site.lat) for site in district.sites]
    for community in district.communities:
        houses = [house for house in district.buildings if house.grid in community.grids]
        middle = (sum(house.lon for house in houses) / len(houses), sum(house.lat for house in houses) / len(houses))
        parts.append(_label(middle, f"{community.name.zh} {community.code}", 78))
    parts += ["</svg>"]
    return "\n".join(parts)


def _at(point: Point) -> tuple[float, float]:
    x, y = board(*point)
    return round(x, 1), round(HEIGHT_M - y, 1)


def _line(points: Iterable[Point]) -> str:
    return "M" + " L".join(f"{x},{y}" for x, y in map(_at, points))


def _area(outline: Outline, paint: str) -> str:
    return f'<path d="{" ".join(_line(ring) + "Z" for ring in outline)}" fill-rule="evenodd" {paint}/>'


def _site(lon: float, lat: float) -> str:
    x, y = _at((lon, lat))
    return f'<circle cx="{x}" cy="{y}" r="26" fill="#fff" stroke="#c0392b" stroke-width="12"/>'


def _label(point: Point, text: str, size: int) -> str:
    x, y = _at(point)
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="middle" stroke="#fff" stroke-width="14" '
        f'paint-order="stroke" fill="#2b3346">{escape(text)}</text>'
    )
