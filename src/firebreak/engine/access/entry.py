"""How a person gets in and stays in: invitation slips, passwords, resets. No password is ever known to another."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation
from django_otp.plugins.otp_totp.models import TOTPDevice

from firebreak.engine.access.actions import locked, reason_given
from firebreak.engine.access.events import AccessReset, InvitationsMade, PasswordSet
from firebreak.engine.access.models import Account, Invitation
from firebreak.engine.access.refusals import (
    ACCOUNT_DISABLED,
    NOT_TO_YOURSELF,
    PASSWORDS_DIFFER,
    SLIP_NOT_VALID,
    WEAK_PASSWORD,
    WRONG_PASSWORD,
)
from firebreak.engine.access.rights import WRITE_ACCOUNTS
from firebreak.engine.access.signing_in import alive, end_rows
from firebreak.engine.journal.acting import action, record
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND

_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_GROUPS, _GROUP = 3, 4


@action
def invite(*, accounts: Sequence[Ref], by: Actor, at: datetime, days: int | None = None) -> dict[str, str]:
    """Make a single-use slip for each account; answers account ref → code, which is shown once and not kept.

    Who: system administrator.    Refuses: not-found, account-disabled.
    Journals: InvitationsMade.    Promises: earlier unused slips of these accounts die; only hashes are stored.
    Never call with a client key: the answer would be kept.
    """
    by.require(WRITE_ACCOUNTS)
    rows = list(Account.objects.select_for_update().filter(ref__in=accounts).order_by("username"))
    if len(rows) != len(set(accounts)):
        raise NOT_FOUND.because()
    if any(not row.is_active for row in rows):
        raise ACCOUNT_DISABLED.because()
    expires = at + timedelta(days=days or settings.INVITATION_DAYS)
    Invitation.objects.filter(account__in=rows, used_at=None, expires_at__gt=at).update(expires_at=at)
    codes = {row.ref: new_code() for row in rows}
    Invitation.objects.bulk_create(
        [Invitation(account=row, code_hash=hashed(codes[row.ref]), expires_at=expires) for row in rows]
    )
    record(InvitationsMade(len(rows), expires), about=rows[0].ref if len(rows) == 1 else by.ref)
    return codes


@action
def set_first_password(*, username: str, code: str, password: str, again: str, by: Actor, at: datetime) -> Ref:
    """Turn a slip into a password. Answers the account's ref.

    Who: whoever holds the slip and knows the user name.   Refuses: slip-not-valid, passwords-differ, weak-password.
    Journals: PasswordSet.   Promises: a slip works once; wrong name, wrong code, used and expired answer alike
    and in the same time.
    """
    encoded = make_password(password)
    slip = Invitation.objects.select_for_update(of=("self",)).select_related("account").filter(
        code_hash=hashed(code), account__username=username.strip(), account__is_active=True,
        used_at=None, expires_at__gt=at,
    ).first()
    if slip is None:
        raise SLIP_NOT_VALID.because()
    check_password(slip.account, password, again)
    slip.used_at = at
    slip.save(update_fields=["used_at"])
    slip.account.password = encoded
    slip.account.save(update_fields=["password"])
    record(PasswordSet("slip", end_rows(alive(slip.account_id))), about=slip.account.ref)
    return Ref(slip.account.ref)


@action
def change_password(*, account: Ref, present: str, password: str, again: str, by: Actor, at: datetime) -> None:
    """Change one's own password.

    Who: the account itself.   Refuses: not-found, wrong-password, passwords-differ, weak-password.
    Journals: PasswordSet.     Promises: every session ends, this one included; the page signs in anew.
    """
    if by.ref != account:
        raise NOT_FOUND.because()
    row = locked(account)
    if not row.check_password(present):
        raise WRONG_PASSWORD.because()
    check_password(row, password, again)
    row.set_password(password)
    row.save(update_fields=["password"])
    record(PasswordSet("own", end_rows(alive(row.pk))), about=account)


@action
def start_reset(*, account: Ref, reason: str, by: Actor, at: datetime) -> None:
    """Take password and second factor away, so that a new slip lets the owner begin again.

    Who: system administrator.   Refuses: not-to-yourself, not-found, no-reason.
    Journals: AccessReset.       Promises: sessions end at once; nobody learns the old or the next password.
    """
    by.require(WRITE_ACCOUNTS)
    if by.ref == account:
        raise NOT_TO_YOURSELF.because()
    row, why = locked(account), reason_given(reason)
    row.set_unusable_password()
    row.save(update_fields=["password"])
    TOTPDevice.objects.filter(user=row).delete()
    record(AccessReset(why, end_rows(alive(row.pk))), about=account)


def check_password(account: Account, password: str, again: str) -> None:
    """Refuse `passwords-differ` and `weak-password` (length, commonness, likeness to the name)."""
    if password != again:
        raise PASSWORDS_DIFFER.because()
    try:
        validate_password(password, account)
    except ValidationError as found:
        said = {}
        for language in ("zh-hans", "en"):
            with translation.override(language):
                said[language] = " ".join(str(message) for message in found.messages)
        raise WEAK_PASSWORD.because(why_zh=said["zh-hans"], why_en=said["en"]) from found


def new_code() -> str:
    """12 characters without look-alikes in three groups: 58 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def hashed(code: str) -> str:
    """What is kept of a code; dashes, blanks and case do not matter."""
    typed = "".join(letter for letter in code.lower() if letter.isalnum())
    return str(settings.VAULT.lookup(typed, "invitation"))
