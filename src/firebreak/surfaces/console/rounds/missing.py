"""Still missing: from the district down to the names, with who answers, the clock and the next step.

Areas are counted from the board; names are read a hundred at a time by key, whatever the size of the round,
and each page of names is one read in the journal.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from firebreak.engine.access.scope import prefixed
from firebreak.engine.areas.models import Area
from firebreak.engine.registry.rights import REGISTRY_READ
from firebreak.kernel import clock
from firebreak.kernel.text import T
from firebreak.operations.rounds import boards, queries
from firebreak.operations.rounds.boards import BoardRow, Standing
from firebreak.operations.rounds.models import Entry
from firebreak.operations.rounds.refusals import NOT_OPEN
from firebreak.operations.rounds.rights import PRINT_ROUND, READ_ROUNDS, RECORD_ROUND
from firebreak.operations.rounds.states import OPEN, State
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.proof import for_many
from firebreak.surfaces.common.shapes import Cell, Chip, Column, Due, KeyPage, Listing, Owner, Row
from firebreak.surfaces.common.sheets import file_link, sheet
from firebreak.surfaces.console.rounds import doors, owners, panels
from firebreak.surfaces.console.rounds.scenes import Scene, name_of, scene_of, trail
from firebreak.surfaces.console.rounds.together import FORM, Together, together_of
from firebreak.surfaces.console.rounds.wording import joined

PAGE = 100
COLUMNS = (
    Column(T("姓名", "Name")), Column(T("在哪里", "Where")), Column(T("现状", "State")), Column(T("最近联系", "Last attempt")),
    Column(T("责任人", "Owner")), Column(T("期限", "Due")), Column(T("电话", "Call")),
)
LOW = (Area.Level.GRID, Area.Level.BUILDING)


@needs(READ_ROUNDS, post=RECORD_ROUND)
def missing(request: HttpRequest, key: str) -> HttpResponse:
    """Who is still missing, in the reader's areas or in the one asked for; a POST writes one thing down for those ticked."""
    scene = scene_of(key, actor(request))
    work = together_of(request, scene)
    if request.method == "POST":
        if work is None:
            raise NOT_OPEN.because()
        if work.write(request):
            return redirect(request.get_full_path())
    code = request.GET.get("area", "")
    area = scene.area(code) if code else (scene.roots[0] if len(scene.roots) == 1 else None)
    found = boards.standing(scene.row, area.path) if area is not None else scene.standing()
    named = area is not None and (area.level in LOW or request.GET.get("names") == "1")
    may_see = area is not None and scene.may(REGISTRY_READ, area)
    return render(request, "console/rounds/missing.html", {
        "scene": scene, "area": area, "name": name_of(area) if area else scene.title, "standing": found,
        "answer": panels.area_answer(scene, area, found) if code and area else panels.round_answer(scene, found, None),
        "trail": _trail(scene, area) if area and code else [], "below": None if named else _below(request, scene, area),
        "buildings": panels.building_table(scene, area) if area is not None and area.level == Area.Level.GRID else None,
        "people": _names(request, scene, area, found, work) if named and may_see and area is not None else None,
        "hidden": named and not may_see, "names_href": _names_href(request, scene, area, may_see, named, found),
        "roster_href": _roster(scene, area), "work": work if named and may_see and found.open else None,
    }, status=422 if work is not None and work.failed is not None else 200)


@needs(READ_ROUNDS, proof=for_many)
def missing_file(request: HttpRequest, key: str) -> HttpResponseBase:
    """Everybody missing below the area asked for, as this reader may see them; each page read is journaled."""
    scene = scene_of(key, actor(request))
    area = scene.area(request.GET.get("area", "") or scene.roots[0].code, REGISTRY_READ)
    return sheet(f"missing-{scene.row.number}-{area.code}", COLUMNS, _everybody(scene, area, request.GET.get("state", "")))


def _everybody(scene: Scene, area: Area, asked: str) -> Iterator[Row]:
    after = ""
    while True:
        page, after = _page(scene, area, asked, after)
        people = doors.look_up(scene, page, f"area:{area.code}", "missing")
        swept = owners.sweeps(scene.row, {one.building.pk for one in people}, scene.who)
        for one in people:
            yield _row(scene, one, swept.get(one.building.pk, owners.NONE), "")
        if not after:
            return


def _trail(scene: Scene, area: Area) -> list[tuple[T, str]]:
    return [
        (T("还差谁", "Still missing"), scene.href("round-missing")),
        *((name, f"{scene.href('round-missing')}?area={href.rsplit('/', 1)[1]}") for name, href in trail(scene, area)),
    ]


def _roster(scene: Scene, area: Area | None) -> str:
    if area is None or area.level not in LOW or not scene.may(PRINT_ROUND, area):
        return ""
    return f"{scene.href('round-roster', area.code)}?only=missing"


def _names_href(
    request: HttpRequest, scene: Scene, area: Area | None, may_see: bool, named: bool, found: Standing
) -> str:
    return with_query(request, names="1") if area is not None and may_see and not named and found.open else ""


def _below(request: HttpRequest, scene: Scene, area: Area | None) -> Listing:
    """The areas below with their counts of the missing, most first."""
    if area is not None:
        rows = boards.board(scene.row, area)
    else:
        rows = [
            BoardRow(root.pk, root.code, root.path, root.level, name_of(root), boards.standing(scene.row, root.path))
            for root in scene.roots
        ]
    rows = sorted((row for row in rows if row.standing.open), key=lambda row: (-row.standing.open, row.code))
    totals = {
        name: sum(getattr(row.standing, name) for row in rows) for name in ("open", "to_do", "away", "unreachable")
    }
    return Listing(
        caption=T("在哪里", "Where they are"),
        columns=(
            Column(T("区域", "Area")),
            Column(T("还差", "Left"), numeric=True, total=totals["open"]),
            Column(scene.words[State.TO_DO], numeric=True, total=totals["to_do"]),
            Column(scene.words[State.AWAY], numeric=True, total=totals["away"]),
            Column(scene.words[State.UNREACHABLE], numeric=True, total=totals["unreachable"]),
        ),
        rows=tuple(
            Row(
                (Cell(row.name, small=row.code), row.standing.open, row.standing.to_do, row.standing.away,
                 row.standing.unreachable),
                href=f"{scene.href('round-missing')}?area={row.code}",
            )
            for row in rows
        ),
        empty=T("没有人还差。", "Nobody is left."),
    )


def _names(request: HttpRequest, scene: Scene, area: Area, found: Standing, work: Together | None) -> Listing:
    """The missing of an area by name, a hundred a page. Ten queries."""
    asked = request.GET.get("state", "")
    page, next_key = _page(scene, area, asked, request.GET.get("after", ""))
    people = doors.look_up(scene, page, f"area:{area.code}", "missing")
    swept = owners.sweeps(scene.row, {one.building.pk for one in people}, scene.who)
    return Listing(
        caption=T("还差的人", "People left"),
        chips=_chips(request, scene, area, asked, found),
        columns=COLUMNS, exports=(file_link(request, "round-missing-file", scene.key),),
        rows=tuple(
            _row(scene, one, swept.get(one.building.pk, owners.NONE), request.get_full_path()) for one in people
        ),
        page=KeyPage(
            shown=len(people),
            first_href=with_query(request) if request.GET.get("after") else "",
            next_href=_next(request, next_key) if next_key else "",
        )
        if next_key or request.GET.get("after")
        else None,
        empty=T("没有这样的人还差。", "Nobody like that is left."),
        pick=FORM if work is not None and people else "", picked=work.picked if work is not None else frozenset(),
    )


def _row(scene: Scene, one: doors.Who, sweep: owners.Sweep, back: str) -> Row:
    place = joined(T(f"联系过 {one.attempts} 次", f"tried {one.attempts} ×")) if one.attempts else T("", "")
    due = Due(one.revisit_at) if one.revisit_at is not None else sweep.due
    return Row(
        (
            doors.name_cell(scene, one, back),
            Cell(name_of(one.building), small=one.door or one.kind),
            doors.state_mark(scene, one),
            Cell(one.last_word, small=place) if one.last_word.zh else T("还没有联系", "not tried yet"),
            sweep.owner or Cell(T("没有责任人", "nobody"), tone="bad"),
            due,
            Owner(one.phone, phone=one.phone) if one.phone else None,
        ),
        ref=one.token,
    )


def _open_entries(scene: Scene, area: Area, asked: str) -> QuerySet[Entry]:
    states = (asked,) if asked in OPEN else OPEN
    rows = Entry.objects.filter(prefixed("building__path", area.path), round=scene.row, state__in=states)
    return rows.filter(revisit_at__lte=clock.now()) if asked == "due" else rows


def _page(scene: Scene, area: Area, asked: str, after: str) -> tuple[list[int], str]:
    """People of one page and the key to go on from: those to come back to first, else by building and person."""
    if not asked:
        rows = queries.missing(scene.row.pk, area.path, after, PAGE + 1)
        return [row.person for row in rows[:PAGE]], rows[PAGE - 1].key if len(rows) > PAGE else ""
    chosen, (building, _, person) = _open_entries(scene, area, asked), after.partition("-")
    if building.isdecimal() and person.isdecimal():
        chosen = chosen.filter(
            Q(building_id__gt=int(building)) | Q(building_id=int(building), person_id__gt=int(person))
        )
    found = list(chosen.order_by("building_id", "person_id").values_list("building_id", "person_id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return [key for _, key in found[:PAGE]], f"{last[0]}-{last[1]}" if last else ""


def _next(request: HttpRequest, key: str) -> str:
    here = with_query(request)
    return f"{here}{'&' if '?' in here else '?'}{urlencode({'after': key})}"


def _chips(request: HttpRequest, scene: Scene, area: Area, asked: str, found: Standing) -> tuple[Chip, ...]:
    due = _open_entries(scene, area, "due").count()
    counts = {State.TO_DO: found.to_do, State.AWAY: found.away, State.UNREACHABLE: found.unreachable}
    chips = [Chip(T("全部", "all"), with_query(request, state=None), on=not asked, count=found.open)]
    if due:
        chips.append(Chip(T("该再访了", "revisit due"), with_query(request, state="due"), on=asked == "due", count=due))
    chips += [
        Chip(scene.words[state], with_query(request, state=state), on=asked == state, count=count)
        for state, count in counts.items()
        if count
    ]
    return tuple(chips)
