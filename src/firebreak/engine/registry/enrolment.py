"""Putting people into the register, thousands at a time: who is new, who is known, what changed.

One path for imports, for people found at the door and for single entries. It classifies a batch against the
register with a bounded number of queries, then writes one statement per table. Never decides rights; never
reads a sealed column.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from firebreak.engine import bulk
from firebreak.engine.registry.identity import Sealer, about_id, about_phone, spell
from firebreak.engine.registry.models import Presence
from firebreak.engine.registry.refusals import DEAD, OTHER_NAME
from firebreak.kernel.refs import new_refs
from firebreak.kernel.refusals import RefusalKind

LIVES = str(Presence.Kind.LIVES)
ADDED, CHANGED, KNOWN, REJECTED = "added", "changed", "known", "rejected"


@dataclass(slots=True)
class NewPerson:
    """A person as somebody says they are. Everything but the name and one building may be unknown.

    `building` is a code; `kind` is lives, works or passing; `id_number` as `parse_paper` gives it; `phone` one
    or several numbers joined by 、; `ends_on` is the last day of presence.
    """

    name: str
    building: str
    kind: str = LIVES
    door: str = ""
    household: str = ""
    id_kind: str = "none"
    id_number: str = ""
    birth_on: date | None = None
    sex: int = 0
    phone: str = ""
    needs: tuple[str, ...] = ()
    begins_on: date | None = None
    ends_on: date | None = None


class Entry(NamedTuple):
    """What came of one row: `added`, `changed`, `known`, or `rejected` for a refusal."""

    verdict: str
    person: str = ""
    refusal: RefusalKind | None = None


@dataclass(slots=True)
class Stay:
    """One presence of a known person."""

    id: int
    door: str
    begins_on: date | None
    ends_on: date | None


@dataclass(slots=True)
class Known:
    """A person of the register, or one about to enter it, as far as a decision needs it.

    `other_names` are those of entries folded into this one.
    """

    id: int
    ref: str
    name: str
    birth_on: date | None
    sex: int
    has_paper: bool
    phone_hash: str
    died: bool
    stays: dict[tuple[int, str], Stay]
    needs: set[str]
    other_names: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Book:
    """Known people by keyed hash. A dry run hands the same book from batch to batch."""

    by_id: dict[str, Known] = field(default_factory=dict)
    by_twin: dict[str, Known] = field(default_factory=dict)

    def keep(self, keys: frozenset[str] | None) -> None:
        """Forget everybody but those who come again; None remembers all."""
        if keys is None:
            return
        self.by_id = {key: known for key, known in self.by_id.items() if key in keys}
        self.by_twin = {key: known for key, known in self.by_twin.items() if key in keys}


class Keys(NamedTuple):
    """The keyed hashes of one row."""

    id: str
    twin: str
    phone: str


def keys_of(row: NewPerson, building: int, sealer: Sealer) -> Keys:
    """How this row's person is recognised."""
    birth = row.birth_on.isoformat() if row.birth_on else ""
    return Keys(
        sealer.id_hash(row.id_number) if row.id_number else "",
        sealer.twin_key(row.name, building, row.door, birth),
        sealer.phone_hash(row.phone),
    )


class Enrolment:
    """One batch on its way into the register: first `decide` every row, then `write` what was decided."""

    def __init__(self, *, at: datetime, places: Mapping[str, int], reason: str, book: Book | None = None) -> None:
        self.at, self.places, self.reason = at, places, reason
        self.book = book or Book()
        self.sealer = Sealer()
        self._moments: dict[date, Any] = {}
        self._now = connection.ops.adapt_datetimefield_value(at)
        self.persons: list[tuple[Any, ...]] = []
        self.stays: list[tuple[Any, ...]] = []
        self.changes: list[tuple[Any, ...]] = []
        self.needs: list[tuple[int, str]] = []
        self.gone: list[tuple[int, int, str]] = []
        self.updates: dict[str, list[tuple[Any, ...]]] = {}
        self.doors: dict[tuple[int, str, str], list[int]] = {}

    def decide(self, rows: Sequence[NewPerson]) -> list[Entry]:
        """A verdict for each row, in order. Six queries at most, whatever the number of rows."""
        places = [self.places[row.building] for row in rows]
        keys = [keys_of(row, place, self.sealer) for row, place in zip(rows, places, strict=True)]
        recall(self.book, keys)
        self._ids = iter(bulk.next_ids("registry_person", len(rows)))
        self._refs = iter(new_refs("person", len(rows)))
        return [self._decide(*row) for row in zip(rows, places, keys, strict=True)]

    def _decide(self, row: NewPerson, place: int, keys: Keys) -> Entry:
        known = self._recognised(row, keys)
        if known is None:
            return Entry(ADDED, self._add(row, place, keys).ref)
        if keys.id and row.name not in (known.name, *known.other_names):
            return Entry(REJECTED, known.ref, OTHER_NAME)
        if known.died:
            return Entry(REJECTED, known.ref, DEAD)
        learned = self._learn(known, row, keys)
        moved = self._stay(known, row, place, keys)
        return Entry(CHANGED if learned or moved else KNOWN, known.ref)

    def _recognised(self, row: NewPerson, keys: Keys) -> Known | None:
        if keys.id:
            known = self.book.by_id.get(keys.id)
            if known is not None or row.birth_on is None:
                return known
            twin = self.book.by_twin.get(keys.twin)
            return twin if twin is not None and not twin.has_paper else None
        return self.book.by_twin.get(keys.twin)

    def _add(self, row: NewPerson, place: int, keys: Keys) -> Known:
        key, ref = next(self._ids), next(self._refs)
        known = Known(
            key, ref, row.name, row.birth_on, row.sex, bool(keys.id), keys.phone, False, {}, set(row.needs)
        )
        if keys.id:
            self.book.by_id[keys.id] = known
        self.book.by_twin.setdefault(keys.twin, known)
        pinyin, initials = spell(row.name)
        seal = self.sealer.seal
        self.persons.append((
            key, ref, row.name, pinyin, initials, row.sex, row.birth_on and row.birth_on.isoformat(),
            row.id_kind, seal(row.id_number, about_id(ref)), keys.id or None, row.id_number[-4:],
            seal(row.phone, about_phone(ref)), keys.phone, None, keys.twin, None,
        ))
        self.needs.extend((key, need) for need in row.needs)
        self._begin(known, row, place, self._moment(row.begins_on))
        self._house(known, row, place)
        return known

    def _learn(self, known: Known, row: NewPerson, keys: Keys) -> bool:
        """What the row says about the person that the register did not know."""
        said: dict[str, tuple[Any, ...]] = {}
        if keys.id and not known.has_paper:
            said["id_kind = %s, id_sealed = %s, id_hash = %s, id_last4 = %s"] = (
                row.id_kind, self.sealer.seal(row.id_number, about_id(known.ref)), keys.id, row.id_number[-4:]
            )
            known.has_paper = True
            self.book.by_id[keys.id] = known
        if row.birth_on and row.birth_on != known.birth_on:
            said["birth_on = %s"] = (row.birth_on.isoformat(),)
            known.birth_on = row.birth_on
        if row.sex and row.sex != known.sex:
            said["sex = %s"] = (row.sex,)
            known.sex = row.sex
        if keys.phone and keys.phone != known.phone_hash:
            said["phone_sealed = %s, phone_hash = %s"] = (
                self.sealer.seal(row.phone, about_phone(known.ref)), keys.phone
            )
            known.phone_hash = keys.phone
        for assignment, values in said.items():
            self.updates.setdefault(assignment, []).append((*values, known.id))
        new_needs = set(row.needs) - known.needs
        known.needs |= new_needs
        self.needs.extend((known.id, need) for need in sorted(new_needs))
        return bool(said or new_needs)

    def _stay(self, known: Known, row: NewPerson, place: int, keys: Keys) -> bool:
        """Bring the person's presence in line with the row; every change is an explicit pair of steps."""
        stay = known.stays.get((place, row.kind))
        if stay is None:
            if row.kind == LIVES:
                for building, kind in [key for key in known.stays if key[1] == LIVES]:
                    self._end(known, building, kind)
            self._begin(known, row, place, self._moment(row.begins_on) if not known.stays else self._now)
            self._settle_in(known, row, place, keys)
            return True
        changed = False
        if row.door and row.door != stay.door:
            for step in (-1, 1):
                self.changes.append((known.id, place, row.kind, step, "door", self._now))
            stay.door, changed = row.door, True
            self._settle_in(known, row, place, keys)
        if row.ends_on and row.ends_on != stay.ends_on:
            if stay.ends_on:
                self.changes.append((known.id, place, row.kind, 1, "dates", self._after(stay.ends_on)))
            self.changes.append((known.id, place, row.kind, -1, "dates", self._after(row.ends_on)))
            stay.ends_on, changed = row.ends_on, True
        if row.begins_on and stay.begins_on is None:
            stay.begins_on, changed = row.begins_on, True
        if changed:
            assignment = "door = %s, begins_on = %s, ends_on = %s"
            self.updates.setdefault(f"presence {assignment}", []).append((
                stay.door, stay.begins_on and stay.begins_on.isoformat(),
                stay.ends_on and stay.ends_on.isoformat(), known.id, place, row.kind,
            ))
        return changed

    def _begin(self, known: Known, row: NewPerson, place: int, moment: Any) -> None:
        known.stays[place, row.kind] = Stay(0, row.door, row.begins_on, row.ends_on)
        self.stays.append((
            known.id, place, row.kind, row.door, row.begins_on and row.begins_on.isoformat(),
            row.ends_on and row.ends_on.isoformat(),
        ))
        self.changes.append((known.id, place, row.kind, 1, self.reason, moment))
        if row.ends_on:
            self.changes.append((known.id, place, row.kind, -1, "ends", self._after(row.ends_on)))

    def _end(self, known: Known, building: int, kind: str) -> None:
        stay = known.stays.pop((building, kind))
        self.changes.append((known.id, building, kind, -1, "moved", self._now))
        if stay.ends_on:
            self.changes.append((known.id, building, kind, 1, "moved", self._after(stay.ends_on)))
        self.gone.append((known.id, building, kind))

    def _settle_in(self, known: Known, row: NewPerson, place: int, keys: Keys) -> None:
        if row.kind == LIVES:
            self.updates.setdefault("twin_key = %s", []).append((keys.twin, known.id))
            self.book.by_twin.setdefault(keys.twin, known)
        self._house(known, row, place)

    def _house(self, known: Known, row: NewPerson, place: int) -> None:
        if row.kind == LIVES and row.door:
            self.doors.setdefault((place, row.door, row.household), []).append(known.id)

    def _moment(self, day: date | None) -> Any:
        """Midnight of the district at which a day begins; now when the day is not known."""
        if day is None:
            return self._now
        if day not in self._moments:
            local = datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())
            self._moments[day] = connection.ops.adapt_datetimefield_value(local)
        return self._moments[day]

    def _after(self, day: date) -> Any:
        return self._moment(day + timedelta(days=1))

    def write(self, act: int) -> None:
        """Write what was decided: one statement per table, whatever the number of rows."""
        new_ids = {row[0] for row in self.persons}
        homes = self._write_households(new_ids)
        bulk.insert("registry_person", PERSON_COLUMNS, [
            (*row[:13], homes.get(row[0]), *row[14:]) for row in self.persons
        ])
        bulk.change(
            "DELETE FROM registry_presence WHERE person_id = %s AND building_id = %s AND kind = %s", self.gone
        )
        bulk.insert(
            "registry_presence", ("person_id", "building_id", "kind", "door", "begins_on", "ends_on"), self.stays
        )
        bulk.insert(
            "registry_presencechange",
            ("person_id", "building_id", "kind", "change", "reason", "happened_at", "act_id"),
            [(*row, act) for row in self.changes],
        )
        bulk.insert("registry_needflag", ("person_id", "key"), self.needs)
        for assignment, values in self.updates.items():
            if assignment.startswith("presence "):
                sql = f"UPDATE registry_presence SET {assignment[9:]} WHERE person_id = %s AND building_id = %s AND kind = %s"
            else:
                sql = f"UPDATE registry_person SET {assignment} WHERE id = %s"
            bulk.change(sql, values)
        bulk.change(
            "UPDATE registry_person SET household_id = %s WHERE id = %s",
            [(home, person) for person, home in homes.items() if person not in new_ids],
        )

    def _write_households(self, new_ids: set[int]) -> dict[int, int]:
        """The household of each person behind a door; missing ones are founded."""
        doors = list(self.doors)
        found = find_households(doors)
        missing = [door for door in doors if door not in found]
        ids = bulk.next_ids("registry_household", len(missing)) if missing else []
        refs = new_refs("household", len(missing))
        bulk.insert("registry_household", ("id", "ref", "building_id", "door", "number"), [
            (key, ref, *door) for key, ref, door in zip(ids, refs, missing, strict=True)
        ])
        found |= dict(zip(missing, ids, strict=True))
        return {person: found[door] for door, people in self.doors.items() for person in people}


PERSON_COLUMNS = (
    "id", "ref", "name", "pinyin", "initials", "sex", "birth_on", "id_kind", "id_sealed", "id_hash", "id_last4",
    "phone_sealed", "phone_hash", "household_id", "twin_key", "died_on",
)


def recall(book: Book, keys: Iterable[Keys]) -> None:
    """Fill the book with everybody the register knows by these keys. At most six queries.

    Inside a transaction their rows are locked, so that nobody else moves them before it ends.
    """
    keys = list(keys)
    lock = " FOR UPDATE" if bulk.is_postgres() and connection.in_atomic_block else ""
    people = ("SELECT id, ref, name, birth_on, sex, id_hash, twin_key, phone_hash, died_on FROM registry_person"
              " WHERE {column} IN ")
    wanted = {key.id for key in keys if key.id and key.id not in book.by_id}
    rows = bulk.select_in(people.format(column="id_hash") + "{values}" + lock, wanted)
    by_twin = {key.twin for key in keys if key.twin not in book.by_twin}
    rows += bulk.select_in(people.format(column="twin_key") + "{values}" + lock, by_twin)
    fresh: dict[int, Known] = {}
    for key, ref, name, birth, sex, id_hash, twin, phone, died in rows:
        known = book.by_id.get(id_hash) or fresh.get(key)
        if known is None:
            known = fresh[key] = Known(
                key, ref, name, as_day(birth), sex, bool(id_hash), phone, died is not None, {}, set()
            )
        if id_hash:
            book.by_id[id_hash] = known
        book.by_twin.setdefault(twin, known)
    _follow_merges(book, fresh)
    for person, building, kind, door, begins, ends, key in bulk.select_in(
        "SELECT person_id, building_id, kind, door, begins_on, ends_on, id FROM registry_presence"
        " WHERE person_id IN {values}", fresh, "bigint",
    ):
        fresh[person].stays[building, kind] = Stay(key, door, as_day(begins), as_day(ends))
    for person, need in bulk.select_in(
        "SELECT person_id, key FROM registry_needflag WHERE person_id IN {values}", fresh, "bigint"
    ):
        fresh[person].needs.add(need)


def _follow_merges(book: Book, fresh: dict[int, Known]) -> None:
    """Whoever is folded into another entry is recognised as that other. One query, two when somebody is."""
    kept = dict(bulk.select_in(
        "SELECT folded_id, kept_id FROM registry_personmerge WHERE undone_at IS NULL AND folded_id IN {values}",
        list(fresh), "bigint",
    ))
    if not kept:
        return
    for key, ref, name, birth, sex, id_hash, phone, died in bulk.select_in(
        "SELECT id, ref, name, birth_on, sex, id_hash, phone_hash, died_on FROM registry_person WHERE id IN {values}",
        set(kept.values()) - fresh.keys(), "bigint",
    ):
        fresh[key] = Known(key, ref, name, as_day(birth), sex, bool(id_hash), phone, died is not None, {}, set())
    instead = {id(fresh[folded]): fresh[into] for folded, into in kept.items()}
    for folded, into in kept.items():
        # Its paper stays with the folded entry, where it is unique; the kept one does not learn it.
        fresh[into].has_paper = fresh[into].has_paper or fresh[folded].has_paper
        fresh[into].other_names.add(fresh[folded].name)
    for known in (book.by_id, book.by_twin):
        for key, one in known.items():
            known[key] = instead.get(id(one), one)
    for folded in kept:
        del fresh[folded]


def find_households(doors: Sequence[tuple[int, str, str]]) -> dict[tuple[int, str, str], int]:
    """Keys of the households behind (building, door, number). One query."""
    if not doors:
        return {}
    buildings, numbers, names = zip(*doors, strict=True)
    columns = "h.id, h.building_id, h.door, h.number"
    match = "h.building_id = w.b AND h.door = w.d AND h.number = w.n"
    with connection.cursor() as cursor:
        if bulk.is_postgres():
            cursor.execute(
                f"SELECT {columns} FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS w(b, d, n)"
                f" JOIN registry_household h ON {match}",
                [list(buildings), list(numbers), list(names)],
            )
        else:
            cursor.execute(
                f"SELECT {columns} FROM (SELECT value->>0 AS b, value->>1 AS d, value->>2 AS n"
                f" FROM json_each(%s)) w CROSS JOIN registry_household h ON {match}",
                [bulk.as_json(doors)],
            )
        return {(building, door, number): key for key, building, door, number in cursor.fetchall()}


def as_day(value: Any) -> date | None:
    """A day column as either database gives it to raw SQL."""
    return date.fromisoformat(value) if isinstance(value, str) else value

