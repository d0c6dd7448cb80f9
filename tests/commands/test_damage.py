"""Damage by whoever owns the database does not silence the commands that look for it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from firebreak.commands import audit, doctor, verify
from firebreak.engine.journal import seals
from firebreak.engine.journal.models import Act
from tests.support.acts import START, note_many

Damage = Callable[..., int]


def test_audit_and_verify_speak_when_protection_and_rows_are_gone(
    committed_ledger: Path, damage: Damage, drop_protection: Callable[..., None]
) -> None:
    note_many(4)
    seals.seal(at=START)
    act = Act.objects.order_by("id")[2].id
    drop_protection("journal_event")
    damage("UPDATE journal_event SET about = 'note:other' WHERE act_id = %s", [act])
    runner = CliRunner(env={"FIREBREAK_LANGUAGE": "en"})
    audited = runner.invoke(audit.command, ["--json"])
    assert audited.exit_code == 1
    assert json.loads(audited.stdout)["balanced"] is True
    assert f"凭证 {act} 与第 1 号封存时不同" in audited.stderr
    verified = runner.invoke(verify.command, ["--database"])
    assert (verified.exit_code, f"凭证 {act} 与第 1 号封存时不同" in verified.stderr) == (1, True)


@pytest.mark.parametrize("text", ["yesterday", "2022-06-07 25:00", "2022-13-01T00:00"])
def test_audit_at_no_moment_says_how_to_write_one(committed_ledger: Path, text: str) -> None:
    told = CliRunner().invoke(audit.command, ["--as-of", text])
    assert (told.exit_code, "2022-06-07T08:00" in told.stderr) == (2, True)


def test_doctor_names_lost_protection(ledger: Path, drop_protection: Callable[..., None]) -> None:
    drop_protection("journal_act")
    told = CliRunner().invoke(doctor.command, ["--port", "0"])
    assert (told.exit_code, "append-only protection: journal_act." in told.stderr) == (1, True)
