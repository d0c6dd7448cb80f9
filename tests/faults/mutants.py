"""Servers with one guard taken out, to show that the fault test would notice. Chosen by FIREBREAK_TEST_MUTANT."""

import os
from collections.abc import Sequence
from typing import Any

from firebreak.wsgi import application

__all__ = ["application"]


def count_outside_the_transaction() -> None:
    """The board is changed after the commit instead of with it."""
    from django.db import transaction

    from firebreak.engine.journal.acting import action, record
    from firebreak.operations.rounds import recording
    from firebreak.operations.rounds.events import ScanUndone

    inside = recording._keep_board

    @action
    def afterwards(*, values: Sequence[Any], by: Any, at: Any) -> None:
        inside(*values, by, at)
        record(ScanUndone("", "", "mutant"), about="mutant:board")

    def later(*values: Any) -> None:
        *changes, by, at = values
        transaction.on_commit(lambda: afterwards(values=changes, by=by, at=at))

    recording._keep_board = later


def take_events_without_a_key() -> None:
    """An event gets an id and a number of the server's own whenever it comes."""
    from django.conf import settings

    from firebreak.engine.capture import intake
    from firebreak.engine.capture.envelope import read_event
    from firebreak.kernel.refs import new_event_id

    def forget(device: Any, items: Sequence[Any]) -> None:
        for number, item in enumerate(items, start=1):
            item.number = device.last_sequence + number
            item.read = read_event(item.read.raw | {"id": str(new_event_id()), "seq": item.number})
            item.mac = settings.VAULT.mac(item.read.canonical)

    intake.recognise = forget


{"counter": count_outside_the_transaction, "key": take_events_without_a_key}[os.environ["FIREBREAK_TEST_MUTANT"]]()
