"""The second factor: six digits from the owner's phone (TOTP, RFC 6238), checked once per session.

The device's secret is shown once, on the enrolment page. Recovery is a reset by the system administrator.
"""

from base64 import b32encode
from datetime import datetime

from django_otp.plugins.otp_totp.models import TOTPDevice

from firebreak.engine.access.actions import locked
from firebreak.engine.access.events import SecondFactorEnrolled, SignedIn
from firebreak.engine.access.models import Account, SignIn
from firebreak.engine.access.refusals import WRONG_CODE
from firebreak.engine.access.signing_in import prove
from firebreak.engine.journal.acting import action, record
from firebreak.kernel import clock
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND


def device_of(account: Account) -> TOTPDevice | None:
    """The confirmed device; None when the person has yet to enrol. One query."""
    return TOTPDevice.objects.filter(user=account, confirmed=True).first()


def draft_of(account: Account) -> TOTPDevice:
    """The device being enrolled, made when there is none; reloading the page shows the same secret."""
    return TOTPDevice.objects.get_or_create(user=account, confirmed=False, defaults={"name": account.username})[0]


def typed(device: TOTPDevice) -> str:
    """The secret in groups of four, for a phone that cannot scan."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start:start + 4] for start in range(0, len(text), 4))


def confirm_by_code(*, account: Account, sign_in: int, code: str, by: Actor, at: datetime) -> None:
    """Check the code, then confirm the session. Refuses `wrong-code`, `not-found`.

    The check stands outside the act so that the count of failures survives the refusal's rollback.
    """
    device = device_of(account) or draft_of(account)
    _check(device, code)
    confirm(account=Ref(account.ref), sign_in=sign_in, device=device.pk, by=by, at=at)


def prove_again(*, account: Account, sign_in: int, code: str | None, by: Actor, at: datetime) -> None:
    """Note that the owner of a session showed again who they are; `code` is None where no phone confirms.

    The password has been checked by the caller. Refuses `wrong-code`, `not-found`.
    """
    if code is not None:
        device = device_of(account)
        if device is None:
            raise NOT_FOUND.because()
        _check(device, code)
    prove(account=Ref(account.ref), sign_in=sign_in, way="again", by=by, at=at)


def _check(device: TOTPDevice, code: str) -> None:
    allowed, _ = device.verify_is_allowed()
    if not allowed or not device.verify_token("".join(code.split())):
        raise WRONG_CODE.because()


@action
def confirm(*, account: Ref, sign_in: int, device: int, by: Actor, at: datetime) -> None:
    """Note that this session was confirmed by a code of this device; the first code also enrols the device.

    Who: the account itself, through `confirm_by_code`.   Refuses: not-found.
    Journals: SecondFactorEnrolled, SignedIn.             Promises: only this session is confirmed.
    """
    if by.ref != account:
        raise NOT_FOUND.because()
    row = locked(account)
    session = SignIn.objects.filter(pk=sign_in, account=row, ended_at=None).first()
    if session is None:
        raise NOT_FOUND.because()
    if TOTPDevice.objects.filter(pk=device, user=row, confirmed=False).update(confirmed=True):
        record(SecondFactorEnrolled(), about=account)
    session.confirmed_at = session.proved_at = clock.real_now()
    session.save(update_fields=["confirmed_at", "proved_at"])
    record(SignedIn("code"), about=account)
