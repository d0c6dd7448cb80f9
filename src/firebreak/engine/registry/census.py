"""The register beside the census: how many people an independent count says an area has.

A list can be complete in itself and still not know of people; a number from outside is one of two ways to see it (the
other is looking behind drawn doors).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from firebreak.engine.areas.models import Area
from firebreak.engine.areas.queries import by_code
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.registry import refusals
from firebreak.engine.registry.events import CensusNoted
from firebreak.engine.registry.models import CensusCount, Presence
from firebreak.engine.registry.rights import REGISTRY_IMPORT
from firebreak.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Covered:
    """An area with a census figure, and how many the register says live there now."""

    area: Area
    registered: int
    count: CensusCount

    @property
    def percent(self) -> float:
        """Registered of counted, in per cent, to one decimal, rounded down so that 100 means all."""
        return 1000 * self.registered // self.count.people / 10


@action
def note_census(*, counts: Mapping[str, int], counted_on: date, source: str, by: Actor, at: datetime) -> int:
    """Enter what a census counted, by area code; answers how many areas.

    Who: whoever may import the register, over each area.
    Refuses: census-empty, unknown-area-code, census-unreadable, census-unsourced, census-in-the-future.
    Journals: CensusNoted.   Promises: all or nothing; earlier counts stay, the latest by its day holds.
    """
    if not counts:
        raise refusals.CENSUS_EMPTY.because()
    if not source.strip():
        raise refusals.CENSUS_UNSOURCED.because()
    if counted_on > at.date():
        raise refusals.CENSUS_FUTURE.because()
    areas = by_code(set(counts))
    for code, people in counts.items():
        if code not in areas:
            raise refusals.UNKNOWN_AREA_CODE.because(code=code)
        if people < 1:
            raise refusals.CENSUS_UNREADABLE.because(line=f"{code} {people}")
        by.require(REGISTRY_IMPORT, area=areas[code].path)
    act = current_act()
    CensusCount.objects.bulk_create([
        CensusCount(area=areas[code], people=people, counted_on=counted_on, source=source.strip(), act=act)
        for code, people in counts.items()
    ])
    record(CensusNoted(len(counts), sum(counts.values()), counted_on, source.strip()), about=by.ref)
    return len(counts)


def coverage(area_path: str) -> list[Covered]:
    """Areas at or below a path that have a census figure, the widest first. Two queries; at most a row for each building."""
    counts: dict[int, CensusCount] = {}
    for row in CensusCount.objects.filter(area__path__startswith=area_path).select_related("area").order_by("counted_on", "id"):
        counts[row.area_id] = row
    if not counts:
        return []
    living = Presence.objects.filter(kind="lives", building__path__startswith=area_path)
    houses = list(living.values_list("building__path").annotate(Count("person_id", distinct=True)))
    return [
        Covered(row.area, sum(people for path, people in houses if path.startswith(row.area.path)), row)
        for row in sorted(counts.values(), key=lambda row: row.area.path)
    ]
