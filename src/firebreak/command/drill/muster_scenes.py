"""The muster of the drill: on 9 June thirty people are at the command post by 05:00, called half an hour before."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from firebreak.command.drill.moments import june
from firebreak.command.drill.scenes import Scenes, the_response
from firebreak.command.drill.steps import Step
from firebreak.command.musters import actions, queries
from firebreak.command.musters.models import Call, Muster
from firebreak.engine.units.models import Unit
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T

CALLED_AT, DUE_AT = june(9, "04:30"), june(9, "05:00")
NEEDED = 30
UNIT, OFFICER = "security", "lead_security"
HOME_END = "综合行政执法局"
MINUTE = timedelta(minutes=1)
TITLE = T("支援封控管控区值守", "Help at the zones")


class MusterScenes:
    """Called, answered, replaced, there."""

    def __init__(self, scenes: Scenes) -> None:
        self.scenes = scenes

    def steps(self) -> Iterator[Step]:
        """The call, then minute by minute whoever answers or arrives."""
        name = "call muster"
        yield Step(CALLED_AT, name, partial(self.scenes.keyed, name, self._call))
        at = CALLED_AT + MINUTE
        while at < DUE_AT + 15 * MINUTE:
            yield Step(at, f"muster {at:%H:%M}", partial(self._minute, at))
            at += MINUTE

    def _call(self) -> None:
        response = the_response()
        home = next((home for home in queries.homes() if home.endswith(HOME_END)), "")
        actions.call_out(
            response=Ref(response.ref), unit=Ref(Unit.objects.get(response_ref=response.ref, key=UNIT).ref),
            title=TITLE.zh, place="指挥部一楼大厅", needed=NEEDED, due_at=DUE_AT, first_from=home,
            by=self.scenes.cast.actor("commander"), at=CALLED_AT,
        )

    def _minute(self, at: datetime) -> None:
        """One in ten says no, one in ten is silent; the others answer within four minutes and come within a quarter."""
        muster = Muster.objects.select_related("task").get(called_at=CALLED_AT)
        by = self.scenes.cast.actor(OFFICER)
        for place, (call, said) in enumerate(queries.board(muster)):
            since = int((at - call.happened_at) // MINUTE)
            first = call.instead_of is None
            if first and place % 10 == 7:
                continue
            if said is None and since == 1 + place % 4:
                coming = not (first and place % 10 == 3)
                self._play("answer", call, partial(actions.answer, call=Ref(call.ref), coming=coming, by=by, at=at))
            if said and since == 8 + place % 7:
                if Muster.objects.get(pk=muster.pk).task.status == "ended":
                    return
                self._play("arrive", call, partial(actions.arrive, call=Ref(call.ref), by=by, at=at))

    def _play(self, what: str, call: Call, act: partial[Ref]) -> None:
        self.scenes.keyed(f"muster {what} {call.ref}", act)
