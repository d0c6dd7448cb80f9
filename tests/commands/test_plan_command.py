"""`firebreak plan` on the command line: file and line in both languages, and exit codes."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from firebreak.commands.plan import command
from firebreak.engine.access.models import Account
from firebreak.engine.plans.models import AdoptedPlan
from tests.support.district import PLANS
from tests.support.staffing import AT


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack that a test may spoil."""
    return Path(shutil.copytree(PLANS / "covid-2022", tmp_path / "covid-2022"))


def test_a_sound_pack_passes() -> None:
    found = CliRunner().invoke(command, ["check", str(PLANS / "covid-2022")])

    assert (found.exit_code, "内容指纹" in found.output) == (0, True)


def test_a_typo_is_named_with_file_and_line_in_both_languages(pack: Path) -> None:
    text = (pack / "activation.toml").read_text("utf-8")
    (pack / "activation.toml").write_text(text.replace("second_within_minutes", "second_within_minuts"), "utf-8")
    line = text[: text.index("second_within_minutes")].count("\n") + 1

    found = CliRunner().invoke(command, ["check", str(pack)])

    places = [row for row in found.stderr.splitlines() if row.startswith(f"activation.toml:{line}:")]
    assert (found.exit_code, len(places)) == (1, 2)


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    found = CliRunner().invoke(command, ["check", str(tmp_path / "nothing")])

    assert (found.exit_code, "No such folder" in found.stderr) == (1, True)


@pytest.mark.django_db
def test_adopting_needs_a_known_account_with_the_right() -> None:
    Account.objects.create(ref="account:clerk", username="clerk", name="clerk", created_at=AT)
    folder = str(PLANS / "covid-2022")

    for username in ("nobody", "clerk"):
        found = CliRunner().invoke(command, ["adopt", folder, "--authority", "一号文", "--by", username])
        assert found.exit_code == 1

    assert AdoptedPlan.objects.count() == 0
