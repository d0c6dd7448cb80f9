"""The book of capture: what came in against what was stored, set aside, missing or lost.

Owed = events received, as the journal of batches says, and numbers known to be missing. Done = captured events.
Excused = set aside and settled by a person, or declared lost. Open = set aside and unsettled, or still missing; each
under a live task with an owner, as soon as a response stands.
"""

from hashlib import sha256
from typing import Any

from firebreak.engine import bulk
from firebreak.engine.capture import owners
from firebreak.engine.journal.models import Event
from firebreak.engine.ledgers.registry import Ledger, register_ledger
from firebreak.engine.ledgers.snapshot import one_snapshot
from firebreak.kernel.balance import Balance, Discrepancy
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T

TITLE = T("手机上传", "Phone reports")
LISTED_AT_MOST = 100
_DIFFERS = T("这一批收到的数与存下的数不一致。", "What the batch received differs from what was stored.")
_CHANGED = T("这一批的记录与封存的摘要不一致。", "The batch's events differ from the digest in the journal.")

_OPEN_ASIDE = (
    "q.received_at <= %s AND q.act_id <= %s AND NOT COALESCE(q.resolved_at <= %s AND q.end_act_id <= %s, FALSE)"
)
_OPEN_GAP = (
    "g.noticed_at <= %s AND g.act_id <= %s"
    " AND NOT COALESCE(COALESCE(g.filled_at, g.lost_at) <= %s AND g.end_act_id <= %s, FALSE)"
)


def balances(cutoff: Cutoff) -> list[Balance]:
    """One balance over all devices, in one snapshot. Six queries."""
    with one_snapshot():
        return [_balance(cutoff)]


def _balance(cutoff: Cutoff) -> Balance:
    known: list[Any] = [bulk.moment(cutoff.at), cutoff.position]
    received = _number(
        f"SELECT COALESCE(SUM({_field('received')}), 0) FROM journal_event e JOIN journal_act a ON a.id = e.act_id"
        " WHERE e.type = 'BatchTaken' AND a.at <= %s AND a.id <= %s", known,
    )
    captured = _number(
        "SELECT COUNT(*) FROM capture_capturedevent c JOIN journal_act a ON a.id = c.act_id"
        " WHERE a.at <= %s AND a.id <= %s", known,
    )
    aside = "FROM capture_quarantined q WHERE q.received_at <= %s AND q.act_id <= %s"
    ended = "(q.resolved_at IS NOT NULL AND q.resolved_at <= %s AND q.end_act_id <= %s)"
    settled = _number(f"SELECT COUNT(*) {aside} AND {ended} AND q.resolution <> 'counted'", [*known, *known])
    waiting = _number(f"SELECT COUNT(*) FROM capture_quarantined q WHERE {_OPEN_ASIDE}", [*known, *known])
    missing, lost = _gaps(known)
    overdue, unowned = _owned(known)
    excused = {key: value for key, value in (("settled", settled), ("lost", lost)) if value}
    return Balance(
        name="capture", title=TITLE, as_of=cutoff.at, owed=received + missing + lost, done=captured,
        excused=settled + lost, excused_by=excused, open=waiting + missing, overdue=overdue,
        unowned=unowned, rows=tuple(_differing(known)),
    )


def _gaps(known: list[Any]) -> tuple[int, int]:
    """(numbers still missing, numbers declared lost) at a cut-off."""
    size = "g.last - g.first + 1"
    row = bulk.fetch(
        f"SELECT COALESCE(SUM(CASE WHEN ended THEN 0 ELSE size END), 0),"
        " COALESCE(SUM(CASE WHEN ended AND lost_at IS NOT NULL THEN size ELSE 0 END), 0) FROM"
        f" (SELECT {size} AS size, g.lost_at, COALESCE(COALESCE(g.filled_at, g.lost_at) <= %s AND g.end_act_id <= %s, FALSE)"
        " AS ended FROM capture_gap g WHERE g.noticed_at <= %s AND g.act_id <= %s) gaps",
        [*known, *known],
    )[0]
    return int(row[0]), int(row[1])


def _owned(known: list[Any]) -> tuple[int, int]:
    """(overdue, owned by nobody) of what is set aside or missing, by its task at a cut-off; 0 nobody before posts are."""
    live = (
        "SELECT t.about, c.due_at FROM tasks_task t JOIN tasks_taskchange c ON c.id = (SELECT MAX(x.id) FROM"
        " tasks_taskchange x WHERE x.task_id = t.id AND x.happened_at <= %s AND x.act_id <= %s)"
        " WHERE t.kind IN (%s, %s) AND c.status <> 'ended'"
    )
    aside = f"SELECT q.ref AS about, 1 AS n FROM capture_quarantined q WHERE {_OPEN_ASIDE}"
    gaps = f"SELECT g.matter AS about, g.last - g.first + 1 AS n FROM capture_gap g WHERE {_OPEN_GAP}"
    row = bulk.fetch(
        "SELECT COALESCE(SUM(CASE WHEN live.due_at < %s THEN m.n ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN live.about IS NULL AND EXISTS (SELECT 1 FROM units_post p WHERE p.opened_at <= %s"
        " AND p.act_id <= %s AND NOT COALESCE(p.closed_at <= %s AND p.end_act_id <= %s, FALSE)) THEN m.n ELSE 0 END), 0)"
        f" FROM ({aside} UNION ALL {gaps}) m LEFT JOIN ({live}) live ON live.about = m.about",
        [known[0], *known * 2, *known * 4, *known, *owners.KINDS],
    )[0]
    return int(row[0]), int(row[1])


def _differing(known: list[Any]) -> list[Discrepancy]:
    """Batches whose captured events are not as many as the journal says."""
    rows = bulk.fetch(
        f"SELECT e.act_id FROM journal_event e JOIN journal_act a ON a.id = e.act_id LEFT JOIN"
        " (SELECT act_id, COUNT(*) AS n FROM capture_capturedevent GROUP BY act_id) c ON c.act_id = e.act_id"
        f" WHERE e.type = 'BatchTaken' AND a.at <= %s AND a.id <= %s AND {_field('captured')} <> COALESCE(c.n, 0)"
        " ORDER BY e.act_id LIMIT %s", [*known, LISTED_AT_MOST],
    )
    return [Discrepancy(f"act:{act}", _DIFFERS) for (act,) in rows]


def changed_batches(cutoff: Cutoff) -> list[Discrepancy]:
    """Batches whose captured events do not give the digest that the journal (and its seal) holds. Reads every event."""
    said = {
        event.act_id: event.payload["sha256"]
        for event in Event.objects.filter(type="BatchTaken", act_id__lte=cutoff.position)
    }
    digests: dict[int, Any] = {}
    for act, key, mac in bulk.fetch("SELECT act_id, id, mac FROM capture_capturedevent ORDER BY act_id, id"):
        digests.setdefault(act, sha256()).update(bulk.read_uid(key).bytes + bytes(mac))
    empty = sha256().hexdigest()
    found = {act: digest.hexdigest() for act, digest in digests.items() if act <= cutoff.position}
    wrong = [act for act in {*said, *found} if said.get(act) != found.get(act, empty)]
    return [Discrepancy(f"act:{act}", _CHANGED) for act in sorted(wrong)[:LISTED_AT_MOST]]


def _field(name: str) -> str:
    """A number in the payload of a journaled event."""
    return f"CAST(e.payload ->> '{name}' AS integer)"


def _number(sql: str, params: list[Any]) -> int:
    return int(bulk.fetch(sql, params)[0][0])


def register() -> None:
    """Enter the book; called once when Django starts."""
    register_ledger(Ledger("capture", TITLE, balances))
