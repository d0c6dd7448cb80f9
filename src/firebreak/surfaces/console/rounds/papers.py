"""Paper: the roster and the still-missing list of a building, one row a person, with tick boxes and a QR a row; door cards.

What is printed is journaled as one read. The code says only `FB1:P:<token>`; it means nothing outside the program.
A door card names no person and says `FB1:D:<building>/<door>`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from firebreak.engine.access.reading import Page
from firebreak.engine.areas.models import Area
from firebreak.engine.areas.queries import buildings_within
from firebreak.engine.registry.models import Presence
from firebreak.engine.registry.rights import REGISTRY_READ
from firebreak.kernel import clock
from firebreak.kernel.refusals import NOT_FOUND, RefusalKind
from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Entry, SiteDuty
from firebreak.operations.rounds.rights import PRINT_ROUND
from firebreak.operations.rounds.states import OPEN
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.proof import for_many
from firebreak.surfaces.common.qr import qr_of
from firebreak.surfaces.console.rounds import doors, owners
from firebreak.surfaces.console.rounds.keying import letters
from firebreak.surfaces.console.rounds.scenes import Scene, name_of, scene_of

ROWS = 9
MOST = 3000
LEVELS = (Area.Level.GRID, Area.Level.BUILDING)
TOO_MANY = RefusalKind(
    "too-many-to-print",
    T("这里有 {n} 人,一次最多打印 {most} 人。请按网格或楼栋打印。",
      "There are {n} people here; at most {most} are printed at once. Print by grid or building."),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet."""

    number: int
    one: doors.Who
    qr: SafeString


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of paper: one building's rows."""

    name: T
    code: str
    site: SiteDuty | None
    sweep: owners.Sweep
    lines: tuple[Line, ...]
    page: int
    pages: int
    people: int


@needs(PRINT_ROUND, proof=for_many)
def roster(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """The roster of a building or grid on paper; `?only=missing` prints only who is left."""
    scene = scene_of(key, actor(request), PRINT_ROUND)
    area = scene.area(code, PRINT_ROUND)
    if area.level not in LEVELS or not scene.may(REGISTRY_READ, area):
        raise NOT_FOUND.because()
    only_missing = request.GET.get("only") == "missing"
    sheets = list(_sheets(scene, area, only_missing))
    return render(
        request,
        "console/rounds/roster.html",
        {
            "scene": scene,
            "area": area,
            "name": name_of(area),
            "sheets": sheets,
            "only_missing": only_missing,
            "people": sum(len(sheet.lines) for sheet in sheets),
            "sheet_count": len(sheets),
            "at": clock.now(),
            "who": scene.who.name,
            "letters": letters(scene),
        },
    )


@dataclass(frozen=True, slots=True)
class DoorCard:
    """A card for a door: where it is, how many are behind it, its code. No name: it may hang on the door."""

    building: T
    door: str
    people: int
    qr: SafeString


@needs(PRINT_ROUND)
def cards(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """Door cards of a building or grid; `?only=missing` prints only doors behind which somebody is left. Three queries."""
    scene = scene_of(key, actor(request), PRINT_ROUND)
    area = scene.area(code, PRINT_ROUND)
    if area.level not in LEVELS:
        raise NOT_FOUND.because()
    return render(request, "console/rounds/cards.html", {
        "scene": scene, "name": name_of(area), "at": clock.now(), "who": scene.who.name,
        "cards": _cards(scene, area, request.GET.get("only") == "missing"),
    })


def _cards(scene: Scene, area: Area, only_missing: bool) -> list[DoorCard]:
    entries = Entry.objects.filter(round=scene.row, building__path__startswith=area.path)
    if only_missing:
        entries = entries.filter(state__in=OPEN)
    pairs = set(entries.values_list("building_id", "person_id"))
    if len(pairs) > MOST:
        raise TOO_MANY.because(n=len(pairs), most=MOST)
    stays = Presence.objects.filter(building__path__startswith=area.path).exclude(door="")
    behind = Counter(
        (building, door) for building, person, door in stays.values_list("building_id", "person_id", "door")
        if (building, person) in pairs
    )
    buildings = {one.pk: one for one in buildings_within(area.path)}
    ordered = sorted(behind, key=lambda at: (buildings[at[0]].code, doors.sort_key(at[1])))
    return [
        DoorCard(name_of(buildings[key]), door, behind[key, door], _drawn(door_code(buildings[key].code, door)))
        for key, door in ordered
    ]


def door_code(building: str, door: str) -> str:
    """What a door's QR says."""
    return f"FB1:D:{building}/{door}"


def code_of(token: str) -> str:
    """What a row's QR says."""
    return f"FB1:P:{token}"


def _sheets(scene: Scene, area: Area, only_missing: bool) -> Iterator[Sheet]:
    """Sheets of every building with somebody to print, in the order of codes. Ten queries, whatever the grid."""
    entries = Entry.objects.filter(round=scene.row, building__path__startswith=area.path)
    if only_missing:
        entries = entries.filter(state__in=OPEN)
    count = entries.count()
    if count > MOST:
        raise TOO_MANY.because(n=count, most=MOST)
    by_building: dict[int, list[int]] = {}
    for building, person in entries.values_list("building_id", "person_id"):
        by_building.setdefault(building, []).append(person)
    buildings = [one for one in buildings_within(area.path) if one.pk in by_building]
    ordered = _ordered(by_building)
    wanted = [person for place in buildings for person in ordered[place.pk]]
    page: Page = "missing" if only_missing else "roster"
    people = {one.person: one for one in doors.look_up(scene, wanted, f"area:{area.code}", page)}
    sites = {
        duty.building_id: duty
        for duty in SiteDuty.objects.filter(round=scene.row, building__in=buildings).select_related("site")
    }
    swept = owners.sweeps(scene.row, by_building, scene.who)
    for place in buildings:
        rows = [people[person] for person in ordered[place.pk] if person in people]
        yield from _cut(place, rows, sites.get(place.pk), swept.get(place.pk, owners.NONE))


def _ordered(by_building: dict[int, list[int]]) -> dict[int, list[int]]:
    """People of each building as one walks from door to door. One query."""
    stays = Presence.objects.filter(building_id__in=by_building).values_list("building_id", "person_id", "door")
    doors_of = {(building, person): door for building, person, door in stays}
    return {
        building: sorted(people, key=lambda person: (doors.sort_key(doors_of.get((building, person), "")), person))
        for building, people in by_building.items()
    }


def _cut(building: Area, rows: Sequence[doors.Who], site: SiteDuty | None, sweep: owners.Sweep) -> Iterator[Sheet]:
    pages = -(-len(rows) // ROWS)
    for page in range(pages):
        part = rows[page * ROWS : (page + 1) * ROWS]
        lines = tuple(Line(page * ROWS + place + 1, one, _qr(one.token)) for place, one in enumerate(part))
        yield Sheet(name_of(building), building.code, site, sweep, lines, page + 1, pages, len(rows))


def _qr(token: str) -> SafeString:
    return _drawn(code_of(token))


def _drawn(code: str) -> SafeString:
    return qr_of(code, error="m")
