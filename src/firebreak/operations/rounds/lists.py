"""Lists by name and by tube for screens and print: bounded pages, each a fixed number of queries.

Names come in full and phones sealed: scope, masking and the record of the reading belong to the view. Everything
is true at this moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from firebreak.engine import bulk
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.states import DECIDED

_END = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody on the round's list, with who answers for them and until when. `key` continues a page after them."""

    key: str
    ref: str
    name: str
    sex: int
    birth_on: Any
    id_last4: str
    phone_sealed: bytes | None
    building: str
    building_zh: str
    building_en: str
    path: str
    door: str
    state: str
    origin: str
    attempts: int
    revisit_at: datetime | None
    task: str
    due_at: datetime | None
    owner: str
    owner_zh: str
    owner_en: str
    holder: str


_SELECT = (
    "SELECT e.person_id, p.ref, p.name, p.sex, p.birth_on, p.id_last4, p.phone_sealed, a.code, a.name_zh, a.name_en,"
    " a.path, COALESCE(h.door, ''), e.state, e.origin, e.attempts, e.revisit_at, COALESCE(t.ref, ''), t.due_at,"
    " COALESCE(o.ref, ''), COALESCE(o.name_zh, ''), COALESCE(o.name_en, ''), COALESCE(m.name, '')"
    " FROM rounds_entry e JOIN registry_person p ON p.id = e.person_id JOIN areas_area a ON a.id = e.building_id"
    " LEFT JOIN registry_household h ON h.id = p.household_id AND h.building_id = e.building_id"
    " LEFT JOIN rounds_tally b ON b.round_id = e.round_id AND b.building_id = e.building_id"
    " LEFT JOIN tasks_task t ON t.id = b.task_id LEFT JOIN units_post o ON o.id = t.owner_id"
    " LEFT JOIN units_member m ON m.id = o.holder_id"
)


def missing(round_id: int, area_path: str, after_key: str, limit: int) -> list[PersonRow]:
    """People without an end below a path: first those to come back to, by when; then the others, by building.

    Pass the last row's `key` to go on. Two or three queries; what they read is bounded by `limit`, not by the round.
    """
    kind, moment, last = after_key.split("|") if after_key else ("r", "", "0")
    rows = _to_revisit(round_id, area_path, moment, int(last), limit) if kind == "r" else []
    if len(rows) < limit:
        path, person = (moment, int(last)) if kind == "t" else ("", 0)
        rows += _to_do(round_id, area_path, path, person, limit - len(rows))
    return rows


def _to_revisit(round_id: int, path: str, moment: str, last: int, limit: int) -> list[PersonRow]:
    after, params = "", [round_id, path, path + _END]
    if moment:
        at = bulk.moment(datetime.fromisoformat(moment))
        after = " AND (e.revisit_at > %s OR (e.revisit_at = %s AND e.person_id > %s))"
        params += [at, at, last]
    found = bulk.fetch(
        f"{_SELECT} WHERE e.round_id = %s AND e.state IN ('away', 'unreachable') AND {_below()}{after}"
        " ORDER BY e.revisit_at, e.person_id LIMIT %s", [*params, limit],
    )
    return [_row(f"r|{_iso(row[15])}|{row[0]}", row) for row in found]


def _to_do(round_id: int, path: str, after: str, last: int, limit: int) -> list[PersonRow]:
    """From the board: the buildings that hold the next people; then these people."""
    boards = bulk.fetch(
        "SELECT a.path, b.building_id, b.to_do FROM rounds_tally b JOIN areas_area a ON a.id = b.building_id"
        f" WHERE b.round_id = %s AND b.to_do > 0 AND {_below()} AND a.path >= %s{_bytes()} ORDER BY a.path{_bytes()} LIMIT %s",
        [round_id, path, path + _END, after, limit + 1],
    )
    chosen, people = [], 0
    for place, building, to_do in boards:
        chosen.append(building)
        people += 0 if place == after else to_do
        if people >= limit:
            break
    if not chosen:
        return []
    places = ", ".join(["%s"] * len(chosen))
    found = bulk.fetch(
        f"{_SELECT} WHERE e.round_id = %s AND e.building_id IN ({places}) AND e.state = 'to_do'"
        f" AND (a.path > %s{_bytes()} OR (a.path = %s AND e.person_id > %s))"
        f" ORDER BY a.path{_bytes()}, e.person_id LIMIT %s",
        [round_id, *chosen, after, after, last, limit],
    )
    return [_row(f"t|{row[10]}|{row[0]}", row) for row in found]


def _bytes() -> str:
    """Compare paths by bytes on both databases."""
    return ' COLLATE "C"' if bulk.is_postgres() else ""


def _below() -> str:
    """The building lies at or below a path given as (path, path + last character)."""
    return f"a.path >= %s{_bytes()} AND a.path < %s{_bytes()}"


def _iso(moment: Any) -> str:
    return str(bulk.read_moment(moment).isoformat())


def _row(key: str, row: Sequence[Any]) -> PersonRow:
    values = list(row[1:])
    values[5] = None if values[5] is None else bytes(values[5])
    values[14], values[16] = bulk.read_moment(values[14]), bulk.read_moment(values[16])
    return PersonRow(key, *values)


def roster(round_id: int, building: str) -> list[PersonRow]:
    """Everybody on the list of a building, by door and name: what is printed. One query."""
    found = bulk.fetch(
        f"{_SELECT} WHERE e.round_id = %s AND a.code = %s ORDER BY COALESCE(h.door, ''), p.name, p.id",
        [round_id, building],
    )
    return [_row(str(row[0]), row) for row in found]


def person_in(round_id: int, person: str) -> PersonRow | None:
    """One person of a round. One query."""
    found = bulk.fetch(f"{_SELECT} WHERE e.round_id = %s AND p.ref = %s", [round_id, person])
    return _row(str(found[0][0]), found[0]) if found else None


@dataclass(frozen=True, slots=True)
class PersonRound:
    """How somebody stands in one of the rounds they were listed in."""

    round: str
    number: int
    opened_at: datetime
    state: str
    building_zh: str
    building_en: str


def rounds_of_person(person: str) -> list[PersonRound]:
    """Every round of a person, newest first. One query."""
    return [
        PersonRound(ref, number, bulk.read_moment(opened), state, zh, en)
        for ref, number, opened, state, zh, en in bulk.fetch(
            "SELECT r.ref, r.number, r.opened_at, e.state, a.name_zh, a.name_en FROM registry_person p"
            " JOIN rounds_entry e ON e.person_id = p.id JOIN rounds_round r ON r.id = e.round_id"
            " JOIN areas_area a ON a.id = e.building_id WHERE p.ref = %s ORDER BY r.id DESC", [person],
        )
    ]


@dataclass(frozen=True, slots=True)
class LogRow:
    """One thing that was done about a person. `kind` scan, undo, attempt, decision; `what` its result or reason."""

    kind: str
    at: datetime
    what: str
    by: str
    detail: str
    event: UUID | None


def log_of(round_id: int, person: str) -> list[LogRow]:
    """Everything done about a person in a round, oldest first. One query. `event` opens a sealed note or undoes a scan."""
    sql = (
        "SELECT 'scan', s.happened_at, t.code, c.by, '', s.event_id FROM rounds_scan s"
        " JOIN registry_person p ON p.id = s.person_id JOIN rounds_tube t ON t.id = s.tube_id"
        " JOIN journal_act c ON c.id = s.act_id WHERE s.round_id = %s AND p.ref = %s"
        " UNION ALL SELECT 'undo', u.happened_at, u.reason, c.by, t.code, u.scan_event_id FROM rounds_undo u"
        " JOIN rounds_scan s ON s.event_id = u.scan_event_id AND s.round_id = u.round_id"
        " JOIN registry_person p ON p.id = s.person_id JOIN rounds_tube t ON t.id = s.tube_id"
        " JOIN journal_act c ON c.id = u.act_id WHERE u.round_id = %s AND p.ref = %s"
        " UNION ALL SELECT 'attempt', a.happened_at, a.result, a.by, a.way, NULL FROM rounds_attempt a"
        " JOIN registry_person p ON p.id = a.person_id WHERE a.round_id = %s AND p.ref = %s"
        " UNION ALL SELECT 'decision', d.happened_at, d.state, d.by, d.reason, d.event_id FROM rounds_decision d"
        " JOIN registry_person p ON p.id = d.person_id WHERE d.round_id = %s AND p.ref = %s ORDER BY 2, 1"
    )
    return [
        LogRow(kind, bulk.read_moment(at), what, by, detail, None if event is None else bulk.read_uid(event))
        for kind, at, what, by, detail, event in bulk.fetch(sql, [round_id, person] * 4)
    ]


@dataclass(frozen=True, slots=True)
class TubeRow:
    """One tube. `key` continues a page after it."""

    key: str
    code: str
    site: str
    site_zh: str
    site_en: str
    members: int
    pool_size: int
    status: str
    opened_at: datetime
    sealed_at: datetime | None


def tubes(round_id: int, site: str = "", after_key: str = "", limit: int = 100) -> list[TubeRow]:
    """Tubes of a round (of a site, by code), in order of code. One query."""
    where, params = "", [round_id, after_key]
    if site:
        where, params = " AND s.code = %s", [*params, site]
    return [
        TubeRow(code, code, s, zh, en, members, pool, status, bulk.read_moment(opened), bulk.read_moment(sealed))
        for code, s, zh, en, members, pool, status, opened, sealed in bulk.fetch(
            "SELECT t.code, s.code, s.name_zh, s.name_en, t.members, t.pool_size, t.status, t.opened_at, t.sealed_at"
            " FROM rounds_tube t JOIN rounds_site s ON s.id = t.site_id"
            f" WHERE t.round_id = %s AND t.code > %s{where} ORDER BY t.code LIMIT %s", [*params, limit],
        )
    ]


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One swab in a tube; `undone` when it was taken back."""

    ref: str
    name: str
    at: datetime
    event: UUID
    undone: bool


def members(code: str) -> list[MemberRow]:
    """The swabs of a tube, oldest first. One query."""
    return [
        MemberRow(ref, name, bulk.read_moment(at), bulk.read_uid(event), undone is not None)
        for ref, name, at, event, undone in bulk.fetch(
            "SELECT p.ref, p.name, s.happened_at, s.event_id, u.event_id FROM rounds_tube t"
            " JOIN rounds_scan s ON s.tube_id = t.id JOIN registry_person p ON p.id = s.person_id"
            " LEFT JOIN rounds_undo u ON u.scan_event_id = s.event_id WHERE t.code = %s ORDER BY s.happened_at, s.event_id",
            [code],
        )
    ]


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One call or visit."""

    ref: str
    name: str
    building_zh: str
    building_en: str
    way: str
    result: str
    by: str
    at: datetime
    revisit_at: datetime | None


def attempts(round_id: int, area_path: str, limit: int = 100) -> list[AttemptRow]:
    """The newest attempts below a path. One query."""
    return [
        AttemptRow(*(*row[:7], bulk.read_moment(row[7]), bulk.read_moment(row[8]))) for row in bulk.fetch(
            "SELECT p.ref, p.name, a.name_zh, a.name_en, t.way, t.result, t.by, t.happened_at, t.revisit_at"
            " FROM rounds_attempt t JOIN registry_person p ON p.id = t.person_id"
            " JOIN rounds_entry e ON e.round_id = t.round_id AND e.person_id = t.person_id"
            f" JOIN areas_area a ON a.id = e.building_id WHERE t.round_id = %s AND {_below()}"
            " ORDER BY t.id DESC LIMIT %s", [round_id, area_path, area_path + _END, limit],
        )
    ]


@dataclass(frozen=True, slots=True)
class FoundRow:
    """Somebody found who was on no list."""

    ref: str
    name: str
    building: str
    building_zh: str
    building_en: str
    found_as: str
    state: str
    at: datetime


def found(round_id: int, area_path: str, limit: int = 200) -> list[FoundRow]:
    """People found below a path, newest first. One query."""
    return [
        FoundRow(*(*row[:7], bulk.read_moment(row[7]))) for row in bulk.fetch(
            "SELECT p.ref, p.name, a.code, a.name_zh, a.name_en, m.found_as, e.state, m.happened_at"
            " FROM rounds_listmiss m JOIN registry_person p ON p.id = m.person_id"
            " JOIN rounds_entry e ON e.round_id = m.round_id AND e.person_id = m.person_id"
            f" JOIN areas_area a ON a.id = m.building_id WHERE m.round_id = %s AND {_below()}"
            " ORDER BY m.happened_at DESC, p.id LIMIT %s", [round_id, area_path, area_path + _END, limit],
        )
    ]


@dataclass(frozen=True, slots=True)
class DoubleRow:
    """Somebody whose swabs are in more than one tube of the round: the laboratory must know both."""

    ref: str
    name: str
    building_zh: str
    building_en: str
    tubes: tuple[str, ...]


def doubles(row: Round, limit: int = 200) -> list[DoubleRow]:
    """People in more than one tube. Two queries."""
    chosen = bulk.fetch(
        "SELECT s.person_id, p.ref, p.name, a.name_zh, a.name_en FROM rounds_scan s"
        " JOIN registry_person p ON p.id = s.person_id"
        " JOIN rounds_entry e ON e.round_id = s.round_id AND e.person_id = s.person_id"
        " JOIN areas_area a ON a.id = e.building_id"
        " WHERE s.round_id = %s AND NOT EXISTS (SELECT 1 FROM rounds_undo u WHERE u.scan_event_id = s.event_id)"
        " GROUP BY s.person_id, p.ref, p.name, a.name_zh, a.name_en HAVING COUNT(DISTINCT s.tube_id) > 1"
        " ORDER BY s.person_id LIMIT %s", [row.pk, limit],
    )
    codes: dict[int, list[str]] = {}
    for person, code in bulk.select_in(
        "SELECT DISTINCT s.person_id, t.code FROM rounds_scan s JOIN rounds_tube t ON t.id = s.tube_id"
        f" WHERE s.round_id = {int(row.pk)} AND s.person_id IN {{values}}"
        " AND NOT EXISTS (SELECT 1 FROM rounds_undo u WHERE u.scan_event_id = s.event_id)",
        [key for key, *_ in chosen], "bigint",
    ):
        codes.setdefault(person, []).append(code)
    return [DoubleRow(ref, name, zh, en, tuple(sorted(codes[key]))) for key, ref, name, zh, en in chosen]


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """Somebody closed with a reason. `event` opens the sealed note."""

    ref: str
    name: str
    building_zh: str
    building_en: str
    state: str
    reason: str
    by: str
    at: datetime
    event: UUID | None


def decided(round_id: int, area_path: str, limit: int = 200) -> list[DecidedRow]:
    """People closed with a reason below a path, newest first. One query."""
    states = ", ".join(["%s"] * len(DECIDED))
    return [
        DecidedRow(*(*row[:7], bulk.read_moment(row[7]), None if row[8] is None else bulk.read_uid(row[8])))
        for row in bulk.fetch(
            "SELECT p.ref, p.name, a.name_zh, a.name_en, d.state, d.reason, d.by, d.happened_at, d.event_id"
            " FROM rounds_decision d JOIN registry_person p ON p.id = d.person_id"
            " JOIN rounds_entry e ON e.round_id = d.round_id AND e.person_id = d.person_id AND e.state = d.state"
            f" JOIN areas_area a ON a.id = e.building_id WHERE d.round_id = %s AND e.state IN ({states})"
            f" AND {_below()} ORDER BY d.id DESC LIMIT %s", [round_id, *DECIDED, area_path, area_path + _END, limit],
        )
    ]
