"""`firebreak import`: what the terminal says, writes and leaves alone."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from firebreak.commands.import_lists import command
from firebreak.commands.plan import command as plan
from firebreak.engine.registry.models import ImportFile, Person
from tests.support.district import PLANS

pytestmark = pytest.mark.django_db
AREAS = "区域编号,名称,级别,上级编号\nHT,海投,区,\nHT-01,东澳社区,社区,HT\nG1,一网格,网格,HT-01\n"
PEOPLE = "东澳社区名单\n姓名,身份证号码,楼号,房号,备注\n张三,11010519491231002x,B1,101,x\n李四,12,B1,101,x\n合计,2\n"


@pytest.fixture
def folder(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of lists, with areas and one building already imported."""
    monkeypatch.setenv("FIREBREAK_LANGUAGE", "en")
    write(tmp_path / "areas.csv", AREAS)
    write(tmp_path / "buildings.csv", "楼栋编号,楼栋名称,网格编号\nB1,1号楼,G1\n")
    write(tmp_path / "people.csv", PEOPLE)
    for kind in ("areas", "buildings"):
        assert run(kind, tmp_path / f"{kind}.csv").exit_code == 0
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("gbk"))
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def last_line(result: Result) -> str:
    return result.stdout.strip().splitlines()[-1]


def test_people_come_in_and_the_rejected_row_goes_back_with_its_reason(folder: Path) -> None:
    result = run("people", folder / "people.csv")
    assert result.exit_code == 0
    assert "2 rows = accepted 1 + rejected 1 + duplicate 0" in result.stdout
    assert "Columns not read: 备注." in result.stdout
    returned = (folder / "people.returned.csv").read_bytes().decode("gb18030").splitlines()
    assert returned[0] == "姓名,身份证号码,楼号,房号,备注,原因 Reason"
    assert returned[1].startswith("李四,12,B1,101,x,")
    assert (folder / "people.returned.csv").stat().st_mode & 0o077 == 0


def test_the_terminal_says_why_rows_stayed_out(folder: Path) -> None:
    result = run("people", folder / "people.csv")
    reasons = [line for line in result.stdout.splitlines() if line.startswith("Row ")]
    assert [reason.startswith("Row 4: A resident id has 18 characters") for reason in reasons] == [True]


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_many_rows_refused_alike_do_not_hide_the_one_that_is_different(folder: Path, options: list[str]) -> None:
    rows = [*(f"人{number},,B9,101" for number in range(60)), "王五,12,B1,101"]
    result = run("people", write(folder / "many.csv", "姓名,身份证号码,楼号,房号\n" + "\n".join(rows) + "\n"), *options)
    told = [line.partition(":")[0] for line in result.stdout.splitlines() if line.startswith("Row ")]
    assert told == ["Row 2", "Row 3", "Row 4", "Row 62"]
    assert "57 more" in result.stdout


def test_a_file_of_which_nothing_came_in_ends_with_an_error(folder: Path) -> None:
    result = run("people", write(folder / "strangers.csv", "姓名,楼号\n张三,B9\n李四,B9\n"))
    assert result.exit_code == 1
    assert "2 rows = accepted 0 + rejected 2 + duplicate 0" in result.stdout


@pytest.mark.parametrize("plan_first", [True, False])
def test_a_post_no_plan_has_is_named_by_whichever_comes_second(folder: Path, plan_first: bool) -> None:
    roster = write(folder / "roster.csv", "姓名,单位,岗位编号,角色\n张三,医院,commander,负责人\n李四,医院,nowhere,成员\n")
    steps = [
        lambda: CliRunner().invoke(plan, ["adopt", str(PLANS / "covid-2022"), "--authority", "一号文"]),
        lambda: run("roster", roster),
    ]

    first, second = [step() for step in (steps if plan_first else reversed(steps))]

    assert (first.exit_code, second.exit_code, first.stderr) == (0, 0, "")
    assert "Post codes of the roster that no adopted plan has in this district (1): nowhere." in second.stderr


def test_a_dry_run_says_the_same_and_writes_nothing(folder: Path) -> None:
    result = run("people", folder / "people.csv", "--dry-run")
    assert "Dry run, nothing was written: 2 rows = accepted 1 + rejected 1 + duplicate 0" in result.stdout
    assert "Row 4: A resident id has 18 characters" in result.stdout
    assert (Person.objects.count(), ImportFile.objects.filter(kind="people").count()) == (0, 0)


def test_a_repeat_is_all_duplicates(folder: Path) -> None:
    run("people", folder / "people.csv")
    assert "2 rows = accepted 0 + rejected 1 + duplicate 1" in run("people", folder / "people.csv").stdout


def test_a_mapping_file_that_is_not_there_is_written_and_nothing_imported(folder: Path) -> None:
    path = folder / "map.json"
    assert last_line(run("people", folder / "people.csv", "--map", path)).startswith("The mapping was written to")
    saved = json.loads(path.read_text("utf-8"))
    assert saved["columns"] == {"name": "姓名", "id_number": "身份证号码", "building": "楼号", "door": "房号"}
    assert Person.objects.count() == 0
    saved["columns"].pop("door")
    path.write_text(json.dumps(saved), "utf-8")
    assert run("people", folder / "people.csv", "--map", path).exit_code == 0
    assert Person.objects.get().presences.get().door == ""


def test_a_guessed_column_is_not_written_without_a_word(folder: Path) -> None:
    path = write(folder / "guess.csv", "姓名,楼号,居民证件号码\n张三,B1,\n")
    result = run("people", path)
    assert (result.exit_code, Person.objects.count()) == (2, 0)
    assert "1 columns were guessed" in result.stderr
    assert run("people", path, "--yes").exit_code == 0


@pytest.mark.parametrize(("arguments", "sentence"), [
    (["--expected-count", "9"], "文件有 2 行,发送方说 9 行。没有写入。"),
    (["--as", "nobody"], "没有账号“nobody”。什么都没有改动。"),
    (["--sheet", "x", "--map", "broken.json"], "读不懂列对应文件"),
])
def test_a_refused_import_says_why_in_both_languages(folder: Path, arguments: list[str], sentence: str) -> None:
    (folder / "broken.json").write_text("[1", "utf-8")
    result = run("people", folder / "people.csv", *(str(folder / a) if a.endswith("json") else a for a in arguments))
    assert (result.exit_code, Person.objects.count()) == (1, 0)
    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) >= 2


def test_a_file_stopped_half_way_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from firebreak.engine.registry.importing import actions

    def stop(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(actions, "finish_import", stop)
        assert run("people", folder / "people.csv").exit_code != 0
    result = run("people", folder / "people.csv")
    assert "This file was not finished last time; going on with it." in result.stdout
    assert "2 rows = accepted 1 + rejected 1 + duplicate 0" in result.stdout
    assert ImportFile.objects.filter(kind="people").count() == 1
