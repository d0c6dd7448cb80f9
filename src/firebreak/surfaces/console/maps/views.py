"""The map page and the GeoJSON it draws. Shapes change with the areas, states with the round; each has its ETag.

Everything comes from this program: no tile server, no font, no request to anywhere else. Names nobody.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import condition
from shapely.geometry import Polygon, mapping
from shapely.ops import unary_union

from firebreak.command.activation.queries import latest_response
from firebreak.engine.access.scope import within
from firebreak.engine.areas.ground import ground_file, ground_of
from firebreak.engine.areas.models import Area
from firebreak.engine.areas.queries import newest
from firebreak.engine.areas.rights import AREAS_READ
from firebreak.kernel import clock
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import token_of
from firebreak.kernel.text import language
from firebreak.operations.rounds.boards import running_round
from firebreak.operations.rounds.models import Round, Site, Tally
from firebreak.operations.rounds.rights import READ_ROUNDS
from firebreak.operations.zones import queries as zones
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.rights import READ_ZONES
from firebreak.surfaces.common import picture
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.marks import MARKS
from firebreak.surfaces.console.reports.cutoffs import asked_cutoff
from firebreak.surfaces.console.rounds import panels
from firebreak.surfaces.console.rounds.scenes import Scene, scene_of

Json = dict[str, Any]  # Any: JSON
POINT_HALF = 0.00012
WALK = 0.00018


@needs(AREAS_READ)
def page(request: HttpRequest) -> HttpResponse:
    """The map with the list beside it; the list says in words what the map says in colour."""
    who, row = actor(request), running_round()
    scene = _scene(request, row)
    found = scene.standing() if scene is not None else None
    at = request.GET.get("at", "")
    sources = {"ground": reverse("map-ground"), "buildings": reverse("map-buildings")}
    if scene is not None:
        sources |= {"states": reverse("map-states"), "sites": reverse("map-sites")}
    if who.may(READ_ZONES):
        sources["zones"] = reverse("map-zones") + (f"?at={at}" if at else "")
    return render(
        request,
        "console/maps/map.html",
        {
            "scene": scene,
            "standing": found,
            "answer": panels.round_answer(scene, found, None) if scene and found else None,
            "sources": sources,
            "listing": panels.furthest_behind(scene, slim=True) if scene is not None else None,
            "at": at,
            "cutoff": asked_cutoff(request),
            "zoned": who.may(READ_ZONES),
            "facts": {
                "language": language(),
                "round": scene.href("round-area", "CODE") if scene else "",
                "sources": sources,
            },
        },
    )


def _scene(request: HttpRequest, row: Round | None) -> Scene | None:
    who = actor(request)
    return scene_of(str(row.number), who) if row is not None and who.may(READ_ROUNDS) else None


def _areas_mark(request: HttpRequest) -> str:
    area, version = newest()
    return f'"{area}-{version}-{actor(request).account_id}"'


def _ground_mark(request: HttpRequest) -> str:
    path = ground_file(Path(settings.DATA))
    return f'"{path.stat().st_mtime_ns if path.exists() else 0}"'


def _pulse_mark(request: HttpRequest) -> str:
    return f'{picture.pulse_of(clock.now())[:-1]}-{actor(request).account_id}-{request.GET.get("at", "")}"'


@needs(AREAS_READ, background=True)
@condition(etag_func=_ground_mark)
def ground(request: HttpRequest) -> HttpResponse:
    """Water, roads, orchards and place names."""
    under = ground_of(Path(settings.DATA))
    features = [_feature("Polygon", [[list(p) for p in ring]], layer="water") for ring in under.water]
    features += [_feature("Polygon", [[list(p) for p in ring]], layer="orchard") for ring in under.orchards]
    features += [_feature("LineString", [list(p) for p in line], layer="road") for line in under.roads]
    features += [
        _feature("Point", [spot.lon, spot.lat], layer="place", zh=spot.name_zh, en=spot.name_en)
        for spot in under.places
    ]
    return JsonResponse(_collection(features))


@needs(AREAS_READ, background=True)
@condition(etag_func=_areas_mark)
def buildings(request: HttpRequest) -> HttpResponse:
    """Every running building of the reader's areas with its outline. One query."""
    rows = Area.objects.filter(level=Area.Level.BUILDING, ended_at=None, lon__isnull=False)
    mine = within(rows, actor(request), AREAS_READ, field="path").order_by("path")
    return JsonResponse(_collection([_building(row) for row in mine]))


@needs(READ_ROUNDS, background=True)
@condition(etag_func=_pulse_mark)
def states(request: HttpRequest) -> HttpResponse:
    """How each building stands in the running round: [state, left, owed]. One query over the board."""
    row = running_round()
    found: dict[str, list[object]] = {}
    if row is not None:
        late = row.status == Round.Status.OPEN and clock.now() > row.due_at
        mine = within(Tally.objects.filter(round=row), actor(request), READ_ROUNDS, field="building__path")
        for key, listed, more, to_do, away, unreachable in mine.values_list(
            "building_id", "listed", "found", "to_do", "away", "unreachable"
        ):
            left = to_do + away + unreachable
            found[str(key)] = ["late" if left and late else "open" if left else "done", left, listed + more]
    return JsonResponse({"as_of": clock.now().isoformat(), "states": found})


@needs(READ_ZONES, background=True)
@condition(etag_func=_pulse_mark)
def zone_shapes(request: HttpRequest) -> HttpResponse:
    """The zones in force now, or at `?at=`: drawn borders, else the outlines of their buildings."""
    response, cutoff = latest_response(), asked_cutoff(request)
    features = _zone_features(response.ref, cutoff) if response is not None else []
    return JsonResponse(_collection(features))


def _zone_features(response: str, cutoff: Cutoff) -> list[Json]:
    held: dict[int, list[int]] = {}
    for building, found in zones.memberships(response, cutoff).items():
        for key in found:
            held.setdefault(key, []).append(building)
    known = {row.pk: row for row in Zone.objects.filter(pk__in=held)}
    listed = [key for zone, keys in held.items() if known[zone].geometry is None for key in keys]
    shapes = {row.pk: _outline(row) for row in Area.objects.filter(pk__in=listed)}
    features = []
    for key, row in sorted(known.items()):
        facts = {
            "tier": row.tier,
            "zh": row.name_zh,
            "en": row.name_en or row.name_zh,
            "letter": MARKS[row.tier].letter,
            "buildings": len(held[key]),
            "href": reverse("zone", args=[token_of(row.ref)]),
        }
        if row.geometry is not None:
            features.append({"type": "Feature", "properties": facts, "geometry": _bare(row.geometry)})
        else:
            parts = [shapes[building] for building in held[key] if building in shapes]
            features.append({"type": "Feature", "properties": facts, "geometry": _around(parts)})
    return features


def _around(parts: list[Any]) -> Json:
    """One outline around buildings that were named rather than drawn, a few steps outside their walls."""
    grown = unary_union([Polygon(rings[0]).buffer(WALK, join_style="mitre") for rings in parts])
    drawn: Json = mapping(grown.buffer(WALK).buffer(-WALK).simplify(WALK / 8))
    return drawn


@needs(READ_ROUNDS, background=True)
@condition(etag_func=_pulse_mark)
def site_points(request: HttpRequest) -> HttpResponse:
    """The sampling sites of the running round."""
    row = running_round()
    rows = (
        Site.objects.filter(siteduty__round=row).distinct().order_by("code")
        if row is not None
        else Site.objects.none()
    )
    mine = within(rows, actor(request), READ_ROUNDS, field="area__path")
    return JsonResponse(_collection([
        _feature("Point", [site.lon, site.lat], code=site.code, zh=site.name_zh, en=site.name_en, benches=site.benches)
        for site in mine
    ]))


def _building(row: Area) -> Json:
    made = _feature("Polygon", _outline(row), code=row.code, zh=row.name_zh, en=row.name_en or row.name_zh)
    return {**made, "id": row.pk}


def _outline(row: Area) -> list[Any]:
    """The rings of a building; a small square where only its point is known."""
    drawn = _bare(row.geometry) if row.geometry else {}
    if drawn.get("type") == "Polygon":
        return list(drawn["coordinates"])
    if drawn.get("type") == "MultiPolygon":
        return list(drawn["coordinates"][0])
    lon, lat, half = row.lon or 0.0, row.lat or 0.0, POINT_HALF
    west, east, south, north = lon - half, lon + half, lat - half, lat + half
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def _bare(geometry: Mapping[str, Any]) -> Json:
    """The geometry inside a feature or a collection of one."""
    if geometry.get("type") == "Feature":
        return _bare(geometry["geometry"])
    if geometry.get("type") == "FeatureCollection":
        return _bare(geometry["features"][0])
    return dict(geometry)


def _feature(kind: str, coordinates: Any, **facts: object) -> Json:
    return {"type": "Feature", "properties": facts, "geometry": {"type": kind, "coordinates": coordinates}}


def _collection(features: list[Json]) -> Json:
    return {"type": "FeatureCollection", "features": features}

