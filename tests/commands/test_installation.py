"""The life of an installation from the command line: begin, doctor, audit, verify, backup, restore, up."""

import json
import shutil
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
from firebreak.kernel.refusals import Refusal
from firebreak.upkeep.unpacking import read_manifest, unpacked
from tests.support.databases import RealDatabase, empty_database

FLAGS = ("--name", "海潭区", "--code", "HT", "--admin", "lin", "--security", "chen")
PASSPHRASE = "海潭区 2022 六月五日"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealDatabase]:
    """One installation made by `firebreak init`, in a database of its own; no test of this file changes its rows."""
    with empty_database(tmp_path_factory.mktemp("installation") / "data") as database:
        made = english(database, "init", *FLAGS)
        assert (made.returncode, made.stdout.count("single-use code")) == (0, 2), made.stderr
        yield database


@pytest.fixture(scope="module")
def secret(begun: RealDatabase) -> Path:
    """A file with the passphrase of the backups."""
    path = begun.folder.parent / "passphrase"
    path.write_text(PASSPHRASE)
    return path


@pytest.fixture(scope="module")
def backup(begun: RealDatabase, secret: Path) -> Path:
    """A backup of the installation with its keys; take a copy before spoiling it."""
    made = english(begun, "backup", str(begun.folder.parent / "backups"), "--passphrase-file", str(secret))
    assert made.returncode == 0, made.stderr
    (path,) = (begun.folder.parent / "backups").iterdir()
    return path


def english(database: RealDatabase, *arguments: str) -> subprocess.CompletedProcess[str]:
    return replace(database, environment=database.environment | {"FIREBREAK_LANGUAGE": "en"}).run(
        *arguments, check=False
    )


def test_a_new_installation_has_books_that_balance(begun: RealDatabase) -> None:
    audited = english(begun, "audit", "--json")
    told = json.loads(audited.stdout)
    assert (audited.returncode, told["balanced"], list(told)) == (0, True, ["as_of", "balanced", "ledgers"])
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


def test_backup_restores_elsewhere_with_the_same_head(backup: Path, secret: Path, tmp_path: Path) -> None:
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
def test_a_damaged_backup_restores_nothing(backup: Path, secret: Path, tmp_path: Path, name: str) -> None:
    spoilt = shutil.copytree(backup, tmp_path / "spoilt")
    (path,) = (
        file for file in spoilt.rglob("*") if file.is_file() and file.relative_to(spoilt).as_posix().startswith(name)
    )
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(Refusal, match="backup-damaged"):
        read_manifest(spoilt)


def test_a_backup_without_a_manifest_is_none(backup: Path, tmp_path: Path) -> None:
    unfinished = shutil.copytree(backup, tmp_path / "unfinished")
    (unfinished / "manifest.json").unlink()
    with pytest.raises(Refusal, match="not-a-backup"):
        read_manifest(unfinished)


def test_without_keys_nothing_is_restored(begun: RealDatabase, backup: Path, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="keys-needed"), unpacked(backup, tmp_path / "a", passphrase=None, keys=None):
        pass
    with (
        pytest.raises(Refusal, match="wrong-passphrase"),
        unpacked(backup, tmp_path / "b", passphrase="another one", keys=None),
    ):
        pass
    with unpacked(backup, tmp_path / "c", passphrase=None, keys=begun.folder / "keys"):
        assert sealfile.last(tmp_path / "c") == sealfile.last(backup)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c"]


@pytest.mark.one_database
def test_verify_needs_no_database(backup: Path, begun: RealDatabase, tmp_path: Path) -> None:
    sealfile.seal_file(tmp_path).parent.mkdir(parents=True)
    sealed = sealfile.seal_file(backup).read_bytes()
    sealfile.seal_file(tmp_path).write_bytes(sealed)
    nowhere = {"FIREBREAK_DATA": str(tmp_path), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    alone = replace(begun, environment=begun.environment | nowhere)
    told = english(alone, "verify")
    assert (told.returncode, told.stdout.startswith("The seals hold: 1 seals")) == (0, True)
    sealfile.seal_file(tmp_path).write_bytes(sealed.replace(b'"number":1', b'"number":2'))
    told = english(alone, "verify")
    assert (told.returncode, "The seals do not hold" in told.stderr) == (1, True)


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


@pytest.mark.slow
@pytest.mark.parametrize("lan", [(), ("--lan", "--host", "localhost")])
def test_up_says_open_only_when_the_port_answers(begun: RealDatabase, lan: tuple[str, ...]) -> None:
    port = _free_port()
    serving = begun.start("up", "--no-work", "--port", str(port), *lan, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert serving.stdout is not None
        for line in serving.stdout:
            if f":{port}/" in (line if isinstance(line, str) else line.decode()):
                break
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.communicate(timeout=60)
    assert serving.returncode == 0


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
