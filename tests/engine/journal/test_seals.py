"""Seals cover every committed act once, survive a crash at every step, and refuse to paper over a difference."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from firebreak.engine.journal import sealfile, seals
from firebreak.engine.journal.acting import action, record
from firebreak.engine.journal.models import Act, Leaf, Seal
from firebreak.kernel.actor import Actor
from firebreak.kernel.refusals import Refusal
from tests.support.acts import START, WRITER, Noted, note_many

HOUR = timedelta(hours=1)


def test_first_seal_covers_every_act(ledger: Path) -> None:
    note_many(7)
    head = seals.seal(at=START + HOUR)
    assert (head.number, head.position) == (1, Act.objects.latest("id").id)
    assert list(Leaf.objects.order_by("act").values_list("act_id", flat=True)) == list(
        Act.objects.order_by("id").values_list("id", flat=True)
    )
    assert seals.unsealed_acts() == 0


def test_sealing_nothing_new_gives_the_same_head(ledger: Path) -> None:
    note_many(3)
    first = seals.seal(at=START + HOUR)
    assert seals.seal(at=START + 2 * HOUR) == first == seals.latest()
    assert len(list(sealfile.lines(ledger))) == 1


def test_an_empty_journal_can_be_sealed(ledger: Path) -> None:
    assert (seals.seal(at=START).number, Seal.objects.get().acts) == (1, 0)


def test_file_and_rows_tell_the_same(ledger: Path) -> None:
    for part in range(3):
        note_many(4, first=part * 4)
        seals.seal(at=START + part * HOUR)
    told = [sealfile.decoded(raw) for _, raw in sealfile.lines(ledger)]
    assert [(line.number, line.root, line.head) for line in told] == list(
        Seal.objects.order_by("number").values_list("number", "root", "head")
    )
    assert [line.previous for line in told] == [sealfile.FIRST, told[0].head, told[1].head]


def test_sealing_inside_an_action_is_refused(ledger: Path) -> None:
    @action
    def careless(*, by: Actor, at: object) -> None:
        record(Noted(1, "记"), about="note:1")
        seals.seal(at=START)

    with pytest.raises(RuntimeError, match="seal before the action"):
        careless(by=WRITER, at=START)
    assert Act.objects.count() == 0


def test_crash_between_file_and_row_is_mended_by_the_next_seal(committed_ledger: Path) -> None:
    note_many(5)
    with transaction.atomic():
        head = seals.seal(at=START + HOUR)
        transaction.set_rollback(True)
    assert Seal.objects.count() == 0
    note_many(2, first=5)
    after = seals.seal(at=START + 2 * HOUR)
    assert after.number == 2
    assert Seal.objects.get(number=1).head == head.head
    assert Leaf.objects.count() == 7


def test_torn_last_line_is_cut_and_sealed_again(committed_ledger: Path) -> None:
    note_many(2)
    seals.seal(at=START + HOUR)
    with sealfile.seal_file(committed_ledger).open("ab") as file:
        file.write(b'{"head":"12')
    note_many(2, first=2)
    assert seals.seal(at=START + 2 * HOUR).number == 2
    assert [sealfile.decoded(raw).number for _, raw in sealfile.lines(committed_ledger)] == [1, 2]


def test_missing_file_refuses_to_seal(committed_ledger: Path) -> None:
    note_many(2)
    seals.seal(at=START + HOUR)
    sealfile.seal_file(committed_ledger).unlink()
    note_many(1, first=2)
    with pytest.raises(Refusal, match="seals-disagree"):
        seals.seal(at=START + 2 * HOUR)
    assert Seal.objects.count() == 1


def test_line_whose_acts_were_lost_is_not_adopted(committed_ledger: Path) -> None:
    with transaction.atomic():
        note_many(2)
        seals.seal(at=START + HOUR)
        transaction.set_rollback(True)
    with pytest.raises(Refusal, match="seals-disagree"):
        seals.seal(at=START + 2 * HOUR)


def test_a_seal_waits_for_the_act_in_flight(committed_ledger: Path) -> None:
    """An act that began earlier and commits late never slips in below a sealed position."""
    begun, finish = threading.Event(), threading.Event()

    @action
    def slow(*, by: Actor, at: object) -> None:
        record(Noted(1, "记"), about="note:slow")
        begun.set()
        assert finish.wait(10)

    def run() -> None:
        slow(by=WRITER, at=START)
        connection.close()

    positions: list[int] = []

    def seal() -> None:
        positions.append(seals.seal(at=START + HOUR).position)
        connection.close()

    acting, sealing = threading.Thread(target=run), threading.Thread(target=seal)
    acting.start()
    assert begun.wait(10)
    sealing.start()
    sealing.join(0.3)
    assert sealing.is_alive()
    finish.set()
    acting.join(10)
    sealing.join(40)
    assert positions == [Act.objects.get().id]
