"""`firebreak plan` on the command line: file and line in both languages, and exit codes."""

import csv
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from firebreak.command.activation.queries import planned_posts
from firebreak.commands.import_lists import command as bring_in
from firebreak.commands.plan import command
from firebreak.engine.access.models import Account
from firebreak.engine.areas.models import Area
from firebreak.engine.plans.loader import load_pack
from firebreak.engine.plans.models import AdoptedPlan
from tests.support.district import PLANS
from tests.support.staffing import AT, plant_areas


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


@pytest.mark.django_db
def test_a_plan_is_adopted_from_the_terminal_where_no_account_has_the_right_yet() -> None:
    found = CliRunner().invoke(command, ["adopt", str(PLANS / "covid-2022"), "--authority", "一号文"])

    assert (found.exit_code, AdoptedPlan.objects.get().authority) == (0, "一号文")


@pytest.mark.django_db
def test_the_posts_of_this_district_are_written_as_a_roster_that_comes_in_again(tmp_path: Path) -> None:
    plant_areas()
    out = tmp_path / "roster.csv"

    found = CliRunner().invoke(command, ["posts", str(PLANS / "covid-2022"), str(out)])

    rows = list(csv.DictReader(out.open(encoding="utf-8-sig")))
    assert found.exit_code == 0
    assert (rows[0]["岗位编号"], rows[0]["岗位角色"], rows[0]["姓名"]) == ("commander", "负责人", "")
    posts = planned_posts(load_pack(PLANS / "covid-2022"), Area.objects.get(code="HT"))
    assert [row["岗位编号"] for row in rows] == [post.key for post in posts for _ in range(post.required_people)]
    with out.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys())
        writer.writeheader()
        writer.writerows([row | {"姓名": "张三", "单位": f"第{number}处"} for number, row in enumerate(rows)])
    CliRunner().invoke(command, ["adopt", str(PLANS / "covid-2022"), "--authority", "一号文"])
    brought = CliRunner().invoke(bring_in, ["roster", str(out)], env={"FIREBREAK_LANGUAGE": "en"})
    assert f"{len(rows)} rows = accepted {len(rows)} + rejected 0" in brought.stdout.replace(",", "")
    assert "no adopted plan has" not in brought.stderr


@pytest.mark.django_db
def test_posts_before_the_district_is_there_say_what_to_do_first(tmp_path: Path) -> None:
    found = CliRunner().invoke(command, ["posts", str(PLANS / "covid-2022"), str(tmp_path / "roster.csv")])

    assert (found.exit_code, "firebreak import areas" in found.stderr) == (1, True)
    assert not (tmp_path / "roster.csv").exists()
