"""The two sides of `sync_intake`: the program over HTTP, and the same rows written by hand."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from benchmarks import district

BATCH, POOL = 100, 10


@dataclass
class Ground:
    """The planted district and what has been used up of it."""

    district: district.District
    rounds: int = 0
    sequence: int = 0


@dataclass
class Shift:
    """One round to fill: its events in batches, and the keys the other side needs."""

    ground: Ground
    round: int
    ref: str
    first_seq: int
    tubes: list[tuple[int, str]]
    tasks: dict[int, int]
    batches: list[list[dict[str, Any]]] = field(default_factory=list)


def prepare(people: int, buildings: int) -> Ground:
    """A fresh database with the district in it."""
    district.start_django()
    return Ground(district.plant(people, buildings))


def new_shift(ground: Ground) -> Shift:
    """Open a round, take its tubes into use, and make the events of everybody's swab."""
    from firebreak.engine.journal.acting import action, record
    from firebreak.operations.rounds import tubes
    from firebreak.operations.rounds.events import TubeOpened
    from firebreak.operations.rounds.models import Round, Tally, Tube

    ground.rounds += 1
    key, ref = district.open_round(ground.rounds)
    row = Round.objects.get(pk=key)
    at = row.opened_at
    codes = [f"R{ground.rounds}-{number}" for number in range(len(ground.district.people) // POOL)]

    @action
    def open_all(*, by: Any, at: Any) -> None:
        tubes.open_tubes(row, [tubes.Opening(code, "S0", by, at) for code in codes])
        record(TubeOpened(ref, "S0"), about=ref)

    open_all(by=district.everybody(), at=at)
    keys = dict(Tube.objects.filter(round=row).values_list("code", "id"))
    tasks = dict(Tally.objects.filter(round=row, task__isnull=False).values_list("building_id", "task_id"))
    shift = Shift(ground, key, ref, ground.sequence + 1, [(keys[code], code) for code in codes], tasks)
    previous, made = "", []
    for number, person in enumerate(ground.district.refs):
        ground.sequence += 1
        moment = at + timedelta(seconds=1, milliseconds=number)
        event_id = UUID(int=(int(moment.timestamp() * 1000) << 80) | 7 << 76 | ground.rounds << 64 | 2 << 62 | number)
        body = {"round": ref, "tube": codes[number // POOL], "person": person}
        one = district.event(event_id, ground.sequence, previous, moment, "scan", body)
        previous = district.link(one)
        made.append(one)
    shift.batches = [made[start:start + BATCH] for start in range(0, len(made), BATCH)]
    return shift


@dataclass
class Served:
    """The page server in a process of its own."""

    port: int
    process: "subprocess.Popen[bytes]"

    def cpu_seconds(self) -> float:
        """User and system time of the server and its workers."""
        return sum(_cpu(pid) for pid in [self.process.pid, *_children(self.process.pid)])


def _children(pid: int) -> list[int]:
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as found:
            return [int(child) for child in found.read().split()]
    except FileNotFoundError:
        return []


def _cpu(pid: int) -> float:
    with open(f"/proc/{pid}/stat") as found:
        values = found.read().rsplit(")", 1)[1].split()
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def server() -> Iterator[Served]:
    """Start the page server and wait until it listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", "1", "--no-ws", "--log-level", "warning", "firebreak.wsgi:application",
        ],
        start_new_session=True,
    )
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield Served(port, process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def send_over_http(shift: Shift, served: Served) -> float:
    """Send every batch, one after the other over one connection; seconds."""
    contents = [json.dumps({"envelope": 1, "client": "1.0", "events": batch}).encode() for batch in shift.batches]
    headers = {"Content-Type": "application/json", "Authorization": f"Device {district.TOKEN}"}
    connection = http.client.HTTPConnection("127.0.0.1", served.port)
    begun = time.perf_counter()
    for content in contents:
        connection.request("POST", "/api/v1/sync", content, headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200 or said.count(b'"accepted"') != BATCH:
            raise SystemExit(f"{answer.status}: {said[:400]!r}")
    spent = time.perf_counter() - begun
    connection.close()
    return spent


def write_by_hand(shift: Shift) -> float:
    """Write the same rows from parsed values, one transaction a batch; seconds."""
    from django.db import connection

    batches = [_values(shift, number) for number in range(len(shift.batches))]
    write = _postgres if connection.vendor == "postgresql" else _sqlite
    connection.ensure_connection()
    raw = connection.connection
    begun = time.perf_counter()
    for batch in batches:
        write(raw, shift, batch)
    return time.perf_counter() - begun


def _values(shift: Shift, number: int) -> dict[str, Any]:
    """Everything a batch writes, parsed."""
    from datetime import datetime

    from django.conf import settings
    from django.db import connection
    from pydantic_core import to_json

    from firebreak.engine import bulk

    events = shift.batches[number]
    ground = shift.ground.district
    first = number * BATCH
    moments = [bulk.moment(datetime.fromisoformat(one["at"].replace("Z", "+00:00"))) for one in events]
    ids = [bulk.uid(UUID(one["id"])) for one in events]
    macs = [settings.VAULT.mac(to_json(one)) for one in events]
    people = ground.people[first:first + BATCH]
    tubes = shift.tubes[first // POOL:(first + BATCH) // POOL]
    total = len(ground.people)
    homes: dict[int, int] = {}
    for place in range(first, first + BATCH):
        home = ground.buildings[place * len(ground.buildings) // total]
        homes[home] = homes.get(home, 0) + 1
    ended = [
        home for home in homes
        if (ground.buildings.index(home) + 1) * total <= (first + BATCH) * len(ground.buildings)
    ]
    boot = [(one["seq"], one["prev"], json.dumps(one["body"])) for one in events]
    digest = sha256(b"".join(UUID(one["id"]).bytes + mac for one, mac in zip(events, macs, strict=True))).hexdigest()
    quarter = district.AT + timedelta(hours=1)
    return {
        "now": bulk.moment(datetime.now(district.UTC)), "ids": ids, "moments": moments, "macs": macs, "people": people,
        "tubes": [key for key, _ in tubes], "sealed": [moments[(place + 1) * POOL - 1] for place in range(len(tubes))],
        "homes": homes, "ended": [shift.tasks[home] for home in ended], "boot": boot, "payload": json.dumps({
            "received": BATCH, "captured": BATCH, "set_aside": 0, "repeats": 0, "first": boot[0][0],
            "last": boot[-1][0], "sha256": digest, "settled": 0,
        }), "quarter": bulk.moment(quarter), "vendor": connection.vendor,
    }


_ACT = (
    "INSERT INTO journal_act (name, \"by\", at, received_at, outcome, refusal)"
    " VALUES ('capture.take_batch', 'account:phone', {p}, {p}, 'done', '') RETURNING id"
)
_EVENT = "INSERT INTO journal_event (act_id, type, about, payload) VALUES ({p}, 'BatchTaken', 'device:1', {p})"
_PROGRESS = (
    "INSERT INTO rounds_progress AS old (round_id, site_id, begins_at, sampled) SELECT {p}, id, {p}, {p} FROM rounds_site"
    " ON CONFLICT (round_id, site_id, begins_at) DO UPDATE SET sampled = old.sampled + excluded.sampled"
)
_END = "UPDATE tasks_task SET status = 'ended', ended_at = {p}, outcome = 'done', escalates_at = NULL WHERE id "
_CHANGE = (
    "INSERT INTO tasks_taskchange (task_id, owner_id, due_at, status, outcome, reason, happened_at, act_id)"
    " SELECT id, owner_id, due_at, 'ended', 'done', '', ended_at, {p} FROM tasks_task WHERE id "
)
_ENDED = (
    "INSERT INTO journal_event (act_id, type, about, payload)"
    " VALUES ({p}, 'TasksEnded', 'account:phone', '{{\"tasks\": 1, \"outcome\": \"done\", \"reason\": \"\"}}')"
)
_DEVICE = "UPDATE capture_device SET last_sequence = {p}, last_seen_at = {p} WHERE id = {p}"
_CAPTURED = (
    "id, device_id, sequence, previous, type, account_ref, body, unknown, happened_at, device_at, skewed, boot,"
    " monotonic_ms, mac, act_id"
)


def _postgres(raw: Any, shift: Shift, batch: dict[str, Any]) -> None:
    """One batch on PostgreSQL: an unnest INSERT or UPDATE a table."""
    device, key, people = shift.ground.district.device, shift.round, batch["people"]
    with raw.transaction(), raw.cursor() as cursor:
        act = cursor.execute(_ACT.format(p="%s"), [batch["now"], batch["now"]]).fetchone()[0]
        cursor.execute(
            f"INSERT INTO capture_capturedevent ({_CAPTURED}) SELECT i, %s, s, p, 'scan', 'account:phone', b, NULL, h, h,"
            " false, 'boot-1', 0, m, %s FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::jsonb[], %s::timestamptz[],"
            " %s::bytea[]) AS v(i, s, p, b, h, m)",
            [
                device, act, batch["ids"], [row[0] for row in batch["boot"]], [row[1] for row in batch["boot"]],
                [row[2] for row in batch["boot"]], batch["moments"], batch["macs"],
            ],
        )
        tubes = [tube for tube in batch["tubes"] for _ in range(POOL)]
        cursor.execute(
            "INSERT INTO rounds_scan (round_id, event_id, person_id, tube_id, happened_at, act_id) SELECT %s, i, p, t, h, %s"
            " FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::timestamptz[]) AS v(i, p, t, h)",
            [key, act, batch["ids"], people, tubes, batch["moments"]],
        )
        cursor.execute(
            "INSERT INTO rounds_entryoutcome (round_id, person_id, state, happened_at, act_id)"
            " SELECT %s, p, 'sampled', h, %s FROM unnest(%s::bigint[], %s::timestamptz[]) AS v(p, h)",
            [key, act, people, batch["moments"]],
        )
        cursor.execute(
            "UPDATE rounds_entry SET state = 'sampled', facts = facts + 1 WHERE round_id = %s AND person_id = ANY(%s)",
            [key, people],
        )
        cursor.execute(
            "UPDATE rounds_tube t SET members = %s, status = 'sealed', sealed_at = v.h, closed_by = 'full'"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) AS v(id, h) WHERE t.id = v.id",
            [POOL, batch["tubes"], batch["sealed"]],
        )
        cursor.execute(
            "INSERT INTO rounds_tubechange (tube_id, status, reason, happened_at, act_id)"
            " SELECT t, 'sealed', 'full', h, %s FROM unnest(%s::bigint[], %s::timestamptz[]) AS v(t, h)",
            [act, batch["tubes"], batch["sealed"]],
        )
        cursor.execute(
            "UPDATE rounds_tally t SET to_do = to_do - v.n, sampled = sampled + v.n"
            " FROM unnest(%s::bigint[], %s::int[]) AS v(b, n) WHERE t.round_id = %s AND t.building_id = v.b",
            [list(batch["homes"]), list(batch["homes"].values()), key],
        )
        cursor.execute(_PROGRESS.format(p="%s"), [key, batch["quarter"], BATCH])
        if batch["ended"]:
            cursor.execute(_END.format(p="%s") + "= ANY(%s)", [batch["now"], batch["ended"]])
            cursor.execute(_CHANGE.format(p="%s") + "= ANY(%s)", [act, batch["ended"]])
            cursor.execute(_ENDED.format(p="%s"), [act])
        cursor.execute(_DEVICE.format(p="%s"), [batch["boot"][-1][0], batch["now"], device])
        cursor.execute(_EVENT.format(p="%s"), [act, batch["payload"]])


def _sqlite(raw: Any, shift: Shift, batch: dict[str, Any]) -> None:
    """One batch on SQLite: a prepared statement a table."""
    device, key, people = shift.ground.district.device, shift.round, batch["people"]
    cursor = sqlite3.Cursor(raw)
    run, many = cursor.execute, cursor.executemany
    run("BEGIN IMMEDIATE", [])
    act = run(_ACT.format(p="?"), [batch["now"], batch["now"]]).fetchone()[0]
    many(
        f"INSERT INTO capture_capturedevent ({_CAPTURED})"
        " VALUES (?, ?, ?, ?, 'scan', 'account:phone', ?, NULL, ?, ?, 0, 'boot-1', 0, ?, ?)",
        [
            (event, device, seq, previous, body, at, at, mac, act)
            for event, (seq, previous, body), at, mac in zip(
                batch["ids"], batch["boot"], batch["moments"], batch["macs"], strict=True
            )
        ],
    )
    tubes = [tube for tube in batch["tubes"] for _ in range(POOL)]
    many(
        "INSERT INTO rounds_scan (round_id, event_id, person_id, tube_id, happened_at, act_id) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (key, event, person, tube, at, act)
            for event, person, tube, at in zip(batch["ids"], people, tubes, batch["moments"], strict=True)
        ],
    )
    many(
        "INSERT INTO rounds_entryoutcome (round_id, person_id, state, happened_at, act_id)"
        " VALUES (?, ?, 'sampled', ?, ?)",
        [(key, person, at, act) for person, at in zip(people, batch["moments"], strict=True)],
    )
    many(
        "UPDATE rounds_entry SET state = 'sampled', facts = facts + 1 WHERE round_id = ? AND person_id = ?",
        [(key, person) for person in people],
    )
    sealed = list(zip(batch["sealed"], batch["tubes"], strict=True))
    many("UPDATE rounds_tube SET members = 10, status = 'sealed', sealed_at = ?, closed_by = 'full' WHERE id = ?", sealed)
    many(
        "INSERT INTO rounds_tubechange (tube_id, status, reason, happened_at, act_id) VALUES (?, 'sealed', 'full', ?, ?)",
        [(tube, at, act) for at, tube in sealed],
    )
    many(
        "UPDATE rounds_tally SET to_do = to_do - ?, sampled = sampled + ? WHERE round_id = ? AND building_id = ?",
        [(count, count, key, home) for home, count in batch["homes"].items()],
    )
    run(_PROGRESS.format(p="?").replace("FROM rounds_site", "FROM rounds_site WHERE true"), [key, batch["quarter"], BATCH])
    if batch["ended"]:
        places = f"IN ({', '.join('?' * len(batch['ended']))})"
        run(_END.format(p="?") + places, [batch["now"], *batch["ended"]])
        run(_CHANGE.format(p="?") + places, [act, *batch["ended"]])
        run(_ENDED.format(p="?"), [act])
    run(_DEVICE.format(p="?"), [batch["boot"][-1][0], batch["now"], device])
    run(_EVENT.format(p="?"), [act, batch["payload"]])
    run("COMMIT", [])


def load_bare(shift: Shift) -> float:
    """COPY (executemany on SQLite) of captured events, scans and outcomes alone, in one transaction; seconds."""
    from django.db import transaction

    from firebreak.engine import bulk
    from firebreak.engine.journal.models import Act

    act = Act.objects.latest("id").pk
    captured, scans, outcomes = [], [], []
    for number in range(len(shift.batches)):
        batch = _values(shift, number)
        tubes = [tube for tube in batch["tubes"] for _ in range(POOL)]
        for event, (seq, previous, body), at, mac, person, tube in zip(
            batch["ids"], batch["boot"], batch["moments"], batch["macs"], batch["people"], tubes, strict=True
        ):
            captured.append((
                event, shift.ground.district.device, seq, previous, "scan", "account:phone", body, None, at, at, False,
                "boot-1", 0, mac, act,
            ))
            scans.append((shift.round, event, person, tube, at, act))
            outcomes.append((shift.round, person, "sampled", at, act))
    begun = time.perf_counter()
    with transaction.atomic():
        bulk.insert("capture_capturedevent", [name.strip() for name in _CAPTURED.split(",")], captured)
        bulk.insert("rounds_scan", ("round_id", "event_id", "person_id", "tube_id", "happened_at", "act_id"), scans)
        bulk.insert("rounds_entryoutcome", ("round_id", "person_id", "state", "happened_at", "act_id"), outcomes)
    return time.perf_counter() - begun


def digest(shift: Shift) -> dict[str, Any]:
    """Counts and sums of every table the shift wrote, without keys: equal on both sides or nothing counts."""
    from firebreak.engine import bulk

    key, last = shift.round, shift.first_seq + len(shift.ground.district.people) - 1
    captured = bulk.fetch(
        "SELECT COUNT(*), COUNT(DISTINCT act_id), SUM(LENGTH(mac)), MIN(type), MAX(account_ref), MIN(happened_at),"
        " MAX(happened_at) FROM capture_capturedevent WHERE sequence BETWEEN %s AND %s", [shift.first_seq, last],
    )[0]
    acts = bulk.fetch(
        "SELECT COUNT(*) FROM journal_event WHERE type = 'BatchTaken' AND act_id IN"
        " (SELECT act_id FROM capture_capturedevent WHERE sequence BETWEEN %s AND %s)", [shift.first_seq, last],
    )[0][0]
    sums = {
        "events": acts,
        "scans": bulk.fetch("SELECT COUNT(*), COUNT(DISTINCT person_id) FROM rounds_scan WHERE round_id = %s", [key])[0],
        "outcomes": bulk.fetch("SELECT COUNT(*), MIN(state) FROM rounds_entryoutcome WHERE round_id = %s", [key])[0],
        "entries": bulk.fetch("SELECT MIN(state), MAX(state), SUM(facts) FROM rounds_entry WHERE round_id = %s", [key])[0],
        "tubes": bulk.fetch(
            "SELECT COUNT(*), SUM(members), MIN(status), MIN(closed_by), COUNT(sealed_at) FROM rounds_tube WHERE round_id = %s",
            [key],
        )[0],
        "changes": bulk.fetch(
            "SELECT COUNT(*) FROM rounds_tubechange c JOIN rounds_tube t ON t.id = c.tube_id WHERE t.round_id = %s", [key]
        )[0][0],
        "tally": bulk.fetch("SELECT SUM(to_do), SUM(sampled) FROM rounds_tally WHERE round_id = %s", [key])[0],
        "progress": bulk.fetch("SELECT SUM(sampled) FROM rounds_progress WHERE round_id = %s", [key])[0][0],
        "captured": captured[:5],
        "tasks": bulk.fetch(
            "SELECT COUNT(*), COUNT(t.ended_at), COUNT(c.id) FROM rounds_tally b JOIN tasks_task t ON t.id = b.task_id"
            " LEFT JOIN tasks_taskchange c ON c.task_id = t.id AND c.status = 'ended' WHERE b.round_id = %s", [key],
        )[0],
    }
    return json.loads(json.dumps(sums, default=str))  # type: ignore[no-any-return]
