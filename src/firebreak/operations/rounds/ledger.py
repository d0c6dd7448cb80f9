"""The book of rounds: owed against sampled, excused and open, each side from tables of its own.

Owed = the register at the round's version + list misses. Done = distinct people in scans not undone. Excused =
latest decisions. Open = entries without an end under a live task with an owner. Where two of them disagree about a
person, or a counter about its rows, the balance names the row; at most a hundred of each kind, with the rest counted.
"""

from dataclasses import dataclass
from typing import Any

from firebreak.engine import bulk
from firebreak.engine.ledgers.registry import Ledger, register_ledger
from firebreak.engine.ledgers.snapshot import one_snapshot
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T
from firebreak.operations.rounds import again, checks
from firebreak.operations.rounds.models import Round, Tube
from firebreak.operations.rounds.opening import listed_in
from firebreak.operations.rounds.rules import read_terms
from firebreak.operations.rounds.scope import Scope
from firebreak.operations.rounds.states import TESTING_WORDS

TITLE = T("采样轮次", "Testing rounds")
TUBES_TITLE = T("第 {number} 轮采样管", "Tubes of round {number}")
ROUND_TITLE = T("第 {number} 轮采样", "Testing round {number}")
SCOPED = T("{title}({scope})", "{title} ({scope})")
OTHER_TITLE = T("第 {number} 轮 · {kind}", "Round {number}: {kind}")
Query = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Sides:
    """The four sides of one round at a cut-off, each as SQL that gives one row for each person (`person_id`)."""

    owed: Query
    done: Query
    excused: Query
    open: Query


def sides(row: Round, cutoff: Cutoff) -> Sides:
    """The sides of a round. No query by itself."""
    at, position, key = bulk.moment(cutoff.at), cutoff.position, row.pk
    listed, params = listed_in(row)
    owed = (
        f"SELECT person_id, building_id FROM ({listed}) listed"
        " UNION SELECT person_id, building_id FROM rounds_listmiss"
        " WHERE round_id = %s AND happened_at <= %s AND act_id <= %s",
        [*params, key, at, position],
    )
    done = (
        "SELECT DISTINCT s.person_id FROM rounds_scan s WHERE s.round_id = %s AND s.happened_at <= %s AND s.act_id <= %s"
        " AND NOT EXISTS (SELECT 1 FROM rounds_undo u WHERE u.scan_event_id = s.event_id"
        " AND u.happened_at <= %s AND u.act_id <= %s)",
        [key, at, position, at, position],
    )
    excused = (
        "SELECT person_id, reason, state FROM (SELECT d.person_id, d.reason, d.state, ROW_NUMBER() OVER"
        f" (PARTITION BY d.person_id ORDER BY d.happened_at DESC, {RANK}, d.id DESC) AS place FROM rounds_decision d"
        " WHERE d.round_id = %s AND d.happened_at <= %s AND d.act_id <= %s) latest"
        f" WHERE place = 1 AND state <> 'to_do' AND person_id NOT IN ({done[0]})",
        [key, at, position, *done[1]],
    )
    return Sides(owed, done, excused, _open(row, at, position))


RANK = (
    "CASE d.state WHEN 'refused' THEN 0 WHEN 'duplicate' THEN 1 WHEN 'dead' THEN 2 WHEN 'moved' THEN 3"
    " WHEN 'excused' THEN 4 ELSE 5 END"
)
"""Of two decisions at one moment the stronger holds, as in `rules.fold`."""


def _open(row: Round, at: Any, position: int) -> Query:
    """Entries whose latest outcome leaves them open, with the state of their building's task.

    The latest outcome and change are looked up row by row over their indexes: SQLite builds no index for a
    joined subquery it has no statistics of, and would compare every person with every outcome. They are
    materialised: PostgreSQL takes the condition on a state it must compute for one that leaves a single row, and
    would read the register once for each of them.
    """
    return (
        "WITH x AS MATERIALIZED ("
        " SELECT e.person_id, e.building_id, COALESCE((SELECT o.state FROM rounds_entryoutcome o"
        "  WHERE o.round_id = e.round_id AND o.person_id = e.person_id AND o.happened_at <= %s AND o.act_id <= %s"
        "  ORDER BY o.happened_at DESC, o.id DESC LIMIT 1), 'to_do') AS state"
        "  FROM rounds_entry e"
        "  LEFT JOIN rounds_listmiss m ON m.round_id = e.round_id AND m.person_id = e.person_id"
        "  WHERE e.round_id = %s AND e.act_id <= %s AND (m.person_id IS NULL OR m.happened_at <= %s))"
        " SELECT x.person_id, x.building_id, x.state, c.status, c.due_at, p.id AS post_id FROM x"
        " LEFT JOIN rounds_tally b ON b.round_id = %s AND b.building_id = x.building_id"
        " LEFT JOIN tasks_taskchange c ON c.id = (SELECT l.id FROM tasks_taskchange l WHERE l.task_id = b.task_id"
        "  AND l.happened_at <= %s AND l.act_id <= %s ORDER BY l.id DESC LIMIT 1)"
        " LEFT JOIN units_post p ON p.id = c.owner_id AND (p.closed_at IS NULL OR p.closed_at > %s)"
        " WHERE x.state IN ('to_do', 'away', 'unreachable')",
        [at, position, row.pk, position, at, row.pk, at, position, at],
    )


def title_of(row: Round) -> T:
    """What a round is called in its book and on every screen."""
    terms = read_terms(row.terms)
    plain = terms.words["round"] == TESTING_WORDS["round"]
    title = ROUND_TITLE.filled(number=row.number) if plain else OTHER_TITLE.filled(number=row.number, kind=terms.words["round"])
    return of_scope(row, title)


def of_scope(row: Round, title: T) -> T:
    """A title with whom the round is narrowed to."""
    scope = Scope.read(row.scope)
    return title if scope is None else SCOPED.filled(title=title, scope=scope.name)


def balances(cutoff: Cutoff) -> list[Balance]:
    """One balance for each round that had been opened at the cut-off, in one snapshot. About twenty queries a round."""
    with one_snapshot():
        rows = Round.objects.filter(opened_at__lte=cutoff.at, act_id__lte=cutoff.position).select_related("area")
        return [balance(row, cutoff) for row in rows.exclude(status=Round.Status.CANCELLED).order_by("id")]


def balance(row: Round, cutoff: Cutoff) -> Balance:
    """The balance of one round at a cut-off."""
    four = sides(row, cutoff)
    excused = dict(bulk.fetch(
        f"SELECT reason, COUNT(*) FROM ({four.excused[0]}) x GROUP BY reason ORDER BY reason", four.excused[1]
    ))
    owned, overdue, loose = bulk.fetch(
        "SELECT COALESCE(SUM(CASE WHEN status <> 'ended' AND post_id IS NOT NULL THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN status <> 'ended' AND post_id IS NOT NULL AND due_at < %s THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN status IS NULL OR status = 'ended' OR post_id IS NULL THEN 1 ELSE 0 END), 0)"
        f" FROM ({four.open[0]}) x",
        [bulk.moment(cutoff.at), *four.open[1]],
    )[0]
    each = checks.each_person(row, four, cutoff)
    owed, done, wrong = bulk.fetch(
        "SELECT COALESCE(SUM(owed), 0), COALESCE(SUM(scanned), 0),"
        f" COALESCE(SUM(CASE WHEN {checks.ANY_CONTRADICTION} THEN 1 ELSE 0 END), 0) FROM ({each[0]}) said", each[1],
    )[0]
    return Balance(
        name=f"rounds.{row.number}",
        title=title_of(row),
        as_of=cutoff.at,
        owed=int(owed),
        done=int(done),
        excused=sum(excused.values()),
        excused_by=excused,
        open=owned,
        overdue=overdue,
        unowned=loose,
        rows=tuple(checks.discrepancies(row, four, cutoff, each if wrong else None)),
    )


def tube_balances(cutoff: Cutoff) -> list[Balance]:
    """Tubes taken into use against sealed, void and in hand, for each round. Three queries a round."""
    with one_snapshot():
        rows = Round.objects.filter(opened_at__lte=cutoff.at, act_id__lte=cutoff.position).order_by("id")
        return [tube_balance(row, cutoff) for row in rows if read_terms(row.terms).in_tubes]


def tubes_in(status: str, row: Round, cutoff: Cutoff) -> Query:
    """Tubes of a round whose last change known at a cut-off is this one, with its moment."""
    return (
        "SELECT x.tube_id, x.happened_at FROM (SELECT c.tube_id, c.status, c.happened_at, ROW_NUMBER() OVER"
        " (PARTITION BY c.tube_id ORDER BY c.id DESC) AS place FROM rounds_tubechange c"
        " JOIN rounds_tube t ON t.id = c.tube_id WHERE t.round_id = %s AND c.happened_at <= %s AND c.act_id <= %s) x"
        " WHERE x.place = 1 AND x.status = %s",
        [row.pk, bulk.moment(cutoff.at), cutoff.position, status],
    )


def tube_balance(row: Round, cutoff: Cutoff) -> Balance:
    """Owed = tubes of the round (table of tubes); sealed, void, open = their last change (table of changes)."""
    at, position = bulk.moment(cutoff.at), cutoff.position
    last = (
        "SELECT c.tube_id, c.status, ROW_NUMBER() OVER (PARTITION BY c.tube_id ORDER BY c.id DESC) AS place"
        " FROM rounds_tubechange c WHERE c.happened_at <= %s AND c.act_id <= %s"
        " AND EXISTS (SELECT 1 FROM rounds_tube t WHERE t.id = c.tube_id AND t.round_id = %s)"
    )
    states: dict[str, int] = dict(bulk.fetch(
        f"SELECT status, COUNT(*) FROM ({last}) x WHERE place = 1 GROUP BY status", [at, position, row.pk]
    ))
    owed = bulk.fetch(
        "SELECT COUNT(*) FROM rounds_tube t WHERE t.round_id = %s AND t.opened_at <= %s AND t.act_id <= %s",
        [row.pk, at, position],
    )[0][0]
    void = states.get(Tube.Status.VOID, 0)
    return Balance(
        name=f"tubes.{row.number}", title=TUBES_TITLE.filled(number=row.number), as_of=cutoff.at, owed=owed,
        done=states.get(Tube.Status.SEALED, 0), excused=void, excused_by={"void": void} if void else {},
        open=states.get(Tube.Status.OPEN, 0), rows=tuple(checks.tubes(row, cutoff)),
    )


def register() -> None:
    """Enter the books; called once when Django starts."""
    register_ledger(Ledger("rounds", TITLE, balances))
    register_ledger(Ledger("tubes", T("采样管", "Tubes"), tube_balances))
    register_ledger(Ledger("again", again.TITLE, again.balances))
