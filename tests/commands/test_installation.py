"""The life of an installation from the command line: begin, doctor, audit, verify, backup, restore, up."""

import json
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from firebreak.engine.journal import sealfile
from tests.support.databases import RealDatabase, empty_database

FLAGS = ("--name", "海潭区", "--code", "HT", "--admin", "lin", "--security", "chen")
PASSPHRASE = "海潭区 2022 六月五日"


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[RealDatabase]:
    """A fresh installation made by `firebreak init` in a database of its own."""
    with empty_database(tmp_path / "data") as database:
        database.run("init", *FLAGS)
        yield database


def english(database: RealDatabase, *arguments: str) -> subprocess.CompletedProcess[str]:
    return replace(database, environment=database.environment | {"FIREBREAK_LANGUAGE": "en"}).run(
        *arguments, check=False
    )


def test_init_gives_two_people_a_slip_each_and_books_that_balance(tmp_path: Path) -> None:
    with empty_database(tmp_path / "data") as database:
        made = english(database, "init", *FLAGS)
        assert made.stdout.count("single-use code") == 2
        assert english(database, "audit", "--json").returncode == 0
        told = json.loads(english(database, "audit", "--json").stdout)
        assert (told["balanced"], list(told)) == (True, ["as_of", "balanced", "ledgers"])
        assert {tuple(ledger) for ledger in told["ledgers"]} == {
            ("name", "owed", "done", "excused", "open", "overdue", "unowned", "difference", "rows")
        }


def test_init_refuses_a_folder_in_use(begun: RealDatabase) -> None:
    again = english(begun, "init", *FLAGS)
    assert (again.returncode, "is in use already (real data)" in again.stderr) == (1, True)


def test_init_without_a_keyboard_names_what_is_missing_and_leaves_nothing(tmp_path: Path) -> None:
    with empty_database(tmp_path / "data") as database:
        stopped = database.run("init", "--name", "海潭区", check=False, stdin=subprocess.DEVNULL)
        assert (stopped.returncode, "--code is missing" in stopped.stderr) == (2, True)
        assert not database.folder.exists()


def test_init_that_fails_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    with empty_database(tmp_path / "data") as database:
        failed = database.run("init", *FLAGS[:-1], "?", check=False)
        assert failed.returncode == 1
        assert not database.folder.exists()


def test_init_refuses_one_person_for_both_offices(tmp_path: Path) -> None:
    with empty_database(tmp_path / "data") as database:
        stopped = database.run("init", *FLAGS[:-1], "lin", check=False)
        assert (
            stopped.returncode,
            "two different people" in stopped.stderr or "different people" in stopped.stderr,
        ) == (
            2,
            True,
        )


def test_doctor_before_init_says_what_to_do(tmp_path: Path) -> None:
    with empty_database(tmp_path / "data") as database:
        told = english(database, "doctor", "--port", str(_free_port()))
        assert told.returncode == 1
        assert "was never set up. → Run firebreak init" in told.stderr


def test_audit_before_init_is_a_sentence_not_a_trace(tmp_path: Path) -> None:
    with empty_database(tmp_path / "data") as database:
        told = english(database, "audit")
        assert (told.returncode, "Traceback" in told.stderr) == (1, False)


def test_backup_restores_elsewhere_with_the_same_head(begun: RealDatabase, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    made = english(begun, "backup", str(tmp_path / "backups"), "--passphrase-file", str(secret))
    assert made.returncode == 0, made.stderr
    (backup,) = (tmp_path / "backups").iterdir()
    head = json.loads((backup / "manifest.json").read_text("utf-8"))["head"]
    with empty_database(tmp_path / "again") as other:
        restored = english(other, "restore", str(backup), "--passphrase-file", str(secret))
        assert restored.returncode == 0, restored.stdout + restored.stderr
        assert [line[0] for line in restored.stdout.splitlines()] == ["✓"] * 5 + ["R"]
        assert english(other, "verify", "--database", "--head", head[:16]).returncode == 0
        line = sealfile.last(other.folder)
        assert line is not None
        assert line.head == head
        assert english(other, "restore", str(backup), "--passphrase-file", str(secret)).returncode == 1


@pytest.mark.parametrize("name", ["database", "journal/seals.jsonl", "folder.json", "keys.sealed"])
def test_a_damaged_backup_restores_nothing(begun: RealDatabase, tmp_path: Path, name: str) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    english(begun, "backup", str(tmp_path / "backups"), "--passphrase-file", str(secret))
    (backup,) = (tmp_path / "backups").iterdir()
    path = next(
        file for file in backup.rglob("*") if file.relative_to(backup).as_posix().startswith(name) and file.is_file()
    )
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with empty_database(tmp_path / "again") as other:
        refused = english(other, "restore", str(backup), "--passphrase-file", str(secret))
        assert (refused.returncode, "was changed" in refused.stderr) == (1, True)
        assert not other.folder.exists()


def test_a_backup_without_its_keys_restores_nothing(begun: RealDatabase, tmp_path: Path) -> None:
    told = english(begun, "backup", str(tmp_path / "backups"))
    assert "The keys are not in this backup." in told.stdout
    (backup,) = (tmp_path / "backups").iterdir()
    with empty_database(tmp_path / "again") as other:
        refused = english(other, "restore", str(backup))
        assert (refused.returncode, "Keys are needed" in refused.stderr) == (1, True)
        assert not other.folder.exists()
        assert english(other, "restore", str(backup), "--keys", str(begun.folder / "keys")).returncode == 0


def test_verify_needs_no_database(begun: RealDatabase, tmp_path: Path) -> None:
    english(begun, "backup", str(tmp_path / "backups"))
    alone = tmp_path / "alone"
    sealfile.seal_file(alone).parent.mkdir(parents=True)
    sealfile.seal_file(alone).write_bytes(sealfile.seal_file(begun.folder).read_bytes())
    environment = begun.environment | {
        "FIREBREAK_DATA": str(alone),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    }
    told = replace(begun, environment=environment | {"FIREBREAK_LANGUAGE": "en"}).run("verify", check=False)
    assert (told.returncode, told.stdout.startswith("The seals hold: 1 seals")) == (0, True)
    sealfile.seal_file(alone).write_bytes(sealfile.seal_file(alone).read_bytes().replace(b'"number":1', b'"number":2'))
    told = replace(begun, environment=environment | {"FIREBREAK_LANGUAGE": "en"}).run("verify", check=False)
    assert (told.returncode, "The seals do not hold" in told.stderr) == (1, True)


def test_verify_with_the_database_names_a_changed_act(begun: RealDatabase, tmp_path: Path) -> None:
    english(begun, "backup", str(tmp_path / "backups"))
    path = sealfile.seal_file(begun.folder)
    lines = path.read_bytes()
    path.write_bytes(b"")
    told = english(begun, "verify", "--database")
    assert (told.returncode, "the file was cut" in told.stderr) == (1, True)
    path.write_bytes(lines)
    assert english(begun, "verify", "--database").returncode == 0


@pytest.mark.slow
def test_up_serves_refuses_a_second_start_and_stops_clean(begun: RealDatabase) -> None:
    port = _free_port()
    serving = begun.start("up", "--port", str(port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert json.loads(_get(f"http://127.0.0.1:{port}/readyz"))["ready"] is True
        second = english(begun, "up", "--port", str(port))
        assert (second.returncode, f"Port {port} on 127.0.0.1 is in use" in second.stderr) == (1, True)
    finally:
        serving.send_signal(signal.SIGTERM)
        output, _ = serving.communicate(timeout=60)
    assert serving.returncode == 0, output
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_up_refuses_the_open_network_without_encryption(begun: RealDatabase) -> None:
    refused = english(begun, "up", "--host", "0.0.0.0", "--port", str(_free_port()))
    assert (refused.returncode, "without encryption" in refused.stderr) == (1, True)


def _get(url: str) -> str:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
