"""Somebody answers for every tube without a result: one task a round, from its first seal to its last result."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from firebreak.engine.journal.acting import action, record
from firebreak.engine.plans.queries import followed_pack
from firebreak.engine.tasks.actions import TaskSpec, end_tasks, take_up_tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.tasks.queries import out_of_step
from firebreak.engine.units.queries import leader_or_desk
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T
from firebreak.operations.laboratory.events import CustodyLookedAt
from firebreak.operations.laboratory.models import Specimen
from firebreak.operations.laboratory.plan import LaboratorySection
from firebreak.operations.laboratory.stages import Stage
from firebreak.operations.rounds.models import Round, Tube
from firebreak.operations.rounds.plan import RoundsSection
from firebreak.operations.rounds.rules import read_terms

KIND = "custody"
WATCH = SystemActor("watch", frozenset())
_TITLE = T("第 {number} 轮的每支管都要有结果或说明", "Every tube of round {number} has a result, or is accounted for")
_AGAIN, _OVER = "又有管没有结果 tubes without a result again", "全部有结果或已说明 all accounted for"


def look_custody(now: datetime) -> int:
    """Open a task for each round with tubes that have no end, end those without; how many of both. Five queries."""
    pack = followed_pack()
    plan = pack.find(LaboratorySection) if pack is not None else None
    if pack is None or plan is None:
        return 0
    open_rounds = _open()
    new, over = out_of_step({row.ref for row in open_rounds}, KIND)
    if not (new or over):
        return 0
    hours = pack.section(RoundsSection).result_clock
    specs = []
    for row in open_rounds:
        owner = leader_or_desk(row.response_ref, plan.unit) if row.ref in new else None
        if owner is not None:
            due = row.due_at + timedelta(hours=hours.pooled_hours.value if hours else 24)
            specs.append(TaskSpec(KIND, row.ref, Ref(row.response_ref), _TITLE.filled(number=row.number), owner.pk, due))
    return _look(specs=specs, over=over, by=WATCH, at=now) if specs or over else 0


def _open() -> Sequence[Round]:
    """Rounds that owe their tubes a result, with a sealed tube nobody packed or a specimen without an end."""
    waiting = Specimen.objects.exclude(stage__in=[Stage.RESULTED, Stage.MISSING]).values("round_id")
    loose = Tube.objects.filter(status=Tube.Status.SEALED, specimen=None).values("round_id")
    rows = Round.objects.filter(Q(pk__in=waiting) | Q(pk__in=loose)).order_by("id")
    return [row for row in rows if read_terms(row.terms).custody]


@action
def _look(*, specs: list[TaskSpec], over: list[int], by: Actor, at: datetime) -> int:
    """Who: the watch.   Journals: CustodyLookedAt.   Promises: one live task for each round with tubes that have no end."""
    if specs:
        take_up_tasks(specs=specs, reason=_AGAIN, by=by, at=at)
    if over:
        end_tasks(ids=over, outcome=Task.Outcome.DONE, reason=_OVER, by=by, at=at)
    record(CustodyLookedAt(len(specs), len(over)), about=by.ref)
    return len(specs) + len(over)
