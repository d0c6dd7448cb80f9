"""Reading the register: who is expected where at which moment, and a person's history.

For programs, not for eyes: what a reader may see of a person is decided in `persons`. Nothing here writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from firebreak.engine.areas.models import Area
from firebreak.engine.registry.identity import Sealer
from firebreak.engine.registry.importing import papers, values
from firebreak.engine.registry.importing.problems import Unreadable
from firebreak.engine.registry.models import Person, PresenceChange
from firebreak.kernel.cutoff import Cutoff

_PRESENT = """
SELECT person_id, building_id, kind FROM (
  SELECT c.person_id, c.building_id, c.kind, ROW_NUMBER() OVER (
    PARTITION BY c.person_id
    ORDER BY CASE c.kind WHEN 'lives' THEN 0 WHEN 'works' THEN 1 ELSE 2 END, c.building_id) AS place
  FROM registry_presencechange c JOIN areas_area a ON a.id = c.building_id
  WHERE substr(a.path, 1, %s) = %s AND c.happened_at <= %s AND c.act_id <= %s
  GROUP BY c.person_id, c.building_id, c.kind HAVING SUM(c.change) > 0
) present WHERE place = 1
"""


@dataclass(frozen=True, slots=True)
class Present:
    """Distinct people present in an area at a cut-off, as SQL for set-based writers.

    `sql` selects (person_id, building_id, kind), one row a person: where they live, else work, else pass.
    """

    sql: str
    params: list[Any]

    def rows(self) -> list[tuple[int, int, str]]:
        """All of them. One query."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.params)
            return list(cursor.fetchall())

    def page(self, after: int, limit: int) -> list[tuple[int, int, str]]:
        """The next ones by person key. One query."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT person_id, building_id, kind FROM ({self.sql}) p"
                " WHERE person_id > %s ORDER BY person_id LIMIT %s",
                [*self.params, after, limit],
            )
            return list(cursor.fetchall())

    def count(self) -> int:
        """How many. One query."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({self.sql}) counted", self.params)
            return int(cursor.fetchone()[0])


def present_at(area_path: str, cutoff: Cutoff) -> Present:
    """Everybody expected in the buildings at or below a path at a cut-off (any past version of the register)."""
    moment = connection.ops.adapt_datetimefield_value(cutoff.at)
    return Present(_PRESENT, [len(area_path), area_path, moment, cutoff.position])


def by_id_number(number: str) -> Person | None:
    """The person with this paper, typed in any form. One query."""
    try:
        plain = papers.parse_paper(number).number
    except Unreadable:
        return None
    return Person.objects.filter(id_hash=Sealer().id_hash(plain)).first() if plain else None


def by_door(building: str, door: str, last4: str) -> list[Person]:
    """People behind a door whose paper ends in these four characters; for the sampling table. One query."""
    try:
        plain = values.parse_door(door)
    except Unreadable:
        return []
    return list(Person.objects.filter(
        presences__building__code=building, presences__door=plain, id_last4=last4.strip().upper()
    ).distinct().order_by("id"))


def refs_of(ids: Sequence[int]) -> dict[int, str]:
    """Refs by key. One query."""
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "ref"))


def history(person: Person) -> QuerySet[PresenceChange]:
    """Every step of a person's presence, newest first. One query when read."""
    return (
        PresenceChange.objects.filter(person=person).select_related("building", "act").order_by("-happened_at", "-id")
    )


def present_in(building: Area, cutoff: Cutoff) -> list[tuple[int, str]]:
    """(person key, kind) of everybody present in one building at a cut-off. One query."""
    return [(person, kind) for person, _, kind in present_at(building.path, cutoff).rows()]
