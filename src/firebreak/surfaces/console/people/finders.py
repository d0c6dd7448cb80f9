"""Finding people, the households behind a door, and places."""

from django.db.models import Q
from django.urls import reverse

from firebreak.engine.access import scope
from firebreak.engine.access.actors import AccountActor
from firebreak.engine.access.reading import note_read
from firebreak.engine.areas.models import Area
from firebreak.engine.registry import persons
from firebreak.engine.registry.models import Household
from firebreak.engine.registry.rights import REGISTRY_READ
from firebreak.kernel import clock
from firebreak.kernel.refs import token_of
from firebreak.kernel.text import T
from firebreak.surfaces.console.finding import AT_MOST, Finder, Hit, register_finder
from firebreak.surfaces.console.people.reasons import reason_for
from firebreak.surfaces.console.people.wording import KINDS


def _people(text: str, who: AccountActor) -> tuple[list[Hit], bool]:
    answer = persons.find(text, who)
    if answer.people:
        note_read(
            about="registry:find", page="find", people=len(answer.people), reason=reason_for(who),
            fields=sorted({field for view in answer.people for field in view.fields}), by=who, at=clock.now(),
            mentions=[view.ref for view in answer.people],
        )
    return [_person_hit(view) for view in answer.people], answer.more


def _person_hit(view: persons.PersonView) -> Hit:
    age = view.age(clock.now().date())
    stay = view.stays[0] if view.stays else None
    where = T(
        f"{stay.building_name.zh} {stay.door} {KINDS[stay.kind].zh}".strip(),
        f"{stay.building_name.en} {stay.door} {KINDS[stay.kind].en}".strip(),
    ) if stay else T("现无登记地点", "no place on record now")
    small = T(f"{age} 岁 · {where.zh}", f"{age} · {where.en}") if age is not None else where
    return Hit(f"{view.shown.name} {view.shown.number}".strip(), reverse("person", args=[token_of(view.ref)]), small)


def _buildings(text: str, who: AccountActor) -> tuple[list[Hit], bool]:
    rows = scope.within(Area.objects.all(), who, REGISTRY_READ, field="path")
    rows = rows.filter(scope.prefixed("code", text.upper()) | scope.prefixed("name_zh", text)).order_by("level", "code")
    kept = list(rows[: AT_MOST + 1])
    hits = [
        Hit(T(row.name_zh, row.name_en or row.name_zh), reverse("area-people", args=[row.code]), row.code)
        for row in kept[:AT_MOST]
    ]
    return hits, len(kept) > AT_MOST


def _households(text: str, who: AccountActor) -> tuple[list[Hit], bool]:
    """A door is found by its building and its number: `HT-01-01-1 301`, `1号楼 301`."""
    building, _, door = text.rpartition(" ")
    if not building:
        return [], False
    rows = scope.within(Household.objects.select_related("building"), who, REGISTRY_READ, field="building__path")
    places = Area.objects.filter(level=Area.Level.BUILDING).filter(
        scope.prefixed("code", building.upper()) | scope.prefixed("name_zh", building) | Q(name_en__iexact=building)
    )
    rows = rows.filter(scope.prefixed("door", door), building__in=places.values("id")).order_by("building_id", "door")
    kept = list(rows[: AT_MOST + 1])
    hits = [
        Hit(
            T(f"{row.building.name_zh} {row.door}", f"{row.building.name_en or row.building.name_zh} {row.door}"),
            reverse("household", args=[token_of(row.ref)]), row.building.code,
        )
        for row in kept[:AT_MOST]
    ]
    return hits, len(kept) > AT_MOST


register_finder(Finder("people", T("人", "People"), REGISTRY_READ, _people, order=10))
register_finder(Finder("buildings", T("楼栋和辖区", "Buildings and areas"), REGISTRY_READ, _buildings, order=20))
register_finder(Finder("households", T("户", "Households"), REGISTRY_READ, _households, order=15))
