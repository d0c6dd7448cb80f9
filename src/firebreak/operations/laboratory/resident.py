"""What a resident may know of their own test: one answer, read from the same rows as everybody else's, at this moment.

A pool's positive result is nobody's: whoever was in the tube reads that they will be swabbed alone, not that they are positive.
"""

from dataclasses import dataclass
from datetime import datetime

from firebreak.engine import bulk
from firebreak.engine.registry.models import Person
from firebreak.operations.laboratory.models import Held, Result, Specimen
from firebreak.operations.laboratory.results import results_of
from firebreak.operations.laboratory.stages import UNCLEAR, Means
from firebreak.operations.rounds.models import Entry, SiteDuty


@dataclass(frozen=True, slots=True)
class Own:
    """One round of a person.

    `says` is to_do, excused, waiting (sampled, no result), negative, again (the tube told nothing), alone (to be swabbed
    alone) or positive (their own result). `at` is the moment of what it says; `site` where they are to come.
    """

    number: int
    says: str
    at: datetime | None
    site_zh: str = ""
    site_en: str = ""


def own_rounds(person: Person, limit: int = 3) -> list[Own]:
    """A person's last rounds, the latest first. Seven queries at most a round."""
    entries = Entry.objects.filter(person=person).exclude(round__status="cancelled").select_related("round")
    return [_own(entry) for entry in entries.order_by("-round_id")[:limit]]


def _own(entry: Entry) -> Own:
    number, state = entry.round.number, entry.state
    if state != Entry.State.SAMPLED:
        duty = SiteDuty.objects.filter(round=entry.round, building=entry.building).select_related("site").first()
        if state not in (Entry.State.TO_DO, Entry.State.AWAY, Entry.State.UNREACHABLE):
            return Own(number, "excused", None)
        return Own(number, "to_do", entry.round.due_at, *((duty.site.name_zh, duty.site.name_en) if duty else ("", "")))
    alone = Held.objects.filter(person_id=entry.person_id, pool__round=entry.round).order_by("-id").first()
    if alone is not None:
        return _alone(number, alone)
    swabbed, tubes = _tubes(entry)
    held = results_of(Specimen.objects.filter(tube__in=tubes))
    latest = max(held.values(), key=lambda one: one.pk, default=None)
    if latest is None or latest.means in UNCLEAR:
        return Own(number, "waiting", swabbed)
    return Own(number, "negative" if latest.means == Means.NEGATIVE else "again", latest.tested_at)


def _alone(number: int, held: Held) -> Own:
    said = Result.objects.filter(specimen__held=held).order_by("-id").first()
    if said is None or said.means == Means.INVALID:
        return Own(number, "alone", held.happened_at)
    return Own(number, "negative" if said.means == Means.NEGATIVE else "positive", said.tested_at)


def _tubes(entry: Entry) -> tuple[datetime | None, list[int]]:
    rows = bulk.fetch(
        "SELECT s.happened_at, s.tube_id FROM rounds_scan s WHERE s.round_id = %s AND s.person_id = %s AND s.tube_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM rounds_undo u WHERE u.scan_event_id = s.event_id) ORDER BY s.happened_at",
        [entry.round_id, entry.person_id],
    )
    return (bulk.read_moment(rows[-1][0]) if rows else None), [tube for _, tube in rows]
