"""`firebreak plan`: check a plan pack, adopt it, list what was adopted."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from firebreak.commands import open_ledger, say, say_both
from firebreak.kernel import clock
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T

if TYPE_CHECKING:
    from firebreak.engine.plans.packs import Pack

_SOUND = T("预案“{title}”无误。内容指纹 {hash}。{n} 个数值未经核实。",
           "The plan '{title}' is sound. Content hash {hash}. {n} values are unverified.")
_FAULTY = T("共 {n} 处问题,没有采用。", "{n} problems; not adopted.")
_ADOPTED = T("已采用:{ref}", "Adopted: {ref}")
_NONE = T("还没有采用任何预案。", "No plan has been adopted yet.")
_NO_FOLDER = T("没有这个目录:{folder}", "No such folder: {folder}")


@click.group("plan")
def command() -> None:
    """Check and adopt plan packs."""


@command.command("check")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--unverified", is_flag=True, help="List the values nobody has seen in a published text.")
def check(folder: Path, unverified: bool) -> None:
    """Say what is wrong with a plan pack, by file and line. Exits 1 when something is."""
    open_ledger()
    pack = _loaded(folder)
    say(_SOUND.filled(title=T(pack.meta.title_zh, pack.meta.title_en), hash=pack.hash[:12], n=len(pack.unverified())))
    for place in pack.unverified() if unverified else ():
        click.echo(f"  {place}")


@command.command("adopt")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--authority", required=True, help="The document or decision by which it is adopted.")
@click.option("--by", "username", required=True, help="User name of who adopts it; needs the right to adopt plans.")
def adopt(folder: Path, authority: str, username: str) -> None:
    """Adopt a plan pack, whole, under its content hash."""
    open_ledger()
    from firebreak.engine.access.actors import actor_of
    from firebreak.engine.access.models import Account
    from firebreak.engine.plans.actions import adopt_plan

    pack = _loaded(folder)
    account = Account.objects.filter(username=username).first()
    if account is None:
        say_both(T(f"没有这个账号:{username}", f"No such account: {username}"), error=True)
        sys.exit(1)
    try:
        ref = adopt_plan(pack=pack, authority=authority, by=actor_of(account), at=clock.now())
    except Refusal as refusal:
        say_both(refusal.text, error=True)
        sys.exit(1)
    say(_ADOPTED.filled(ref=ref))


@command.command("list")
def show() -> None:
    """List adopted plans, latest first."""
    open_ledger()
    from firebreak.engine.plans.queries import adopted_plans

    rows = list(adopted_plans())
    if not rows:
        say(_NONE)
    for row in rows:
        click.echo(f"{row.ref}  {row.edition}  {clock.iso(row.adopted_at)}  {row.authority}")


def _loaded(folder: Path) -> "Pack":
    """The pack, or the end of the command with every problem on the error channel."""
    from firebreak.engine.plans.loader import load_pack
    from firebreak.engine.plans.problems import PackFaulty

    if not folder.is_dir():
        say_both(_NO_FOLDER.filled(folder=folder), error=True)
        sys.exit(1)
    try:
        return load_pack(folder)
    except PackFaulty as faulty:
        for problem in faulty.problems:
            click.echo(f"{problem.file}:{problem.line}: {problem.message_zh}", err=True)
            click.echo(f"{problem.file}:{problem.line}: {problem.message_en}", err=True)
        say_both(_FAULTY.filled(n=len(faulty.problems)), error=True)
        sys.exit(1)
