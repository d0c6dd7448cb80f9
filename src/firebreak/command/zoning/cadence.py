"""Zones and needs for which the plan says how often people are tested: whoever opens rounds is told before one is due.

The first round of a zone is due a day after the zone began, each further one so many days after the last that covered
it was opened: a round narrowed to it or to its tier, or one of everybody in an area that holds all of it.
People with a need (in isolation) have a round of their own, the first one within half a day of the first such person.

Under an open round a tier may change: from the next look on the tubes of its buildings take as many as the tier says.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from os.path import commonpath

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import active_response
from firebreak.command.releasing.actions import CADENCE, POOLS, time_to_look
from firebreak.command.zoning.events import CadenceLookedAt
from firebreak.engine.journal.acting import action, record
from firebreak.engine.plans.queries import adopted
from firebreak.engine.registry.models import Presence
from firebreak.engine.registry.plan import RegistrySection
from firebreak.engine.tasks.actions import TaskSpec, end_tasks, take_up_tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.tasks.queries import out_of_step
from firebreak.engine.units.queries import leader_or_desk
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.plan import Rhythm, RoundsSection
from firebreak.operations.rounds.pools import follow_tiers, out_of_date
from firebreak.operations.rounds.rights import OPEN_ROUND
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection
from firebreak.operations.zones.queries import zone_buildings

KIND = "round-due"
WATCH = SystemActor("watch", frozenset({OPEN_ROUND}))
TOLD_BEFORE, FIRST_WITHIN = timedelta(hours=12), timedelta(days=1)
POOLS_WITHIN = timedelta(minutes=1)
_TITLE = T("给“{zone}”开一轮检测(每 {n} 天一次)", "Open a round for '{zone}' (every {n} days)")
_AGAIN, _OPENED = "又到期了 due again", "已开轮或分区已结束 a round was opened, or the zone ended"


_NEED = T("给“{need}”开一轮检测(每 {n} 天一次,现 {people} 人)", "Open a round for people {need} (every {n} days; {people} now)")


def look_cadence(now: datetime) -> int:
    """Open a task for each zone or need that is soon due for a round, end those that are not; how many of both."""
    response = active_response()
    if response is None or not time_to_look(CADENCE, now):
        return 0
    due = _due(response, now)
    new, over = out_of_step({spec.about for spec in due}, KIND, response.ref)
    if not (new or over):
        return 0
    return _look(specs=[spec for spec in due if spec.about in new], over=over, by=WATCH, at=now)


@action
def _look(*, specs: list[TaskSpec], over: list[int], by: Actor, at: datetime) -> int:
    """Who: the watch.   Journals: CadenceLookedAt.   Promises: one live task for each zone or need that is due."""
    if specs:
        take_up_tasks(specs=specs, reason=_AGAIN, by=by, at=at)
    if over:
        end_tasks(ids=over, outcome=Task.Outcome.DONE, reason=_OPENED, by=by, at=at)
    record(CadenceLookedAt(len(specs), len(over)), about=by.ref)
    return len(specs) + len(over)


def look_pools(now: datetime) -> int:
    """Let open rounds follow the tiers that changed under them; in how many buildings. Six queries when none did."""
    response = active_response()
    if response is None or not time_to_look(POOLS, now, within=POOLS_WITHIN):
        return 0
    pack = adopted(response.plan.ref)
    plan, zones = pack.section(RoundsSection), pack.find(ZonesSection)
    if plan.proof != "tube" or zones is None:
        return 0
    opened = list(Round.objects.filter(response_ref=response.ref, status=Round.Status.OPEN).order_by("id"))
    changed = out_of_date(opened, plan, zones, now)
    return sum(follow_tiers(round=Ref(ref), sizes=sizes, by=WATCH, at=now) for ref, sizes in changed.items())


def _due(response: Response, now: datetime) -> list[TaskSpec]:
    """A task for each zone or need that is due within `TOLD_BEFORE`. Two queries a zone under such a tier, one a need."""
    pack = adopted(response.plan.ref)
    every = {
        tier.key: tier.measures.test_every_days.value
        for tier in pack.section(ZonesSection).tiers if tier.measures.test_every_days is not None
    }
    held = Zone.objects.filter(
        response_ref=response.ref, status=Zone.Status.IN_FORCE, tier__in=list(every), effective_at__lte=now
    ).order_by("id")
    zones, rounds = list(held), _rounds(response)
    waiting = _with_need(response, pack.section(RoundsSection).rhythms)
    owner = leader_or_desk(response.ref, pack.section(RoundsSection).due_unit) if zones or waiting else None
    if owner is None or owner.holder_id is None:
        return []
    specs = []
    for rhythm, people in waiting:
        opened = next((row.opened_at for row in rounds if _is_of(row, "need", rhythm.need)), None)
        due = opened + timedelta(days=rhythm.every_days.value) if opened else now + TOLD_BEFORE
        if due - now <= TOLD_BEFORE:
            need = pack.section(RegistrySection).need(rhythm.need).name
            title = _NEED.filled(need=need, n=rhythm.every_days.value, people=people)
            about = make_ref(KIND, f"{token_of(response.ref)}.{rhythm.need}")
            specs.append(TaskSpec(KIND, about, response.ref, title, owner.pk, due))
    for zone in zones:
        last = _last(zone, rounds, now)
        due = last + timedelta(days=every[zone.tier]) if last else zone.effective_at + FIRST_WITHIN
        if due - now <= TOLD_BEFORE:
            title = _TITLE.filled(zone=T(zone.name_zh, zone.name_en), n=every[zone.tier])
            specs.append(TaskSpec(KIND, make_ref(KIND, token_of(zone.ref)), response.ref, title, owner.pk, due))
    return specs


def _with_need(response: Response, rhythms: Iterable[Rhythm]) -> list[tuple[Rhythm, int]]:
    """The rhythms of needs that somebody present in the response's area has, with how many do. One query each."""
    found = []
    for rhythm in rhythms:
        people = Presence.objects.filter(building__path__startswith=response.area.path, person__needs__key=rhythm.need)
        if n := people.values("person").distinct().count():
            found.append((rhythm, n))
    return found


def _is_of(row: Round, kind: str, key: str) -> bool:
    return bool(row.scope) and (row.scope["kind"], row.scope["key"]) == (kind, key)


def _rounds(response: Response) -> list[Round]:
    rows = Round.objects.filter(response_ref=response.ref).exclude(status=Round.Status.CANCELLED)
    return list(rows.select_related("area").order_by("-opened_at"))


def _last(zone: Zone, rounds: Iterable[Round], now: datetime) -> datetime | None:
    """When the last round that covers a zone was opened since it began."""
    paths = list(zone_buildings(zone, now).values_list("path", flat=True))
    if not paths:
        return None
    shared = commonpath(paths) + "/"
    return next((
        row.opened_at for row in rounds if row.opened_at >= zone.effective_at and shared.startswith(row.area.path)
        and (not row.scope or _is_of(row, "zone", zone.ref) or _is_of(row, "tier", zone.tier))
    ), None)
