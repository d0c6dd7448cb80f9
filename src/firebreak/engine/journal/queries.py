"""Reads of the journal: what was done, by whom, about what, and which seal holds it. Writes nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from firebreak.engine.journal.models import Act, Leaf, Seal


@dataclass(frozen=True, slots=True)
class ActLine:
    """One act with its events; `seal` is the number of the seal that holds it, None while unsealed."""

    id: int
    name: str
    by: str
    at: datetime
    received_at: datetime
    outcome: str
    refusal: str
    events: tuple[tuple[str, str, object], ...]
    seal: int | None
    leaf: str


def acts(
    *, about: str = "", by: str = "", name: str = "", outcome: str = "", before: int | None = None, limit: int = 50
) -> list[ActLine]:
    """The newest acts first, below act number `before`; `name` is a prefix such as `rounds.`. Three queries."""
    wanted = Q()
    for given, condition in (
        (about, Q(events__about=about)),
        (by, Q(by=by)),
        (name, Q(name__startswith=name)),
        (outcome, Q(outcome=outcome)),
        (before, Q(id__lt=before)),
    ):
        wanted &= condition if given else Q()
    found = Act.objects.filter(wanted).distinct().order_by("-id").prefetch_related("events")[:limit]
    rows = list(found)
    leaves = {leaf.act_id: leaf for leaf in Leaf.objects.filter(act_id__in=[row.id for row in rows])}
    return [_line(row, leaves.get(row.id)) for row in rows]


def seals(*, before: int | None = None, limit: int = 50) -> list[Seal]:
    """The newest seals first, below seal number `before`. One query."""
    rows = Seal.objects.order_by("-number")
    return list((rows.filter(number__lt=before) if before else rows)[:limit])


def last_position() -> int:
    """The number of the newest act; what the ledger knows now. One query."""
    return Act.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _line(act: Act, leaf: Leaf | None) -> ActLine:
    events = tuple((event.type, event.about, event.payload) for event in act.events.all())
    return ActLine(
        id=act.id,
        name=act.name,
        by=act.by,
        at=act.at,
        received_at=act.received_at,
        outcome=act.outcome,
        refusal=act.refusal,
        events=events,
        seal=leaf.seal_id if leaf else None,
        leaf=leaf.hash if leaf else "",
    )
