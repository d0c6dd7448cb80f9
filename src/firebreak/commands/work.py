"""`firebreak work`: deadlines, reactions and messages, in one loop. Several may run at once."""

import signal
import threading

import click

from firebreak.commands import open_ledger, say
from firebreak.kernel import clock
from firebreak.kernel.text import T

PAUSE_SECONDS = 1.0

_STARTED = T(
    "开始值守:反应、催办、发信、封存。Ctrl-C 停止。",
    "Keeping watch: reactions, deadlines, messages, seals. Ctrl-C stops.",
)
_ONCE = T(
    "反应 {reacted} · 交办 {owned} · 上报 {escalated} · 退回 {returned} · 过期 {expired} · 发出 {sent} · "
    "查账 {checked} · 封存 {sealed}",
    "reacted {reacted} · given owners {owned} · climbed {escalated} · returned {returned} · expired {expired} · sent {sent} · "
    "checked {checked} · sealed {sealed}",
)


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is due now, print it, and stop.")
def command(once: bool) -> None:
    """Keep watch over deadlines and messages until stopped."""
    open_ledger()
    from firebreak.command.reactions.work import tick

    if once:
        say(_ONCE.filled(**tick(clock.now())))
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    say(_STARTED)
    keep_watch(stop)


def keep_watch(stop: threading.Event) -> None:
    """Tick until `stop` is set; goes on at once while there was something to do."""
    from django.db import close_old_connections

    from firebreak.command.reactions.work import tick

    while not stop.is_set():
        close_old_connections()
        done = tick(clock.now())
        if not any(done.values()):
            stop.wait(PAUSE_SECONDS)
