"""Where the books of a round contradict each other: each disagreement names its row.

Asked by the ledger. Bounded: at most a hundred rows of each kind, then one line with the number of the rest.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from firebreak.engine.capture import bulk
from firebreak.kernel.balance import Discrepancy
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Round

if TYPE_CHECKING:
    from firebreak.operations.rounds.ledger import Sides

LISTED_AT_MOST = 100
_MORE = T("还有 {n} 条同样的问题。", "{n} more of the same kind.")


def discrepancies(row: Round, four: "Sides", cutoff: Cutoff) -> Iterator[Discrepancy]:
    """Everything that does not fit in one round at a cut-off."""
    at, position, key = bulk.moment(cutoff.at), cutoff.position, row.pk
    known = "happened_at <= %s AND act_id <= %s"
    owed, owed_params = f"SELECT person_id FROM ({four.owed[0]}) o", four.owed[1]
    entries = "SELECT e.person_id FROM rounds_entry e WHERE e.round_id = %s AND e.act_id <= %s"
    yield from _people(
        f"{owed} EXCEPT {entries}", [*owed_params, key, position],
        T("在底册里,却不在本轮名单上。", "Is in the register but not on the round's list."),
    )
    found = f" AND e.person_id NOT IN (SELECT person_id FROM rounds_listmiss WHERE round_id = %s AND NOT ({known}))"
    yield from _people(
        f"{entries}{found} EXCEPT {owed}", [key, position, key, at, position, *owed_params],
        T("在本轮名单上,却不在开轮时的底册里,也不是补录。",
          "Is on the round's list but neither in its register nor found."),
    )
    closed = (
        "SELECT person_id, state FROM (SELECT person_id, state, ROW_NUMBER() OVER (PARTITION BY person_id"
        f" ORDER BY happened_at DESC, id DESC) AS place FROM rounds_entryoutcome WHERE round_id = %s AND {known}) o"
        " WHERE place = 1"
    )
    closed_params = [key, at, position]
    yield from _people(
        f"SELECT person_id FROM ({closed}) a WHERE state = 'sampled' EXCEPT {four.done[0]}",
        [*closed_params, *four.done[1]],
        T("记为已采样,却没有采样记录。", "Stands as sampled, but there is no scan."),
    )
    yield from _people(
        f"{four.done[0]} EXCEPT SELECT person_id FROM ({closed}) a WHERE state = 'sampled'",
        [*four.done[1], *closed_params],
        T("有采样记录,却没有记为已采样。", "There is a scan, but the person does not stand as sampled."),
    )


def _people(sql: str, params: list[Any], text: T) -> Iterator[Discrepancy]:
    """The people a query gives (`person_id`), by ref."""
    yield from _listed(
        f"SELECT COALESCE(p.ref, 'person #' || x.person_id) FROM ({sql}) x"  # noqa: S608  constants
        " LEFT JOIN registry_person p ON p.id = x.person_id ORDER BY 1", params, text,
    )


def _listed(sql: str, params: list[Any], text: T) -> Iterator[Discrepancy]:
    """One discrepancy for each row (its first column says about what), bounded."""
    rows = bulk.fetch(f"{sql} LIMIT {LISTED_AT_MOST + 1}", params)
    for about, *_ in rows[:LISTED_AT_MOST]:
        yield Discrepancy(str(about), text)
    if len(rows) > LISTED_AT_MOST:
        count = bulk.fetch(f"SELECT COUNT(*) FROM ({sql}) counted", params)[0][0] - LISTED_AT_MOST  # noqa: S608
        yield Discrepancy("…", _MORE.filled(n=count))
