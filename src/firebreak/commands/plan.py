"""`firebreak plan`: check a plan pack, adopt it, list what was adopted."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from firebreak.commands import actor_of_user, open_ledger, say, say_both, warn_of_strange_posts
from firebreak.kernel import clock
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T

if TYPE_CHECKING:
    from firebreak.engine.plans.packs import Pack

_SOUND = T("预案“{title}”无误。内容指纹 {hash}。{n} 个数值未经核实。",
           "The plan '{title}' is sound. Content hash {hash}. {n} values are unverified.")
_FAULTY = T("共 {n} 处问题,没有采用。", "{n} problems; not adopted.")
_ADOPTED = T("已采用:{ref}", "Adopted: {ref}")
_POSTS = T("{posts} 个岗位、{people} 行写在 {out}。填上姓名和电话,没有人的行删掉,再用 firebreak import roster {out} 导入。",
           "{posts} posts, {people} rows in {out}. Fill in names and phones, delete rows that stay empty, then run"
           " `firebreak import roster {out}`.")
_NO_DISTRICT = T("还没有区域,或有不止一个区。先用 firebreak import areas 导入社区和网格。什么都没有写。",
                 "There is no district yet, or more than one. Import communities and grids with `firebreak import areas`"
                 " first. Nothing was written.")
_NONE = T("还没有采用任何预案。", "No plan has been adopted yet.")
_NO_FOLDER = T("没有这个目录:{folder}", "No such folder: {folder}")


@click.group("plan")
def command() -> None:
    """Check and adopt plan packs."""


@command.command("check")
@click.argument("folders", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--unverified", is_flag=True, help="List the values nobody has seen in a published text.")
def check(folders: tuple[Path, ...], unverified: bool) -> None:
    """Say what is wrong with plan packs, by file and line. Exits 1 at the first that is not sound."""
    open_ledger()
    for folder in folders:
        pack = _loaded(folder)
        title = T(pack.meta.title_zh, pack.meta.title_en)
        say(_SOUND.filled(title=title, hash=pack.hash[:12], n=len(pack.unverified())))
        for place in pack.unverified() if unverified else ():
            click.echo(f"  {place}")


@command.command("adopt")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--authority", required=True, help="The document or decision by which it is adopted.")
@click.option("--by", "username", help="User name of who adopts it; the terminal otherwise.")
def adopt(folder: Path, authority: str, username: str | None) -> None:
    """Adopt a plan pack, whole, under its content hash."""
    open_ledger()
    from firebreak.engine.plans.actions import adopt_plan
    from firebreak.engine.plans.rights import ADOPT_PLANS

    pack = _loaded(folder)
    try:
        by = actor_of_user(username, frozenset({ADOPT_PLANS}))
        ref = adopt_plan(pack=pack, authority=authority, by=by, at=clock.now())
    except Refusal as refusal:
        say_both(refusal.text, error=True)
        sys.exit(1)
    say(_ADOPTED.filled(ref=ref))
    warn_of_strange_posts()


@command.command("posts")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def posts(folder: Path, out: Path) -> None:
    """Write the posts this plan opens in your district to OUT, as a roster (CSV) to fill in and import.

    One row for each person a post asks for. Needs the district and its communities and grids.
    """
    open_ledger()
    from firebreak.command.activation.queries import planned_posts, the_district
    from firebreak.engine.registry.importing.blank_roster import write_blank_roster

    pack = _loaded(folder)
    area = the_district()
    if area is None:
        say_both(_NO_DISTRICT, error=True)
        sys.exit(1)
    try:
        planned = planned_posts(pack, area)
    except Refusal as refusal:
        say_both(refusal.text, error=True)
        sys.exit(1)
    people = write_blank_roster(out, [(post.key, post.name, post.required_people) for post in planned])
    say(_POSTS.filled(posts=len(planned), people=people, out=out))


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
