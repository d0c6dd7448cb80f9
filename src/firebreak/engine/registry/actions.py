"""Changing the register: people come in, move, leave and die. Imports have actions of their own (`importing`)."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.registry import refusals
from firebreak.engine.registry.enrolment import ADDED, CHANGED, KNOWN, Enrolment, NewPerson
from firebreak.engine.registry.events import NeedsChanged, PeopleLeft, PeopleRegistered, PresenceEnded
from firebreak.engine.registry.importing import papers, values
from firebreak.engine.registry.importing.agreement import agreed
from firebreak.engine.registry.importing.kinds import NEED_KEYS
from firebreak.engine.registry.importing.problems import Unreadable
from firebreak.engine.registry.models import NeedFlag, Person, Presence, PresenceChange
from firebreak.engine.registry.rights import REGISTRY_READ_NEEDS, REGISTRY_WRITE
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T


@action
def register_person(*, person: NewPerson, by: Actor, at: datetime, reason: str = "registered") -> Ref:
    """Find or add one person and their presence at a building.

    Who: whoever may write the register there.  Refuses: unknown-building, id-has-other-name, person-died,
    person-unreadable.
    Journals: PeopleRegistered.  Promises: the same paper gives the same ref; a person who lives elsewhere
    moves, with both steps written down.
    """
    return register_people(people=[person], by=by, at=at, reason=reason)[0]


@action
def register_people(
    *, people: Sequence[NewPerson], by: Actor, at: datetime, reason: str = "registered"
) -> list[Ref]:
    """Find or add many people at once; refs in the order given.

    Who: whoever may write the register at every building named.  Refuses: as `register_person`.
    Journals: PeopleRegistered.  Promises: all or nothing; statements do not grow with the number of people.
    """
    areas = {
        area.code: area
        for area in Area.objects.filter(
            code__in={person.building for person in people}, level="building", ended_at=None
        )
    }
    for code in {person.building for person in people}:
        if code not in areas:
            raise refusals.UNKNOWN_BUILDING.because(building=code)
    for area in areas.values():
        by.require(REGISTRY_WRITE, area=area.path)
    batch = Enrolment(at=at, places={code: area.pk for code, area in areas.items()}, reason=reason)
    entries = batch.decide([checked(person) for person in people])
    for entry in entries:
        if entry.refusal:
            raise entry.refusal.because()
    batch.write(current_act().pk)
    counts = Counter(entry.verdict for entry in entries)
    about = entries[0].person if len(entries) == 1 else "register:people"
    record(PeopleRegistered(counts[ADDED], counts[CHANGED], counts[KNOWN]), about=about)
    return [Ref(entry.person) for entry in entries]


@action
def end_presence(*, person: Ref, building: str, kind: str, reason: str, by: Actor, at: datetime) -> None:
    """A person is no longer expected at a building (moved away, left the job, sailed on).

    Who: whoever may write the register there.  Refuses: not-found, not-present.
    Journals: PresenceEnded.  Promises: the history stays; one step down is written with its moment.
    """
    row = Person.objects.select_for_update().filter(ref=person).first()
    area = Area.objects.filter(code=building).first()
    if row is None or area is None:
        raise NOT_FOUND.because()
    by.require(REGISTRY_WRITE, area=area.path)
    stay = Presence.objects.filter(person=row, building=area, kind=kind).first()
    if stay is None:
        raise refusals.NOT_PRESENT.because()
    step_down([stay], reason, at)
    record(PresenceEnded(person, building, kind, reason), about=person)


@action
def change_needs(*, person: Ref, needs: Collection[str], by: Actor, at: datetime) -> int:
    """Exactly these needs hold for a person from now on; how many differ from before.

    Who: whoever may write the register where they are and see needs there: nobody takes off what they cannot see.
    Refuses: not-found, unknown-need.   Journals: NeedsChanged.
    """
    row = Person.objects.select_for_update().filter(ref=person).first()
    places = list(Presence.objects.filter(person=row).values_list("building__path", flat=True)) if row else []
    if row is None or not places:
        raise NOT_FOUND.because()
    if not any(by.may(REGISTRY_WRITE, area=path) and by.may(REGISTRY_READ_NEEDS, area=path) for path in places):
        by.require(REGISTRY_WRITE, area=places[0])
        by.require(REGISTRY_READ_NEEDS, area=places[0])
    wanted = set(needs)
    if unknown := wanted - NEED_KEYS:
        raise refusals.UNKNOWN_NEED.because(need="、".join(sorted(unknown)))
    held = set(NeedFlag.objects.filter(person=row).values_list("key", flat=True))
    added, gone = wanted - held, held - wanted
    NeedFlag.objects.filter(person=row, key__in=gone).delete()
    NeedFlag.objects.bulk_create([NeedFlag(person=row, key=key) for key in sorted(added)])
    record(NeedsChanged(len(added), len(gone)), about=person)
    return len(added) + len(gone)


@action
def people_left(
    *, moved: Collection[tuple[int, int]], died: Mapping[int, date], by: Actor, at: datetime
) -> int:
    """Several people are no longer expected; how many presences end. Five statements for any number of people.

    `moved` are (person, building) keys: they left that building; `died` are person keys with the day: they left all.
    Who: whoever may write the register at each of these buildings.   Journals: PeopleLeft.
    Promises: the history stays; who is gone already stays as they are; the dead stay in the register with the day.
    """
    left = set(moved)
    stays = [
        stay for stay in Presence.objects.filter(person_id__in={*died, *(person for person, _ in left)})
        .select_related("building").order_by("id")
        if stay.person_id in died or (stay.person_id, stay.building_id) in left
    ]
    for path in {stay.building.path for stay in stays}:
        by.require(REGISTRY_WRITE, area=path)
    step_down([stay for stay in stays if stay.person_id not in died], "moved", at)
    step_down([stay for stay in stays if stay.person_id in died], "died", at)
    rows = list(Person.objects.select_for_update().filter(pk__in=died, died_on=None).order_by("pk"))
    for row in rows:
        row.died_on = died[row.pk]
    Person.objects.bulk_update(rows, ["died_on"], batch_size=200)
    gone = {stay.person_id for stay in stays} - died.keys()
    record(PeopleLeft(len(gone), len(rows), len(stays)), about="register:people")
    return len(stays)


def checked(person: NewPerson) -> NewPerson:
    """The same person with cells read as an import reads them. Errors: `Refusal` person-unreadable."""
    try:
        said = "" if person.id_kind == papers.NONE else person.id_kind
        paper = papers.parse_paper(person.id_number, said)
        birth_on, sex = agreed(paper, person.birth_on, person.sex)
        return NewPerson(
            name=values.parse_name(person.name), building=person.building, kind=person.kind,
            door=values.parse_door(person.door) if person.door else "", household=person.household,
            id_kind=paper.kind, id_number=paper.number, birth_on=birth_on, sex=sex,
            phone=values.parse_phone(person.phone) if person.phone else "", needs=tuple(sorted(set(person.needs))),
            begins_on=person.begins_on, ends_on=person.ends_on,
        )
    except Unreadable as wrong:
        nothing = T("没有登记。", "Nothing was written.")
        raise refusals.UNREADABLE_PERSON.because(what=T(
            f"{wrong.what.zh}{nothing.zh}{wrong.then.zh}", f"{wrong.what.en} {nothing.en} {wrong.then.en}"
        )) from None


def step_down(stays: Sequence[Presence], reason: str, at: datetime) -> None:
    """Step down from each presence; a planned last day still to come is taken back on that day."""
    act = current_act()
    later: Counter[tuple[int, int, str, datetime]] = Counter()
    for change in PresenceChange.objects.filter(person__in=[stay.person_id for stay in stays], happened_at__gt=at):
        later[change.person_id, change.building_id, change.kind, change.happened_at] += change.change
    steps: list[tuple[tuple[int, int, str], int, datetime]] = []
    for stay in stays:
        key = (stay.person_id, stay.building_id, str(stay.kind))
        steps.append((key, -1, at))
        steps += [(key, 1, moment) for (*of, moment), net in later.items() if tuple(of) == key and net < 0]
    PresenceChange.objects.bulk_create([
        PresenceChange(
            person_id=key[0], building_id=key[1], kind=key[2], change=change, reason=reason, happened_at=moment,
            act=act,
        )
        for key, change, moment in steps
    ])
    Presence.objects.filter(pk__in=[stay.pk for stay in stays]).delete()
