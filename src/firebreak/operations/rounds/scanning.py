"""Scans: a person's swab went into a tube. Many at once, in five reading queries and a fixed number of writes.

A swab is a fact: it is kept even when the person was sampled before or belongs elsewhere; such things become
notes for the screen and figures of their own. Only a swab of nobody, or in no usable tube, is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from firebreak.engine import bulk
from firebreak.engine.journal.acting import current_act
from firebreak.engine.registry.identity import Sealer
from firebreak.engine.registry.importing import papers
from firebreak.engine.registry.importing.problems import Unreadable
from firebreak.kernel.actor import Actor
from firebreak.kernel.refusals import NOT_PERMITTED, Refusal
from firebreak.operations.rounds import recording, refusals, tubes
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.recording import Line
from firebreak.operations.rounds.rights import RECORD_ROUND
from firebreak.operations.rounds.rules import Fact
from firebreak.operations.rounds.states import State
from firebreak.operations.rounds.tubes import Rack


@dataclass(slots=True)
class Swab:
    """One scan to take in. The person is named by `key`: a ref, a paper's hash, a token or a door."""

    event: UUID
    tube: str
    key: str
    at: datetime
    by: Actor
    refusal: Refusal | None = None
    waits_for: str = ""
    person: "Somebody | None" = None
    note: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as the sampling table needs them."""

    id: int
    ref: str
    name: str
    birth_on: Any
    door: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A building in a round: the site that serves it, its pool size, what it is called."""

    site: int
    pool_size: int
    code: str
    name: str
    path: str


def key_of_paper(number: str) -> str:
    """The key of somebody known by the number of a paper; "" when the number cannot be one."""
    try:
        plain = papers.parse_paper(number).number
    except Unreadable:
        return ""
    return f"paper:{Sealer().id_hash(plain)}" if plain else ""


def key_of_door(building: str, door: str, last4: str) -> str:
    """The key of somebody known by their door and the end of their paper's number."""
    return f"door:{building}\0{door.strip()}\0{last4.strip().upper()}"


def take_swabs(row: Round, swabs: Sequence[Swab], by: Actor, at: datetime) -> None:
    """Take in scans of one round; refusals and notes are left on each."""
    racks = tubes.lock_tubes([swab.tube for swab in swabs])
    people = find_people(row, [swab.key for swab in swabs])
    for swab in swabs:
        _place(row, swab, racks, people)
    placed = [swab for swab in swabs if swab.refusal is None and swab.person is not None]
    lines = recording.lock(row.pk, {swab.person.id for swab in placed if swab.person})
    _admit_unlisted(row, placed, lines)
    duties = duties_of(row, {line.building for line in lines.values()})
    rows = []
    act = current_act().pk
    for swab in placed:
        if swab.refusal is None and swab.person is not None:
            line, rack = lines[swab.person.id], racks[swab.tube]
            duty = duties[line.building]
            if not any(swab.by.may(RECORD_ROUND, area=path) for path in (rack.site_path, duty.path)):
                swab.refusal = NOT_PERMITTED.because(permission=RECORD_ROUND)
            else:
                _take(row, swab, line, rack, duty)
                moment = bulk.moment(swab.at)
                rows.append((row.pk, bulk.uid(swab.event), line.person, rack.id, moment, act))
    bulk.insert("rounds_scan", ("round_id", "event_id", "person_id", "tube_id", "happened_at", "act_id"), rows)
    tubes.write_tubes([racks[code] for code in {swab.tube for swab in placed if swab.refusal is None}])
    recording.settle(row, lines.values(), by, at)


def _place(row: Round, swab: Swab, racks: dict[str, Rack], people: dict[str, list[Somebody]]) -> None:
    """Refuse what cannot be: no such tube or person, a round that has ended."""
    swab.at = max(swab.at, row.opened_at)
    rack = racks.get(swab.tube)
    if rack is None:
        swab.refusal = refusals.UNKNOWN_TUBE.because(tube=swab.tube)
        swab.waits_for = f"tube:{swab.tube}"
        return
    if row.closed_at is not None and swab.at > row.closed_at:
        swab.refusal = refusals.NOT_OPEN.because()
        return
    swab.refusal = rack.refusal_for(row, swab.at)
    if swab.refusal is not None:
        return
    found = people.get(swab.key, [])
    if len(found) == 1:
        swab.person = found[0]
    elif found:
        swab.refusal = refusals.SEVERAL_PERSONS.because()
    else:
        swab.refusal, swab.waits_for = refusals.UNKNOWN_PERSON.because(), swab.key[:120]


def _take(row: Round, swab: Swab, line: Line, rack: Rack, duty: Duty) -> None:
    """Let the line learn of one swab, fill its tube, and say what is worth saying."""
    before = line.scans if line.known else []
    here = any(scan.tube == rack.id for scan in before) if before else False
    line.learn(Fact("scan", State.SAMPLED, swab.at, swab.event.hex, tube=rack.id))
    if not here:
        rack.members += 1
        rack.pool_size = min(rack.pool_size, duty.pool_size)
    over_full = not here and rack.members > rack.pool_size
    rack.fill(swab.at)
    person = swab.person
    assert person is not None
    swab.note = {
        "counted": not before, "name": person.name, "age": age(person.birth_on, swab.at), "building": duty.name,
        "door": person.door, "members": rack.members, "pool_size": rack.pool_size,
        "sealed": rack.status != tubes.Status.OPEN, "person": person.ref,
    }
    for name, said in (
        ("same_tube", here), ("already_sampled", bool(before)), ("other_site", duty.site != rack.site),
        ("over_full", over_full), ("decided", line.state in recording.DECIDED), ("found", line.found),
    ):
        if said:
            swab.note[name] = True


def age(birth_on: Any, at: datetime) -> int | None:
    """Full years at a moment; None when the birthday is not known."""
    if not birth_on:
        return None
    year, month, day = (birth_on.year, birth_on.month, birth_on.day) if not isinstance(birth_on, str) else (
        int(birth_on[:4]), int(birth_on[5:7]), int(birth_on[8:10])
    )
    return at.year - year - ((at.month, at.day) < (month, day))


_PERSON = (
    "SELECT {key}, p.id, p.ref, p.name, p.birth_on, h.door FROM registry_person p"
    " LEFT JOIN registry_household h ON h.id = p.household_id "
)


def find_people(row: Round, keys: Sequence[str]) -> dict[str, list[Somebody]]:
    """Key → people it may mean. One query for each sort of key that occurs."""
    found: dict[str, dict[int, Somebody]] = {}
    by_kind: dict[str, list[str]] = {}
    for key in set(keys):
        by_kind.setdefault(key.partition(":")[0], []).append(key)

    def note(prefix: str, rows: Sequence[tuple[Any, ...]]) -> None:
        for key, *person, door in rows:
            found.setdefault(prefix + key, {})[person[0]] = Somebody(*(*person, door or ""))

    note("", bulk.select_in(
        _PERSON.replace("{key}", "p.ref") + "WHERE p.ref IN {values}", by_kind.get("person", [])
    ))
    note("paper:", bulk.select_in(
        _PERSON.replace("{key}", "p.id_hash") + "WHERE p.id_hash IN {values}",
        [key.removeprefix("paper:") for key in by_kind.get("paper", [])],
    ))
    note("token:", bulk.select_in(
        _PERSON.replace("{key}", "m.token") + "JOIN rounds_listmiss m ON m.person_id = p.id"
        " WHERE (m.round_id, m.token) IN {values}",
        [key.removeprefix("token:") for key in by_kind.get("token", [])], under=row.pk,
    ))
    for key in by_kind.get("door", []):
        building, door, last4 = key.removeprefix("door:").split("\0")
        note("door:", bulk.fetch(
            _PERSON.replace("{key}", "%s") + "JOIN registry_presence r ON r.person_id = p.id"
            " JOIN areas_area a ON a.id = r.building_id WHERE a.code = %s AND r.door = %s AND p.id_last4 = %s",
            [key.removeprefix("door:"), building, door, last4],
        ))
    return {key: list(people.values()) for key, people in found.items()}


def duties_of(row: Round, buildings: set[int]) -> dict[int, Duty]:
    """What the round asks of these buildings. One query."""
    return {
        key: Duty(*rest) for key, *rest in bulk.select_in(
            "SELECT d.building_id, d.site_id, d.pool_size, a.code, a.name_zh, a.path FROM rounds_siteduty d"
            " JOIN areas_area a ON a.id = d.building_id"
            " WHERE (d.round_id, d.building_id) IN {values}", buildings, "bigint", under=row.pk,
        )
    }


def _admit_unlisted(row: Round, placed: Sequence[Swab], lines: dict[int, Line]) -> None:
    """People of the register who are not on the list but present in the round's area are list misses."""
    unlisted = {swab.person.id for swab in placed if swab.person and swab.person.id not in lines}
    if not unlisted:
        return
    homes: dict[int, tuple[int, str]] = {}
    for person, building, kind in bulk.select_in(
        "SELECT r.person_id, r.building_id, r.kind FROM registry_presence r"
        f" JOIN rounds_siteduty d ON d.round_id = {int(row.pk)} AND d.building_id = r.building_id"
        " WHERE r.person_id IN {values}"
        " ORDER BY CASE r.kind WHEN 'lives' THEN 0 WHEN 'works' THEN 1 ELSE 2 END, r.building_id",
        unlisted, "bigint",
    ):
        homes.setdefault(person, (building, kind))
    for swab in placed:
        if swab.person and swab.person.id in unlisted and swab.person.id not in homes:
            swab.refusal, swab.waits_for = refusals.NOT_LISTED.because(), swab.person.ref
    if row.status != Round.Status.OPEN:
        for swab in placed:
            if swab.person and swab.person.id in homes:
                swab.refusal = refusals.NOT_OPEN.because()
        return
    first = {swab.person.id: swab for swab in reversed(placed) if swab.person and swab.person.id in homes}
    recording.write_misses(row, [
        recording.Miss(person, building, kind, first[person].event, first[person].at, "")
        for person, (building, kind) in homes.items()
    ])
    lines |= recording.add_found(row, [(person, building) for person, (building, _) in homes.items()])


@dataclass(slots=True)
class TakenBack:
    """A scan to undo, by the id of its event."""

    event: UUID
    scan: UUID
    reason: str
    at: datetime
    by: Actor
    refusal: Refusal | None = None
    waits_for: str = ""
    note: dict[str, Any] = field(default_factory=dict)
    person: str = ""
    tube: str = ""


def take_back(row: Round, undos: Sequence[TakenBack], by: Actor, at: datetime) -> None:
    """Undo scans of one round; refusals are left on each. Eight statements."""
    scans = {
        bulk.read_uid(event): rest for event, *rest in bulk.select_in(
            "SELECT s.event_id, s.person_id, t.code, p.ref FROM rounds_scan s"
            " LEFT JOIN rounds_tube t ON t.id = s.tube_id JOIN registry_person p ON p.id = s.person_id"
            " WHERE (s.round_id, s.event_id) IN {values}",
            [str(undo.scan) if bulk.is_postgres() else undo.scan.hex for undo in undos], "uuid", under=row.pk,
        )
    }
    racks = tubes.lock_tubes([scan[1] for scan in scans.values() if scan[1]])
    lines = recording.lock(row.pk, {scan[0] for scan in scans.values()})
    duties = duties_of(row, {line.building for line in lines.values()})
    rows = []
    act = current_act().pk
    for undo in undos:
        scan = scans.get(undo.scan)
        if scan is None:
            undo.refusal, undo.waits_for = refusals.UNKNOWN_SCAN.because(), f"scan:{undo.scan}"
            continue
        person, code, undo.person = scan
        undo.tube, rack, line = code or "", racks.get(code), lines[person]
        undo.refusal = _undo_refusal(row, undo, rack.site_path if rack else duties[line.building].path)
        if undo.refusal is not None:
            continue
        fact = line.undo(undo.scan.hex, undo.at)
        if fact is None:
            undo.note = {"already_undone": True}
            continue
        if rack and rack.status != tubes.Status.VOID and not any(left.tube == rack.id for left in line.scans):
            rack.members -= 1
        moment = max(undo.at, fact.happened_at)
        rows.append((bulk.uid(undo.event), row.pk, bulk.uid(undo.scan), undo.reason[:20], bulk.moment(moment), act))
    bulk.insert("rounds_undo", tubes.UNDO_COLUMNS, rows)
    tubes.write_tubes(list(racks.values()))
    recording.settle(row, lines.values(), by, at)


def _undo_refusal(row: Round, undo: TakenBack, path: str) -> Refusal | None:
    undo.at = max(undo.at, row.opened_at)
    if row.status != Round.Status.OPEN:
        return refusals.NOT_OPEN.because()
    if not undo.by.may(RECORD_ROUND, area=path):
        return NOT_PERMITTED.because(permission=RECORD_ROUND)
    return None
