"""Positive pools: everybody in the tube is held at once and tested alone; it ends when each has a result of their own."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from firebreak.engine import bulk
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.tasks.actions import TaskSpec, end_tasks, open_tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.queries import leader_or_desk
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.operations.laboratory import refusals
from firebreak.operations.laboratory.events import HeldReleased, PoolClosed, PoolOpened
from firebreak.operations.laboratory.models import Held, Pool, Released, Result, Specimen
from firebreak.operations.laboratory.plan import LaboratorySection
from firebreak.operations.laboratory.results import results_of
from firebreak.operations.laboratory.rights import CONFIRM_RESULTS
from firebreak.operations.laboratory.stages import Means

KIND = "positive-pool"
_TITLE = T(
    "{tube} 混采阳性:{people} 人逐一单采,有结果前不销案",
    "Pool {tube} is positive: {people} people tested alone, each with a result",
)


def open_pools(specimens: Sequence[Specimen], plan: LaboratorySection, by: Actor, at: datetime) -> list[Pool]:
    """Hold everybody in these positive tubes; a tube whose pool is known already is left. Call inside an action."""
    known = set(Pool.objects.filter(tube__in=[one.tube for one in specimens if one.tube]).values_list("tube_id", flat=True))
    opened = []
    for one in specimens:
        tube = one.tube
        if tube is None or tube.pk in known:
            continue
        people = bulk.fetch(
            "SELECT DISTINCT e.person_id, e.building_id FROM rounds_scan s"
            " JOIN rounds_entry e ON e.round_id = s.round_id AND e.person_id = s.person_id"
            " WHERE s.tube_id = %s AND NOT EXISTS (SELECT 1 FROM rounds_undo u WHERE u.scan_event_id = s.event_id)"
            " ORDER BY e.person_id", [tube.pk],
        )
        pool = Pool.objects.create(
            ref=new_ref("pool"), round_id=tube.round_id, tube=tube, found_at=at,
            due_at=at + timedelta(hours=plan.recheck_within_hours.value), act=current_act(),
        )
        Held.objects.bulk_create([
            Held(pool=pool, person_id=person, building_id=building, happened_at=at, act=current_act())
            for person, building in people
        ])
        pool.task_id = _task(pool, plan, len(people), by, at)
        pool.save(update_fields=["task"])
        record(PoolOpened(tube.code, len(people)), about=pool.ref)
        opened.append(pool)
    return opened


def _task(pool: Pool, plan: LaboratorySection, people: int, by: Actor, at: datetime) -> int | None:
    owner = leader_or_desk(pool.round.response_ref, plan.unit)
    if owner is None:
        return None
    title = _TITLE.filled(tube=pool.tube.code, people=people)
    (key,) = open_tasks(
        specs=[TaskSpec(KIND, pool.ref, pool.round.response_ref, title, owner.pk, pool.due_at)], by=by, at=at
    )
    return key


def still_open(pool: Pool | None = None) -> QuerySet[Held]:
    """People of open pools (or of one) who have no result of their own that says something, and were not released."""
    said = Result.objects.filter(specimen__held=OuterRef("pk")).exclude(means=Means.INVALID)
    rows = Held.objects.filter(~Exists(said), release=None)
    rows = rows.filter(pool=pool) if pool is not None else rows.filter(pool__closed_at=None)
    return rows.select_related("person", "building", "pool").order_by("id")


def close_ended(pools: Sequence[Pool], by: Actor, at: datetime) -> None:
    """Close pools of which nobody is open any more. Call inside an action."""
    for pool in pools:
        if pool.closed_at is None and not still_open(pool).exists():
            pool.closed_at = at
            pool.save(update_fields=["closed_at"])
            singles = list(Specimen.objects.filter(held__pool=pool))
            found = [one for one in results_of(singles).values() if one.means in (Means.POSITIVE, Means.WEAK)]
            if pool.task_id is not None and pool.task is not None and pool.task.status != Task.Status.ENDED:
                end_tasks(ids=[pool.task_id], outcome=Task.Outcome.DONE, reason="", by=by, at=at)
            record(PoolClosed(pool.people.count(), len(found)), about=pool.ref)


@action
def release_held(*, pool: Ref, person: Ref, reason: str, by: Actor, at: datetime) -> None:
    """Decide that somebody of a pool will have no result of their own (dead, in hospital, left the country).

    Who: whoever confirms results.   Refuses: not-found, missing-reason.
    Journals: HeldReleased, and PoolClosed when they were the last.
    Promises: who decided it and why stays on record.
    """
    held = Held.objects.select_related("pool__round__area").filter(pool__ref=pool, person__ref=person).first()
    if held is None:
        raise NOT_FOUND.because()
    by.require(CONFIRM_RESULTS, area=held.pool.round.area.path)
    if not reason.strip():
        raise refusals.REASON_MISSING.because()
    Released.objects.get_or_create(
        held=held, defaults={"reason": reason.strip()[:120], "by": by.ref, "happened_at": at, "act": current_act()}
    )
    record(HeldReleased(person, reason.strip()[:120]), about=pool)
    close_ended([held.pool], by, at)


def touched_by(specimens: Sequence[Specimen]) -> list[Pool]:
    """Pools whose people these single swabs belong to, or whose tube they are. One query."""
    held = {one.held_id for one in specimens if one.held_id}
    tubes = {one.tube_id for one in specimens if one.tube_id}
    return list(Pool.objects.select_related("task").filter(Q(people__in=held) | Q(tube__in=tubes)).distinct())
