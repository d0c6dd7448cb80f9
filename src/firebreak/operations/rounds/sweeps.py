"""The task of a building in a round: somebody answers for it until everybody on its list has an end."""

from collections.abc import Sequence
from datetime import datetime

from firebreak.engine import bulk
from firebreak.engine.areas.models import Area
from firebreak.engine.tasks.actions import TaskSpec, open_tasks
from firebreak.engine.units.queries import posts_for
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.refusals import NO_OWNER

KIND, DUTY = "sweep", "grid"


def sweep_ref(round_ref: str, building_code: str) -> Ref:
    """What the task of a building is about."""
    return make_ref("sweep", f"{token_of(round_ref)}.{building_code}")


def open_for(row: Round, buildings: Sequence[Area], *, by: Actor, at: datetime, duty: str = DUTY) -> None:
    """One task for each building, owned by the post that answers for it, due with the round.

    Refuses `building-without-owner`. Queries do not grow with the buildings.
    """
    try:
        owners = posts_for([area.pk for area in buildings], duty, row.response_ref)
    except LookupError as missing:
        names = "、".join(area.code for area in buildings[:5])
        raise NO_OWNER.because(buildings=names) from missing
    due = max(row.due_at, at)
    title = T("第 {number} 轮:{zh} 逐户清零", "Round {number}: everybody in {en}")
    specs = [
        TaskSpec(
            KIND, sweep_ref(row.ref, area.code), row.response_ref,
            title.filled(number=row.number, zh=area.name_zh, en=area.name_en or area.name_zh), owners[area.pk], due,
        )
        for area in buildings
    ]
    tasks = open_tasks(specs=specs, by=by, at=at)
    bulk.update(
        "rounds_tally", {"round_id": "bigint", "building_id": "bigint"}, {"task_id": "bigint"},
        [(row.pk, area.pk, task) for area, task in zip(buildings, tasks, strict=True)],
    )
