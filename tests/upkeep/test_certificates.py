"""The local authority: made once, its certificates renewed when they must be, trusted by ordinary clients."""

import socket
import ssl
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from firebreak.kernel import clock
from firebreak.upkeep.certificates import Certificates, certificates_for

pytestmark = pytest.mark.one_database


def test_a_client_that_trusts_the_authority_accepts_the_server(tmp_path: Path) -> None:
    made = certificates_for(tmp_path, ["127.0.0.1", "firebreak.example"])
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made.certificate, made.key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_answer_once, args=(listening, server))
        thread.start()
        client = ssl.create_default_context(cafile=made.authority)
        with (
            socket.create_connection(listening.getsockname()) as raw,
            client.wrap_socket(raw, server_hostname="127.0.0.1") as wrapped,
        ):
            assert wrapped.recv(2) == b"ok"
        thread.join()


def test_the_same_addresses_keep_the_certificate(tmp_path: Path) -> None:
    first = certificates_for(tmp_path, ["127.0.0.1"])
    before = first.certificate.read_bytes()
    assert certificates_for(tmp_path, ["127.0.0.1"]) == first
    assert first.certificate.read_bytes() == before


def test_other_addresses_get_another_certificate_from_the_same_authority(tmp_path: Path) -> None:
    first = certificates_for(tmp_path, ["127.0.0.1"])
    before = first.certificate.read_bytes()
    second = certificates_for(tmp_path, ["192.0.2.7"])
    assert second.fingerprint == first.fingerprint
    assert second.certificate.read_bytes() != before


def test_a_certificate_near_its_end_is_renewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: Certificates = certificates_for(tmp_path, ["127.0.0.1"])
    before, now = made.certificate.read_bytes(), clock.real_now()
    monkeypatch.setattr(clock, "real_now", lambda: now + timedelta(days=80))
    certificates_for(tmp_path, ["127.0.0.1"])
    assert made.certificate.read_bytes() != before


def test_keys_are_readable_by_this_account_alone(tmp_path: Path) -> None:
    certificates_for(tmp_path, ["127.0.0.1"])
    assert {f"{path.stat().st_mode & 0o777:o}" for path in tmp_path.glob("*.key")} == {"600"}


def _answer_once(listening: socket.socket, context: ssl.SSLContext) -> None:
    raw, _ = listening.accept()
    with context.wrap_socket(raw, server_side=True) as wrapped:
        wrapped.sendall(b"ok")
