"""Where the books of a round contradict each other: each disagreement names its row.

Asked by the ledger. Bounded: at most a hundred rows of each kind, then one line with the number of the rest.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from firebreak.engine import bulk
from firebreak.engine.journal.models import Act
from firebreak.kernel.balance import Discrepancy
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Round

if TYPE_CHECKING:
    from firebreak.operations.rounds.ledger import Query, Sides

LISTED_AT_MOST = 100
_MORE = T("还有 {n} 条同样的问题。", "{n} more of the same kind.")
_LATEST = (
    "SELECT person_id, state FROM (SELECT person_id, state, ROW_NUMBER() OVER (PARTITION BY person_id"
    " ORDER BY happened_at DESC, id DESC) AS place FROM rounds_entryoutcome"
    " WHERE round_id = %s AND happened_at <= %s AND act_id <= %s) o WHERE place = 1"
)
_LIVE = "NOT EXISTS (SELECT 1 FROM rounds_undo u WHERE u.scan_event_id = s.event_id)"


def discrepancies(
    row: Round, four: "Sides", cutoff: Cutoff, contradicted: "Query | None"
) -> Iterator[Discrepancy]:
    """Everything that does not fit in one round at a cut-off; its counters too when the cut-off is the present.

    `contradicted` is `each_person` when its rows are known to contradict each other.
    """
    if contradicted is not None:
        yield from _contradicted(contradicted)
    yield from _captured(row, cutoff)
    yield from _people(
        f"SELECT person_id FROM ({four.open[0]}) x WHERE status IS NULL OR status = 'ended' OR post_id IS NULL",
        four.open[1], T("没有结果,也没有在办任务或责任人。", "Is without an end, a live task or an owner."),
    )
    if is_present(cutoff):
        yield from _derived(row)


def is_present(cutoff: Cutoff) -> bool:
    """Whether the ledger has learned nothing after a cut-off, so that derived columns must agree with it."""
    last = Act.objects.order_by("-id").first()
    return last is None or (last.pk <= cutoff.position and last.at <= cutoff.at)


def each_person(row: Round, four: "Sides", cutoff: Cutoff) -> "Query":
    """One row for each person whom any table of the round names, with what each table says: one pass over all of them.

    `owed`, `listed`, `scanned` are 0 or 1; `stands` is the latest outcome and `decided` the decision in force.
    """
    at, position, key = bulk.moment(cutoff.at), cutoff.position, row.pk
    parts: list[Query] = [
        (
            "SELECT person_id, 1 AS owed, 0 AS listed, 0 AS scanned, '' AS stands, '' AS decided"
            f" FROM ({four.owed[0]}) o", four.owed[1],
        ),
        (
            "SELECT e.person_id, 0, 1, 0, '', '' FROM rounds_entry e WHERE e.round_id = %s AND e.act_id <= %s"
            " AND e.person_id NOT IN"
            " (SELECT person_id FROM rounds_listmiss WHERE round_id = %s AND (happened_at > %s OR act_id > %s))",
            [key, position, key, at, position],
        ),
        (f"SELECT person_id, 0, 0, 1, '', '' FROM ({four.done[0]}) d", four.done[1]),
        (f"SELECT person_id, 0, 0, 0, state, '' FROM ({_LATEST}) l", [key, at, position]),
        (f"SELECT person_id, 0, 0, 0, '', state FROM ({four.excused[0]}) x", four.excused[1]),
    ]
    return (
        "SELECT person_id, MAX(owed) AS owed, MAX(listed) AS listed, MAX(scanned) AS scanned, MAX(stands) AS stands,"
        f" MAX(decided) AS decided FROM ({' UNION ALL '.join(sql for sql, _ in parts)}) said GROUP BY person_id",
        [param for _, params in parts for param in params],
    )


_CLOSED = "CASE WHEN stands IN ('sampled', 'to_do', 'away', 'unreachable') THEN '' ELSE stands END"
CONTRADICTIONS = {
    "owed > listed": T("在底册里,却不在本轮名单上。", "Is in the register but not on the round's list."),
    "owed < listed": T(
        "在本轮名单上,却不在开轮时的底册里,也不是补录。", "Is on the round's list but neither in its register nor found."
    ),
    "stands = 'sampled' AND scanned = 0": T("记为已采样,却没有采样记录。", "Stands as sampled, but there is no scan."),
    "stands <> 'sampled' AND scanned = 1": T(
        "有采样记录,却没有记为已采样。", "There is a scan, but the person does not stand as sampled."
    ),
    f"{_CLOSED} <> '' AND {_CLOSED} <> decided": T(
        "记为已结案,却没有对应的决定。", "Stands as closed, but no decision says so."
    ),
    f"decided <> '' AND {_CLOSED} <> decided": T(
        "有结案决定,却没有记为已结案。", "A decision closed the entry, but it does not stand as closed."
    ),
}
"""What a row of `each_person` must not say, and how it is told."""
ANY_CONTRADICTION = " OR ".join(f"({condition})" for condition in CONTRADICTIONS)


def _contradicted(each: "Query") -> Iterator[Discrepancy]:
    for condition, text in CONTRADICTIONS.items():
        yield from _people(f"SELECT person_id FROM ({each[0]}) said WHERE {condition}", each[1], text)


def _captured(row: Round, cutoff: Cutoff) -> Iterator[Discrepancy]:
    """Scans against the events of phones that they came from; both were written by one act. Paper has none."""
    key = "CAST(id AS text)" if bulk.is_postgres() else "id"
    both = (
        "SELECT id, MAX(scan) AS scan, MAX(event) AS event FROM (SELECT s.event_id AS id, 1 AS scan, 0 AS event"
        " FROM rounds_scan s JOIN journal_act c ON c.id = s.act_id"
        " WHERE s.round_id = %s AND s.act_id <= %s AND c.name NOT IN ('rounds.key_back_swab', 'rounds.record_outcome')"
        " UNION ALL SELECT id, 0, 1 FROM capture_capturedevent"
        " WHERE type = 'scan' AND body ->> 'round' = %s AND act_id <= %s) said GROUP BY id"
    )
    known = [row.pk, cutoff.position, row.ref, cutoff.position]
    if not bulk.fetch(f"SELECT COUNT(*) FROM ({both}) x WHERE scan <> event", known)[0][0]:
        return
    yield from _listed(
        f"SELECT 'scan ' || {key} FROM ({both}) x WHERE scan > event ORDER BY 1", known,
        T("采样记录没有对应的上传记录。", "The scan has no event of a phone behind it."),
    )
    yield from _listed(
        f"SELECT 'event ' || {key} FROM ({both}) x WHERE scan < event ORDER BY 1", known,
        T("上传的采样没有入账。", "A phone's scan is not in the book."),
    )


def _derived(row: Round) -> Iterator[Discrepancy]:
    """Columns that are kept beside their rows, against a recount of the rows.

    Like the open side of the book, latest rows are looked up one by one over their index: joined as a subquery,
    SQLite would compare every person with every outcome.
    """
    key = row.pk
    yield from _people(
        "SELECT e.person_id FROM rounds_entry e WHERE e.round_id = %s AND e.state <> COALESCE((SELECT o.state"
        " FROM rounds_entryoutcome o WHERE o.round_id = e.round_id AND o.person_id = e.person_id"
        " ORDER BY o.happened_at DESC, o.id DESC LIMIT 1), 'to_do')", [key],
        T("名单上的状态与记录不一致。", "The state on the list differs from what was recorded."),
    )
    yield from _listed(
        f"SELECT COALESCE(a.code, 'building #' || COALESCE(b.building_id, r.building_id)) FROM ({_RECOUNT}) r"
        " FULL JOIN (SELECT * FROM rounds_tally WHERE round_id = %s) b ON b.building_id = r.building_id"
        " LEFT JOIN areas_area a ON a.id = COALESCE(b.building_id, r.building_id)"
        f" WHERE {' OR '.join(f'COALESCE(b.{name}, 0) <> COALESCE(r.{name}, 0)' for name in _COUNTED)} ORDER BY 1",
        [key, key],
        T("楼栋的进度计数与名单不一致。", "The building's counters differ from its list."),
    )
    yield from _listed(
        "SELECT t.code FROM rounds_tube t LEFT JOIN (SELECT s.tube_id, COUNT(DISTINCT s.person_id) AS people"
        f" FROM rounds_scan s WHERE s.round_id = %s AND {_LIVE} GROUP BY s.tube_id) m ON m.tube_id = t.id"
        " WHERE t.round_id = %s AND t.members <> COALESCE(m.people, 0) ORDER BY t.code", [key, key],
        T("采样管里的人数与采样记录不一致。", "The number of people in the tube differs from its scans."),
    )
    yield from _listed(
        "SELECT %s FROM (SELECT COALESCE(SUM(sampled), 0) AS n FROM rounds_progress WHERE round_id = %s) p,"
        " (SELECT COALESCE(SUM(sampled), 0) AS n FROM rounds_tally WHERE round_id = %s) b WHERE p.n <> b.n",
        [row.ref, key, key],
        T("按时段的进度与按楼栋的进度不一致。", "Progress by time differs from progress by building."),
    )


def tubes(row: Round, cutoff: Cutoff) -> Iterator[Discrepancy]:
    """Tubes whose row differs from their last change; asked when the cut-off is the present."""
    if is_present(cutoff):
        yield from _listed(
            "SELECT t.code FROM rounds_tube t WHERE t.round_id = %s AND t.status <> COALESCE((SELECT c.status"
            " FROM rounds_tubechange c WHERE c.tube_id = t.id ORDER BY c.id DESC LIMIT 1), '') ORDER BY t.code",
            [row.pk],
            T("采样管的状态与记录不一致。", "The state of the tube differs from what was recorded."),
        )


_COUNTED = ("listed", "found", "to_do", "sampled", "excused", "refused", "away", "unreachable")
_RECOUNT = (
    "SELECT building_id, SUM(CASE WHEN origin = 'listed' THEN 1 ELSE 0 END) AS listed,"
    " SUM(CASE WHEN origin = 'found' THEN 1 ELSE 0 END) AS found, "
    + ", ".join(
        f"SUM(CASE WHEN state = '{name}' THEN 1 ELSE 0 END) AS {name}"
        for name in ("to_do", "sampled", "refused", "away", "unreachable")
    )
    + ", SUM(CASE WHEN state IN ('excused', 'moved', 'dead', 'duplicate') THEN 1 ELSE 0 END) AS excused"
    " FROM rounds_entry WHERE round_id = %s GROUP BY building_id"
)


def _people(sql: str, params: list[Any], text: T) -> Iterator[Discrepancy]:
    """The people a query gives (`person_id`), by ref."""
    yield from _listed(
        f"SELECT COALESCE(p.ref, 'person #' || x.person_id) FROM ({sql}) x"
        " LEFT JOIN registry_person p ON p.id = x.person_id ORDER BY 1", params, text,
    )


def _listed(sql: str, params: list[Any], text: T) -> Iterator[Discrepancy]:
    """One discrepancy for each row (its first column says about what), bounded."""
    rows = bulk.fetch(f"{sql} LIMIT {LISTED_AT_MOST + 1}", params)
    for about, *_ in rows[:LISTED_AT_MOST]:
        yield Discrepancy(str(about), text)
    if len(rows) > LISTED_AT_MOST:
        count = bulk.fetch(f"SELECT COUNT(*) FROM ({sql}) counted", params)[0][0] - LISTED_AT_MOST
        yield Discrepancy("…", _MORE.filled(n=count))
