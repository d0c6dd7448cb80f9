"""Reads of recognition: hours and counts of a response, and who agreed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from firebreak.command.musters.models import Arrival
from firebreak.command.recognition.models import Consent
from firebreak.engine import bulk
from firebreak.engine.units.models import Member, Service

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Served:
    """What one member did in a response. `agreed`: True, False (taken back), None (nobody asked)."""

    member: Member
    unit: str
    hours: int
    posts: int
    seen_through: int
    musters: int
    agreed: bool | None


def union(stretches: Iterable[Stretch]) -> timedelta:
    """How long at least one stretch lasted."""
    total, reached = timedelta(0), None
    for begins, ends in sorted(stretches):
        begins = begins if reached is None else max(begins, reached)
        if ends > begins:
            total += ends - begins
        reached = ends if reached is None else max(reached, ends)
    return total


def served(response: str, now: datetime) -> list[Served]:
    """Everybody who served in a response, by name. Five queries."""
    rows = Service.objects.filter(post__unit__response_ref=response, begins_at__lte=now)
    stretches: dict[int, list[Stretch]] = defaultdict(list)
    posts: dict[int, set[int]] = defaultdict(set)
    last: dict[int, Service] = {}
    for row in rows.select_related("member", "post__unit").order_by("id"):
        stretches[row.member_id].append((row.begins_at, min(row.ends_at or now, now)))
        posts[row.member_id].add(row.post_id)
        last[row.member_id] = row
    done, arrived, agreed = _seen_through(response, now), _arrived(response), _agreed()
    found = [
        Served(
            row.member, row.post.unit.ref, int(union(stretches[key]) / timedelta(hours=1)), len(posts[key]),
            done.get(key, 0), arrived.get(key, 0), agreed.get(key),
        )
        for key, row in last.items()
    ]
    return sorted(found, key=lambda one: (one.member.name, one.member.pk))


def _seen_through(response: str, now: datetime) -> dict[int, int]:
    """Member → tasks that ended done while they held the owning post."""
    return dict(bulk.fetch(
        "SELECT s.member_id, COUNT(DISTINCT c.task_id) FROM tasks_taskchange c JOIN tasks_task t ON t.id = c.task_id"
        " JOIN units_service s ON s.post_id = c.owner_id AND s.role = 'holder' AND s.begins_at <= c.happened_at"
        " AND (s.ends_at IS NULL OR s.ends_at > c.happened_at)"
        " WHERE t.response_ref = %s AND c.status = 'ended' AND c.outcome = 'done' AND c.happened_at <= %s GROUP BY s.member_id",
        [response, bulk.moment(now)],
    ))


def _arrived(response: str) -> dict[int, int]:
    counted: dict[int, int] = defaultdict(int)
    rows = Arrival.objects.filter(call__muster__response_ref=response).values_list("call__member_id", flat=True)
    for member in rows:
        counted[member] += 1
    return counted


def _agreed() -> dict[int, bool]:
    return dict(Consent.objects.order_by("id").values_list("member_id", "agreed"))
