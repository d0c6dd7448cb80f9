"""The inspections of the drill: five sites on 7 June with one fault, handed over, mended and closed; 59 doors on 8 June."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from firebreak.command.drill.moments import june
from firebreak.command.drill.scenes import Scenes, the_response
from firebreak.command.drill.steps import Step
from firebreak.command.inspections import actions
from firebreak.command.inspections.actions import Fault
from firebreak.command.inspections.models import Draw, Finding, Inspection
from firebreak.engine.tasks.models import Task
from firebreak.kernel.refs import Ref

INSPECTOR = "lead_inspection"
SITES_AT, DOORS_AT = june(7, "10:00"), june(8, "15:00")
SITES, DOORS = 5, 59
FAULTY = 1
"""The site drawn first has its queue too dense."""
RECHECKED_AT = june(7, "15:30")


class InspectionScenes:
    """The inspection task force on its way."""

    def __init__(self, scenes: Scenes) -> None:
        self.scenes = scenes

    def steps(self) -> Iterator[Step]:
        """Draw, look at one after the other, look again at what was not so."""
        yield self._drawing("sampling_site", SITES, SITES_AT, timedelta(minutes=30))
        yield self._step("recheck finding", RECHECKED_AT, self._recheck)
        yield self._drawing("unlisted_doors", DOORS, DOORS_AT, timedelta(minutes=5))

    def _drawing(self, checklist: str, count: int, at: datetime, pause: timedelta) -> Step:
        draw = partial(self._draw, checklist, count)
        name = f"draw {checklist}"
        return Step(
            at, name, partial(self.scenes.keyed, name, partial(draw, at)), partial(self._looks, checklist, at, pause)
        )

    def _draw(self, checklist: str, count: int, at: datetime) -> None:
        response = the_response()
        actions.draw_inspection(
            response=Ref(response.ref), checklist=checklist, area=response.area.code, count=count,
            by=self.scenes.cast.actor(INSPECTOR), at=at,
        )

    def _looks(self, checklist: str, at: datetime, pause: timedelta) -> Iterator[Step]:
        row = Inspection.objects.get(checklist=checklist, opened_at=at)
        for draw in row.draws_made.order_by("position"):
            moment = at + pause * draw.position
            faulty = checklist == "sampling_site" and draw.position == FAULTY
            name = f"look {checklist} {draw.position}"
            then = partial(self.scenes.order_steps, moment) if faulty else None
            yield Step(moment, name, partial(self.scenes.keyed, name, partial(self._look, draw, faulty, moment)), then)

    def _look(self, draw: Draw, faulty: bool, at: datetime) -> None:
        faults = [Fault("distance", "排队间距不足一米,无人引导")] if faulty else []
        actions.look(draw=Ref(draw.ref), faults=faults, by=self.scenes.cast.actor(INSPECTOR), at=at)

    def _recheck(self, at: datetime) -> None:
        for finding in Finding.objects.exclude(task__status=Task.Status.ENDED):
            actions.recheck(
                finding=Ref(finding.ref), corrected=True, text="引导员两名已到位,间距符合",
                by=self.scenes.cast.actor(INSPECTOR), at=at,
            )

    def _step(self, name: str, at: datetime, play: Callable[[datetime], None]) -> Step:
        return Step(at, name, partial(self.scenes.keyed, name, partial(play, at)))
