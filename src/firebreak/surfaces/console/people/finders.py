"""What the find box looks through: each topic registers a finder; people and buildings are the first."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from firebreak.engine.access import scope
from firebreak.engine.access.actors import AccountActor
from firebreak.engine.access.reading import note_read
from firebreak.engine.areas.models import Area
from firebreak.engine.registry import persons
from firebreak.engine.registry.rights import REGISTRY_READ
from firebreak.kernel import clock
from firebreak.kernel.refs import token_of
from firebreak.kernel.text import T
from firebreak.surfaces.common.words import Words
from firebreak.surfaces.console.people.reasons import reason_for
from firebreak.surfaces.console.people.wording import KINDS

SHORTEST = 2
AREAS_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: words, where it leads (\"\" = nowhere), and a second line."""

    text: Words
    href: str
    small: Words = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """A list to look through for who holds `permission` anywhere."""

    key: str
    title: T
    permission: str
    find: Callable[[str, AccountActor], tuple[list[Hit], bool]]
    order: int = 100


_finders: dict[str, Finder] = {}


def register_finder(finder: Finder) -> None:
    """Let the find box look through this list as well."""
    _finders[finder.key] = finder


def found(text: str, who: AccountActor) -> list[tuple[T, list[Hit], bool]]:
    """(title, hits, more) per list; lists without a hit are left out."""
    if len(text) < SHORTEST:
        return []
    answers = []
    for finder in sorted(_finders.values(), key=lambda finder: (finder.order, finder.key)):
        if who.may(finder.permission):
            hits, more = finder.find(text, who)
            if hits:
                answers.append((finder.title, hits, more))
    return answers


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
    kept = list(rows[: AREAS_AT_MOST + 1])
    hits = [
        Hit(T(row.name_zh, row.name_en or row.name_zh), reverse("area-people", args=[row.code]), row.code)
        for row in kept[:AREAS_AT_MOST]
    ]
    return hits, len(kept) > AREAS_AT_MOST


register_finder(Finder("people", T("人", "People"), REGISTRY_READ, _people, order=10))
register_finder(Finder("buildings", T("楼栋和辖区", "Buildings and areas"), REGISTRY_READ, _buildings, order=20))
