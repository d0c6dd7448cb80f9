"""Erasing personal data of the register when their time is over: set-based, over an area, field by field.

Whoever was counted stays counted: rows keep their ref and lose what says who they were.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.db.models import F, Q, QuerySet

from firebreak.engine import bulk
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.registry.events import RegisterErased
from firebreak.engine.registry.models import (
    FoldedStay,
    Household,
    ImportRow,
    NeedFlag,
    Person,
    PersonMerge,
    Presence,
    PresenceChange,
)
from firebreak.engine.registry.rights import OWN_ERASURE
from firebreak.kernel.actor import Actor

REASON = "erased"


@action
def erase_fields(*, area_path: str, fields: Iterable[str], by: Actor, at: datetime) -> dict[str, int]:
    """Erase fields (`plan.PERSONAL_FIELDS`) of everybody who was ever expected in an area; field → rows changed.

    Who: the retention rule, through whoever closed the response.   Journals: RegisterErased.
    Promises: one statement a field whatever their number (three for places); no count of the past changes.
    """
    by.require(OWN_ERASURE, area=area_path)
    done = {field: _ERASE[field](area_path, at) for field in fields}
    record(RegisterErased(done), about=by.ref)
    return done


def still_held(area_path: str, fields: Iterable[str]) -> dict[str, int]:
    """Field → rows in which it still says something. One query a field."""
    return {field: _HELD[field](area_path).count() for field in fields}


def _people(area_path: str) -> QuerySet[Person]:
    there = PresenceChange.objects.filter(building__path__startswith=area_path).values("person_id")
    return Person.objects.filter(Q(id__in=there))


def _named(area_path: str) -> QuerySet[Person]:
    return _people(area_path).exclude(name="", pinyin="", initials="", twin_key="")


def _with_paper(area_path: str) -> QuerySet[Person]:
    return _people(area_path).exclude(id_sealed=None, id_hash=None, id_last4="")


def _with_phone(area_path: str) -> QuerySet[Person]:
    return _people(area_path).exclude(phone_sealed=None, phone_hash="")


def _flags(area_path: str) -> QuerySet[NeedFlag]:
    return NeedFlag.objects.filter(person__in=_people(area_path).values("id"))


def _there(area_path: str) -> QuerySet[Presence]:
    return Presence.objects.filter(building__path__startswith=area_path)


def _unnamed(area_path: str, at: datetime) -> int:
    return _named(area_path).update(name="", pinyin="", initials="", twin_key="")


def _without_paper(area_path: str, at: datetime) -> int:
    ImportRow.objects.exclude(sealed=None).update(sealed=None)
    return _with_paper(area_path).update(id_kind=Person.IdKind.NONE, id_sealed=None, id_hash=None, id_last4="")


def _nowhere(area_path: str, at: datetime) -> int:
    """Everybody steps down from where they were expected, and doors lose their numbers."""
    act, like = current_act().pk, f"{area_path}%"
    inside = "building_id IN (SELECT id FROM areas_area WHERE path LIKE %s)"
    # A last day still to come was written beforehand: it is taken back on that day, or it would count twice.
    bulk.execute(
        'INSERT INTO registry_presencechange (person_id, building_id, kind, "change", reason, happened_at, act_id)'
        " SELECT later.person_id, later.building_id, later.kind, 1, %s, later.happened_at, %s"
        " FROM registry_presencechange later JOIN registry_presence stay ON stay.person_id = later.person_id"
        " AND stay.building_id = later.building_id AND stay.kind = later.kind"
        f" WHERE later.happened_at > %s AND later.{inside}"
        " GROUP BY later.person_id, later.building_id, later.kind, later.happened_at"
        ' HAVING SUM(later."change") < 0',
        [REASON, act, bulk.moment(at), like],
    )
    bulk.execute(
        'INSERT INTO registry_presencechange (person_id, building_id, kind, "change", reason, happened_at, act_id)'
        f" SELECT person_id, building_id, kind, -1, %s, %s, %s FROM registry_presence WHERE {inside}",
        [REASON, bulk.moment(at), act, like],
    )
    Household.objects.filter(building__path__startswith=area_path).update(door="", number=F("ref"))
    FoldedStay.objects.filter(building__path__startswith=area_path).delete()
    return _there(area_path).delete()[0]


def _needless(area_path: str, at: datetime) -> int:
    """No need is known of anybody any more, nor which ones a merge brought."""
    PersonMerge.objects.filter(kept__in=_people(area_path).values("id")).update(needs_added=[])
    return _flags(area_path).delete()[0]


_ERASE: Mapping[str, Callable[[str, datetime], int]] = {
    "person.name": _unnamed,
    "person.sex": lambda path, at: _people(path).exclude(sex=0).update(sex=0),
    "person.birth_on": lambda path, at: _people(path).exclude(birth_on=None).update(birth_on=None),
    "person.phone": lambda path, at: _with_phone(path).update(phone_sealed=None, phone_hash=""),
    "person.id_number": _without_paper,
    "presence.building": _nowhere,
    "need_flag.key": _needless,
}
_HELD: Mapping[str, Callable[[str], QuerySet[Person] | QuerySet[Presence] | QuerySet[NeedFlag]]] = {
    "person.name": _named,
    "person.sex": lambda path: _people(path).exclude(sex=0),
    "person.birth_on": lambda path: _people(path).exclude(birth_on=None),
    "person.phone": _with_phone,
    "person.id_number": _with_paper,
    "presence.building": _there,
    "need_flag.key": _flags,
}
