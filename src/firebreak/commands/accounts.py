"""`firebreak accounts`: what must work when nobody can sign in any more."""

import click

from firebreak.commands import open_ledger


@click.group(name="accounts")
def command() -> None:
    """Accounts, from the machine itself. 账号。"""


@command.command()
@click.argument("username")
def unlock(username: str) -> None:
    """Forget failed attempts, so that USERNAME may sign in at once. 解除试错锁定。"""
    open_ledger()
    from firebreak.engine.access.actions import lift_lockout
    from firebreak.engine.access.rights import WRITE_ACCOUNTS
    from firebreak.kernel import clock
    from firebreak.kernel.actor import SystemActor

    keyboard = SystemActor("keyboard", frozenset({WRITE_ACCOUNTS}))
    forgotten = lift_lockout(username=username, by=keyboard, at=clock.now())
    click.echo(f"{username}: 已解锁,清除 {forgotten} 次试错。Unlocked; {forgotten} failed attempts forgotten.")


@command.command()
@click.argument("username")
def slip(username: str) -> None:
    """Print a new invitation code for USERNAME, when no system administrator is left. 重发邀请码。"""
    open_ledger()
    from firebreak.engine.access.entry import invite
    from firebreak.engine.access.models import Account
    from firebreak.engine.access.rights import WRITE_ACCOUNTS
    from firebreak.kernel import clock
    from firebreak.kernel.actor import SystemActor
    from firebreak.kernel.refs import Ref

    row = Account.objects.filter(username=username).first()
    if row is None:
        raise click.ClickException(f"没有用户名 {username}。There is no user name {username}.")
    keyboard = SystemActor("keyboard", frozenset({WRITE_ACCOUNTS}))
    code = invite(accounts=[Ref(row.ref)], by=keyboard, at=clock.now())[row.ref]
    click.echo(f"{username}: {code}")
