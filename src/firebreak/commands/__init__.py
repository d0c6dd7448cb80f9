"""One module per subcommand of `firebreak`; each exposes `command`, a click command.

A command that touches the database calls `open_ledger()` first. Nothing here decides anything.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import django

from firebreak.kernel import text
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T

_NO_ACCOUNT = T("没有账号“{name}”。什么都没有改动。请核对用户名。",
                "There is no account '{name}'. Nothing was changed. Check the user name.")
_SHOWN_POSTS = 20
_STRANGE = T(
    "花名册里这些岗位编号是已采用的预案在本区没有的({n} 个):{posts}。人已登记,但启动时不会上岗。"
    "用 firebreak plan posts 写出本区的岗位表来填。",
    "Post codes of the roster that no adopted plan has in this district ({n}): {posts}. Their people are registered but"
    " will not be posted at activation. `firebreak plan posts` writes the posts of this district as a roster to fill in.",
)


def open_ledger() -> None:
    """Load Django and the applications; cheap commands (`--help`) never pay for it."""
    django.setup()


def choose_language() -> None:
    """The terminal's language: Chinese when FIREBREAK_LANGUAGE or the locale says so, else English."""
    wanted = os.environ.get("FIREBREAK_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    text.speak("zh" if wanted.lower().startswith("zh") else "en")


def say(sentence: T, *, error: bool = False) -> None:
    """Print one sentence in the terminal's language."""
    print(sentence, file=sys.stderr if error else sys.stdout, flush=True)


def say_both(sentence: T, *, error: bool = False) -> None:
    """Print one sentence in both languages, Chinese first: for what must not be missed."""
    print(f"{sentence.zh}\n{sentence.en}", file=sys.stderr if error else sys.stdout, flush=True)


def actor_of_user(username: str | None, rights: frozenset[str]) -> Actor:
    """Who answers for a command: the account named, else the terminal with these rights. Errors: `no-such-account`."""
    if username is None:
        return SystemActor("terminal", rights)
    from firebreak.engine.access.actors import actor_of
    from firebreak.engine.access.models import Account

    account = Account.objects.filter(username=username).first()
    if account is None:
        raise Refusal("no-such-account", _NO_ACCOUNT.filled(name=username))
    return actor_of(account)


def warn_of_strange_posts() -> None:
    """Say which posts of the roster no adopted plan has: called by roster and plan, whichever comes second."""
    from firebreak.command.activation.queries import strange_posts

    strange = strange_posts()
    if strange:
        say(_STRANGE.filled(n=len(strange), posts="、".join(strange[:_SHOWN_POSTS])), error=True)


@contextmanager
def bar(title: T) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on the terminal (silent elsewhere): call what it gives with (done, total)."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as shown:
        task = shown.add_task(str(title), total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)
