"""A newcomer takes a part: the story rests, what they do stays or is taken back whole, and the story copes."""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from firebreak.command.drill.clockfile import ClockFile
from firebreak.command.drill.moments import june
from firebreak.command.drill.pace import Pace, PaceFile
from firebreak.command.drill.player import DrillRefused, Player
from firebreak.command.drill.steps import Schedule, Step
from firebreak.command.drill.takeover import Changes, TakeOver
from firebreak.kernel.refusals import NOT_FOUND, Refusal

BEGIN, MINUTE = june(5, "14:00"), timedelta(minutes=1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A drill at 14:00 whose database holds one row."""
    ClockFile(tmp_path).move_to(BEGIN)
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite3")) as ledger:
        ledger.execute("PRAGMA journal_mode=WAL")
        ledger.execute("CREATE TABLE act (name TEXT)")
        ledger.execute("INSERT INTO act VALUES ('before')")
        ledger.commit()
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal" / "seals.jsonl").write_text("first\n", "utf-8")
    return tmp_path


def takeover(data: Path) -> TakeOver:
    return TakeOver(data, database=data / "ledger.sqlite3")


def act(data: Path, name: str) -> None:
    with closing(sqlite3.connect(data / "ledger.sqlite3")) as ledger:
        ledger.execute("INSERT INTO act VALUES (?)", (name,))
        ledger.commit()
    with (data / "journal" / "seals.jsonl").open("a", encoding="utf-8") as seals:
        seals.write(f"{name}\n")


def known(data: Path) -> tuple[list[str], str]:
    with closing(sqlite3.connect(data / "ledger.sqlite3")) as ledger:
        rows = [name for (name,) in ledger.execute("SELECT name FROM act ORDER BY rowid")]
    return rows, (data / "journal" / "seals.jsonl").read_text("utf-8")


def steps(*plays: Callable[[], None]) -> Schedule:
    schedule = Schedule()
    schedule.add(Step(BEGIN + number * MINUTE, f"step {number}", play) for number, play in enumerate(plays, start=1))
    return schedule


def player(data: Path) -> Player:
    return Player(ClockFile(data), PaceFile(data), lambda _: None, changes=Changes(data / "drill"))


def refuse() -> None:
    raise NOT_FOUND.because()


def test_undo_puts_back_the_database_and_the_seals_under_open_connections(data: Path) -> None:
    PaceFile(data).ask(Pace(480.0))
    with closing(sqlite3.connect(data / "ledger.sqlite3")) as reader:
        assert reader.execute("SELECT count(*) FROM act").fetchone() == (1,)
        takeover(data).take("commander")
        act(data, "hers")
        assert reader.execute("SELECT count(*) FROM act").fetchone() == (2,)
        takeover(data).undo()
        assert reader.execute("SELECT count(*) FROM act").fetchone() == (1,)
    assert known(data) == (["before"], "first\n")
    assert (takeover(data).current(), PaceFile(data).read(), Changes(data / "drill").skipped()) == (None, Pace(480.0), None)


def test_what_was_done_stays_when_the_part_is_given_back(data: Path) -> None:
    takeover(data).take("commander")
    assert PaceFile(data).read().paused
    act(data, "hers")
    takeover(data).give_back()
    assert (known(data)[0], PaceFile(data).read(), Changes(data / "drill").skipped()) == (["before", "hers"], Pace(0.0), [])


@pytest.mark.parametrize(("ask", "code"), [
    (lambda one: one.give_back(), "no-part-taken"), (lambda one: one.undo(), "no-part-taken"),
    (lambda one: (one.take("commander"), one.take("commander")), "part-already-taken"),
])
def test_a_part_is_taken_once_and_ended_once(data: Path, ask: Callable[[TakeOver], object], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        ask(takeover(data))


def test_a_player_rests_between_two_steps_before_anybody_acts(data: Path) -> None:
    running, go_on = threading.Event(), threading.Event()
    seen: list[list[str]] = []

    def long() -> None:
        running.set()
        go_on.wait(10)
        act(data, "scripted")

    def after() -> None:
        seen.append(known(data)[0])

    thread = threading.Thread(target=player(data).play, args=(steps(long, after), BEGIN + 3 * MINUTE))
    thread.start()
    running.wait(10)
    impatient = TakeOver(data, sleep=lambda _: None, database=data / "ledger.sqlite3")
    with pytest.raises(Refusal, match="story-still-playing"):
        impatient.take("commander")
    assert PaceFile(data).read() == Pace(0.0)
    PaceFile(data).ask(Pace(0.0, paused=True))
    go_on.set()
    takeover(data).take("commander")
    act(data, "hers")
    time.sleep(0.5)
    assert seen == []
    takeover(data).undo()
    PaceFile(data).ask(Pace(0.0))
    thread.join(10)
    assert seen == [["before", "scripted"]]


def test_a_step_that_fails_stops_the_story_unless_somebody_changed_it(data: Path) -> None:
    with pytest.raises(DrillRefused, match="step 1"):
        player(data).play(steps(refuse), BEGIN + 2 * MINUTE)
    takeover(data).take("commander")
    takeover(data).give_back()
    assert player(data).play(steps(refuse, lambda: act(data, "scripted")), BEGIN + 3 * MINUTE) == 2
    assert (Changes(data / "drill").skipped(), known(data)[0]) == (["step 1"], ["before", "scripted"])
