"""5 to 9 June 2022, from the alert to a fourth round that balances, played in a small invented district.

The drill is run once, by its command, as anybody would; the tests then ask the ledger what happened.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from firebreak.command.drill.district import sampled_goal
from tests.support.databases import RealDatabase, empty_database

PEOPLE = 600
DAYS = (6, 7, 8, 9)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealDatabase]:
    """The drill, played to its end at full speed."""
    with empty_database(tmp_path_factory.mktemp("drill") / "data") as database:
        played = play(database.environment)
        assert played.returncode == 0, played.stderr
        yield database


def play(environment: dict[str, str], seed: int = 7) -> subprocess.CompletedProcess[str]:
    """`firebreak drill` to the end of the story."""
    return firebreak(
        environment, "drill", "covid-2022", "--until", "2022-06-09T24:00", "--speed", "max",
        "--people", str(PEOPLE), "--seed", str(seed),
    )


def firebreak(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """One run of the command."""
    return subprocess.run(
        [sys.executable, "-m", "firebreak", *arguments], env=environment, capture_output=True, text=True, check=False
    )


def asked(database: RealDatabase, question: str) -> object:
    """What a line of Python answers (as JSON) in the drill's own data folder."""
    opened = f"import json; from firebreak.commands import open_ledger; open_ledger(); {question}"
    environment = {**database.environment, "DJANGO_SETTINGS_MODULE": "firebreak.settings"}
    told = subprocess.run(
        [sys.executable, "-c", opened], env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(told.stdout)


def ledgers(database: RealDatabase, *arguments: str) -> dict[str, dict[str, int]]:
    audited = firebreak(database.environment, "audit", "--json", *arguments)
    found = json.loads(audited.stdout)
    assert (audited.returncode, found["balanced"]) == (0, True), audited.stdout + audited.stderr
    return {ledger["name"]: ledger for ledger in found["ledgers"]}


def report_bytes(folder: Path) -> list[bytes]:
    return [
        (folder / "reports" / f"2022-06-{day:02d}-1.{kind}").read_bytes() for day in DAYS for kind in ("html", "json")
    ]


def test_the_first_round_ends_with_everybody_accounted_for(drill: RealDatabase) -> None:
    first = ledgers(drill)["rounds.1"]
    assert first["done"] == sampled_goal(PEOPLE)
    assert first["owed"] == first["done"] + first["excused"] + first["open"]
    assert (first["overdue"], first["unowned"], first["difference"], first["rows"]) == (0, 0, 0, [])


def test_the_books_balance_at_any_moment_on_the_way(drill: RealDatabase) -> None:
    open_people = [
        ledgers(drill, "--as-of", moment)["rounds.1"]["open"]
        for moment in ("2022-06-06T06:00", "2022-06-06T09:00", "2022-06-06T15:00", "2022-06-06T21:30")
    ]
    assert open_people == sorted(open_people, reverse=True)
    assert open_people[0] > open_people[-1] > 0


def test_four_rounds_end_with_everybody_accounted_for_and_only_the_last_hands_over(drill: RealDatabase) -> None:
    told = ledgers(drill)
    rounds = [told[f"rounds.{number}"] for number in (1, 2, 3, 4)]
    assert all(one["owed"] == one["done"] + one["excused"] + one["open"] > 0 for one in rounds)
    assert [(one["overdue"], one["unowned"], one["difference"]) for one in rounds] == [(0, 0, 0)] * 4
    assert [one["open"] > 0 for one in rounds] == [False, False, False, True]


def test_the_books_balance_at_noon_of_7_june(drill: RealDatabase) -> None:
    noon = ledgers(drill, "--as-of", "2022-06-07T12:00")
    assert (noon["rounds.2"]["open"] > 0, "rounds.3" in noon) == (True, False)


def test_zones_of_8_june_are_a_lockdown_and_two_areas_between_roads(drill: RealDatabase) -> None:
    zones = asked(
        drill, "from firebreak.operations.zones.models import Zone; "
        "print(json.dumps([[z.tier, z.status, z.geometry is not None] for z in Zone.objects.order_by('id')]))",
    )
    assert zones[2:] == [["lockdown", "in_force", False], ["control", "in_force", True], ["control", "in_force", True]]


def test_the_late_order_climbed_the_unit_tree_and_was_done_160_minutes_late(drill: RealDatabase) -> None:
    task = asked(
        drill, "from firebreak.command.headquarters.models import Order; "
        "t = Order.objects.get(title_en='Supplies to every door under lockdown').task; "
        "print(json.dumps([t.outcome, t.escalation > 0, int((t.ended_at - t.due_at).total_seconds() // 60)]))",
    )
    assert task == ["done", True, 160]


def test_every_consultation_was_held_and_nothing_is_left_on_its_table(drill: RealDatabase) -> None:
    held = asked(drill, "from firebreak.command.consultations.models import *; print(json.dumps("
                 "[Consultation.objects.filter(closed_at=None).count(), Consultation.objects.count(), "
                 "list(Resolution.objects.order_by('id').values_list('kind', flat=True))]))")
    assert held == [0, 15, [
        "note", "measure", "measure", "carried", "order", "order", "note", "order", "note", "order",
    ]]


def test_the_journal_can_be_verified_from_its_files_alone(drill: RealDatabase) -> None:
    assert firebreak(drill.environment, "verify").returncode == 0
    assert firebreak(drill.environment, "verify", "--database").returncode == 0


def test_every_day_has_a_balanced_report(drill: RealDatabase) -> None:
    told = [json.loads(text) for text in report_bytes(drill.folder)[1::2]]
    assert [(one["day"], one["balanced"]) for one in told] == [(f"2022-06-{day:02d}", True) for day in DAYS]


def test_the_report_of_6_june_says_what_the_ledger_says(drill: RealDatabase) -> None:
    told = json.loads(report_bytes(drill.folder)[1])
    assert (told["day"], told["balanced"], told["drill"]) == ("2022-06-06", True, True)
    figures = {figure["name"]: figure["value"] for figure in told["figures"]}
    first = next(ledger for ledger in told["ledgers"] if ledger["name"] == "rounds.1")
    assert figures["rounds.sampled"] == first["done"] == sampled_goal(PEOPLE)
    assert figures["rounds.swabs"] > figures["rounds.sampled"]


@pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="compares PostgreSQL with SQLite; runs there")
def test_the_same_seed_gives_the_same_report_bytes_on_both_databases(drill: RealDatabase, tmp_path: Path) -> None:
    on_sqlite = {name: value for name, value in drill.environment.items() if name != "DATABASE_URL"}
    on_sqlite["FIREBREAK_DATA"] = str(tmp_path / "again")
    assert play(on_sqlite).returncode == 0
    assert report_bytes(tmp_path / "again") == report_bytes(drill.folder)


def test_a_drill_never_opens_real_data(tmp_path: Path) -> None:
    with empty_database(tmp_path / "real") as database:
        database.folder.mkdir()
        (database.folder / "folder.json").write_text('{"folder": "f", "kind": "real", "time_zone": "Asia/Shanghai"}')
        refused = play(database.environment)
    assert refused.returncode == 1
    assert "real data" in refused.stderr


def test_every_tube_of_the_first_three_rounds_has_a_result_and_the_rest_is_in_named_hands(drill: RealDatabase) -> None:
    found = ledgers(drill)
    books = [found[f"custody.{number}"] for number in (1, 2, 3, 4)]
    assert [(one["open"], one["unowned"], one["difference"]) for one in books[:3]] == [(0, 0, 0)] * 3
    assert (books[3]["open"] > 0, books[3]["unowned"]) == (True, 0)


def test_the_positive_pool_of_7_june_became_single_tests_orders_and_one_case(drill: RealDatabase) -> None:
    found = asked(
        drill, "from firebreak.operations.laboratory.models import Pool, Specimen; "
        "from firebreak.command.positives.models import Case; p = Pool.objects.get(); "
        "print(json.dumps([p.closed_at is not None, p.people.count() == Specimen.objects.filter(held__pool=p).count(), "
        "Case.objects.count()]))",
    )
    assert found == [True, True, 1]


def test_the_laboratory_that_skips_tubes_was_caught_by_every_blind_control(drill: RealDatabase) -> None:
    found = asked(
        drill, "from firebreak.engine.journal.models import Event; "
        "from firebreak.operations.laboratory.models import Laboratory; "
        "e = Event.objects.filter(type='LaboratoryDoubted').order_by('id').first(); "
        "print(json.dumps([e.payload['laboratory'], e.payload['controls_missed'], "
        "Laboratory.objects.get(code='LAB2').tubes_a_day]))",
    )
    assert found == ["LAB2", 12, 0]
