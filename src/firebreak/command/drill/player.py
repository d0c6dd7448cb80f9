"""Plays steps at a pace, moving the ledger's clock behind the work it has committed.

At most as fast as the work commits; pausable; stoppable at any step. Knows nothing of what the steps do.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist

from firebreak.command.drill.clockfile import ClockFile
from firebreak.command.drill.pace import MAX_SPEED, PaceFile
from firebreak.command.drill.steps import Schedule, Step
from firebreak.command.drill.takeover import Changes
from firebreak.kernel import clock
from firebreak.kernel.refusals import Refusal

PAUSE_LOOK_S = 0.2
SLICE_S = 0.5


class DrillRefused(RuntimeError):
    """The program refused what the drill asked of it: a step is wrong, and the drill stops there."""

    def __init__(self, step: Step, refusal: Refusal) -> None:
        super().__init__(f"{step.name} at {step.at}: {refusal}")


@dataclass(slots=True)
class Player:
    """Plays until a moment. `played` is told after each step; `sleep` is the real clock's."""

    ledger_clock: ClockFile
    pace: PaceFile
    played: Callable[[Step], None]
    sleep: Callable[[float], None] = time.sleep
    changes: Changes | None = None
    """Once somebody has changed the story, steps that no longer apply are passed over and named here."""

    def play(self, steps: Schedule, until: datetime) -> int:
        """Play every step after the clock's present moment and up to `until`; how many. Errors: `DrillRefused`."""
        begun = self.ledger_clock.read()
        count = 0
        with self.pace.playing():
            for step in steps:
                if step.at > until:
                    break
                if step.at <= begun:
                    continue
                self._wait_for(step.at)
                self._play(step)
                count += 1
            self._wait_for(until)
            self.ledger_clock.move_to(until)
        return count

    def _play(self, step: Step) -> None:
        clock.use(lambda: step.at)
        try:
            step.play()
        except (Refusal, LookupError, ObjectDoesNotExist, MultipleObjectsReturned) as failure:
            if self.changes is None or self.changes.skipped() is None:
                if isinstance(failure, Refusal):
                    raise DrillRefused(step, failure) from failure
                raise
            self.changes.skip(step.name)
        self.ledger_clock.move_to(step.at)
        self.played(step)

    def _wait_for(self, moment: datetime) -> None:
        """Let real time pass until the ledger's clock, at the pace asked for, has come to the moment."""
        reached = self.ledger_clock.read()
        while reached < moment:
            pace = self.pace.read()
            if pace.paused:
                self.pace.rest()
                self.sleep(PAUSE_LOOK_S)
            elif pace.speed == MAX_SPEED:
                return
            else:
                real = min((moment - reached).total_seconds() / pace.speed, SLICE_S)
                self.sleep(real)
                reached = min(moment, reached + (moment - reached) * _share(real, moment, reached, pace.speed))
                self.ledger_clock.move_to(reached)


def _share(real: float, moment: datetime, reached: datetime, speed: float) -> float:
    """What part of the way to the moment `real` seconds go at this speed."""
    return min(1.0, real * speed / (moment - reached).total_seconds())
