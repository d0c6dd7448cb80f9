"""The situation picture: what headquarters and the wall both show, in values. Names nobody who lives here.

The books and the people left are as of the last minute's check, the rest is live. Every query is bounded by
buildings, posts or a page of tasks, never by people.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.urls import reverse

from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act
from firebreak.engine.ledgers import checks
from firebreak.engine.ledgers.models import Check
from firebreak.engine.tasks import queries as tasks
from firebreak.engine.tasks.models import Task
from firebreak.kernel.balance import Balance
from firebreak.kernel.text import T
from firebreak.operations.rounds import boards
from firebreak.operations.rounds.boards import Standing
from firebreak.operations.rounds.ledger import title_of
from firebreak.operations.rounds.models import Round
from firebreak.operations.zones.models import Zone
from firebreak.surfaces.common.links import address
from firebreak.surfaces.common.maps import ZoneDrawn, district_frame
from firebreak.surfaces.common.shapes import Book, BuildingRow, BurnDown, Cell, Due, MapFrame, Meter, Owner, Parts, Row

ORDER = ("rounds", "tubes", "tasks", "capture", "messages")
"""The books in the order in which a commander asks for them."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The ledger at a glance."""

    now: datetime
    check: Check | None
    balances: tuple[Balance, ...]
    overdue: int
    unowned: int
    unheld: int
    running: Round | None
    count: Balance | None
    """Of the running round, as of the check like every other book; live until the first check has seen it."""

    @property
    def calm(self) -> T:
        """The first half of the answer: do the books balance?"""
        if self.check is None:
            return T("还没有查过账。", "The books were not checked yet.")
        if self.check.balanced:
            return T("账平。", "Books balance.")
        return T(f"账差 {self.check.difference}。", f"Books are off by {self.check.difference}.")

    @property
    def alarm(self) -> T:
        """The second half, in red: what is late."""
        if not self.overdue:
            return T("", "")
        things = "1 thing is late." if self.overdue == 1 else f"{self.overdue:,} things are late."
        return T(f"{self.overdue:,} 件事逾期。", things)

    @property
    def tone(self) -> str:
        """bad when the books themselves are the alarm."""
        return "" if self.check is None or self.check.balanced else "bad"


def picture(now: datetime) -> Picture:
    """The picture at this moment. Six queries at most."""
    check = checks.latest_check()
    balances = tuple(checks.balances_of(check)) if check else ()
    running = boards.running_round()
    count = balance_among(running, balances) if running else None
    if running and count is None:
        count = counted(running, boards.standing(running), now)
    return Picture(
        now=now, check=check, balances=balances, overdue=tasks.live().filter(due_at__lt=now).count(),
        unowned=sum(balance.unowned for balance in balances), unheld=tasks.unheld().count(), running=running,
        count=count,
    )


def balance_among(running: Round, balances: Iterable[Balance]) -> Balance | None:
    """A round's balance among those of a check; None when the check had not seen it."""
    return next((balance for balance in balances if balance.name == round_balance(running)), None)


def counted(running: Round, live: Standing, now: datetime) -> Balance:
    """A round as its board stands now, in the words of a balance."""
    return Balance(
        round_balance(running),
        title_of(running),
        now,
        owed=live.owed,
        done=live.sampled,
        excused=live.closed,
        open=live.open,
    )


def pulse_of(now: datetime) -> str:
    """Changes whenever a page of figures may: with the next act, and with the minute. One query."""
    last = Act.objects.aggregate(last=Max("id"))["last"] or 0
    return f'"{last}-{now:%Y%m%d%H%M}"'


def books(found: Picture) -> list[Book]:
    """The strip: one entry per ledger that has anything in it, people first; of rounds and tubes the newest."""
    newest = {balance.name.partition(".")[0]: balance for balance in found.balances if balance.owed}
    return [_book(newest[book]) for book in sorted(newest, key=_place)]


def _place(book: str) -> tuple[int, str]:
    return (ORDER.index(book) if book in ORDER else len(ORDER), book)


def urgent_rows(limit: int) -> tuple[Row, ...]:
    """The tasks whose time runs out first, with owner. One query."""
    return tuple(_task_row(task) for task in tasks.live()[:limit])


def burn(running: Round | None, count: Balance | None) -> BurnDown | None:
    """People left in a round against its deadline, down to `count`. One query."""
    if running is None or count is None:
        return None
    kept = checks.history(round_balance(running), running.opened_at)
    points = [(running.opened_at, count.owed), *((at, left) for at, _, left in kept)]
    end = running.closed_at or count.as_of
    points = [*(point for point in points if point[0] < end), (end, count.open)]
    return BurnDown(
        question=T("还差多少人,来得及吗?", "How many left, and is there time?"), opened_at=running.opened_at,
        deadline=running.due_at, now=end, total=count.owed, points=tuple(points),
        forecast=None if running.closed_at else boards.forecast(points, count.as_of),
    )


def meter(found: Picture, since: datetime) -> Meter | None:
    """The line that must stay at 0. One query."""
    points = checks.differences_since(since)
    return Meter(T("账一直是平的吗?", "Have the books stayed balanced?"), tuple(points[-240:])) if points else None


def map_of(found: Picture, *, links: bool = False) -> MapFrame | None:
    """The district by buildings of the running round, under the zones in force. Four queries."""
    states = boards.building_states(found.running, found.now) if found.running else {}
    zones = Zone.objects.filter(status=Zone.Status.IN_FORCE, effective_at__lte=found.now).order_by("id")
    drawn = [
        ZoneDrawn(zone.tier, T(zone.name_zh, zone.name_en), zone.geometry, _covered(zone))
        for zone in zones
        if zone.geometry is not None or zone.changes.count() < 400
    ]
    question = T("哪里还差人?", "Where is it not finished?")
    return district_frame(question, states, drawn, href=address("map") if links else "")


def community_bars(found: Picture) -> list[BuildingRow]:
    """One 100 % bar per community, the furthest behind first. Three queries."""
    if found.running is None:
        return []
    district = Area.objects.get(pk=found.running.area_id)
    rows = sorted(boards.board(found.running, district), key=lambda row: (-row.standing.open, row.code))
    late = found.now > found.running.due_at
    return [BuildingRow(row.name, parts_of(row.standing), late=late and row.standing.open > 0) for row in rows]


def parts_of(standing: Standing) -> Parts:
    """A standing as a 100 % bar."""
    return Parts(
        due=standing.owed, done=standing.sampled, excused=standing.excused, away=standing.away,
        refused=standing.refused, unreachable=standing.unreachable, missing=standing.to_do,
    )


def round_balance(running: Round) -> str:
    """The name under which the checks keep a round's balance."""
    return f"rounds.{running.number}"


def _covered(zone: Zone) -> list[int]:
    return list(zone.changes.exclude(tier="").values_list("building_id", flat=True)) if zone.geometry is None else []


def _book(balance: Balance) -> Book:
    return Book.of(
        balance, href=f"{reverse('ledgers')}#{balance.name}", figure=balance.done,
        unit=T(f"/ {balance.owed:,}", f"of {balance.owed:,}"),
        note=_beside(balance),
    )


def _beside(balance: Balance) -> T:
    """What is not done: only what there is, so that a nought never competes with a figure."""
    counts = ((balance.excused, "豁免", "excused"), (balance.open, "未完", "open"))
    said = [(f"{zh} {count:,}", f"{count:,} {en}") for count, zh, en in counts if count]
    return T(" · ".join(zh for zh, _ in said) or "全部完成", " · ".join(en for _, en in said) or "all done")


def _task_row(task: Task) -> Row:
    post, holder = task.owner, task.owner.holder
    return Row(
        (
            Cell(T(task.title_zh, task.title_en), small=T(post.unit.name_zh, post.unit.name_en)),
            Owner(T(post.name_zh, post.name_en), holder.name if holder else T("空岗,无人负责", "no holder")),
            Due(task.due_at),
        ),
        href=reverse("tasks"),
    )
