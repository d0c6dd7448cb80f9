"""`firebreak drill`: play the story in an invented district, in a data folder of its own."""

import sys
from datetime import datetime
from pathlib import Path

import click

from firebreak.commands import bar, choose_language, open_ledger, say, say_both
from firebreak.kernel.place import data_folder
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T

DEFAULT_SEED = 7
_NO_PACK = T("没有这个预案包:{pack}。可用:{known}", "There is no plan pack {pack}. Known: {known}")
_UNREADABLE = T("看不懂时间:{given}。写成 2022-06-09T24:00", "Cannot read the time {given}. Write 2022-06-09T24:00")
_SPEED = T("速度写 max,或每秒账上的秒数,如 480", "Speed is max, or ledger seconds per second such as 480")
_FOUND = T(
    "虚构的区已备好:{areas} 处、{people} 人。", "The invented district is ready: {areas} places, {people} people."
)
_PLAYED = T("演到 {until},{steps} 步。", "Played to {until}, {steps} steps.")
_LISTS = T("导入 {what}", "Importing {what}")
_PLAYING = T("演练", "Playing")


@click.command("drill")
@click.argument("pack")
@click.option("--until", default="2022-06-09T24:00", show_default=True, help="Ledger time to stop at, district time.")
@click.option("--speed", default="max", show_default=True, help="max, or ledger seconds per real second.")
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="Another seed gives other names and places.")
@click.option("--people", type=int, help="Size of the register; the full district when left out.")
@click.option("--prepare", is_flag=True, help="Only bring the district in; play nothing.")
def command(pack: str, until: str, speed: str, seed: int, people: int | None, prepare: bool) -> None:
    """Play June 2022 through the program's own doors. Goes on where an earlier run of the same drill stopped."""
    choose_language()
    try:
        _run(pack, until, speed, seed, people, prepare)
    except Refusal as refusal:
        say_both(refusal.text, error=True)
        sys.exit(1)


def _run(pack: str, until: str, speed: str, seed: int, people: int | None, prepare: bool) -> None:
    from firebreak.command.drill.clockfile import ClockFile
    from firebreak.command.drill.district import DEFAULT_PEOPLE
    from firebreak.command.drill.folder import prepare_folder
    from firebreak.command.drill.moments import BEGIN, END, FOUNDED

    data = data_folder()
    prepare_folder(data, pack=pack, seed=seed, people=people or DEFAULT_PEOPLE)
    ledger_clock = ClockFile(data)
    if not ledger_clock.path.exists():
        ledger_clock.move_to(FOUNDED)
    open_ledger()
    moment = _moment(until)
    _hand_back(data)
    _set_pace(data, speed)
    if ledger_clock.read() < BEGIN:
        _found(data, pack, seed, people or DEFAULT_PEOPLE)
        ledger_clock.move_to(BEGIN)
    if not prepare:
        _play(data, pack, seed, people or DEFAULT_PEOPLE, min(moment, END))


def _found(data: Path, pack: str, seed: int, people: int) -> None:
    """Tables, then the district, at the moment before the story begins."""
    from django.core.management import call_command

    from firebreak.command.drill import founding, story
    from firebreak.command.drill.moments import FOUNDED
    from firebreak.engine.areas.models import Area
    from firebreak.engine.registry.models import Person
    from firebreak.kernel import clock
    from firebreak.upkeep.starting import enter_installation

    call_command("migrate", verbosity=0)
    enter_installation()
    clock.use(lambda: FOUNDED)
    story.draw_refs_from(seed, FOUNDED)
    founded = founding.invent(_pack_folder(pack), seed, people)
    with bar(_LISTS.filled(what=pack)) as progress:
        founding.found(data, founded, seed, lambda what, rows: progress(rows, people))
    say(_FOUND.filled(areas=Area.objects.count(), people=Person.objects.count()))


def _play(data: Path, pack: str, seed: int, people: int, until: datetime) -> None:
    from firebreak.command.drill import founding, story
    from firebreak.command.drill.clockfile import ClockFile
    from firebreak.command.drill.moments import BEGIN, ZONE
    from firebreak.command.drill.pace import PaceFile
    from firebreak.command.drill.player import Player
    from firebreak.command.drill.takeover import Changes

    founded = founding.invent(_pack_folder(pack), seed, people)
    ledger_clock = ClockFile(data)
    begun = ledger_clock.read()
    story.draw_refs_from(seed, begun)
    span = max(1, int((until - BEGIN).total_seconds()))
    with bar(_PLAYING) as progress:
        player = Player(
            ledger_clock, PaceFile(data), lambda step: progress(int((step.at - BEGIN).total_seconds()), span),
            changes=Changes(data / "drill"),
        )
        steps = player.play(story.schedule(founded, seed), until)
        story.finish(until)
    say(_PLAYED.filled(until=until.astimezone(ZONE).strftime("%Y-%m-%d %H:%M"), steps=steps))


def _pack_folder(pack: str) -> Path:
    from django.conf import settings

    folder = Path(settings.PLANS) / pack
    if not (folder / "plan.toml").exists():
        known = ", ".join(sorted(path.parent.name for path in Path(settings.PLANS).glob("*/plan.toml")))
        raise Refusal("unknown-pack", _NO_PACK.filled(pack=pack, known=known))
    return folder


def _moment(text: str) -> datetime:
    from firebreak.command.drill.moments import ZONE
    from firebreak.kernel.clock import parse_moment

    try:
        return parse_moment(text, ZONE)
    except ValueError as wrong:
        raise Refusal("unreadable-moment", _UNREADABLE.filled(given=text)) from wrong


def _hand_back(data: Path) -> None:
    """Whoever had taken a part when the drill was stopped is gone; what they did stays."""
    from firebreak.command.drill.takeover import TakeOver

    taken = TakeOver(data)
    if taken.current() is not None:
        taken.give_back()


def _set_pace(data: Path, speed: str) -> None:
    from firebreak.command.drill.pace import MAX_SPEED, Pace, PaceFile

    try:
        asked = MAX_SPEED if speed == "max" else float(speed)
    except ValueError as wrong:
        raise Refusal("unreadable-speed", _SPEED) from wrong
    PaceFile(data).ask(Pace(asked))
