"""Adding to the area tree, set-based: a whole district in a handful of statements."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from firebreak.engine.areas import queries, refusals
from firebreak.engine.areas.events import AreaEnded, AreaReopened, AreasAdded
from firebreak.engine.areas.models import Area, AreaVersion, Building
from firebreak.engine.areas.rights import AREAS_WRITE
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import make_ref
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T

LEVELS = ("district", "community", "grid", "building")
LEVEL_WORDS = {
    "district": T("区", "district"), "community": T("社区", "community"),
    "grid": T("网格", "grid"), "building": T("楼栋", "building"),
}
_CODE = re.compile(r"[\w.-]{1,40}")
_OWN = ("name_zh", "name_en", "geometry", "lon", "lat")
_HOUSE = ("address", "compound", "use", "floors", "units")


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area to add. `parent` is a code.

    It may be empty for a district, for a community of the only district, and for a building to be placed by its
    coordinates.

    `geometry` is GeoJSON in WGS-84; the last five fields are a building's own. `None` and "" mean "not said":
    they never wipe out what is known.
    """

    code: str
    level: str
    name_zh: str
    parent: str = ""
    name_en: str = ""
    geometry: dict[str, Any] | None = None
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    compound: str = ""
    use: str = ""
    floors: int | None = None
    units: int | None = None


@dataclass(slots=True)
class AreaOutcome:
    """What came of one row: `added`, `changed`, `known`, or `rejected` with the refusal."""

    code: str
    verdict: str
    refusal: Refusal | None = None


@action
def add_areas(*, rows: Sequence[AreaRow], by: Actor, at: datetime) -> list[str]:
    """Add areas of any level, parents and children in one list; a known code is brought up to date.

    Who: whoever may write areas over the parent.  Refuses: unknown-parent-area, wrong-area-level,
    area-has-other-parent, area-code-unreadable, outside-every-grid.
    Journals: AreasAdded.  Promises: all or nothing; repeating the list adds nothing; codes added are returned.
    """
    outcomes = settle_areas(rows, by)
    for outcome in outcomes:
        if outcome.refusal:
            raise outcome.refusal
    return [outcome.code for outcome in outcomes if outcome.verdict == "added"]


@action
def end_area(*, code: str, by: Actor, at: datetime) -> None:
    """End an area at a moment; nothing is deleted.

    Who: whoever may write areas over it.  Refuses: not-found, area-in-use.
    Journals: AreaEnded.  Promises: an area with running areas below it stays.
    """
    area = Area.objects.select_for_update().filter(code=code, ended_at=None).first()
    if area is None:
        raise NOT_FOUND.because(code=code)
    by.require(AREAS_WRITE, area=area.path)
    count = area.children.filter(ended_at=None).count()
    if count:
        raise refusals.AREA_IN_USE.because(code=code, count=count)
    area.ended_at = at
    area.save(update_fields=["ended_at"])
    _keep_versions([area], _houses([area.code]))
    record(AreaEnded(code), about=make_ref("area", code))


@action
def reopen_area(*, code: str, by: Actor, at: datetime) -> None:
    """Take an area's end back; it takes people again from now on.

    Who: whoever may write areas over it.  Refuses: not-found, upper-area-ended.
    Journals: AreaReopened.  Promises: what the ledger says of the time in between stays.
    """
    ended = Area.objects.exclude(ended_at=None).select_related("parent").select_for_update(of=("self",))
    area = ended.filter(code=code).first()
    if area is None:
        raise NOT_FOUND.because(code=code)
    by.require(AREAS_WRITE, area=area.path)
    if area.parent is not None and area.parent.ended_at is not None:
        raise refusals.UPPER_ENDED.because(code=code, parent=area.parent.code)
    area.ended_at = None
    area.save(update_fields=["ended_at"])
    _keep_versions([area], _houses([area.code]))
    record(AreaReopened(code), about=make_ref("area", code))


def settle_areas(rows: Sequence[AreaRow], by: Actor) -> list[AreaOutcome]:
    """Add, change or refuse each row on its own; journals AreasAdded. Call inside an action. Bounded queries."""
    rows = _placed(rows)
    known = queries.by_code({row.code for row in rows} | {row.parent for row in rows if row.parent})
    houses = _houses([row.code for row in rows])
    outcomes: dict[int, AreaOutcome] = {}
    for level in LEVELS:
        fresh: list[tuple[AreaRow, Area]] = []
        changed: list[Area] = []
        changed_houses: list[Building] = []
        for index, row in enumerate(rows):
            if row.level != level:
                continue
            try:
                outcomes[index] = _settle(row, known, houses, by, fresh, changed, changed_houses)
            except Refusal as refusal:
                outcomes[index] = AreaOutcome(row.code, "rejected", refusal)
        Area.objects.bulk_create([area for _, area in fresh], batch_size=500)
        Area.objects.bulk_update(changed, _OWN, batch_size=200)
        if level == "building":
            made = [Building(area=area, **_said(row, _HOUSE)) for row, area in fresh]
            Building.objects.bulk_create(made, batch_size=500)
            Building.objects.bulk_update(changed_houses, _HOUSE, batch_size=200)
            houses |= {house.area_id: house for house in made}
    done = [outcomes[index] for index in range(len(rows))]
    _keep_versions([known[code] for code in {one.code: 0 for one in done if one.verdict in ("added", "changed")}], houses)
    _journal(rows, done)
    return done


def _settle(
    row: AreaRow, known: dict[str, Area], houses: dict[int, Building], by: Actor,
    fresh: list[tuple[AreaRow, Area]], changed: list[Area], changed_houses: list[Building],
) -> AreaOutcome:
    parent = _checked_parent(row, known)
    path = f"{parent.path if parent else '/'}{row.code}/"
    by.require(AREAS_WRITE, area=parent.path if parent else path)
    area = known.get(row.code)
    if area is None:
        area = Area(code=row.code, path=path, level=row.level, parent=parent, **_said(row, _OWN))
        known[row.code] = area
        fresh.append((row, area))
        return AreaOutcome(row.code, "added")
    if area.path != path or area.level != row.level:
        raise refusals.OTHER_PARENT.because(code=row.code, parent=area.path)
    verdict = "known"
    if _brought_up_to_date(area, _said(row, _OWN)):
        if area.pk:
            changed.append(area)
        verdict = "changed"
    house = houses.get(area.pk)
    if house is not None and _brought_up_to_date(house, _said(row, _HOUSE)):
        changed_houses.append(house)
        verdict = "changed"
    return AreaOutcome(row.code, verdict)


def _checked_parent(row: AreaRow, known: dict[str, Area]) -> Area | None:
    if not _CODE.fullmatch(row.code):
        raise refusals.CODE_UNREADABLE.because(code=row.code[:60])
    if row.level == "district" and not row.parent:
        return None
    if not row.parent:
        raise (refusals.NO_GRID if row.lon is not None else refusals.UNKNOWN_PARENT).because(code=row.code, parent="")
    parent = known.get(row.parent)
    if parent is None or parent.ended_at is not None:
        raise refusals.UNKNOWN_PARENT.because(code=row.code, parent=row.parent)
    if LEVELS.index(parent.level) != LEVELS.index(row.level) - 1:
        raise refusals.WRONG_LEVEL.because(
            code=row.code, level=LEVEL_WORDS[row.level], parent_level=LEVEL_WORDS[parent.level]
        )
    return parent


def _placed(rows: Sequence[AreaRow]) -> list[AreaRow]:
    """Buildings without a grid get the grid their coordinates lie in; communities without a parent the one district."""
    rows = _in_the_district(rows)
    homeless = [
        (index, (row.lon, row.lat)) for index, row in enumerate(rows)
        if row.level == "building" and not row.parent and row.lon is not None and row.lat is not None
    ]
    placed = list(rows)
    for (index, _), grid in zip(homeless, queries.locate_many([place for _, place in homeless]), strict=True):
        if grid is not None:
            placed[index] = replace(rows[index], parent=grid.code)
    return placed


def _in_the_district(rows: Sequence[AreaRow]) -> list[AreaRow]:
    """A community that names no parent belongs to the district, where there is just one. At most one query."""
    if not any(row.level == "community" and not row.parent for row in rows):
        return list(rows)
    standing = set(Area.objects.filter(level=Area.Level.DISTRICT, ended_at=None).values_list("code", flat=True))
    districts = standing | {row.code for row in rows if row.level == "district"}
    if len(districts) != 1:
        return list(rows)
    (district,) = districts
    return [replace(row, parent=district) if row.level == "community" and not row.parent else row for row in rows]


def _houses(codes: Sequence[str]) -> dict[int, Building]:
    """What only buildings have, by the key of their area. One query."""
    return {house.area_id: house for house in Building.objects.filter(area__code__in=codes)}


def _keep_versions(areas: Iterable[Area], houses: dict[int, Building]) -> None:
    """Write down how these areas stand from this act on. One statement for each 500."""
    act = current_act()
    versions = []
    for area in areas:
        version = AreaVersion(area=area, ended_at=area.ended_at, happened_at=act.at, act=act)
        for name in _OWN:
            setattr(version, name, getattr(area, name))
        for name in _HOUSE if area.pk in houses else ():
            setattr(version, name, getattr(houses[area.pk], name))
        versions.append(version)
    AreaVersion.objects.bulk_create(versions, batch_size=500)


def _said(row: AreaRow, names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(row, name)) not in (None, "")}


def _brought_up_to_date(row: Area | Building, said: dict[str, Any]) -> bool:
    different = {name: value for name, value in said.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def _journal(rows: Sequence[AreaRow], outcomes: Sequence[AreaOutcome]) -> None:
    counts = Counter(outcome.verdict for outcome in outcomes)
    levels = Counter(row.level for row, outcome in zip(rows, outcomes, strict=True) if outcome.verdict == "added")
    if rows:
        record(
            AreasAdded(counts["added"], counts["changed"], counts["known"], dict(levels)),
            about=make_ref("area", rows[0].code),
        )
