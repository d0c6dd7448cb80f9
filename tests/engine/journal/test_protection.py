"""The database itself refuses to change what the journal holds."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection

from firebreak.engine.journal.models import Act
from firebreak.kernel import clock


def _act() -> Act:
    now = clock.now()
    return Act.objects.create(name="test.act", by="system:test", at=now, received_at=now, outcome="done")


@pytest.mark.parametrize("sql", ["UPDATE journal_act SET name = 'other'", "DELETE FROM journal_act"])
def test_journal_refuses_change(committed_ledger: None, sql: str) -> None:
    _act()
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(sql)
    assert list(Act.objects.values_list("name", flat=True)) == ["test.act"]


def test_journal_can_be_damaged_without_its_triggers(committed_ledger: None, damage: Callable[..., int]) -> None:
    _act()
    assert damage("DELETE FROM journal_act WHERE name = %s", ["test.act"]) == 1
    assert Act.objects.count() == 0


def test_protection_stands_again_after_damage(committed_ledger: None, damage: Callable[..., int]) -> None:
    _act()
    damage("UPDATE journal_act SET name = 'other'")
    with pytest.raises(DatabaseError, match="append-only"):
        Act.objects.filter(name="other").update(name="third")


def test_dropping_protection_lets_a_row_be_edited(ledger: None, drop_protection: Callable[..., None]) -> None:
    _act()
    drop_protection("journal_act")
    assert Act.objects.update(name="other") == 1
