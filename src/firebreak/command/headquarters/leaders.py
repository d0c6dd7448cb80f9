"""A unit that nobody leads is an alarm: whoever stands above owes it a leader, by name and by a deadline."""

from datetime import datetime, timedelta

from firebreak.command.headquarters.events import UnitsUnled
from firebreak.command.headquarters.plan import HeadquartersSection
from firebreak.engine.journal.acting import action, record
from firebreak.engine.plans.queries import followed_pack
from firebreak.engine.tasks.actions import TaskSpec, end_tasks, take_up_tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.tasks.queries import out_of_step
from firebreak.engine.units.models import Post
from firebreak.engine.units.queries import desk_post, steps_up
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.text import T

KIND = "unled-unit"
WATCH = SystemActor("watch", frozenset())
_TITLE = T("“{unit}”无人牵头,请定组长", "'{unit}' has no leader: name one")
_LED, _AGAIN = "已有人牵头 somebody leads it", "又无人牵头 nobody leads it again"


def look_unled(now: datetime) -> int:
    """Open a task for each unit nobody leads, end those of units led again; how many of both. Four queries mostly."""
    unled = {
        post.ref: post for post in Post.objects.filter(
            leads_unit=True, closed_at=None, holder=None, unit__dissolved_at=None
        ).select_related("unit", "unit__parent").order_by("id")
    }
    new, over = out_of_step(unled, KIND)
    specs = _specs([post for ref, post in unled.items() if ref in new], now)
    if not (specs or over):
        return 0
    return _look(specs=specs, over=over, by=WATCH, at=now)


@action
def _look(*, specs: list[TaskSpec], over: list[int], by: Actor, at: datetime) -> int:
    """Who: the watch.   Journals: UnitsUnled.   Promises: one live task for each unit without a leader."""
    if specs:
        take_up_tasks(specs=specs, reason=_AGAIN, by=by, at=at)
    if over:
        end_tasks(ids=over, outcome=Task.Outcome.DONE, reason=_LED, by=by, at=at)
    record(UnitsUnled(len(specs), len(over)), about=by.ref)
    return len(specs) + len(over)


def _specs(posts: list[Post], now: datetime) -> list[TaskSpec]:
    """A task for each, owned by the leader above, else by the desk; none where nobody at all holds a post."""
    if not posts:
        return []
    plan = followed_pack()
    section = plan.find(HeadquartersSection) if plan else None
    due = now + timedelta(minutes=section.leader_within_minutes.value if section else 30)
    above, specs = steps_up(posts), []
    for post in posts:
        owner = above.get(post.pk)
        if owner is None or owner.holder_id is None:
            owner = desk_post(post.unit.response_ref)
        if owner is not None and owner.holder_id is not None:
            unit = T(post.unit.name_zh, post.unit.name_en)
            specs.append(TaskSpec(KIND, post.ref, post.unit.response_ref, _TITLE.filled(unit=unit), owner.pk, due))
    return specs
