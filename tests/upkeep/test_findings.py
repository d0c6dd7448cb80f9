"""What is wrong with an installation is found, with its mend; what is unsafe keeps it from starting."""

import json
import os
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import override_settings
from django_otp.plugins.otp_totp.models import TOTPDevice

from firebreak.commands.plan import command as plan_command
from firebreak.engine.access.models import Account, Grant
from firebreak.engine.journal import sealfile, seals
from firebreak.engine.journal.models import Installation
from firebreak.kernel import clock, folder
from firebreak.kernel.refusals import Refusal
from firebreak.upkeep import database_checks, folder_checks
from firebreak.upkeep.findings import Finding
from firebreak.upkeep.starting import enter_installation, start_checks
from tests.support.acts import START, note_many
from tests.support.district import PLANS, adopt


def codes(findings: Iterator[Finding]) -> list[str]:
    return [finding.code for finding in findings]


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A sound real folder of its own, with a backup of an hour ago."""
    path = tmp_path / "real"
    folder.create(path, kind="real", time_zone="Asia/Shanghai")
    (path / "backups.log").write_text(clock.iso(clock.real_now() - timedelta(hours=1)) + "\n")
    with override_settings(DATA=path):
        yield path


def describe(data: Path, **changes: Any) -> None:
    described = folder.read(data) or {}
    (data / folder.FILE).write_text(json.dumps(described | changes))


@pytest.mark.one_database
def test_sound_folder_has_no_finding(data: Path) -> None:
    assert codes(folder_checks.folder_findings()) == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda data: (data / folder.FILE).unlink(), "not-set-up"),
        (lambda data: (data / "keys/lookup.key").unlink(), "keys-missing"),
        (lambda data: (data / "keys/fields.key").chmod(0o644), "keys-open"),
        (lambda data: data.chmod(0o755), "folder-open"),
        (lambda data: describe(data, code="tap-tap"), "role-links"),
        (lambda data: (data / "backups.log").unlink(), "no-backup"),
        (lambda data: (data / "backups.log").write_text("2022-06-05T00:00:00Z\n"), "backup-old"),
    ],
)
def test_each_fault_of_the_folder_is_found(data: Path, spoil: Callable[[Path], object], found: str) -> None:
    spoil(data)
    assert codes(folder_checks.folder_findings()) == [found]


@pytest.mark.one_database
def test_a_drill_may_have_role_links(data: Path) -> None:
    describe(data, kind="drill", code="tap-tap")
    assert codes(folder_checks.folder_findings()) == []


@pytest.mark.one_database
def test_any_host_is_refused_on_real_data(data: Path) -> None:
    with override_settings(ALLOWED_HOSTS=["*"]):
        assert codes(folder_checks.folder_findings()) == ["any-host"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("moment", "found"),
    [(datetime(1970, 1, 2, tzinfo=UTC), ["clock-wrong"]), (datetime(2026, 6, 5, tzinfo=UTC), [])],
)
def test_an_impossible_clock_is_found(monkeypatch: pytest.MonkeyPatch, moment: datetime, found: list[str]) -> None:
    monkeypatch.setattr(clock, "real_now", lambda: moment)
    assert [code for code in codes(folder_checks.machine_findings()) if code == "clock-wrong"] == found


@pytest.mark.one_database
def test_a_full_disk_keeps_it_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_checks, "LEAST_TO_START", 2**60)
    assert codes(folder_checks.machine_findings()) == ["disk-full"]


@pytest.mark.one_database
def test_serving_beyond_this_machine_needs_encryption() -> None:
    assert codes(folder_checks.network_findings("0.0.0.0", 0, encrypted=False)) == ["open-network"]
    assert codes(folder_checks.network_findings("0.0.0.0", 0, encrypted=True)) == []
    assert codes(folder_checks.network_findings("127.0.0.1", 0, encrypted=False)) == []


@pytest.mark.one_database
def test_a_port_in_use_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other:
        port = other.getsockname()[1]
        assert codes(folder_checks.network_findings("127.0.0.1", port, encrypted=False)) == ["port-taken"]


def test_sound_database_has_no_finding(ledger: Path) -> None:
    enter_installation()
    assert codes(database_checks.database_findings()) == []


def test_the_database_of_another_installation_is_found(ledger: Path) -> None:
    Installation.objects.create(folder="another", kind="drill")
    assert codes(database_checks.database_findings()) == ["other-installation"]


def test_lost_protection_is_found(ledger: Path, drop_protection: Callable[..., None]) -> None:
    drop_protection("journal_act", "journal_event")
    found = list(database_checks.database_findings())
    assert [(finding.code, finding.text.en) for finding in found] == [
        ("unprotected-tables", "These tables lost their append-only protection: journal_act, journal_event.")
    ]


def test_acts_that_wait_too_long_for_a_seal_are_found(ledger: Path, clock_at: Callable[[datetime], None]) -> None:
    clock_at(START)
    note_many(3)
    assert codes(database_checks.content_findings()) == []
    clock_at(START + timedelta(minutes=11))
    assert codes(database_checks.content_findings()) == ["seal-old"]


def test_only_roles_that_ask_for_a_second_factor_are_missed(ledger: Path) -> None:
    for role in ("grid_worker", "sampler", "site_lead", "community_leader", "wall", "duty_officer", "auditor"):
        account = Account(ref=f"account:{role}", username=role, name=role, created_at=START)
        account.set_password("一句很长的口令")
        account.save()
        Grant.objects.create(account=account, role=role, begins_at=START)
    with override_settings(FIREBREAK_DRILL=False):
        (found,) = database_checks.content_findings()
        assert found.text.en == "2 accounts whose role asks for a second factor have none yet."
        TOTPDevice.objects.create(user=Account.objects.get(username="auditor"), name="auditor", confirmed=True)
        (found,) = database_checks.content_findings()
        assert found.text.en.startswith("1 accounts ")


def test_the_advice_on_unverified_values_names_a_command_that_lists_them(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adopt()
    (found,) = [one for one in database_checks.content_findings() if one.code == "unverified-plan"]
    _, advised = found.mend.en.split("list: firebreak plan ")
    monkeypatch.chdir(PLANS.parent)
    listed = CliRunner().invoke(plan_command, advised.split())
    assert listed.exit_code == 0
    assert found.text.en == f"Plan covid-2022 has {listed.output.count(chr(10) + '  ')} values without a source."


def test_a_lost_seal_file_is_found(ledger: Path) -> None:
    note_many(2)
    seals.seal(at=START)
    sealfile.seal_file(ledger).unlink()
    assert codes(database_checks.content_findings()) == ["seals-apart"]


def test_a_grave_finding_refuses_the_start_and_says_the_mend(ledger: Path) -> None:
    Installation.objects.create(folder="another", kind="drill")
    with pytest.raises(Refusal, match="unsafe-start") as refused:
        start_checks("127.0.0.1", 0, encrypted=False)
    assert refused.value.text.en.endswith("What to do: Point FIREBREAK_DATA and DATABASE_URL at the same installation.")


def test_a_sound_installation_starts_and_is_tied_to_its_folder(ledger: Path) -> None:
    start_checks("127.0.0.1", 0, encrypted=False)
    described = folder.read(ledger) or {}
    assert list(Installation.objects.values_list("folder", "kind")) == [(described["folder"], "real")]


@pytest.mark.one_database
@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_found(data: Path) -> None:
    data.chmod(0o500)
    assert codes(folder_checks.folder_findings()) == ["folder-not-writable"]
    data.chmod(0o700)
