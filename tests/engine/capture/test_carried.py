"""A phone's outbox as a file: only what that phone wrote counts, and the same file twice is one."""

import hmac
import json
from hashlib import sha256

import pytest

from firebreak.engine.capture.carried import take_outbox
from firebreak.kernel.refusals import Refusal
from firebreak.operations.rounds.models import Scan
from tests.support.testing_round import OPENED, Running, running_round


@pytest.fixture
def running(db: None) -> Running:
    return running_round()


def filled(running: Running, people: int = 3) -> list[dict[str, object]]:
    running.phone.event("tube.opened", OPENED, tube="TA-0001", site="S-A")
    for person in running.people[:people]:
        running.phone.scan("TA-0001", person, OPENED)
    return running.phone.waiting


def file_of(said: object, token: str, **changes: object) -> bytes:
    text = json.dumps(said, ensure_ascii=False)
    secret = sha256(token.encode()).hexdigest()
    mac = hmac.new(secret.encode(), text.encode(), sha256).hexdigest()
    return json.dumps({"firebreak_outbox": 1, "client": "1.0", "events": text, "mac": mac, **changes}).encode()


def test_a_file_counts_like_a_sync_and_twice_is_once(running: Running) -> None:
    content = file_of(filled(running), running.phone.token)
    found = [dict(take_outbox(running.phone.device, content, OPENED)) for _ in range(2)]
    assert (found, Scan.objects.count()) == ([{"accepted": 4}, {"duplicate": 4}], 3)


def test_more_than_a_batch_is_taken_in_parts(running: Running) -> None:
    events = filled(running)
    for number in range(2, 120):
        running.phone.event("tube.opened", OPENED, tube=f"TA-{number:04d}", site="S-A")
    assert dict(take_outbox(running.phone.device, file_of(events, running.phone.token), OPENED)) == {"accepted": 122}


def test_what_came_by_network_meanwhile_is_known(running: Running) -> None:
    content = file_of(filled(running), running.phone.token)
    running.phone.send(OPENED, running.phone.waiting[:2])
    assert dict(take_outbox(running.phone.device, content, OPENED)) == {"accepted": 2, "duplicate": 2}


@pytest.mark.parametrize("changes", [{"mac": "00"}, {"events": "[{}]"}, {"mac": None}])
def test_a_file_that_was_changed_or_is_another_phones_counts_nothing(running: Running, changes: dict[str, object]) -> None:
    content = file_of(filled(running), running.phone.token, **changes)
    other = file_of(running.phone.waiting, "another token")
    for given in (content, other):
        with pytest.raises(Refusal, match="outbox-not-of-device"):
            take_outbox(running.phone.device, given, OPENED)
    assert Scan.objects.count() == 0


@pytest.mark.parametrize("content", [
    b"", b"[]", b"{", b'{"firebreak_outbox": 2}', b'{"firebreak_outbox": 1, "events": "[]"}', b"\xff\xfe",
])
def test_what_is_no_outbox_is_refused_in_words(running: Running, content: bytes) -> None:
    with pytest.raises(Refusal, match="outbox-unreadable"):
        take_outbox(running.phone.device, content, OPENED)
