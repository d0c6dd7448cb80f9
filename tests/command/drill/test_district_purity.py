"""The invention is a pure value: the same in every process, and made without the program's tables."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.one_database
_DIGEST = """
import hashlib, sys
from firebreak.command.drill.district import invent_district, plan_fates
place = invent_district(7, 714)
print(hashlib.sha256(repr((place, plan_fates(place, 7))).encode()).hexdigest())
print(sorted({name.partition(".")[0] for name in sys.modules} & {"django", "faker", "sqlite3", "psycopg"}))
"""


def said(hash_seed: str) -> list[str]:
    """What a fresh process, with its own order of sets, prints."""
    answer = subprocess.run(
        [sys.executable, "-c", _DIGEST], env={**os.environ, "PYTHONHASHSEED": hash_seed}, check=True,
        capture_output=True, text=True,
    )
    return answer.stdout.split("\n")


def test_district_is_the_same_in_every_process_and_needs_no_tables() -> None:
    first, second = said("1"), said("4242")
    assert first == second
    assert len(first[0]) == 64
    assert first[1] == "[]"
