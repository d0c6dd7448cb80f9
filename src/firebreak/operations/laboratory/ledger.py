"""The books of custody and of positive pools.

Custody: owed = sealed tubes of the round (table of tubes) + swabs of one person and blind controls (specimens); done =
specimens with a result (results); excused = declared missing (changes); open = the rest, while the round is open or its task
has an owner.
Pools: owed = people held; done = those with a result of their own; excused = released by decision; open = under the pool's task.
"""

from typing import Any

from firebreak.engine import bulk
from firebreak.engine.ledgers.registry import Ledger, register_ledger
from firebreak.engine.ledgers.snapshot import one_snapshot
from firebreak.kernel.balance import Balance, Discrepancy
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T
from firebreak.operations.laboratory import labels
from firebreak.operations.laboratory.models import Pool
from firebreak.operations.laboratory.stages import Stage
from firebreak.operations.laboratory.watch import KIND
from firebreak.operations.rounds.ledger import Query, tubes_in
from firebreak.operations.rounds.models import Round, Tube
from firebreak.operations.rounds.rules import read_terms

TITLE = T("标本交接与结果", "Custody and results")
ROUND_TITLE = T("第 {number} 轮标本", "Specimens of round {number}")
POOLS_TITLE = T("阳性混管待单采人员", "People of positive pools")
LISTED_AT_MOST = 100
_NOT_SEALED = T("有结果或在途,但采样管没有封。", "It has a result or is on its way, but its tube is not sealed.")
_OUT_OF_STEP = T("标本现状与最后一次变动不一致。", "Where it stands is not what its last change says.")


def balances(cutoff: Cutoff) -> list[Balance]:
    """One balance for each round that owes its tubes a result and has sealed one at the cut-off, in one snapshot.

    Six queries a round.
    """
    with one_snapshot():
        rows = Round.objects.filter(opened_at__lte=cutoff.at, act_id__lte=cutoff.position, tubes__isnull=False)
        owed = [row for row in rows.distinct().order_by("id") if read_terms(row.terms).custody]
        return [one for row in owed if (one := balance(row, cutoff)).owed or one.rows]


def balance(row: Round, cutoff: Cutoff) -> Balance:
    """The custody book of one round at a cut-off."""
    at, position = bulk.moment(cutoff.at), cutoff.position
    sealed, params = tubes_in(Tube.Status.SEALED, row, cutoff)
    tubes = _one(f"SELECT COUNT(*) FROM ({sealed}) x", params)
    beside = _one(
        "SELECT COUNT(*) FROM laboratory_specimen s WHERE s.round_id = %s AND s.kind <> 'pool' AND s.act_id <= %s"
        " AND EXISTS (SELECT 1 FROM laboratory_specimenchange c WHERE c.specimen_id = s.id AND c.happened_at <= %s"
        " AND c.act_id <= %s)",
        [row.pk, position, at, position],
    )
    done_sql, done_values = _resulted(row, cutoff)
    done = _one(f"SELECT COUNT(*) FROM ({done_sql}) x", done_values)
    last, values = _last_changes(row, cutoff)
    missing = _one(
        f"SELECT COUNT(*) FROM ({last}) x WHERE x.stage = %s AND x.specimen_id NOT IN ({done_sql})",
        [*values, Stage.MISSING, *done_values],
    )
    owed = tubes + beside
    left = owed - done - missing
    owned, late = _task(row, cutoff)
    return Balance(
        name=f"custody.{row.number}", title=ROUND_TITLE.filled(number=row.number), as_of=cutoff.at, owed=owed, done=done,
        excused=missing, excused_by={"missing": missing} if missing else {}, open=left if owned else 0,
        overdue=left if owned and late else 0, unowned=0 if owned else max(left, 0), rows=tuple(_contradictions(row, cutoff)),
    )


def _resulted(row: Round, cutoff: Cutoff) -> Query:
    """Specimens a laboratory has said something of."""
    return (
        "SELECT DISTINCT r.specimen_id FROM laboratory_result r JOIN laboratory_specimen s ON s.id = r.specimen_id"
        " WHERE s.round_id = %s AND r.happened_at <= %s AND r.act_id <= %s",
        [row.pk, bulk.moment(cutoff.at), cutoff.position],
    )


def _last_changes(row: Round, cutoff: Cutoff) -> Query:
    """The last change of each specimen of a round known at a cut-off."""
    return (
        "SELECT specimen_id, stage, holder FROM (SELECT c.specimen_id, c.stage, c.holder, ROW_NUMBER() OVER"
        " (PARTITION BY c.specimen_id ORDER BY c.happened_at DESC, c.id DESC) AS place FROM laboratory_specimenchange c"
        " JOIN laboratory_specimen s ON s.id = c.specimen_id"
        " WHERE s.round_id = %s AND c.happened_at <= %s AND c.act_id <= %s) y WHERE place = 1",
        [row.pk, bulk.moment(cutoff.at), cutoff.position],
    )


def _task(row: Round, cutoff: Cutoff) -> tuple[bool, bool]:
    """Whether somebody answers at the cut-off: who runs the round while it is open, then the owner of its task; and late."""
    if row.closed_at is None or row.closed_at > cutoff.at:
        return True, row.due_at < cutoff.at
    found = bulk.fetch(
        "SELECT c.status, c.due_at, p.id FROM tasks_task t JOIN tasks_taskchange c ON c.id = (SELECT l.id FROM tasks_taskchange l"
        " WHERE l.task_id = t.id AND l.happened_at <= %s AND l.act_id <= %s ORDER BY l.id DESC LIMIT 1)"
        " LEFT JOIN units_post p ON p.id = c.owner_id AND (p.closed_at IS NULL OR p.closed_at > %s)"
        " WHERE t.kind = %s AND t.about = %s",
        [bulk.moment(cutoff.at), cutoff.position, bulk.moment(cutoff.at), KIND, row.ref],
    )
    live = [(bulk.read_moment(due), post) for status, due, post in found if status != "ended" and post is not None]
    return bool(live), any(due < cutoff.at for due, _ in live)


def _contradictions(row: Round, cutoff: Cutoff) -> list[Discrepancy]:
    """Specimens whose tube is not sealed though they have an end, and those that stand elsewhere than their last change."""
    sealed, params = tubes_in(Tube.Status.SEALED, row, cutoff)
    done_sql, done_values = _resulted(row, cutoff)
    last, values = _last_changes(row, cutoff)
    loose = bulk.fetch(
        f"SELECT s.code FROM laboratory_specimen s WHERE s.round_id = %s AND s.kind = 'pool' AND (s.id IN ({done_sql})"
        f" OR s.id IN (SELECT specimen_id FROM ({last}) l WHERE l.stage = 'missing'))"
        f" AND s.tube_id NOT IN (SELECT tube_id FROM ({sealed}) t) ORDER BY s.code LIMIT {LISTED_AT_MOST}",
        [row.pk, *done_values, *values, *params],
    )
    found = [Discrepancy(code, _NOT_SEALED) for (code,) in loose]
    wrong = bulk.fetch(
        "SELECT s.code FROM laboratory_specimen s WHERE s.round_id = %s AND s.stage <> COALESCE(("
        " SELECT c.stage FROM laboratory_specimenchange c WHERE c.specimen_id = s.id"
        f" ORDER BY c.happened_at DESC, c.id DESC LIMIT 1), '') ORDER BY s.code LIMIT {LISTED_AT_MOST}",
        [row.pk],
    )
    return [*found, *(Discrepancy(code, _OUT_OF_STEP) for (code,) in wrong)]


def pool_balances(cutoff: Cutoff) -> list[Balance]:
    """Everybody ever held: with a result of their own, released, or open under their pool's task. Five queries."""
    with one_snapshot():
        if not Pool.objects.filter(found_at__lte=cutoff.at, act_id__lte=cutoff.position).exists():
            return []
        at, position = bulk.moment(cutoff.at), cutoff.position
        owed = _one(
            "SELECT COUNT(*) FROM laboratory_held h WHERE h.happened_at <= %s AND h.act_id <= %s", [at, position]
        )
        done_sql = (
            "SELECT DISTINCT s.held_id FROM laboratory_result r JOIN laboratory_specimen s ON s.id = r.specimen_id"
            " WHERE s.held_id IS NOT NULL AND r.means <> 'invalid' AND r.happened_at <= %s AND r.act_id <= %s"
        )
        done = _one(f"SELECT COUNT(*) FROM ({done_sql}) x", [at, position])
        released_sql = "SELECT held_id FROM laboratory_released WHERE happened_at <= %s AND act_id <= %s"
        released = _one(
            f"SELECT COUNT(*) FROM ({released_sql}) x WHERE held_id NOT IN ({done_sql})", [at, position, at, position]
        )
        owned, late, loose = bulk.fetch(
            "SELECT COALESCE(SUM(CASE WHEN status <> 'ended' AND post IS NOT NULL THEN 1 ELSE 0 END), 0),"
            " COALESCE(SUM(CASE WHEN status <> 'ended' AND post IS NOT NULL AND due_at < %s THEN 1 ELSE 0 END), 0),"
            " COALESCE(SUM(CASE WHEN status IS NULL OR status = 'ended' OR post IS NULL THEN 1 ELSE 0 END), 0) FROM ("
            " SELECT h.id, c.status, c.due_at, p.id AS post FROM laboratory_held h"
            " JOIN laboratory_pool o ON o.id = h.pool_id"
            " LEFT JOIN tasks_taskchange c ON c.id = (SELECT l.id FROM tasks_taskchange l WHERE l.task_id = o.task_id"
            "  AND l.happened_at <= %s AND l.act_id <= %s ORDER BY l.id DESC LIMIT 1)"
            " LEFT JOIN units_post p ON p.id = c.owner_id AND (p.closed_at IS NULL OR p.closed_at > %s)"
            " WHERE h.happened_at <= %s AND h.act_id <= %s"
            f" AND h.id NOT IN ({done_sql}) AND h.id NOT IN ({released_sql})) x",
            [at, at, position, at, at, position, at, position, at, position],
        )[0]
        return [Balance(
            name="pools", title=POOLS_TITLE, as_of=cutoff.at, owed=owed, done=done, excused=released,
            excused_by={"released": released} if released else {}, open=int(owned), overdue=int(late), unowned=int(loose),
        )]


def _one(sql: str, values: list[Any]) -> int:
    return int(bulk.fetch(sql, values)[0][0])


def register() -> None:
    """Enter the books; called once when Django starts."""
    register_ledger(Ledger("labels", labels.TITLE, labels.balances))
    register_ledger(Ledger("custody", TITLE, balances))
    register_ledger(Ledger("pools", POOLS_TITLE, pool_balances))
