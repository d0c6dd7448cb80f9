"""kill -9 of the page server between a write and its answer: nothing acknowledged lost, nothing doubled.

The server is stopped the moment its write can be seen from outside. Had the answer not left yet, it is killed and
the phone sends the same batch to the next server; else it may go on. Other kills fall at any moment.
"""

import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from firebreak.kernel import clock
from firebreak.kernel.refs import new_event_id
from tests.support.databases import RealDatabase

BATCH, KILLS, AT_RANDOM, ROUNDS_OF_MUTANT = 10, 20, 4, 3


@dataclass
class Server:
    """A page server in a process group of its own."""

    port: int
    process: "subprocess.Popen[bytes]"

    def signal(self, number: int) -> None:
        """Send a signal to the server and its worker."""
        os.killpg(self.process.pid, number)


class Fleet:
    """Servers, the next ones starting while one works."""

    def __init__(self, database: RealDatabase, mutant: str) -> None:
        self.application = "tests.faults.mutants:application" if mutant else "firebreak.wsgi:application"
        self.environment = {**database.environment, "FIREBREAK_TEST_MUTANT": mutant, "PYTHONPATH": os.getcwd()}
        self.environment["DJANGO_SETTINGS_MODULE"] = "firebreak.settings"
        self.all: list[Server] = []
        self.ready = [self.start(), self.start()]

    def start(self) -> Server:
        """Begin to start one."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
        process = subprocess.Popen(
            [*command, "--log-level", "error", self.application], env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.all.append(Server(port, process))
        return self.all[-1]

    def take(self) -> Server:
        """The next that listens; another begins to start."""
        server = self.ready.pop(0)
        self.ready.append(self.start())
        for _ in range(1200):
            try:
                socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
                return server
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server does not start")

    def stop(self) -> None:
        """End everything."""
        for server in self.all:
            if server.process.poll() is None:
                server.signal(signal.SIGKILL)
            server.process.wait()


@contextmanager
def fleet_of(database: RealDatabase, mutant: str = "") -> Iterator[Fleet]:
    fleet = Fleet(database, mutant)
    try:
        yield fleet
    finally:
        fleet.stop()


@contextmanager
def seeing(database: RealDatabase) -> Iterator[Callable[[], int]]:
    """How many events are committed, as seen from outside."""
    count = "SELECT COUNT(*) FROM capture_capturedevent"
    if database.url:
        with psycopg.connect(database.url, autocommit=True) as outside:
            yield lambda: int((outside.execute(count).fetchone() or (0,))[0])
    else:
        reader = sqlite3.connect(database.folder / "firebreak.sqlite3", isolation_level=None)
        try:
            yield lambda: int(reader.execute(count).fetchone()[0])
        finally:
            reader.close()


@dataclass
class Phone:
    """Sends batches until each is answered; remembers what it was promised."""

    token: str
    round: str
    people: list[str]
    number: int = 0
    scans: int = 0
    sent: list[str] = field(default_factory=list)
    promised: list[str] = field(default_factory=list)
    refused: int = 0

    def batch(self) -> list[dict[str, Any]]:
        """A tube and the swabs in it."""
        tube = f"T{self.scans}"
        bodies: list[tuple[str, dict[str, Any]]] = [("tube.opened", {"tube": tube, "site": "S-A"})]
        people = self.people[self.scans:self.scans + BATCH]
        bodies += [("scan", {"tube": tube, "person": person}) for person in people]
        self.scans += len(people)
        return [self.event(kind, body) for kind, body in bodies]

    def event(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        self.number += 1
        key = str(new_event_id())
        self.sent.append(key)
        return {
            "id": key, "seq": self.number, "prev": "", "type": kind, "at": clock.iso(clock.real_now()), "boot": "b",
            "mono_ms": 0, "server_seen": None, "actor": "", "body": {"round": self.round, **body},
        }

    def send(self, server: Server, events: list[dict[str, Any]]) -> bool:
        """Whether the batch was answered."""
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        headers = {"Content-Type": "application/json", "Authorization": f"Device {self.token}"}
        try:
            connection.request("POST", "/api/v1/sync", json.dumps({"envelope": 1, "client": "1", "events": events}), headers)
            answer = connection.getresponse()
            said = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return False
        finally:
            connection.close()
        assert answer.status == 200, said
        self.promised += [item["id"] for item in said["answers"]]
        self.refused += sum(item["status"] == "quarantined" for item in said["answers"])
        return True


class Sending(threading.Thread):
    """One batch under way, so that the server can be watched meanwhile."""

    def __init__(self, phone: Phone, server: Server, events: list[dict[str, Any]]) -> None:
        super().__init__(daemon=True)
        self.phone, self.server, self.events = phone, server, events
        self.answered = False
        self.start()

    def run(self) -> None:
        self.answered = self.phone.send(self.server, self.events)


def stop_at_the_write(sending: Sending, committed: Callable[[], int], before: int) -> None:
    """Stop the server as soon as its write is seen."""
    while sending.is_alive() and committed() == before:
        pass
    sending.server.signal(signal.SIGSTOP)


def play(database: RealDatabase, phone: Phone, kills: int, at_random: int, mutant: str = "") -> int:
    """Send batches through kills; answers how many kills fell between a write and its answer."""
    between, chance = 0, random.Random(7)
    with fleet_of(database, mutant) as fleet, seeing(database) as committed:
        server = fleet.take()
        phone.send(server, phone.batch())
        while between < kills:
            events, before = phone.batch(), committed()
            sending = Sending(phone, server, events)
            stop_at_the_write(sending, committed, before)
            sending.join(0.05)
            if not sending.is_alive():
                server.signal(signal.SIGCONT)
                continue
            server.signal(signal.SIGKILL)
            sending.join()
            between += not sending.answered
            server = fleet.take()
            if not sending.answered:
                assert phone.send(server, events)
        for _ in range(at_random):
            events = phone.batch()
            sending = Sending(phone, server, events)
            time.sleep(chance.random() * 0.03)
            server.signal(signal.SIGKILL)
            sending.join()
            server = fleet.take()
            assert sending.answered or phone.send(server, events)
    return between


def ground(database: RealDatabase, *arguments: str) -> dict[str, Any]:
    """Run a part of `ground` inside the database."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.ground", *arguments], check=True, text=True, stdout=subprocess.PIPE,
        env={**database.environment, "DJANGO_SETTINGS_MODULE": "firebreak.settings"},
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def faults(phone: Phone, found: dict[str, Any]) -> list[str]:
    """What is wrong after the kills; empty when every promise was kept."""
    stored = set(found["events"])
    wrong = []
    if not set(phone.promised) <= stored:
        wrong.append("acknowledged events are lost")
    counts = (phone.refused, len(found["events"]), found["scans"], found["people"])
    if counts != (0, len(phone.sent), phone.scans, phone.scans):
        wrong.append("events are doubled or missing")
    if found["sampled"] != found["people"] or found["wrong"] or found["unbalanced"]:
        wrong.append("totals differ from a recount")
    return wrong


@pytest.fixture
def phone(real_database: RealDatabase) -> Phone:
    planted = ground(real_database, "plant", "900")
    return Phone(planted["token"], planted["round"], planted["people"])


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_nothing_doubled_by_kills(real_database: RealDatabase, phone: Phone) -> None:
    assert play(real_database, phone, KILLS, AT_RANDOM) == KILLS
    assert faults(phone, ground(real_database, "check")) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mutant", "noticed"),
    [("counter", "totals differ from a recount"), ("key", "events are doubled or missing")],
)
def test_server_without_a_guard_fails_the_same_check(
    real_database: RealDatabase, phone: Phone, mutant: str, noticed: str
) -> None:
    play(real_database, phone, ROUNDS_OF_MUTANT, 0, mutant)
    assert noticed in faults(phone, ground(real_database, "check"))

