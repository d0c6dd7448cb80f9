"""The weather of the drill: 8 June is hot, and the plan takes people off the outdoor posts before anybody has to ask."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from firebreak.command.drill.moments import june
from firebreak.command.drill.scenes import Scenes, the_response
from firebreak.command.drill.steps import Step
from firebreak.command.weather.actions import note_weather
from firebreak.command.weather.queries import live
from firebreak.engine.tasks.actions import finish_task
from firebreak.kernel.refs import Ref

SOURCE, LEADER, ACTED = "区气象台", "lead_testing", timedelta(minutes=20)
OBSERVED = ((8, "08:00", 28.5), (8, "11:00", 33.4), (8, "13:00", 35.6), (8, "16:00", 34.1), (8, "19:00", 29.8))
"""Day, hour, °C."""


class WeatherScenes:
    """The duty officer enters what the weather station reports, five minutes after the hour."""

    def __init__(self, scenes: Scenes) -> None:
        self.scenes = scenes

    def steps(self) -> Iterator[Step]:
        """One step for each observation."""
        for day, hour, celsius in OBSERVED:
            at, name = june(day, hour) + timedelta(minutes=5), f"weather {day} {hour}"
            yield Step(at, name, partial(self.scenes.keyed, name, partial(self._note, day, hour, celsius)))
            yield Step(at + ACTED, f"answer {name}", partial(self._act, at + ACTED))

    def _act(self, at: datetime) -> None:
        """The leader who owes what the weather asks for does it, and says so."""
        for task in live(the_response().ref).values():
            name = f"weather done {task.ref}"
            finish = partial(
                finish_task, task=Ref(task.ref), note="已调整岗位,采样移到室内", by=self.scenes.cast.actor(LEADER), at=at
            )
            self.scenes.keyed(name, finish)

    def _note(self, day: int, hour: str, celsius: float) -> None:
        note_weather(
            response=Ref(the_response().ref), measure="temperature_c", value=celsius, observed_at=june(day, hour),
            source=SOURCE, by=self.scenes.cast.actor("duty_officer"), at=june(day, hour) + timedelta(minutes=5),
        )
