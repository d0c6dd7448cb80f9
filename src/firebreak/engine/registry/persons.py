"""The read side of one person: find, show, open one sealed field for a purpose. Masked is the default.

Nothing here writes but `unmask`, which journals the reading it allows. Pages journal their own reads
(`access.reading.note_read`) before they render what they got from here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from firebreak.engine.access import scope
from firebreak.engine.access.masking import Shown, mask_number, mask_phone, shown_name
from firebreak.engine.access.reading import note_unmasking
from firebreak.engine.access.refusals import NO_REASON, NO_SUCH_FIELD
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import action
from firebreak.engine.registry.identity import hash_id, open_id, open_phone
from firebreak.engine.registry.models import Household, NeedFlag, Person, Presence
from firebreak.engine.registry.queries import present_at
from firebreak.engine.registry.rights import (
    REGISTRY_READ,
    REGISTRY_READ_NEEDS,
    REGISTRY_READ_PERSONAL,
    REGISTRY_READ_PHONE,
    REGISTRY_UNMASK,
)
from firebreak.kernel.actor import Actor
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

FOUND_AT_MOST = 20

PURPOSES: dict[str, T] = {
    "call": T("电话联系本人或家属", "Call the person or the family"),
    "visit": T("上门核对", "Visit the door"),
    "identity": T("核对证件", "Check papers"),
    "register": T("更正底册", "Correct the register"),
    "rescue": T("急救或求助", "Rescue or a call for help"),
}
FIELDS: dict[str, T] = {
    "name": T("姓名", "Name"), "number": T("证件号", "Number of papers"), "phone": T("电话", "Phone"),
}


@dataclass(frozen=True, slots=True)
class Stay:
    """One presence: where, as what, behind which door, from when until when."""

    building: str
    building_name: T
    path: str
    kind: str
    door: str
    begins_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as this reader may see them. `fields` says which were shown in full, for the journal."""

    ref: Ref
    shown: Shown
    fields: tuple[str, ...]
    sex: int
    birth_on: date | None
    died_on: date | None
    household: str
    stays: tuple[Stay, ...]
    needs: tuple[str, ...] | None
    may_unmask: tuple[str, ...]

    def age(self, today: date) -> int | None:
        """Full years on a day; None when the birthday is unknown."""
        if self.birth_on is None:
            return None
        before = (today.month, today.day) < (self.birth_on.month, self.birth_on.day)
        return today.year - self.birth_on.year - before


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """The people behind one door, as this reader may see them."""

    ref: Ref
    building: str
    building_name: T
    path: str
    door: str
    number: str
    people: tuple[PersonView, ...]


@dataclass(frozen=True, slots=True)
class Then:
    """A person and where they were expected at a past moment."""

    view: PersonView
    kind: str
    building: str
    building_name: T


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, at most `FOUND_AT_MOST`; `more` says that there are others."""

    people: tuple[PersonView, ...]
    more: bool


def find(text: str, by: Actor, limit: int = FOUND_AT_MOST) -> Found:
    """People by beginning of the name, pinyin or its initials, last 4 of the papers, whole number, phone, or ref.

    True now. At most four queries; each is answered from an index, whatever the size of the register.
    """
    if not by.areas(REGISTRY_READ):
        return Found((), False)
    rows: dict[int, Person] = {}
    for wanted in _readings(text.strip()):
        taken = _in_scope(Person.objects.filter(wanted), by).select_related("household")[: limit + 1]
        rows.update({row.pk: row for row in taken})
        if len(rows) > limit:
            break
    kept = sorted(rows.values(), key=lambda row: (len(row.name), row.pinyin, row.pk))[:limit]
    return Found(tuple(_views(kept, by, with_needs=False)), len(rows) > limit)


def show(person: Ref, by: Actor) -> PersonView:
    """One person. Refuses `not-found` alike for an unknown ref and a person of another area. Three queries."""
    row = Person.objects.filter(ref=person).select_related("household").first()
    if row is None:
        raise NOT_FOUND.because()
    view = _views([row], by, with_needs=True)[0]
    if not _sees(view.stays, by):
        raise NOT_FOUND.because()
    return view


def show_several(people: Iterable[int], by: Actor) -> dict[int, PersonView]:
    """Person key → their view, masked for this reader; three queries. Whether a reader may see them is the caller's."""
    rows = Person.objects.select_related("household").filter(id__in=list(people)).order_by("id")
    return dict(zip([row.pk for row in rows], _views(rows, by, with_needs=True), strict=True))


def show_household(household: Ref, by: Actor) -> HouseholdView:
    """A household with its people. Refuses `not-found` alike for unknown and foreign ones. Four queries."""
    row = Household.objects.filter(ref=household).select_related("building").first()
    if row is None or not by.may(REGISTRY_READ, area=row.building.path):
        raise NOT_FOUND.because()
    people = row.persons.select_related("household").order_by("birth_on", "id")[:200]
    return HouseholdView(
        Ref(row.ref), row.building.code, _name(row.building.name_zh, row.building.name_en), row.building.path,
        row.door, row.number, tuple(_views(people, by, with_needs=True)),
    )


def list_at(area: Area, by: Actor, after: int = 0, limit: int = 100) -> tuple[list[PersonView], int]:
    """Everybody present in an area, by the key of their presence, and the key to go on from (0 = no more).

    Refuses `not-found` outside the reader's areas. True now. Three queries, whatever the size of the area.
    """
    if not by.may(REGISTRY_READ, area=area.path):
        raise NOT_FOUND.because()
    here = Presence.objects.filter(scope.prefixed("building__path", area.path), pk__gt=after).order_by("pk")
    page = list(here.values_list("pk", "person_id")[: limit + 1])
    more = page[limit - 1][0] if len(page) > limit else 0
    wanted = list(dict.fromkeys(person for _, person in page[:limit]))
    rows = Person.objects.select_related("household").in_bulk(wanted)
    return _views([rows[key] for key in wanted], by, with_needs=False), more


def list_then(area: Area, by: Actor, cutoff: Cutoff, after: int = 0, limit: int = 100) -> tuple[list[Then], int]:
    """Everybody present in an area at a cut-off, by the key of the person, and the key to go on from (0 = no more).

    Each person once: where they lived, else worked, else passed. Who they are is shown as known now, masked as for
    any reader of today. Refuses `not-found` outside the reader's areas. Five queries.
    """
    if not by.may(REGISTRY_READ, area=area.path):
        raise NOT_FOUND.because()
    page = present_at(area.path, cutoff).page(after, limit + 1)
    more = page[limit - 1][0] if len(page) > limit else 0
    rows = Person.objects.select_related("household").in_bulk([person for person, _, _ in page[:limit]])
    buildings = Area.objects.in_bulk({building for _, building, _ in page[:limit]})
    views = _views([rows[person] for person, _, _ in page[:limit]], by, with_needs=False)
    return [
        Then(view, kind, buildings[building].code, _name(buildings[building].name_zh, buildings[building].name_en))
        for view, (_, building, kind) in zip(views, page[:limit], strict=True)
    ], more


def places_of(view: PersonView) -> list[str]:
    """Codes of the person's buildings and of every area above them: where lists may have shown this person."""
    return sorted({code for stay in view.stays for code in stay.path.strip("/").split("/")})


@action
def unmask(*, person: Ref, field: str, purpose: str, by: Actor, at: datetime) -> str:
    """Open one field of one person for a stated purpose; answers its plain text, to be shown once.

    Who: roles with the right to unmask, for people of their area.   Refuses: not-found, no-such-field, no-reason.
    Journals: PersonUnmasked.   Promises: nothing is shown without its event. Never call with a client key.
    """
    view = show(person, by)
    if not _may(REGISTRY_UNMASK, view.stays, by):
        raise NOT_FOUND.because()
    if field not in FIELDS:
        raise NO_SUCH_FIELD.because()
    if purpose not in PURPOSES:
        raise NO_REASON.because()
    note_unmasking(person=person, field=field, reason=purpose, by=by, at=at)
    row = Person.objects.only("ref", "name", "id_sealed", "phone_sealed").get(ref=person)
    if field == "name":
        return row.name
    return open_id(row.ref, row.id_sealed) if field == "number" else open_phone(row.ref, row.phone_sealed)


def _readings(text: str) -> Iterable[Q]:
    """What the text may mean, the narrowest first."""
    bare = text.replace(" ", "").replace("-", "")
    if not bare:
        return
    if text.startswith("person:"):
        yield Q(ref=text)
        return
    if re.fullmatch(r"\d{17}[\dXx]", bare):
        yield Q(id_hash=hash_id(bare.upper()))
        return
    if re.fullmatch(r"\+?\d{7,15}", bare):
        yield Q(phone_hash=settings.VAULT.lookup(bare, "phone"))
        return
    if re.fullmatch(r"\d{3}[\dXx]", bare):
        yield Q(id_last4=bare.upper())
        return
    if bare.isascii() and bare.isalnum():
        if len(bare) == 12:
            yield Q(ref=f"person:{bare.lower()}")
        yield scope.prefixed("initials", bare.lower())
        yield scope.prefixed("pinyin", bare.lower())
        return
    yield scope.prefixed("name", text)


def _in_scope(people: QuerySet[Person], by: Actor) -> QuerySet[Person]:
    if "/" in by.areas(REGISTRY_READ):
        return people
    here = scope.within(
        Presence.objects.filter(person=OuterRef("pk")), by, REGISTRY_READ, field="building__path",
    )
    return people.filter(Exists(here))


def _views(rows: Iterable[Person], by: Actor, *, with_needs: bool) -> list[PersonView]:
    """Views of people already read; one query for all their presences, one for needs where they may be seen."""
    people = list(rows)
    keys = [row.pk for row in people]
    stays: dict[int, list[Stay]] = {key: [] for key in keys}
    presences = Presence.objects.filter(person_id__in=keys).select_related("building").order_by("kind", "id")
    for presence in presences:
        area = presence.building
        stays[presence.person_id].append(Stay(
            area.code, _name(area.name_zh, area.name_en), area.path, presence.kind, presence.door,
            presence.begins_on, presence.ends_on,
        ))
    views = [_view(row, tuple(stays[row.pk]), by) for row in people]
    return _with_needs(views, people, by) if with_needs else views


def _view(row: Person, stays: tuple[Stay, ...], by: Actor) -> PersonView:
    named = _may(REGISTRY_READ_PERSONAL, stays, by)
    called = _may(REGISTRY_READ_PHONE, stays, by)
    phone = open_phone(row.ref, row.phone_sealed)
    shown = Shown(
        shown_name(row.name, named), mask_number(row.id_last4),
        phone if called else "、".join(mask_phone(part) for part in phone.split("、") if part),
    )
    full = {"name": named, "number": False, "phone": called}
    hidden = tuple(
        field for field, on_record in (("name", row.name), ("number", row.id_last4), ("phone", phone))
        if on_record and not full[field]
    )
    may_unmask = hidden if _may(REGISTRY_UNMASK, stays, by) else ()
    return PersonView(
        Ref(row.ref), shown, tuple(field for field, seen in full.items() if seen), row.sex, row.birth_on,
        row.died_on, row.household.ref if row.household else "", stays, None, may_unmask,
    )


def _with_needs(views: list[PersonView], people: list[Person], by: Actor) -> list[PersonView]:
    """Needs where the reader may see them; None elsewhere."""
    allowed = {row.pk for row, view in zip(people, views, strict=True) if _may(REGISTRY_READ_NEEDS, view.stays, by)}
    if not allowed:
        return views
    flags: dict[int, list[str]] = {key: [] for key in allowed}
    for key, need in NeedFlag.objects.filter(person_id__in=allowed).order_by("key").values_list("person_id", "key"):
        flags[key].append(need)
    return [
        replace(view, needs=tuple(flags[row.pk])) if row.pk in allowed else view
        for row, view in zip(people, views, strict=True)
    ]


def _sees(stays: tuple[Stay, ...], by: Actor) -> bool:
    """Somebody without a place here is seen only by who answers for everywhere."""
    return "/" in by.areas(REGISTRY_READ) or _may(REGISTRY_READ, stays, by)


def _may(permission: str, stays: tuple[Stay, ...], by: Actor) -> bool:
    if not stays:
        return "/" in by.areas(permission)
    return any(by.may(permission, area=stay.path) for stay in stays)


def _name(zh: str, en: str) -> T:
    return T(zh, en or zh)
