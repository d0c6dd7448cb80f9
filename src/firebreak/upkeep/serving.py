"""Serving: the page server and the `work` loop as two children of one small parent, stopped together.

One port for pages and sync; https exactly when certificates are given. The parent touches no database.
"""

import http.client
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

THREADS = 4
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where to serve. `certificate` and `key` are PEM files, or both None for plain http on loopback."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    names: tuple[str, ...] = ()

    @property
    def encrypted(self) -> bool:
        """Whether it is https."""
        return self.certificate is not None

    @property
    def url(self) -> str:
        """What to type into a browser; the first name, else the host."""
        shown = self.names[0] if self.names else self.host
        return f"{'https' if self.encrypted else 'http'}://{f'[{shown}]' if ':' in shown else shown}:{self.port}/"


def serve(address: Address, ready: Callable[[], None], *, workers: int = 1, with_work: bool = True) -> int:
    """Run until told to stop; answers the exit code. A dead page server ends it; a dead `work` loop is restarted.

    `ready` is called once, when the port answers: an address shown earlier would be refused in the browser.
    """
    stop = threading.Event()

    def told(_: int, __: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, told)
    environment = _environment(address)
    pages = subprocess.Popen(_page_command(address, workers), env=environment, start_new_session=True)
    work = _start_work(environment) if with_work else None
    answered = False
    try:
        while not stop.wait(0.5):
            if pages.poll() is not None:
                return pages.returncode or 1
            if not answered and answers(address):
                answered = True
                ready()
            if work and work.poll() is not None:
                time.sleep(1)
                work = _start_work(environment)
        return 0
    finally:
        _end(pages)
        if work:
            _end(work)


def answers(address: Address) -> bool:
    """Whether the page server answers on its port. Any answer will do, and it is asked on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104  asked, not bound
    if address.encrypted:
        # The certificate names the network's addresses, not this machine to itself; nothing is sent.
        trusting = ssl._create_unverified_context()  # noqa: S323
        asked: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, address.port, timeout=2, context=trusting
        )
    else:
        asked = http.client.HTTPConnection(host, address.port, timeout=2)
    try:
        asked.request("GET", "/healthz")
        asked.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
    return True


def _environment(address: Address) -> dict[str, str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "firebreak.settings"}
    # Static files are found where they lie; the folder for collected ones need not exist.
    environment["PYTHONWARNINGS"] = "ignore:No directory at:UserWarning"
    if address.encrypted:
        environment["FIREBREAK_TLS"] = "1"
    if address.names and "FIREBREAK_HOSTS" not in os.environ:
        environment["FIREBREAK_HOSTS"] = ",".join([*address.names, "127.0.0.1", "localhost"])
    return environment


def _page_command(address: Address, workers: int) -> list[str]:
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", address.host, "--port", str(address.port)),
        *("--workers", str(workers), "--blocking-threads", str(THREADS), "--workers-kill-timeout", "5"),
        *("--log-level", "warning", "--no-ws"),
    ]
    if address.certificate and address.key:
        command += ["--ssl-certificate", str(address.certificate), "--ssl-keyfile", str(address.key)]
    return [*command, "firebreak.wsgi:application"]


def _start_work(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "firebreak", "work"], env=environment, start_new_session=True)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ask, wait, and only then insist."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
