"""The parts of the round pages as values: answers, books, bars, tables of buildings. Names nobody but owners.

Every query is bounded by buildings, never by people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Sum
from django.urls import reverse

from firebreak.engine.areas.models import Area
from firebreak.engine.capture.models import Gap, Quarantined
from firebreak.engine.ledgers import checks
from firebreak.engine.ledgers.models import Check
from firebreak.kernel import clock
from firebreak.kernel.balance import Balance
from firebreak.kernel.text import T
from firebreak.operations.rounds import boards
from firebreak.operations.rounds.boards import Standing
from firebreak.operations.rounds.models import Round, SiteDuty, Tally, Tube
from firebreak.operations.rounds.rights import CLOSE_ROUND, PRINT_ROUND, RECORD_ROUND
from firebreak.surfaces.common import picture
from firebreak.surfaces.common.links import address
from firebreak.surfaces.common.shapes import Book, BuildingRow, BurnDown, Cell, Column, Listing, Parts, Row
from firebreak.surfaces.common.words import Tone, Words, span
from firebreak.surfaces.console.rounds import owners
from firebreak.surfaces.console.rounds.scenes import Scene, name_of
from firebreak.surfaces.console.rounds.wording import left, people

BEHIND = 8
_COUNTS = ("listed", "found", "to_do", "sampled", "excused", "refused", "away", "unreachable")
LEFT = F("to_do") + F("away") + F("unreachable")


@dataclass(frozen=True, slots=True)
class Answer:
    """The sentence at the top: what is calm, what is not."""

    calm: Words
    alarm: Words = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """A button under the answer; `key` is its single-key shortcut."""

    text: T
    href: str
    icon: str
    key: str = ""


def standings(rows: Sequence[Round]) -> dict[int, Standing]:
    """Round key → standing. One query."""
    sums = Tally.objects.filter(round__in=rows).values("round_id").annotate(**{n: Sum(n) for n in _COUNTS}).order_by()
    found = {one["round_id"]: _summed(one) for one in sums}
    return {row.pk: found.get(row.pk, Standing()) for row in rows}


def _summed(one: Mapping[str, object]) -> Standing:
    return Standing(**{name: one[name] for name in _COUNTS})  # type: ignore[arg-type]  # sums of counts are ints


def list_answer(running: Round | None, found: dict[int, Standing]) -> Answer:
    """What the list of rounds says first."""
    if running is None:
        return Answer(T("现在没有开着的轮次。", "No round is open now."))
    said = left(found[running.pk])
    return Answer(T(f"第 {running.number} 轮:{_zh(said)}", f"Round {running.number}: {_en(said)}"), _lateness(running))


def round_answer(scene: Scene, found: Standing, check: Check | None) -> Answer:
    """Is anybody about to be missed in this round?"""
    ownerless = owners.unowned(scene.row, [root.path for root in scene.roots]) if found.open and scene.is_open else 0
    alarms = [_lateness(scene.row)] if found.open else []
    if ownerless:
        count = people(ownerless)
        alarms.append(T(f"{count.zh}没有责任人。", f"{count.en} without an owner."))
    balance = balance_of(scene, check)
    if balance is not None and balance.difference:
        alarms.append(T(f"账差 {balance.difference:,}。", f"The books are off by {balance.difference:,}."))
    calm = left(found)
    if found.open and scene.is_open:
        calm = T(
            _zh(calm) + ("。" if ownerless else ",全部有责任人。"),
            _en(calm) + ("." if ownerless else ", all with an owner."),
        )
    elif found.open:
        count = people(found.open)
        verb = "is" if found.open == 1 else "are"
        calm = T(f"本轮已结束,继续跟踪 {count.zh}。", f"The round has ended; {count.en} {verb} followed up.")
    shown = [alarm for alarm in alarms if alarm.zh]
    return Answer(calm, T("".join(a.zh for a in shown), " ".join(a.en for a in shown)))


def area_answer(scene: Scene, area: Area, found: Standing) -> Answer:
    """The same question for one area."""
    said, name = left(found), name_of(area)
    calm = T(f"{name.zh}:{_zh(said)}", f"{name.en}: {_en(said)}")
    return Answer(calm, _lateness(scene.row) if found.open else "")


def balance_of(scene: Scene, check: Check | None) -> Balance | None:
    """The round's balance as the last check kept it."""
    return picture.balance_among(scene.row, checks.balances_of(check)) if check is not None else None


def book_strip(scene: Scene, found: Standing, check: Check | None) -> list[Book]:
    """People, buildings, tubes, and what phones sent that is not counted. Four queries."""
    books = [_people_book(scene, found, check), _building_book(scene)]
    if scene.whole:
        books += [_tube_book(scene), _event_book()]
    return [book for book in books if book.owed]


def bars(scene: Scene) -> list[BuildingRow]:
    """One bar for each area below the reader's part, furthest behind first."""
    if len(scene.roots) == 1:
        return area_bars(scene, scene.roots[0])
    rows = [(root, boards.standing(scene.row, root.path)) for root in scene.roots]
    rows.sort(key=lambda pair: (-pair[1].open, pair[0].code))
    return [_bar(scene, name_of(root), root.code, found) for root, found in rows]


def area_bars(scene: Scene, area: Area) -> list[BuildingRow]:
    """One bar for each area directly below. Two queries."""
    rows = sorted(boards.board(scene.row, area), key=lambda row: (-row.standing.open, row.code))
    return [_bar(scene, row.name, row.code, row.standing) for row in rows]


def burn(scene: Scene, found: Standing) -> BurnDown | None:
    """People left against the deadline; only for who sees the whole round."""
    if not scene.whole:
        return None
    return picture.burn(scene.row, picture.counted(scene.row, found, clock.now()))


def furthest_behind(scene: Scene, area: Area | None = None, *, slim: bool = False) -> Listing | None:
    """The buildings with most people left, with owner and clock. Two queries."""
    if not scene.is_open:
        return None
    paths = [area.path] if area is not None else [root.path for root in scene.roots]
    rows: list[Tally] = []
    for path in paths:
        here = Tally.objects.filter(round=scene.row, building__path__startswith=path).annotate(left=LEFT)
        rows += here.filter(left__gt=0).select_related("building").order_by("-left", "building__code")[:BEHIND]
    rows = sorted(rows, key=_left, reverse=True)[:BEHIND]
    swept = owners.sweeps(scene.row, [row.building_id for row in rows], scene.who)
    columns = (
        Column(T("楼栋", "Building")), Column(T("还差", "Left"), numeric=True), Column(T("期限", "Due")),
        Column(T("责任人", "Owner")),
    )
    return Listing(
        caption=T("还差最多的楼", "Buildings with most people left"), columns=columns[:3] if slim else columns,
        rows=tuple(
            Row(
                (Cell(name_of(row.building)), _left(row), swept.get(row.building_id, owners.NONE).due,
                 swept.get(row.building_id, owners.NONE).owner)[: 3 if slim else 4],
                href=scene.href("round-area", row.building.code),
            )
            for row in rows
        ),
        empty=T("没有一栋楼缺人。", "No building has anybody left."),
    )


def building_table(scene: Scene, grid: Area) -> Listing:
    """The buildings of a grid: bar, left, owner, clock. Four queries."""
    rows = boards.board(scene.row, grid)
    swept = owners.sweeps(scene.row, [row.area for row in rows], scene.who)
    total = sum(row.standing.open for row in rows)
    return Listing(
        caption=T("楼栋", "Buildings"),
        note=T("按编号", "by code"),
        columns=(
            Column(T("楼栋", "Building")),
            Column(T("应检", "Owed"), numeric=True, total=sum(r.standing.owed for r in rows)),
            Column(T("还差", "Left"), numeric=True, total=total),
            Column(T("进度", "How it stands")),
            Column(T("责任人", "Owner")),
            Column(T("期限", "Due")),
        ),
        rows=tuple(
            Row(
                (
                    Cell(row.name, small=row.code),
                    row.standing.owed,
                    Cell(row.standing.open, tone="bad" if row.standing.open and scene.is_late else ""),
                    picture.parts_of(row.standing),
                    swept.get(row.area, owners.NONE).owner,
                    swept.get(row.area, owners.NONE).due,
                ),
                href=scene.href("round-area", row.code),
            )
            for row in rows
            if row.standing.owed
        ),
        empty=T("这个网格没有人在名单上。", "Nobody of this grid is on the list."),
    )


def sweep_of(scene: Scene, building: Area) -> owners.Sweep:
    """Who answers for one building. One query."""
    return owners.sweeps(scene.row, [building.pk], scene.who).get(building.pk, owners.NONE)


def site_of(scene: Scene, building: Area) -> SiteDuty | None:
    """The site that serves the building. One query."""
    return SiteDuty.objects.filter(round=scene.row, building=building).select_related("site").first()


def tools(scene: Scene, area: Area | None = None) -> list[Tool]:
    """The buttons a reader may press here."""
    query = f"?area={area.code}" if area is not None else ""
    shown = [Tool(T("还差谁", "Still missing"), scene.href("round-missing") + query, "user", "m")]
    if area is not None and area.level in (Area.Level.GRID, Area.Level.BUILDING) and scene.may(PRINT_ROUND, area):
        shown.append(Tool(T("打印名册", "Print roster"), scene.href("round-roster", area.code), "printer", "p"))
        shown.append(Tool(T("打印门卡", "Print door cards"), scene.href("round-cards", area.code), "printer"))
    if scene.is_open and scene.who.may(RECORD_ROUND):
        shown.append(Tool(T("录入纸面", "Key back paper"), scene.href("round-keying"), "barcode", "k"))
    if area is not None and area.level == Area.Level.BUILDING and scene.is_open and scene.may(RECORD_ROUND, area):
        href = f"{scene.href('round-found')}?building={area.code}"
        shown.append(Tool(T("补录漏人", "Found on no list"), href, "plus", "n"))
    if area is None:
        if scene.in_tubes:
            shown.append(Tool(T("采样管", "Tubes"), scene.href("round-tubes"), "test-pipe", "t"))
        if (map_href := address("map")) and scene.who.may("zones.read"):
            shown.append(Tool(T("地图", "Map"), map_href, "map"))
        if scene.is_open and scene.may(CLOSE_ROUND):
            shown.append(Tool(T("关闭本轮", "Close the round"), scene.href("round-close"), "lock"))
    return shown


def _bar(scene: Scene, name: T, code: str, found: Standing) -> BuildingRow:
    late = scene.is_late and found.open > 0
    return BuildingRow(name, picture.parts_of(found), href=scene.href("round-area", code), late=late)


def _left(row: Tally) -> int:
    return row.to_do + row.away + row.unreachable


def _lateness(row: Round) -> T:
    now = clock.now()
    if row.status != Round.Status.OPEN or now <= row.due_at:
        return T("", "")
    late = span((now - row.due_at).total_seconds())
    return T(f"已过期限 {late.zh}。", f"The deadline passed {late.en} ago.")


def _people_book(scene: Scene, found: Standing, check: Check | None) -> Book:
    balance = balance_of(scene, check) if scene.whole else None
    done = scene.words["sampled"]
    return Book(
        title=T("人", "People"),
        href=scene.href("round-missing"),
        figure=found.sampled,
        unit=T(f"/ {found.owed:,} {done.zh}", f"of {found.owed:,} {done.en}"),
        owed=found.owed,
        done=found.sampled,
        excused=found.closed,
        open=found.open,
        late=balance.overdue if balance else 0,
        note=T(f"还差 {found.open:,} · 结案 {found.closed:,}", f"{found.open:,} left · {found.closed:,} excused"),
    )


def _building_book(scene: Scene) -> Book:
    whole = unfinished = 0
    for root in scene.roots:
        here = Tally.objects.filter(round=scene.row, building__path__startswith=root.path).annotate(left=LEFT)
        here = here.filter(listed__gt=0) | here.filter(found__gt=0)
        whole += here.count()
        unfinished += here.filter(left__gt=0).count()
    done = whole - unfinished
    return Book(
        title=T("楼栋", "Buildings"), href=scene.href("round-missing"), figure=done,
        unit=T(f"/ {whole:,} 清零", f"of {whole:,} done"), owed=whole, done=done, excused=0, open=unfinished,
        note=T(f"{unfinished:,} 栋还有人", f"{unfinished:,} with people left"),
    )


def _tube_book(scene: Scene) -> Book:
    tubes = boards.tubes(scene.row)
    sealed, void, opened = (tubes.get(s, 0) for s in (Tube.Status.SEALED, Tube.Status.VOID, Tube.Status.OPEN))
    return Book(
        title=T("采样管", "Tubes"), href=scene.href("round-tubes"), figure=sealed, unit=T("支已封", "sealed"),
        owed=sealed + void + opened, done=sealed, excused=void, open=opened,
        note=T(f"在用 {opened:,} · 作废 {void:,}", f"{opened:,} open · {void:,} void"),
    )


def _event_book() -> Book:
    """Events that phones sent or numbered and that are not counted yet."""
    total, settled = Quarantined.objects.count(), Quarantined.objects.exclude(resolved_at=None).count()
    sizes = {"filled": 0, "lost": 0, "open": 0}
    for first, last, filled_at, lost_at in Gap.objects.values_list("first", "last", "filled_at", "lost_at"):
        sizes["filled" if filled_at else "lost" if lost_at else "open"] += last - first + 1
    waiting = total - settled + sizes["open"]
    return Book(
        title=T("手机记录", "Events of phones"),
        href=address("devices") or reverse("rounds"),
        figure=waiting,
        unit=T("条待处理", "undecided"),
        owed=total + sum(sizes.values()),
        done=settled + sizes["filled"],
        excused=sizes["lost"],
        open=waiting,
        note=T(
            f"缺号 {sizes['open']:,} · 未入账 {total - settled:,}",
            f"{sizes['open']:,} missing · {total - settled:,} set aside",
        ),
    )


def whole_bar(found: Standing) -> Parts:
    """One bar of everybody."""
    return picture.parts_of(found)


def _zh(words: Words) -> str:
    return words.zh if isinstance(words, T) else str(words)


def _en(words: Words) -> str:
    return words.en if isinstance(words, T) else str(words)
