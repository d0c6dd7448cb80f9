"""Whom an outcome promised another record: each has a deadline, and one post answers for all of a round.

A later round of the same response redeems the promise: by a record, or by a decision with a reason.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from firebreak.engine import bulk
from firebreak.engine.tasks.actions import TaskSpec, end_tasks, open_tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.queries import post_for
from firebreak.kernel.actor import Actor
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.refusals import NO_OWNER
from firebreak.operations.rounds.rules import read_terms

KIND = "again"
TITLE = T("再次上门", "Owed another visit")
BOOK = T("第 {number} 轮 · 再次上门", "Round {number}: owed another visit")
_TASK = T("第 {number} 轮:约定再次上门的人,一人不漏", "Round {number}: everybody who was promised another visit")

_PROMISED = (
    "SELECT x.person_id, x.happened_at, x.outcome FROM (SELECT s.person_id, s.happened_at, s.outcome, ROW_NUMBER() OVER"
    " (PARTITION BY s.person_id ORDER BY s.happened_at DESC, s.event_id DESC) AS place FROM rounds_scan s"
    " WHERE s.round_id = %s AND s.happened_at <= %s AND s.act_id <= %s AND NOT EXISTS (SELECT 1 FROM rounds_undo u"
    " WHERE u.scan_event_id = s.event_id AND u.happened_at <= %s AND u.act_id <= %s)) x"
    " WHERE x.place = 1 AND x.outcome = %s"
)
_LATER = "SELECT r.id FROM rounds_round r WHERE r.response_ref = %s AND r.id > %s AND r.status <> 'cancelled'"
_SEEN = (
    f"EXISTS (SELECT 1 FROM rounds_scan l WHERE l.round_id IN ({_LATER}) AND l.person_id = w.person_id"
    " AND l.happened_at <= %s AND l.act_id <= %s AND NOT EXISTS (SELECT 1 FROM rounds_undo v"
    " WHERE v.scan_event_id = l.event_id AND v.happened_at <= %s AND v.act_id <= %s))"
)
_DECIDED = (
    f"EXISTS (SELECT 1 FROM rounds_decision d WHERE d.round_id IN ({_LATER}) AND d.person_id = w.person_id"
    " AND d.state <> 'to_do' AND d.happened_at <= %s AND d.act_id <= %s AND NOT EXISTS (SELECT 1 FROM rounds_decision n"
    " WHERE n.round_id = d.round_id AND n.person_id = d.person_id AND n.id > d.id AND n.happened_at <= %s"
    " AND n.act_id <= %s))"
)


def open_for(row: Round, *, by: Actor, at: datetime) -> None:
    """Name who will answer for those to be seen again, before anybody is; nothing when no outcome promises it.

    Refuses `building-without-owner`.
    """
    terms = read_terms(row.terms)
    days = [one.again_after_days for one in terms.outcomes.values() if one.again_after_days]
    if not days:
        return
    try:
        post = post_for(row.area.path, terms.again_duty, row.response_ref)
    except LookupError as missing:
        raise NO_OWNER.because(buildings=row.area.code) from missing
    title, due = _TASK.filled(number=row.number), max(row.due_at, at) + timedelta(days=max(days))
    spec = TaskSpec(KIND, make_ref(KIND, token_of(row.ref)), Ref(row.response_ref), title, post.pk, due)
    (row.again_task_id,) = open_tasks(specs=[spec], by=by, at=at)
    row.save(update_fields=["again_task"])


def end_served(closed: Round, *, by: Actor, at: datetime) -> None:
    """When a round closes: end the task of each round, this one too, of which nobody is owed another record."""
    rows = Round.objects.filter(response_ref=closed.response_ref, again_task__isnull=False, pk__lte=closed.pk)
    live = list(rows.exclude(status=Round.Status.OPEN).exclude(again_task__status=Task.Status.ENDED))
    ended = [row.again_task_id for row in live if not balance(row, Cutoff(at)).open]
    end_tasks(ids=[task for task in ended if task], outcome=Task.Outcome.DONE, reason="", by=by, at=at)


def balances(cutoff: Cutoff) -> list[Balance]:
    """One balance for each round that promises anybody another record. Two queries for each such outcome."""
    rows = Round.objects.filter(
        opened_at__lte=cutoff.at, act_id__lte=cutoff.position, again_task__isnull=False
    ).exclude(status=Round.Status.CANCELLED)
    return [balance(row, cutoff) for row in rows.order_by("id")]


def balance(row: Round, cutoff: Cutoff) -> Balance:
    """Owed = people whose last outcome of the round promises another; done and excused = what a later round wrote."""
    sums = [0, 0, 0, 0, 0]
    for found in _counts(row, cutoff):
        sums = [have + more for have, more in zip(sums, found, strict=True)]
    owed, done, excused, left, late = sums
    owned = _has_owner(row, cutoff)
    return Balance(
        name=f"again.{row.number}",
        title=BOOK.filled(number=row.number),
        as_of=cutoff.at,
        owed=owed,
        done=done,
        excused=excused,
        excused_by={"decided": excused} if excused else {},
        open=left if owned else 0,
        overdue=late if owned else 0,
        unowned=0 if owned else left,
        rows=(),
    )


def _counts(row: Round, cutoff: Cutoff) -> Iterator[list[int]]:
    """Owed, done, excused, open, overdue for each outcome that promises another record."""
    at, position = bulk.moment(cutoff.at), cutoff.position
    known, later = [at, position], [row.response_ref, row.pk]
    seen = [*later, *known, *known]
    decided = [*later, *known, *known]
    for key, outcome in read_terms(row.terms).outcomes.items():
        if not outcome.again_after_days:
            continue
        late = bulk.moment(cutoff.at - timedelta(days=outcome.again_after_days))
        params: list[Any] = [
            *seen,
            *seen,
            *decided,
            *seen,
            *decided,
            late,
            *seen,
            *decided,
            row.pk,
            *known,
            *known,
            key,
        ]
        yield [
            int(count)
            for count in bulk.fetch(
                f"SELECT COUNT(*), COALESCE(SUM(CASE WHEN {_SEEN} THEN 1 ELSE 0 END), 0),"
                f" COALESCE(SUM(CASE WHEN NOT {_SEEN} AND {_DECIDED} THEN 1 ELSE 0 END), 0),"
                f" COALESCE(SUM(CASE WHEN NOT {_SEEN} AND NOT {_DECIDED} THEN 1 ELSE 0 END), 0),"
                f" COALESCE(SUM(CASE WHEN w.happened_at < %s AND NOT {_SEEN} AND NOT {_DECIDED} THEN 1 ELSE 0 END), 0)"
                f" FROM ({_PROMISED}) w",
                params,
            )[0]
        ]


def _has_owner(row: Round, cutoff: Cutoff) -> bool:
    """Whether the round's task was live, under an open post, at a cut-off."""
    at, position = bulk.moment(cutoff.at), cutoff.position
    found = bulk.fetch(
        "SELECT c.status, p.id FROM tasks_taskchange c LEFT JOIN units_post p ON p.id = c.owner_id"
        " AND (p.closed_at IS NULL OR p.closed_at > %s)"
        " WHERE c.task_id = %s AND c.happened_at <= %s AND c.act_id <= %s ORDER BY c.id DESC LIMIT 1",
        [at, row.again_task_id, at, position],
    )
    return bool(found) and found[0][0] != Task.Status.ENDED and found[0][1] is not None
