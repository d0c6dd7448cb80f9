"""A news brief of 9 June: the publicity leader writes it, the duty officer edits it, the commander approves it."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from firebreak.command.briefs import actions
from firebreak.command.briefs.models import Brief
from firebreak.command.drill.moments import june
from firebreak.command.drill.scenes import Scenes, the_response
from firebreak.command.drill.steps import Step
from firebreak.engine.approvals.actions import approve
from firebreak.engine.approvals.models import Proposal
from firebreak.kernel.refs import Ref

AUTHOR, EDITOR, APPROVER = "lead_publicity", "duty_officer", "commander"
TITLE = "第 4 轮检测平稳收尾"
TEXT = (
    "6月9日,全区第 4 轮检测继续进行,已采样 [rounds.sampled] 人,名单上 [rounds.listed] 人逐一有着落。\n"
    "指挥部总指挥在会商上说:[#1]。"
)


class BriefScenes:
    """Five steps in the evening of 9 June."""

    def __init__(self, scenes: Scenes) -> None:
        self.scenes = scenes

    def steps(self) -> Iterator[Step]:
        """The quote, the brief, the edit, the proposal and the approval."""
        for clock, name, play in (
            ("18:00", "store quote", self._quote), ("18:10", "write brief", self._write),
            ("18:40", "edit brief", self._edit), ("18:42", "propose brief", self._propose),
            ("19:05", "approve brief", self._approve),
        ):
            at = june(9, clock)
            yield Step(at, name, partial(self.scenes.keyed, name, partial(play, at)))

    def _quote(self, at: datetime) -> None:
        actions.store_quote(
            response=Ref(the_response().ref), speaker="总指挥", words="不漏一户、不落一人,每件事都要有人管到底",
            source="6月9日会商记录", consent="本人 6月9日 17:30 同意", by=self.scenes.cast.actor(AUTHOR), at=at,
        )

    def _write(self, at: datetime) -> None:
        actions.write_brief(
            response=Ref(the_response().ref), title=TITLE, words=TEXT, by=self.scenes.cast.actor(AUTHOR), at=at
        )

    def _edit(self, at: datetime) -> None:
        actions.edit_brief(
            brief=Ref(Brief.objects.get().ref), title=TITLE, words=TEXT + "\n求助请打告知书上的电话。",
            by=self.scenes.cast.actor(EDITOR), at=at,
        )

    def _propose(self, at: datetime) -> None:
        actions.propose_brief(brief=Ref(Brief.objects.get().ref), by=self.scenes.cast.actor(EDITOR), at=at)

    def _approve(self, at: datetime) -> None:
        waiting = Proposal.objects.get(kind=actions.KIND, status=Proposal.Status.PENDING)
        approve(proposal=Ref(waiting.ref), by=self.scenes.cast.actor(APPROVER), at=at)
