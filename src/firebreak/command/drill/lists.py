"""The lists a district would send, written from the invented one and brought in through the public importer."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from firebreak.command.drill.district.nouns import District
from firebreak.engine.areas.ground import ground_file
from firebreak.engine.registry.importing import actions
from firebreak.engine.registry.importing.listing import lay_out, read_sheet
from firebreak.kernel.actor import Actor

Told = Callable[[str, int], None]


def write_list(folder: Path, kind: str, rows: Iterable[Sequence[str]]) -> Path:
    """One list as a community would send it: CSV, UTF-8 with a byte-order mark."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kind}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


def bring_in_list(path: Path, *, by: Actor, at: datetime, told: Told) -> None:
    """Import a list whole. Errors: `RuntimeError` when a row stays out, which no invented row should."""
    sheet, mapping = read_sheet(path.stem, path)
    listing = lay_out(sheet, mapping, name=path.name, by=by)
    file = actions.stage_import(listing=listing, by=by, at=at)
    counts = actions.bring_in(file=file, by=by, at=at, progress=lambda rows: told(path.stem, rows))
    if counts["rejected"] or counts["duplicate"]:
        raise RuntimeError(f"{path.name}: {dict(counts)}")


def write_ground(data: Path, district: District) -> None:
    """The invented land under the map: sea, roads, orchards and the names of communities."""
    features = [
        _feature("water", {"type": "Polygon", "coordinates": [district.coast.sea]}),
        *(_feature("road", {"type": "LineString", "coordinates": road.line}) for road in district.roads),
        *(_feature("orchard", {"type": "Polygon", "coordinates": [plot.outline]}) for plot in district.orchards),
        *(
            _feature("place", {"type": "Point", "coordinates": _middle(community.outline[0])},
                     name_zh=community.name.zh, name_en=community.name.en)
            for community in district.communities
        ),
    ]
    path = ground_file(data)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")


def _feature(layer: str, geometry: dict[str, object], **facts: str) -> dict[str, object]:
    return {"type": "Feature", "properties": {"layer": layer, **facts}, "geometry": geometry}


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    lons, lats = [lon for lon, _ in ring], [lat for _, lat in ring]
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
