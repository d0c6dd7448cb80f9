"""Accounts and grants: opened, closed, given, taken back. Passwords and slips live in `entry`."""

import re
from collections.abc import Sequence
from datetime import datetime

from axes.utils import reset

from firebreak.engine.access.events import (
    AccountCreated,
    AccountDisabled,
    AccountEnabled,
    AccountTied,
    GrantEnded,
    LockoutLifted,
    RoleGranted,
)
from firebreak.engine.access.models import Account, Grant
from firebreak.engine.access.refusals import (
    ACCOUNT_DISABLED,
    BAD_USERNAME,
    ENDS_BEFORE,
    GRANT_IS_OVER,
    LINE_WRONG,
    MEMBER_HAS_ACCOUNT,
    NAME_TAKEN,
    NO_NAME,
    NO_REASON,
    NO_SUCH_ROLE,
    NOT_TO_YOURSELF,
    ROLES_APART,
)
from firebreak.engine.access.rights import WRITE_ACCOUNTS, WRITE_GRANTS
from firebreak.engine.access.roles import BY_KEY
from firebreak.engine.access.signing_in import alive, end_rows
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import action, record
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, make_ref, new_ref
from firebreak.kernel.refusals import NOT_FOUND, NOT_PERMITTED, Refusal

_USERNAME = re.compile(r"[\w.\-]{2,60}")
_REASON_CHARACTERS = 4


@action
def create_account(*, username: str, name: str, by: Actor, at: datetime, member_ref: str = "") -> Ref:
    """Open an account that can do nothing yet: no password, no role. `member_ref` says who of the roster it is for.

    Who: system administrator.   Refuses: bad-username, no-name, name-taken, member-has-account.
    Journals: AccountCreated.    Promises: no default password exists at any moment.
    """
    by.require(WRITE_ACCOUNTS)
    username, name = username.strip(), name.strip()
    if not _USERNAME.fullmatch(username):
        raise BAD_USERNAME.because()
    if not name:
        raise NO_NAME.because()
    if Account.objects.filter(username=username).exists():
        raise NAME_TAKEN.because(username=username)
    _check_untied(member_ref)
    row = Account(ref=new_ref("account"), username=username, name=name[:60], member_ref=member_ref, created_at=at)
    row.set_unusable_password()
    row.save()
    record(AccountCreated(member_ref), about=row.ref)
    return Ref(row.ref)


@action
def create_accounts(*, rows: Sequence[tuple[str, str, str]], by: Actor, at: datetime) -> list[str]:
    """Open many accounts, each (user name, name, member of the roster or ""): all, or none when one line is refused.

    Who: system administrator.   Refuses: line-wrong (with its number and why).
    Journals: AccountCreated for each.   Promises: no default password exists at any moment.
    """
    refs: list[str] = []
    for number, (username, name, member) in enumerate(rows, start=1):
        try:
            refs.append(create_account(username=username, name=name, member_ref=member, by=by, at=at))
        except Refusal as refusal:
            if refusal.code == NOT_PERMITTED.code:
                raise
            raise LINE_WRONG.because(number=number, why=refusal.text) from refusal
    return refs


@action
def tie_account(*, account: Ref, member_ref: str, by: Actor, at: datetime) -> None:
    """Say whose account it is on the roster ("" = nobody's): its posts' orders and tasks are theirs from now on.

    Who: system administrator.   Refuses: not-to-yourself, not-found, member-has-account.
    Journals: AccountTied.       Promises: a member of the roster has one account at most; no role changes.
    """
    by.require(WRITE_ACCOUNTS)
    if by.ref == account:
        raise NOT_TO_YOURSELF.because()
    row = locked(account)
    if row.member_ref != member_ref:
        _check_untied(member_ref)
        row.member_ref = member_ref
        row.save(update_fields=["member_ref"])
    record(AccountTied(member_ref), about=account)


@action
def disable_account(*, account: Ref, reason: str, by: Actor, at: datetime) -> None:
    """Close an account; whoever sits in front of it is out at the next click.

    Who: system administrator.   Refuses: not-to-yourself, not-found, no-reason, account-disabled.
    Journals: AccountDisabled.   Promises: every session is ended in the same transaction.
    """
    by.require(WRITE_ACCOUNTS)
    if by.ref == account:
        raise NOT_TO_YOURSELF.because()
    row, why = locked(account), reason_given(reason)
    if not row.is_active:
        raise ACCOUNT_DISABLED.because()
    row.is_active = False
    row.save(update_fields=["is_active"])
    record(AccountDisabled(why, end_rows(alive(row.pk))), about=account)


@action
def enable_account(*, account: Ref, reason: str, by: Actor, at: datetime) -> None:
    """Open a disabled account again; its grants count again where they still run.

    Who: system administrator.   Refuses: not-to-yourself, not-found, no-reason.   Journals: AccountEnabled.
    """
    by.require(WRITE_ACCOUNTS)
    if by.ref == account:
        raise NOT_TO_YOURSELF.because()
    row = locked(account)
    row.is_active = True
    row.save(update_fields=["is_active"])
    record(AccountEnabled(reason_given(reason)), about=account)


@action
def grant_role(
    *,
    account: Ref,
    role: str,
    area_code: str,
    by: Actor,
    at: datetime,
    unit_path: str = "",
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Ref:
    """Give a role over an area ("" = everywhere) and, when `unit_path` is given, within a unit.

    Who: security administrator, within the own area.
    Refuses: not-to-yourself, not-found, account-disabled, no-such-role, roles-apart, ends-before-it-begins.
    Journals: RoleGranted.   Promises: nobody ever holds two of the three administrator roles.
    """
    if by.ref == account:
        raise NOT_TO_YOURSELF.because()
    area = _area(area_code)
    by.require(WRITE_GRANTS, area=area.path if area else "/", unit=unit_path)
    row = locked(account)
    if not row.is_active:
        raise ACCOUNT_DISABLED.because()
    begins = begins_at or at
    if role not in BY_KEY:
        raise NO_SUCH_ROLE.because(role=role)
    if ends_at is not None and ends_at <= begins:
        raise ENDS_BEFORE.because()
    _check_apart(row, role, begins, ends_at)
    grant = Grant.objects.create(
        account=row, role=role, area=area, unit_path=unit_path, begins_at=begins, ends_at=ends_at,
    )
    ref = make_ref("grant", grant.pk)
    record(RoleGranted(ref, role, area_code, unit_path, begins, ends_at), about=account)
    return ref


@action
def end_grant(*, account: Ref, grant: Ref, reason: str, by: Actor, at: datetime) -> None:
    """Take a role back now; a grant still to come never begins.

    Who: security administrator, within the own area.   Refuses: not-to-yourself, not-found, grant-is-over, no-reason.
    Journals: GrantEnded.   Promises: the next request is judged without it.
    """
    if by.ref == account:
        raise NOT_TO_YOURSELF.because()
    number = grant.removeprefix("grant:")
    row = Grant.objects.select_for_update(of=("self",)).select_related("area").filter(
        pk=int(number) if number.isdecimal() else 0, account__ref=account,
    ).first()
    if row is None:
        raise NOT_FOUND.because()
    by.require(WRITE_GRANTS, area=row.area.path if row.area else "/", unit=row.unit_path)
    if row.ends_at is not None and row.ends_at <= at:
        raise GRANT_IS_OVER.because()
    why = reason_given(reason)
    if row.begins_at >= at:
        row.delete()
    else:
        row.ends_at = at
        row.save(update_fields=["ends_at"])
    record(GrantEnded(grant, row.role, why), about=account)


@action
def lift_lockout(*, username: str, by: Actor, at: datetime) -> int:
    """Forget failed attempts against a user name, so its owner may try at once. Answers how many there were.

    Who: system administrator.   Journals: LockoutLifted.
    """
    by.require(WRITE_ACCOUNTS)
    forgotten = int(reset(username=username))
    row = Account.objects.filter(username=username).first()
    record(LockoutLifted(forgotten), about=row.ref if row else "account:unknown")
    return forgotten


def _check_untied(member: str) -> None:
    other = Account.objects.filter(member_ref=member).first() if member else None
    if other is not None:
        raise MEMBER_HAS_ACCOUNT.because(username=other.username)


def locked(account: Ref) -> Account:
    """The account's row, locked. Errors: refuses `not-found`."""
    row = Account.objects.select_for_update().filter(ref=account).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def reason_given(reason: str) -> str:
    """The reason, cleaned. Errors: refuses `no-reason`."""
    cleaned = " ".join(reason.split())[:200]
    if len(cleaned) < _REASON_CHARACTERS:
        raise NO_REASON.because()
    return cleaned


def _area(code: str) -> Area | None:
    if not code:
        return None
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise NOT_FOUND.because()
    return area


def _check_apart(account: Account, asked: str, begins: datetime, ends: datetime | None) -> None:
    """Refuse a second administrator role whose time touches the first's."""
    if not BY_KEY[asked].administers:
        return
    for grant in account.grants.all():
        other = BY_KEY.get(grant.role)
        if other is None or not other.administers or other.key == asked:
            continue
        if (grant.ends_at is None or grant.ends_at > begins) and (ends is None or grant.begins_at < ends):
            raise ROLES_APART.because(held=other.name, asked=BY_KEY[asked].name)
