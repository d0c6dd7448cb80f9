"""Serving: the page server and the `work` loop as two children of one small parent, stopped together.

One port for pages and sync; https exactly when certificates are given. The parent touches no database.
"""

import os
import signal
import subprocess
import sys
import threading
import time
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


def serve(address: Address, *, workers: int = 1, with_work: bool = True) -> int:
    """Run until told to stop; answers the exit code. A dead page server ends it; a dead `work` loop is restarted."""
    stop = threading.Event()

    def told(_: int, __: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, told)
    environment = _environment(address)
    pages = subprocess.Popen(_page_command(address, workers), env=environment, start_new_session=True)
    work = _start_work(environment) if with_work else None
    try:
        while not stop.wait(0.5):
            if pages.poll() is not None:
                return pages.returncode or 1
            if work and work.poll() is not None:
                time.sleep(1)
                work = _start_work(environment)
        return 0
    finally:
        _end(pages)
        if work:
            _end(work)


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
