"""Sets in one statement: pairs are found by their key, also in a round PostgreSQL has no statistics of yet."""

import json
import os
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firebreak.engine import bulk

PEOPLE, KNOWN, NEW = 20_000, 1, 2
ASKED = list(range(1_000, 1_020))
PAIRS = "SELECT person_id FROM lines WHERE (round_id, person_id) IN {values}"
APART = f"SELECT person_id FROM lines WHERE round_id = {NEW} AND person_id IN {{values}}"


@pytest.fixture
def lines(db: None) -> None:
    """Two rounds of the same people; statistics were gathered after the first."""
    bulk.execute("CREATE TABLE lines (round_id bigint, person_id bigint, PRIMARY KEY (round_id, person_id))")
    for number in (KNOWN, NEW):
        bulk.insert("lines", ("round_id", "person_id"), [(number, person) for person in range(PEOPLE)])
        if number == KNOWN:
            bulk.analyze("lines")


def test_pairs_find_what_both_conditions_find(lines: None) -> None:
    assert sorted(bulk.select_in(PAIRS, ASKED, "bigint", under=NEW)) == [(person,) for person in ASKED]
    assert sorted(bulk.select_in(APART, ASKED, "bigint")) == [(person,) for person in ASKED]


def test_pairs_of_a_new_round_are_found_by_their_key(lines: None) -> None:
    assert _rows_touched(PAIRS, under=NEW) == len(ASKED)


@pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="SQLite plans by the columns of its keys")
def test_two_conditions_walk_the_whole_new_round(lines: None) -> None:
    assert _rows_touched(APART) >= PEOPLE


def _rows_touched(sql: str, under: int | None = None) -> int:
    """Rows of the table that the statement looked at; on SQLite the plan is asked for both columns of the key."""
    with CaptureQueriesContext(connection) as captured:
        bulk.select_in(sql, ASKED, "bigint", under=under)
    asked = captured.captured_queries[0]["sql"]
    if not bulk.is_postgres():
        plan = str(bulk.fetch("EXPLAIN QUERY PLAN " + asked))
        assert "(round_id=? AND person_id=?)" in plan
        return len(ASKED)
    [(plan,)] = bulk.fetch("EXPLAIN (ANALYZE, FORMAT JSON) " + asked)
    return _scanned(plan if isinstance(plan, list) else json.loads(plan))


def _scanned(plan: Any) -> int:
    nodes = [plan[0]["Plan"]]
    total = 0
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        if node.get("Relation Name") == "lines":
            total += (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    return int(total)
