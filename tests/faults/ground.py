"""Runs inside the database under test: `plant PEOPLE` prints what a phone needs, `check` prints what the books say."""

import json
import sys

import django


def plant(people: int) -> dict[str, object]:
    """A round with this many people and one phone."""
    from firebreak.kernel import clock
    from tests.support.testing_round import OPENED, running_round

    clock.use(lambda: OPENED)
    running = running_round(people)
    return {"token": running.phone.token, "round": running.ref, "people": running.people}


def check() -> dict[str, object]:
    """Counts of what was stored, and everything the ledgers find wrong."""
    from firebreak.engine.capture.ledger import changed_batches
    from firebreak.engine.capture.models import CapturedEvent
    from firebreak.engine.ledgers.registry import ledgers
    from firebreak.kernel import clock
    from firebreak.kernel.cutoff import Cutoff
    from firebreak.operations.rounds.boards import standing
    from firebreak.operations.rounds.models import Round, Scan

    cutoff = Cutoff(clock.now())
    chosen = [ledger for ledger in ledgers() if ledger.name in ("capture", "rounds", "tubes")]
    balances = [balance for ledger in chosen for balance in ledger.balances(cutoff)]
    return {
        "events": sorted(str(key) for key in CapturedEvent.objects.values_list("id", flat=True)),
        "scans": Scan.objects.count(), "people": Scan.objects.values("person_id").distinct().count(),
        "sampled": standing(Round.objects.get()).sampled,
        "wrong": [row.as_json() for balance in balances for row in balance.rows]
        + [row.as_json() for row in changed_batches(cutoff)],
        "unbalanced": [balance.name for balance in balances if not balance.balanced],
    }


def main() -> None:
    """The command of the arguments."""
    django.setup()
    print(json.dumps(plant(int(sys.argv[2])) if sys.argv[1] == "plant" else check()))


if __name__ == "__main__":
    main()
