"""`firebreak demo`: one command, one link, and June 2022 is happening."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import click

from firebreak.commands import choose_language, say, say_both
from firebreak.kernel.place import data_folder
from firebreak.kernel.text import T

PACK = "covid-2022"
DEFAULT_DATA = Path("var") / "demo"
TRIES = 20
_REAL = T(
    "{path} 里是真实数据,演示不能用它。请用 FIREBREAK_DATA 指定另一个目录。",
    "{path} holds real data; the demo may not use it. Name another folder with FIREBREAK_DATA.",
)
_NO_PORT = T("从 {port} 起的端口都被占用。请用 --port 指定。", "No free port from {port} on. Name one with --port.")
_READY = T("打开这个链接看大屏:{url}", "Open this link to watch the wall: {url}")
_ROLES = T("或换一个岗位:", "Or take a post:")
_STOP = T("停止:按 Ctrl-C。删除演练:删掉 {path}", "Stop with Ctrl-C. To delete the drill remove {path}")
_SHOWN = ("commander", "testing_leader", "duty_officer")


@click.command("demo")
@click.option("--port", default=8000, show_default=True, help="First port to try.")
@click.option("--speed", default="480", show_default=True, help="Ledger seconds per second; 480 is a day in 3 minutes.")
@click.option("--seed", default=7, show_default=True)
@click.option("--people", type=int, help="Size of the register; the full district when left out.")
@click.option("--keep", is_flag=True, help="Go on with a drill that has already ended instead of starting afresh.")
def command(port: int, speed: str, seed: int, people: int | None, keep: bool) -> None:
    """Prepare an invented district, serve it, and play 5 to 9 June 2022. Asks nothing; needs no network."""
    choose_language()
    os.environ.setdefault("FIREBREAK_DATA", str(DEFAULT_DATA.resolve()))
    data = data_folder()
    _clear_if_over(data, seed, people, keep)
    play = [sys.executable, "-m", "firebreak", "drill", PACK, "--seed", str(seed)]
    play += ["--people", str(people)] if people else []
    prepared = subprocess.run([*play, "--prepare"], check=False)
    if prepared.returncode:
        sys.exit(prepared.returncode)
    free = _free_port(port)
    player = subprocess.Popen([*play, "--speed", speed])
    try:
        sys.exit(_serve(data, free))
    finally:
        player.terminate()


def _clear_if_over(data: Path, seed: int, people: int | None, keep: bool) -> None:
    """A drill that has ended, or another one, makes room for a new one; real data is never touched."""
    from firebreak.command.drill.clockfile import ClockFile
    from firebreak.command.drill.district import DEFAULT_PEOPLE
    from firebreak.command.drill.moments import END
    from firebreak.kernel import folder

    described = folder.read(data)
    if described is None:
        return
    if described["kind"] != "drill":
        say_both(_REAL.filled(path=data), error=True)
        sys.exit(1)
    same = (described.get("seed"), described.get("people")) == (seed, people or DEFAULT_PEOPLE)
    clock_file = ClockFile(data)
    over = not clock_file.path.exists() or clock_file.read() >= END
    if not same or (over and not keep):
        shutil.rmtree(data)


def _free_port(first: int) -> int:
    for port in range(first, first + TRIES):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    say_both(_NO_PORT.filled(port=first), error=True)
    sys.exit(1)


def _say_links(data: Path, port: int) -> None:
    from firebreak.engine.access.roles import role
    from firebreak.kernel import folder

    code = (folder.read(data) or {})["code"]
    base = f"http://127.0.0.1:{port}/demo/as"
    say(_READY.filled(url=f"{base}/wall?code={code}"))
    say(_ROLES)
    for key in _SHOWN:
        say(T(f"  {role(key).name.zh} {base}/{key}?code={code}", f"  {role(key).name.en} {base}/{key}?code={code}"))
    say(_STOP.filled(path=data))


def _serve(data: Path, port: int) -> int:
    from firebreak.upkeep.serving import Address, serve

    return serve(Address("127.0.0.1", port), lambda: _say_links(data, port), with_work=False)
