"""The door for phones: what it refuses before reading, what it answers for a batch, when it asks to come again."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from firebreak.engine.capture.actions import revoke_device
from firebreak.kernel.refs import Ref
from firebreak.operations.rounds.models import Scan
from firebreak.surfaces.api import sync
from tests.support.staffing import everybody
from tests.support.testing_round import OPENED, Running, running_round

MINUTE = timedelta(minutes=1)


@pytest.fixture
def running(ledger: Path, clock_at: Any) -> Running:
    clock_at(OPENED + MINUTE)
    return running_round(8)


def post(running: Running, content: Any, token: str | None = None, **more: Any) -> Any:
    body = content if isinstance(content, bytes | str) else json.dumps(content)
    return Client().post(
        "/api/v1/sync", body, content_type=more.pop("content_type", "application/json"),
        headers={"Authorization": f"Device {running.phone.token if token is None else token}"}, **more,
    )


def envelope(running: Running) -> dict[str, Any]:
    phone = running.phone
    phone.event("tube.opened", OPENED, tube="T1", site="S-A")
    phone.scan("T1", running.people[0], OPENED)
    events, phone.waiting = phone.waiting, []
    return {"envelope": 1, "client": "1.0", "events": events}


def test_batch_is_answered_event_by_event(running: Running) -> None:
    answer = post(running, envelope(running))
    said = answer.json()
    assert answer.status_code == 200
    assert [item["status"] for item in said["answers"]] == ["accepted", "accepted"]
    assert (said["server_time"], said["gaps"], said["expected_seq"]) == ("2022-06-05T07:01:00Z", [], 3)
    assert [part.split(";")[0] for part in answer["Server-Timing"].split(", ")] == [
        "parse", "classify", "apply", "write", "commit", "total",
    ]


def test_repeated_batch_gets_the_same_word_and_changes_nothing(running: Running) -> None:
    batch = envelope(running)
    post(running, batch)
    answer = post(running, batch)
    assert [item["status"] for item in answer.json()["answers"]] == ["duplicate", "duplicate"]
    assert Scan.objects.count() == 1


@pytest.mark.parametrize("content", [b" ", b"{", b"[]", b'{"envelope": 9}', b'{"envelope": 1, "events": []}', b"\xff\xfe"])
def test_envelope_that_cannot_be_read_is_400_in_both_languages(running: Running, content: bytes) -> None:
    answer = post(running, content)
    said = answer.json()
    assert (answer.status_code, said["code"]) == (400, "envelope-unreadable")
    assert said["zh"]
    assert said["en"]


def test_batch_of_more_than_a_hundred_is_400(running: Running) -> None:
    answer = post(running, {"envelope": 1, "client": "", "events": [{}] * 101})
    assert (answer.status_code, answer.json()["code"]) == (400, "too-many-events")


def test_absurdly_nested_envelope_is_400_not_an_error(running: Running) -> None:
    deep = b'{"envelope":1,"events":[{"body":' + b'{"a":' * 9000 + b"1" + b"}" * 9000 + b"}]}"
    assert (post(running, deep).status_code) == 400


def test_unknown_token_is_401(running: Running) -> None:
    answer = post(running, envelope(running), token="nobody")
    assert (answer.status_code, answer.json()["code"], answer["WWW-Authenticate"]) == (401, "unknown-device", "Device")


def test_revoked_device_is_401_and_keeps_its_events(running: Running) -> None:
    batch = envelope(running)
    revoke_device(device=Ref(running.phone.device.ref), reason="lost", by=everybody(), at=OPENED)
    answer = post(running, batch)
    assert (answer.status_code, answer.json()["code"], Scan.objects.count()) == (401, "device-revoked", 0)


@pytest.mark.parametrize("kind", ["text/plain", "application/json; charset=gbk", "multipart/form-data", ""])
def test_other_content_type_is_415(running: Running, kind: str) -> None:
    assert post(running, b"{}", content_type=kind).status_code == 415


def test_batch_over_the_size_limit_is_413(running: Running) -> None:
    answer = post(running, b" " * (256 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "batch-too-large")


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_other_method_is_405(running: Running, method: str) -> None:
    assert getattr(Client(), method)("/api/v1/sync").status_code == 405


def test_second_batch_of_a_device_while_two_are_under_way_is_429_with_a_moment(running: Running) -> None:
    key = running.phone.device.pk
    with sync.lanes.taken(key), sync.lanes.taken(key):
        answer = post(running, envelope(running))
    assert (answer.status_code, answer.json()["code"]) == (429, "one-batch-at-a-time")
    assert 1 <= int(answer["Retry-After"]) <= 6
    assert post(running, envelope(running)).status_code == 200


def test_full_server_is_503_with_a_moment(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "AT_ONCE_IN_ALL", 0)
    answer = post(running, envelope(running))
    assert (answer.status_code, answer.json()["code"]) == (503, "server-busy")
    assert 1 <= int(answer["Retry-After"]) <= 6


def test_database_that_fails_is_503_and_nothing_is_kept(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: Any) -> None:
        raise OperationalError("disk full")

    batch = envelope(running)
    with monkeypatch.context() as broken:
        broken.setattr(sync, "take_batch", fail)
        assert post(running, batch).status_code == 503
    assert [item["status"] for item in post(running, batch).json()["answers"]] == ["accepted", "accepted"]
