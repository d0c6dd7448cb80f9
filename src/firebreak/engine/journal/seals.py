"""Sealing: a Merkle root over the acts since the last seal, chained to its head, written outside the database.

The file line comes first, then the rows; a crash between them is mended by the next seal, which adopts the
line after comparing it with the acts. Never edits or removes an act; never runs inside an action.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from firebreak.engine.journal import sealfile
from firebreak.engine.journal.acting import SEAL_LOCK, acting_now
from firebreak.engine.journal.merkle import leaf_hash
from firebreak.engine.journal.models import Act, Leaf, Seal
from firebreak.engine.journal.sealfile import NotASeal, SealLine
from firebreak.kernel import clock
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

BATCH = 2_000

SEALS_DISAGREE = RefusalKind(
    "seals-disagree",
    T(
        "封存文件与数据库对不上:{what}。没有封存。请运行 firebreak verify --database,并从备份恢复缺的一方。",
        "The seal file and the database disagree: {what}. Nothing was sealed. Run firebreak verify --database and "
        "restore the side that lacks something from a backup.",
    ),
)
_UNREADABLE = T("文件最后一行读不出", "the last line of the file cannot be read")
_FILE_BEHIND = T("文件到第 {file} 号,数据库到第 {rows} 号", "the file ends at seal {file}, the database at {rows}")
_ACTS_DIFFER = T("第 {number} 号封存的凭证已变或不在", "acts of seal {number} have changed or are gone")


@dataclass(frozen=True, slots=True)
class SealHead:
    """The end of the chain: `head` is what is printed, `position` the last act it covers."""

    number: int
    position: int
    root: str
    head: str
    sealed_at: datetime


def seal(at: datetime) -> SealHead:
    """Seal every act that is committed now; with no new act the present head is given again.

    Holds the exclusive seal lock, so that no act in flight can later commit at or below the position.
    Refuses `seals-disagree`. Errors: `RuntimeError` inside an action, whose own act could not be sealed.
    """
    if acting_now():
        raise RuntimeError("seal before the action, not inside it: its act is not committed yet")
    folder = Path(settings.DATA)
    with transaction.atomic():
        _keep_actions_out()
        newest = _settled(folder)
        leaves = tuple(leaves_between(newest.position if newest else 0, None))
        if newest and not leaves:
            return _head_of_row(newest)
        line = _next_line(newest, leaves, at)
        sealfile.append(folder, line)
        return _head_of_row(_enter(line))


def latest() -> SealHead | None:
    """The newest seal in the database, or None before the first. One query."""
    newest = Seal.objects.order_by("-number").first()
    return _head_of_row(newest) if newest else None


def unsealed_acts() -> int:
    """How many acts came after the newest seal. Two queries."""
    newest = latest()
    return Act.objects.filter(id__gt=newest.position if newest else 0).count()


def leaves_between(after: int, until: int | None) -> Iterator[tuple[int, str]]:
    """(act number, leaf hash) of the acts with `after` < number ≤ `until`, recomputed from their rows."""
    acts = Act.objects.filter(id__gt=after).order_by("id").select_related("answer").prefetch_related("events")
    if until is not None:
        acts = acts.filter(id__lte=until)
    for act in acts.iterator(chunk_size=BATCH):
        yield act.id, leaf_hash(canonical_act(act)).hex()


def canonical_act(act: Act) -> bytes:
    """The bytes that are sealed: the act, what it answered, and its events in their order."""
    answer = getattr(act, "answer", None)
    return sealfile.canonical(
        {
            "id": act.id,
            "key": act.key,
            "name": act.name,
            "by": act.by,
            "at": clock.iso(act.at),
            "received_at": clock.iso(act.received_at),
            "outcome": act.outcome,
            "refusal": act.refusal,
            "answer": [answer.result] if answer else [],
            "events": [
                [event.type, event.about, event.payload]
                for event in sorted(act.events.all(), key=lambda event: event.id)
            ],
        }
    )


def _keep_actions_out() -> None:
    """Wait until no action is in flight and let none begin. SQLite's one writer has that already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])


def _settled(folder: Path) -> Seal | None:
    """The newest seal once file and rows agree: a torn line is cut, a line without rows is adopted."""
    sealfile.cut_torn_line(folder)
    newest = Seal.objects.order_by("-number").first()
    try:
        line = sealfile.last(folder)
    except NotASeal as problem:
        raise SEALS_DISAGREE.because(what=_UNREADABLE) from problem
    rows, written = newest.number if newest else 0, line.number if line else 0
    if line and written == rows + 1 and line.previous == (newest.head if newest else sealfile.FIRST):
        if tuple(leaves_between(newest.position if newest else 0, line.position)) != line.leaves:
            raise SEALS_DISAGREE.because(what=_ACTS_DIFFER.filled(number=written))
        return _enter(line)
    if written != rows or (line and newest and line.head != newest.head):
        raise SEALS_DISAGREE.because(what=_FILE_BEHIND.filled(file=written, rows=rows))
    return newest


def _next_line(newest: Seal | None, leaves: tuple[tuple[int, str], ...], at: datetime) -> SealLine:
    number = newest.number + 1 if newest else 1
    position = leaves[-1][0] if leaves else 0
    previous = newest.head if newest else sealfile.FIRST
    draft = SealLine(number, clock.iso(at), position, previous, root="", head="", leaves=leaves)
    root = draft.expected_root()
    head = sealfile.head_of(number, draft.sealed_at, position, previous, root)
    return SealLine(number, draft.sealed_at, position, previous, root, head, leaves)


def _enter(line: SealLine) -> Seal:
    row = Seal.objects.create(
        number=line.number,
        sealed_at=datetime.fromisoformat(line.sealed_at),
        acts=len(line.leaves),
        position=line.position,
        root=line.root,
        head=line.head,
    )
    Leaf.objects.bulk_create(
        [Leaf(act_id=act, seal_id=line.number, hash=leaf) for act, leaf in line.leaves], batch_size=BATCH
    )
    return row


def _head_of_row(row: Seal) -> SealHead:
    return SealHead(row.number, row.position, row.root, row.head, row.sealed_at)
