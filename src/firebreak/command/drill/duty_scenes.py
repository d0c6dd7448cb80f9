"""The duty desk of the drill: lines of the log, and the desk handed over at eight in the morning and in the evening."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from heapq import merge

from firebreak.command.drill.moments import june
from firebreak.command.drill.scenes import Scenes, the_response
from firebreak.command.drill.steps import Step
from firebreak.command.duty import actions, queries
from firebreak.kernel.refs import Ref

LINES = (
    (june(5, "14:03"), "duty_officer", "came_in", "区疾控中心来电:应检尽检一管初筛阳性,已请市疾控复核"),
    (june(5, "14:20"), "duty_officer", "told", "启动已逐级通知,各专班组长电话确认到位"),
    (june(5, "23:55"), "duty_officer", "decided", "总指挥定:首轮明早六点开采,连夜布点"),
    (june(6, "09:31"), "deputy_commander", "came_in", "市疾控复核阳性,专家组判为无症状感染者"),
    (june(8, "08:35"), "duty_officer", "told", "封控通知已送街道和物业,卡口民警到位"),
    (june(9, "05:01"), "duty_officer", "note", "三十人集结到齐,分赴卡口"),
)
_OTHER = {"duty_officer": "deputy_commander", "deputy_commander": "duty_officer"}


class DutyScenes:
    """Who sits at the desk."""

    def __init__(self, scenes: Scenes) -> None:
        self.scenes = scenes

    def steps(self) -> Iterator[Step]:
        """Lines and hand-overs in order."""
        return merge(self._lines(), self._hand_overs(), key=lambda step: step.at)

    def _lines(self) -> Iterator[Step]:
        for at, account, kind, text in LINES:
            yield self._step(f"log {at:%d %H:%M}", at, partial(self._log, account, kind, text, at))

    def _hand_overs(self) -> Iterator[Step]:
        for day in range(6, 10):
            for hour, leaves in (("08:00", "duty_officer"), ("20:00", "deputy_commander")):
                at = june(day, hour)
                yield self._step(f"give desk {at:%d %H:%M}", at, partial(self._give, leaves, at))
                taken = at + timedelta(minutes=6)
                yield self._step(f"take desk {taken:%d %H:%M}", taken, partial(self._take, _OTHER[leaves], taken))

    def _step(self, name: str, at: datetime, play: partial[None]) -> Step:
        return Step(at, name, partial(self.scenes.keyed, name, play))

    def _log(self, account: str, kind: str, text: str, at: datetime) -> None:
        actions.log_line(kind=kind, text=text, by=self.scenes.cast.actor(account), at=at)

    def _give(self, account: str, at: datetime) -> None:
        actions.give_desk(remark="", by=self.scenes.cast.actor(account), at=at)

    def _take(self, account: str, at: datetime) -> None:
        waits = queries.pending(the_response().ref)
        if waits is None:
            raise LookupError("nobody gave the desk")
        actions.take_desk(hand_over=Ref(waits.ref), by=self.scenes.cast.actor(account), at=at)
