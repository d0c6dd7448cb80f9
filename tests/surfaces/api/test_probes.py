"""The two addresses for whoever watches the server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from firebreak.engine.journal import sealfile, seals
from firebreak.engine.ledgers import registry
from firebreak.kernel.balance import Balance
from firebreak.kernel.text import T
from firebreak.surfaces.api import probes
from tests.support.acts import START, note_many


@pytest.fixture(autouse=True)
def _counted_anew() -> Iterator[None]:
    probes.forget()
    yield
    probes.forget()


def test_health_needs_no_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_sound_books_are_ready(client: Client, ledger: Path) -> None:
    answer = client.get("/readyz")
    told = answer.json()
    assert answer.status_code == 200
    assert (told["ready"], told["database"], told["balanced"], told["seals_agree"]) == (True, True, True, True)
    assert told["as_of"].endswith("Z")


def test_books_that_do_not_balance_are_not_ready(client: Client, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short = registry.Ledger(
        "short",
        T("缺一", "One short"),
        lambda cutoff: [Balance("short", T("缺一", "One short"), cutoff.at, 2, 1, 0, 0)],
    )
    monkeypatch.setitem(registry._ledgers, "short", short)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["balanced"]) == (503, False)


def test_a_lost_seal_file_is_not_ready(client: Client, ledger: Path) -> None:
    note_many(2)
    seals.seal(at=START)
    sealfile.seal_file(ledger).unlink()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["seals_agree"]) == (503, False)


def test_the_balance_is_counted_once_a_minute(client: Client, ledger: Path) -> None:
    first = client.get("/readyz").json()["as_of"]
    assert client.get("/readyz").json()["as_of"] == first
    probes.forget()
    assert client.get("/readyz").json()["as_of"] > first
