"""The list of rounds, one round, and its areas down to the building."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import condition

from firebreak.command.inspections import queries as inspections
from firebreak.command.inspections.rights import READ_INSPECTIONS
from firebreak.engine.areas.models import Area
from firebreak.engine.ledgers import checks
from firebreak.engine.registry.census import coverage
from firebreak.engine.registry.rights import REGISTRY_READ
from firebreak.kernel import clock
from firebreak.kernel.refs import token_of
from firebreak.kernel.text import T, language
from firebreak.operations.rounds import boards
from firebreak.operations.rounds.models import Round, Tally
from firebreak.operations.rounds.refusals import NOT_OPEN
from firebreak.operations.rounds.rights import OPEN_ROUND, READ_ROUNDS, RECORD_ROUND
from firebreak.surfaces.common import picture
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Due, Listing, Row
from firebreak.surfaces.console.inspections.bounds import sentence
from firebreak.surfaces.console.people.coverage import said_of
from firebreak.surfaces.console.rounds import doors, floors, panels
from firebreak.surfaces.console.rounds.scenes import Scene, keys_of, name_of, scene_of, short_title, trail
from firebreak.surfaces.console.rounds.together import together_of
from firebreak.surfaces.console.rounds.wording import STATUS

PLACE = "console/rounds/"


@needs(READ_ROUNDS)
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round whose area the reader knows, newest first. Three queries."""
    who = actor(request)
    known = list(Round.objects.select_related("area").order_by("-id")[:200])
    keys = keys_of(known)
    mine = [row for row in known if any(_touches(row.area.path, path) for path in who.areas(READ_ROUNDS))]
    standings = panels.standings(mine)
    rows = tuple(
        Row(
            (
                Cell(short_title(row), small=name_of(row.area)),
                STATUS[row.status],
                standings[row.pk].owed,
                Cell(standings[row.pk].open, tone="bad" if standings[row.pk].open else ""),
                picture.parts_of(standings[row.pk]),
                row.opened_at,
                Due(row.due_at, ended_at=row.closed_at),
            ),
            href=reverse("round", args=[keys[row.pk]]), tone="quiet" if row.status == Round.Status.CANCELLED else "",
        )
        for row in mine
    )
    listing = Listing(
        caption=T("轮次", "Rounds"), rows=rows,
        columns=(
            Column(T("轮次", "Round")), Column(T("状态", "State")), Column(T("应检", "Owed"), numeric=True),
            Column(T("还差", "Left"), numeric=True), Column(T("进度", "How it stands")), Column(T("开始", "Opened")),
            Column(T("期限", "Due")),
        ),
        empty=T("还没有开过轮次。启动预案、导入底册、登记采样点之后即可开轮。",
                "No round yet. It can be opened once a plan is active, the register is in and the sites are known."),
    )
    may_open = who.may(OPEN_ROUND)
    running = next((row for row in mine if row.status == Round.Status.OPEN), None)
    answer = panels.list_answer(running, standings)
    return render(request, PLACE + "rounds.html", {"listing": listing, "may_open": may_open, "answer": answer})


def _touches(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


@needs(READ_ROUNDS)
def one_round(request: HttpRequest, key: str) -> HttpResponse:
    """One round: the answer, the books, the pace, the communities."""
    scene = scene_of(key, actor(request))
    if not scene.whole and len(scene.roots) == 1:
        return redirect("round-area", key=key, code=scene.roots[0].code)
    return render(request, PLACE + "round.html", {"scene": scene, **_round(scene), **_audit(request, scene)})


def _etag(request: HttpRequest, key: str, code: str = "") -> str:
    return f'{picture.pulse_of(clock.now())[:-1]}-{language()}-{actor(request).account_id}"'


@needs(READ_ROUNDS, background=True)
@condition(etag_func=_etag)
def round_live(request: HttpRequest, key: str) -> HttpResponse:
    """The moving part of the round page; 304 while nothing was done."""
    scene = scene_of(key, actor(request))
    return render(request, PLACE + "round_live.html", {"scene": scene, **_round(scene)})


def _audit(request: HttpRequest, scene: Scene) -> dict[str, object]:
    """Beside coverage by the list: what a census counted, and what the last draw says of those who are on no list."""
    drawn = inspections.latest_audit(scene.row.response_ref) if actor(request).may(READ_INSPECTIONS) else None
    counted = coverage(scene.row.area.path) if scene.may(REGISTRY_READ) else []
    whole = next((one for one in counted if one.area.pk == scene.row.area_id), None)
    found: dict[str, object] = {"census": said_of(whole)} if whole is not None and not scene.row.scope else {}
    return {**found, "audit": sentence(drawn), "audit_token": token_of(drawn.ref)} if drawn is not None else found


def _round(scene: Scene) -> dict[str, object]:
    """Values of the round page. A bounded number of queries: at most one row per building is read."""
    found = scene.standing()
    check = checks.latest_check()
    return {
        "standing": found, "answer": panels.round_answer(scene, found, check), "check": check,
        "books": panels.book_strip(scene, found, check), "bars": panels.bars(scene),
        "burn": panels.burn(scene, found), "behind": panels.furthest_behind(scene), "tools": panels.tools(scene),
    }


@needs(READ_ROUNDS, post=RECORD_ROUND)
def area(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """An area of the round: a community by grids, a grid by buildings, a building door by door.

    A POST to a building writes one thing down for everybody left behind a door, and goes on to the next door.
    """
    scene = scene_of(key, actor(request))
    place = scene.area(code)
    if place.pk == scene.row.area_id:
        return redirect("round", key=key)
    work = together_of(request, scene) if place.level == Area.Level.BUILDING else None
    if request.method == "POST":
        if work is None:
            raise NOT_OPEN.because()
        if work.write(request, place.code):
            return redirect(_next_door(request, scene, place))
    context = {**_area(request, scene, place), "work": work}
    template = "building.html" if place.level == Area.Level.BUILDING else "area.html"
    return render(request, PLACE + template, context, status=422 if work is not None and work.failed else 200)


def _next_door(request: HttpRequest, scene: Scene, place: Area) -> str:
    """Where the reader goes on: the next door with somebody left, else the building."""
    here = scene.href("round-area", place.code)
    within = doors.inside(scene, place)
    sheet = floors.drawn(request, scene, place, within).sheet if within is not None else None
    return sheet.next_href or here if sheet is not None else here


@needs(READ_ROUNDS, background=True)
@condition(etag_func=_etag)
def area_live(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """The moving part of an area's page: counts and bars, never names."""
    scene = scene_of(key, actor(request))
    place = scene.area(code)
    template = "building_live.html" if place.level == Area.Level.BUILDING else "area_live.html"
    return render(request, PLACE + template, _counts(scene, place))


def _counts(scene: Scene, place: Area) -> dict[str, object]:
    found = boards.standing(scene.row, place.path)
    context: dict[str, object] = {
        "scene": scene, "area": place, "name": name_of(place), "standing": found, "parts": picture.parts_of(found),
        "answer": panels.area_answer(scene, place, found), "tools": panels.tools(scene, place),
        "trail": trail(scene, place), "misses": found.found,
    }
    if place.level == Area.Level.GRID:
        context["listing"] = panels.building_table(scene, place)
    elif place.level == Area.Level.BUILDING:
        context["sweep"] = panels.sweep_of(scene, place)
        context["sites"] = panels.site_of(scene, place)
    else:
        context["bars"] = panels.area_bars(scene, place)
        context["behind"] = panels.furthest_behind(scene, place)
    return context


def _area(request: HttpRequest, scene: Scene, place: Area) -> dict[str, object]:
    context = _counts(scene, place)
    if place.level == Area.Level.BUILDING:
        within = doors.inside(scene, place)
        if within is not None:
            context["doors"] = doors.door_list(request, scene, place, within)
            context["drawn"] = floors.drawn(request, scene, place, within)
        context["listed"] = Tally.objects.filter(round=scene.row, building=place).exists()
    return context
