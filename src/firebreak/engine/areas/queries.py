"""Reading the area tree: by code, by place, by path."""

from collections.abc import Iterable, Sequence

from django.db.models import Max, Q, QuerySet
from shapely import STRtree, points
from shapely.geometry import shape

from firebreak.engine.areas.models import Area, AreaVersion
from firebreak.kernel.cutoff import Cutoff

NEAR_DEGREES = 0.0003


def by_code(codes: Iterable[str]) -> dict[str, Area]:
    """Areas by code, unknown ones left out. One query."""
    return {area.code: area for area in Area.objects.filter(code__in=list(codes))}


def buildings_within(path: str) -> QuerySet[Area]:
    """Running buildings at or below a path, in order of code. One query when read."""
    return Area.objects.filter(level=Area.Level.BUILDING, path__startswith=path, ended_at=None).order_by("path")


def below(path: str, level: str) -> QuerySet[Area]:
    """Running areas of a level at or below a path. One query when read."""
    return Area.objects.filter(level=level, path__startswith=path, ended_at=None).order_by("path")


def newest() -> tuple[int, int]:
    """What changes whenever any area does: the keys of the newest area and of the newest version. Two queries."""
    keys = (model.objects.aggregate(last=Max("id"))["last"] for model in (Area, AreaVersion))
    area, version = (key or 0 for key in keys)
    return area, version


def above(paths: Iterable[str]) -> dict[str, Area]:
    """Every area on the given paths, by path: the names for "community, grid, building". One query."""
    wanted = {prefix for path in paths for prefix in prefixes(path)}
    return {area.path: area for area in Area.objects.filter(path__in=wanted)}


def prefixes(path: str) -> list[str]:
    """`/HT/HT-03/` → `/HT/`, `/HT/HT-03/`."""
    parts = [part for part in path.split("/") if part]
    return ["/" + "/".join(parts[:count]) + "/" for count in range(1, len(parts) + 1)]


def within_any(paths: Sequence[str], field: str = "path") -> Q:
    """A condition: the path in `field` lies at or below one of `paths`; no path, no row."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def stood(area: Area, cutoff: Cutoff) -> tuple[AreaVersion | None, list[AreaVersion]]:
    """How an area and each area right below it stood at a cut-off, in order of code. One query.

    None and left out: what the ledger did not know then.
    """
    versions = AreaVersion.objects.filter(Q(area=area) | Q(area__parent=area), **cutoff.known()).select_related("area")
    latest = {version.area_id: version for version in versions.order_by("happened_at", "id")}
    own = latest.pop(area.pk, None)
    return own, sorted(latest.values(), key=lambda version: version.area.code)


def versions_of(area: Area) -> list[AreaVersion]:
    """Everything an area has been, the newest first. One query."""
    return list(area.versions.order_by("-happened_at", "-id"))


def locate(lon: float, lat: float) -> Area | None:
    """The running grid whose outline covers a place. One query."""
    return locate_many([(lon, lat)])[0]


def locate_many(places: Sequence[tuple[float, float]]) -> list[Area | None]:
    """For each (longitude, latitude) the running grid that covers it, else the one within about 30 m. One query."""
    grids = [grid for grid in below("/", Area.Level.GRID) if grid.geometry]
    if not grids or not places:
        return [None] * len(places)
    tree = STRtree([shape(grid.geometry or {}) for grid in grids])
    spots = points([list(place) for place in places])
    found: list[Area | None] = [None] * len(places)
    for reach in (NEAR_DEGREES, 0.0):
        pairs = tree.query(spots, predicate="dwithin", distance=reach).T
        for spot, grid in reversed(pairs.tolist()):
            found[spot] = grids[grid]
    return found
