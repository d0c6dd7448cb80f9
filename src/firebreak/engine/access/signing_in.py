"""Sessions as acts: who signed in, and every way a session ends before its time.

Session times are real; `at` is ledger time and stamps only the journal. Never sees a password.
"""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.sessions.models import Session

from firebreak.engine.access.events import SignedIn, SignedOut
from firebreak.engine.access.models import Account, SignIn
from firebreak.engine.access.roles import PROOF_LASTS
from firebreak.engine.journal.acting import action, record
from firebreak.kernel import clock
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND


@action
def sign_in(*, account: Ref, session_key: str, address: str, browser: str, way: str, by: Actor, at: datetime) -> Ref:
    """Note a fresh session of this account.

    Who: the account itself.   Refuses: not-found.
    Journals: SignedIn.        Promises: the session is listed to its owner and ends when the account is disabled.
    """
    row = Account.objects.filter(ref=account, is_active=True).first()
    if row is None or by.ref != account:
        raise NOT_FOUND.because()
    now = clock.real_now()
    SignIn.objects.create(
        account=row, session_key=session_key, address=address[:45], browser=browser[:200], begun_at=now, seen_at=now,
        proved_at=now if way == "password" else None,
    )
    record(SignedIn(way), about=account)
    return account


@action
def end_sign_in(*, account: Ref, sign_in: int, by: Actor, at: datetime) -> None:
    """End one session of one's own.

    Who: the account itself.   Refuses: not-found.
    Journals: SignedOut.       Promises: the next request of that session is a stranger's.
    """
    rows = SignIn.objects.filter(account__ref=account, pk=sign_in, ended_at=None)
    if by.ref != account or end_rows(rows) == 0:
        raise NOT_FOUND.because()
    record(SignedOut(1, "own"), about=account)


@action
def prove(*, account: Ref, sign_in: int, way: str, by: Actor, at: datetime) -> None:
    """Note that the owner of a session has shown again who they are.

    Who: the account itself, through `second_factor.prove_again`.   Refuses: not-found.
    Journals: SignedIn.   Promises: only this session is proved, for `PROOF_LASTS`.
    """
    rows = SignIn.objects.filter(account__ref=account, pk=sign_in, ended_at=None)
    if by.ref != account or not rows.update(proved_at=clock.real_now()):
        raise NOT_FOUND.because()
    record(SignedIn(way), about=account)


def proved(row: SignIn) -> bool:
    """Whether the owner of this session has shown lately who they are."""
    return row.proved_at is not None and clock.real_now() - row.proved_at < PROOF_LASTS


def move_sign_in(row: SignIn, session_key: str) -> None:
    """Follow a session whose id was changed; the session stays the same one to its owner."""
    row.session_key = session_key
    row.save(update_fields=["session_key"])


def end_rows(rows: Iterable[SignIn]) -> int:
    """End these sessions inside the running act; returns how many were alive."""
    now, keys = clock.real_now(), []
    for row in rows:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        keys.append(row.session_key)
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


def alive(account_id: int) -> list[SignIn]:
    """The account's sessions not ended on purpose, newest first. One query."""
    return list(SignIn.objects.filter(account_id=account_id, ended_at=None).order_by("-seen_at"))
