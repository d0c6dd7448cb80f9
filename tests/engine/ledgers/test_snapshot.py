"""A snapshot holds still while others write, and one inside another is the same one."""

import threading
from pathlib import Path

from django.db import connection

from firebreak.engine.journal.models import Act
from firebreak.engine.ledgers.snapshot import one_snapshot
from tests.support.acts import note_many


def test_a_snapshot_does_not_see_what_is_written_meanwhile(committed_ledger: Path) -> None:
    note_many(1)
    with one_snapshot():
        assert Act.objects.count() == 1
        _elsewhere()
        assert Act.objects.count() == 1
    assert Act.objects.count() == 3


def test_a_snapshot_inside_another_is_the_same(committed_ledger: Path) -> None:
    note_many(1)
    with one_snapshot():
        assert Act.objects.count() == 1
        _elsewhere()
        with one_snapshot():
            assert Act.objects.count() == 1
        assert Act.objects.count() == 1
    note_many(1, first=9)
    assert Act.objects.count() == 4


def _elsewhere() -> None:
    """Two acts on another connection."""

    def run() -> None:
        note_many(2, first=5)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
