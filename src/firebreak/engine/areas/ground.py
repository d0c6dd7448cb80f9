"""The ground under the map: water, roads, orchards and place names, from one GeoJSON file of the data folder.

Optional. A district puts its own `map/ground.geojson` (WGS-84) there; a drill writes its invented one. Each
feature has a property `layer`: `water`, `road`, `orchard` or `place` (with `name_zh`, `name_en`).
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """A name on the map."""

    lon: float
    lat: float
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Ground:
    """Rings and lines in longitude, latitude."""

    water: tuple[tuple[Point, ...], ...] = ()
    roads: tuple[tuple[Point, ...], ...] = ()
    orchards: tuple[tuple[Point, ...], ...] = ()
    places: tuple[Place, ...] = ()


def ground_file(data: Path) -> Path:
    """Where the file lies."""
    return data / "map" / "ground.geojson"


def ground_of(data: Path) -> Ground:
    """The ground of a data folder; empty when it has none. Read again only when the file changes."""
    path = ground_file(data)
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return Ground()


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Ground:
    features: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["features"]  # Any: whatever JSON holds
    layers: dict[str, list[tuple[Point, ...]]] = {"water": [], "road": [], "orchard": []}
    places: list[Place] = []
    for feature in features:
        facts, geometry = feature["properties"], feature["geometry"]
        if facts["layer"] == "place":
            lon, lat = geometry["coordinates"]
            places.append(Place(lon, lat, facts["name_zh"], facts["name_en"]))
        else:
            layers[facts["layer"]].extend(_lines(geometry))
    return Ground(tuple(layers["water"]), tuple(layers["road"]), tuple(layers["orchard"]), tuple(places))


def _lines(geometry: dict[str, Any]) -> list[tuple[Point, ...]]:
    """The outer rings or lines of a geometry."""
    kind, coordinates = geometry["type"], geometry["coordinates"]
    found = {
        "LineString": [coordinates], "MultiLineString": coordinates, "Polygon": coordinates[:1],
        "MultiPolygon": [polygon[0] for polygon in coordinates] if kind == "MultiPolygon" else [],
    }[kind]
    return [tuple((point[0], point[1]) for point in line) for line in found]
