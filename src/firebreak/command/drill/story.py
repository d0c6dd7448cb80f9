"""The whole play: scenes of headquarters and of the testing line, and the program's own clockwork between them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random

from firebreak.command.drill.brief_scenes import BriefScenes
from firebreak.command.drill.cast import Cast
from firebreak.command.drill.consultation_scenes import ConsultationScenes
from firebreak.command.drill.custody_scenes import CustodyScenes
from firebreak.command.drill.duty_scenes import DutyScenes
from firebreak.command.drill.founding import Founded
from firebreak.command.drill.inspection_scenes import InspectionScenes
from firebreak.command.drill.moments import BEGIN, END
from firebreak.command.drill.muster_scenes import MusterScenes
from firebreak.command.drill.round_scenes import RoundScenes
from firebreak.command.drill.scenes import Scenes
from firebreak.command.drill.steps import Schedule, Step
from firebreak.command.drill.weather_scenes import WeatherScenes
from firebreak.command.reactions import work
from firebreak.engine.journal.seals import seal
from firebreak.kernel import refs

TICK = timedelta(minutes=15)


def schedule(founded: Founded, seed: int) -> Schedule:
    """Everything there is to play from 5 June 14:00 to 9 June 24:00."""
    cast = Cast()
    steps = Schedule()
    scenes = Scenes(founded, cast, seed)
    steps.add(scenes.steps())
    steps.add(ConsultationScenes(scenes, cast).steps())
    steps.add(InspectionScenes(scenes).steps())
    steps.add(MusterScenes(scenes).steps())
    steps.add(DutyScenes(scenes).steps())
    steps.add(WeatherScenes(scenes).steps())
    steps.add(BriefScenes(scenes).steps())
    steps.add(CustodyScenes(scenes, cast, seed).steps())
    steps.add(RoundScenes(founded, cast, seed).steps())
    steps.add(_ticks())
    return steps


def draw_refs_from(seed: int, begun: datetime) -> None:
    """Let refs come from the drill's seed; a drill that goes on after a stop draws other ones than before."""
    refs.draw_from(Random(f"{seed}/{begun.isoformat()}").randbytes)  # noqa: S311  an invention, not a secret


def _ticks() -> Iterator[Step]:
    at = BEGIN + TICK
    while at <= END:
        yield Step(at, f"work {at:%d %H:%M}", partial(_work, at))
        at += TICK


def _work(at: datetime) -> None:
    work.tick(at)


def finish(until: datetime) -> None:
    """Seal what was played, so that the drill ends verified."""
    seal(at=until)
