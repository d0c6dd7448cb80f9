"""The invented district of the gallery: lists, plots and a map whose figures agree with each other."""

from datetime import datetime, timedelta

from django.http import HttpRequest

from firebreak.kernel.text import T
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.shapes import (
    Book,
    BuildingRow,
    BurnDown,
    Cell,
    Chip,
    Column,
    Confirm,
    Due,
    Effect,
    KeyPage,
    Link,
    Listing,
    MapFrame,
    MapTile,
    MapZone,
    Mark,
    Meter,
    Owner,
    Parts,
    Person,
    Row,
)

HERE = "/gallery"
DUE, DONE, EXCUSED, TO_DO = 71_204, 68_412, 21, 2_771


def books() -> list[Book]:
    """Six ledgers whose parts add up."""
    return [
        Book(
            T("第 3 轮,人", "Round 3, people"), "#", DONE, T(f"/ {DUE:,}", f"of {DUE:,}"), DUE, DONE, EXCUSED, TO_DO,
            note=T(f"缺 {TO_DO:,} · 豁免 {EXCUSED}", f"{TO_DO:,} to do · {EXCUSED} excused"),
        ),
        Book(
            T("采样管", "Tubes"), "#", 6_907, T("已封", "sealed"), 6_907, 6_495, 0, 412,
            note=T("6,495 有结果 · 412 在检", "6,495 with result · 412 at the lab"),
        ),
        Book(
            T("指令", "Orders"), "#", 57, T("未结 / 203", "open of 203"), 203, 146, 0, 57, late=2,
            note=T("3 条未读", "3 unread"),
        ),
        Book(
            T("任务", "Tasks"), "#", 388, T("未结 / 1,946", "open of 1,946"), 1_946, 1_540, 18, 388, late=1,
            note=T("0 条无人负责", "0 without owner"),
        ),
        Book(
            T("岗位", "Posts"), "#", 148, T("在岗 / 154", "filled of 154"), 154, 148, 0, 6, note=T("6 个空岗", "6 to fill"),
        ),
        Book(T("消息", "Messages"), "#", 2_310, T("已发", "sent"), 2_313, 2_310, 0, 3, note=T("3 条待发", "3 waiting")),
    ]


def books_off() -> list[Book]:
    """A ledger that cannot explain three people."""
    return [
        Book(
            T("第 3 轮,人", "Round 3, people"),
            "#",
            68_409,
            T(f"/ {DUE:,}", f"of {DUE:,}"),
            DUE,
            68_409,
            EXCUSED,
            TO_DO,
            note=T("点开看是哪几行", "open to see which rows"),
        ),
    ]


def risks(now: datetime) -> Listing:
    """The headquarters list: by time left, with owners."""

    def row(text: Cell, unit: T, name: str, minutes: int) -> Row:
        return Row(
            (text, Owner(unit, name, "0100-0000-18"), Due(now + timedelta(minutes=minutes, seconds=20))), href="#",
        )

    testing, community = T("检测专班", "Testing task force"), T("社区专班", "Community task force")
    return Listing(
        T("接下来可能漏掉的", "What could be missed next"),
        (Column(T("事项", "What")), Column(T("责任人", "Owner")), Column(T("剩余时间", "Time left"), numeric=True)),
        (
            row(
                Cell(
                    T("榆林采样点 12 号台缺第二名医生", "Second doctor for bench 12, Yulin site"),
                    small=T("指令 188,两次未读,已转副组长", "Order 188, unread twice, now with the deputy"),
                ),
                testing, "陈志远", -26,
            ),
            row(
                Cell(
                    T("明日透析的返程座位", "Return seat for tomorrow's dialysis"),
                    small=T("指令 176,管控区,第三次", "Order 176, control zone, third session"),
                ),
                community, "吴敏", -13,
            ),
            row(
                Cell(
                    T("胰岛素送到 2-1104 门口", "Insulin to door 2-1104"),
                    small=T("任务 244,20:10 电话已接", "Task 244, phone answered 20:10"),
                ),
                T("物资专班", "Supplies"), "郑凯", -7,
            ),
            row(
                Cell(
                    T("孩子高热,望潮 6 栋", "Child, high fever, Wangchao block 6"),
                    mark=T("救命", "LIFE"),
                    small=T("3 号车 4 分钟到,审批后补", "Car 3 arrives in 4 min, approval follows"),
                ),
                T("转运专班", "Transfer task force"), "林涛", 4,
            ),
            row(
                Cell(
                    T("海棠 B2–B7 栋 214 人未采到", "214 people in Haitang B2–B7 not reached"),
                    small=T("晚间入户,6 组,每组 2 人", "Evening visit, 6 teams of 2"),
                ),
                T("海棠第 4 网格", "Haitang grid 4"), "黄丽", 140,
            ),
        ),
        note=T("按剩余时间", "by time left"),
    )


def people(request: HttpRequest, now: datetime) -> Listing:
    """A list of people with chips, totals, exports and a next page."""
    wanted = request.GET.get("state", "")
    kinds = (("missing", 6), ("away", 9), ("refused", 2), ("unreachable", 4))
    words = {
        "missing": T("缺", "to do"),
        "away": T("外出", "away"),
        "refused": T("拒检", "refused"),
        "unreachable": T("失联", "unreachable"),
    }
    lines = (
        (Person("陈*桐", "#", masked=True, unmask_url=HERE), "B4-1102", "missing", 2, 140),
        (Person("林*强", "#", masked=True, unmask_url=HERE), "B4-1101", "away", 1, 620),
        (Person("黄*豪", "#", masked=True, unmask_url=HERE), "B4-1004", "refused", 3, 25),
        (Person("欧阳**", "#", masked=True, unmask_url=HERE), "B4-0903", "unreachable", 4, -35),
    )
    rows = tuple(
        Row(
            (
                name, door, Mark(kind), tries, Owner(T("海棠第 4 网格", "Haitang grid 4"), "黄丽", "0100-0000-20"),
                Due(now + timedelta(minutes=minutes, seconds=20)),
            ),
            href="#",
        )
        for name, door, kind, tries, minutes in lines
        if wanted in ("", kind)
    )
    if not wanted:
        rows += (
            Row(
                (
                    Person("林吴秀英", "#"), "B4-1101", Mark("sampled"), 1,
                    Owner(T("海棠第 4 网格", "Haitang grid 4"), "黄丽"), Due(now, ended_at=now - timedelta(minutes=31)),
                ),
                href="#", tone="quiet",
            ),
        )
    return Listing(
        T("还没采到的人", "Still missing"),
        (
            Column(T("姓名", "Name")),
            Column(T("门牌", "Door"), sort_href="#", sorted="asc"),
            Column(T("情况", "State")),
            Column(T("敲门次数", "Attempts"), numeric=True, total=44, sort_href="#"),
            Column(T("责任人", "Owner")),
            Column(T("剩余时间", "Time left"), numeric=True),
        ),
        rows,
        note=T("海棠 B4 栋", "Haitang B4"),
        chips=tuple(
            Chip(words[kind], with_query(request, state="" if wanted == kind else kind), wanted == kind, count)
            for kind, count in kinds
        ),
        exports=(Link("CSV", "#"), Link(T("打印名单", "Print list"), "#")),
        page=KeyPage(len(rows), 21, "#", "#"),
        empty=T("没有人缺检。", "Nobody is missing."),
        as_of=now,
    )


def nothing(now: datetime) -> Listing:
    """The same list when it is empty."""
    return Listing(
        T("逾期的指令", "Late orders"),
        (Column(T("事项", "What")),),
        (),
        empty=T("没有逾期的指令。", "No order is late."),
        as_of=now - timedelta(seconds=8),
    )


def buildings() -> list[BuildingRow]:
    """Bars of one community; each adds up to its people."""
    rows = (
        ("B1", Parts(386, 386)),
        ("B2", Parts(402, 371, 4, 11, 3, 2, 11)),
        ("B3", Parts(395, 352, 2, 16, 1, 3, 21)),
        ("B4", Parts(412, 388, 3, 9, 2, 4, 6)),
        ("B5", Parts(378, 240, 1, 22, 4, 9, 102)),
        ("B6", Parts(390, 305, 0, 18, 2, 6, 59)),
    )
    return [BuildingRow(T(f"海棠 {name} 栋", f"Haitang {name}"), parts, "#", late=name == "B5") for name, parts in rows]


def burn(now: datetime) -> BurnDown:
    """A round that will make it."""
    opened = now - timedelta(hours=15, minutes=40)
    shape = (1, 0.985, 0.93, 0.84, 0.73, 0.62, 0.53, 0.45, 0.37, 0.29, 0.22, 0.16, 0.11, 0.085, 0.06)
    points = [(opened + timedelta(hours=hour), int(DUE * left)) for hour, left in enumerate(shape)]
    return BurnDown(
        T("第 3 轮能在期限前采完吗?", "Will round 3 end before its deadline?"),
        opened,
        now + timedelta(hours=2, minutes=20),
        now,
        DUE,
        (*points, (now, TO_DO)),
        (now + timedelta(minutes=70), now + timedelta(minutes=125)),
    )


def late_burn(now: datetime) -> BurnDown:
    """A round that will not."""
    opened = now - timedelta(hours=5)
    points = tuple(
        (opened + timedelta(hours=hour), left) for hour, left in enumerate((2363, 2300, 2110, 1890, 1702, 1544))
    )
    return BurnDown(
        T("海棠社区能按时采完吗?", "Will Haitang end in time?"),
        opened,
        now + timedelta(hours=1),
        now,
        2363,
        points,
        (now + timedelta(hours=4), now + timedelta(hours=7)),
    )


def level(now: datetime) -> Meter:
    """Books that always balanced."""
    return Meter(
        T("账平了吗?", "Do the books balance?"), tuple((now - timedelta(hours=6 - hour), 0) for hour in range(7))
    )


def off(now: datetime) -> Meter:
    """Books that do not."""
    values = (0, 0, 0, 0, 5, 3, 3)
    return Meter(
        T("账平了吗?", "Do the books balance?"),
        tuple((now - timedelta(hours=6 - hour), value) for hour, value in enumerate(values)),
    )


def decision(now: datetime, own: bool = False) -> Confirm:
    """A zone proposal, as the second person and as the proposer see it."""
    return Confirm(
        T("把望潮 6 栋划为封控区", "Put Wangchao block 6 under lockdown"),
        (
            Effect(1_204, T("人不能出楼", "people may not leave the building")),
            Effect(412, T("户由专人送物", "households are supplied at the door")),
            Effect(3, T("场明日考试要安排专车", "exam candidates need a car tomorrow"), "bad"),
            Effect(17, T("张通行证失效", "passes end")),
        ),
        T("检测专班 陈志远", "Chen Zhiyuan, testing task force"),
        now - timedelta(minutes=6),
        T("需总指挥复核", "the commander has to check it"),
        HERE,
        HERE,
        blocked=T("您是提出人,需另一人确认。", "You proposed it; another person has to confirm.") if own else "",
        expires_at=now + timedelta(minutes=24),
        legal_basis=T("传染病防治法 第四十二条", "Infectious Diseases Law, article 42"),
    )


def dues(now: datetime) -> list[Due]:
    """A deadline in its five moods."""
    minute = timedelta(minutes=1)
    return [
        Due(now - 25 * minute),
        Due(now + 4 * minute + timedelta(seconds=30)),
        Due(now + 140 * minute + timedelta(seconds=30)),
        Due(now + timedelta(days=2, hours=3, minutes=1)),
        Due(now, ended_at=now - 70 * minute),
    ]


def district(rows: int = 10) -> MapFrame:
    """A coast, two roads, three zones and a grid of buildings."""
    tiles, height_all = [], 130 + rows * 19
    for number in range(24 * rows):
        x, y = 18 + (number % 24) * 23 + (number * 7) % 9, 118 + (number // 24) * 19 + (number * 5) % 7
        if abs(y - (196 - x * 0.05)) < 11 or abs(x - 204) < 9 or abs(x - 392) < 9:
            continue
        width, height = 6 + number % 7, 5 + number % 5
        state = "late" if number in (57, 133) else "open" if number % 6 == 0 else "done"
        tiles.append(MapTile(f"M{x} {y}h{width}v{height}h-{width}z", state, T(f"{number} 号楼", f"Building {number}")))
    return MapFrame(
        T("各楼采到哪里了?", "How far is each building?"),
        570,
        height_all,
        water=("M0 0H570V66C500 94 430 72 372 90 300 114 236 86 168 106 100 126 60 98 0 120Z",),
        roads=("M0 198C120 190 300 196 570 166", f"M204 96 212 {height_all}", f"M392 84 388 {height_all}"),
        zones=(
            MapZone("control", "M216 104 384 92 380 184 220 188Z", T("6,310 人", "Control · 6,310"), 222, 100),
            MapZone("lockdown", "M232 122 306 114 312 168 238 174Z", T("1,204 人", "Lockdown · 1,204"), 238, 150),
            MapZone("precaution", "M398 92 564 76 564 312 398 312Z", T("63,690 人", "Precaution · 63,690"), 410, 112),
        ),
        tiles=tuple(tiles),
        places=((60, 60, str(T("海湾", "the bay"))),),
        href="#",
    )
