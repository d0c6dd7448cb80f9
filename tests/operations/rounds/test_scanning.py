"""What a scan does: counts a person once, keeps every swab, fills tubes, and says what the sampler must know."""

from datetime import timedelta
from pathlib import Path

from firebreak.kernel.cutoff import Cutoff
from firebreak.operations.rounds.boards import standing
from firebreak.operations.rounds.ledger import balance
from firebreak.operations.rounds.models import Entry, Scan, Tally, Tube
from tests.support.testing_round import OPENED, running_round

MINUTE = timedelta(minutes=1)


def test_scan_counts_a_person_and_fills_the_tube(ledger: Path) -> None:
    running = running_round()
    phone, at = running.phone, OPENED + MINUTE
    phone.event("tube.opened", at, tube="T1", site="S-A")
    phone.scan("T1", running.people[0], at)
    answer = phone.send(at + MINUTE)
    assert [(item["status"], item["code"]) for item in answer.answers] == [("accepted", ""), ("accepted", "")]
    note = answer.answers[1]["note"]
    assert (note["counted"], note["name"], note["members"], note["pool_size"], note["sealed"]) == (
        True, "测00000", 1, 10, False,
    )
    assert Entry.objects.get(round=running.row, person__ref=running.people[0]).state == "sampled"
    assert (standing(running.row).sampled, standing(running.row).to_do) == (1, 23)
    assert (Scan.objects.count(), Tube.objects.get().members) == (1, 1)
    assert Tally.objects.get(round=running.row, building__code="A1-1").sampled == 1


def test_balance_holds_before_and_after_a_scan(ledger: Path) -> None:
    running = running_round()
    phone, at = running.phone, OPENED + MINUTE
    phone.event("tube.opened", at, tube="T1", site="S-A")
    phone.scan("T1", running.people[0], at)
    phone.send(at + MINUTE)
    before, after = balance(running.row, Cutoff(OPENED)), balance(running.row, Cutoff(at + MINUTE))
    assert (before.owed, before.done, before.open, before.rows, before.balanced) == (24, 0, 24, (), True)
    assert (after.owed, after.done, after.open, after.rows, after.balanced) == (24, 1, 23, (), True)
