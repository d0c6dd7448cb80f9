"""Devices, and what a named person settles: events set aside, gaps declared lost, subjects erased."""

import secrets
from datetime import datetime
from hashlib import sha256

from django.db import connection, transaction

from firebreak.engine import bulk
from firebreak.engine.access.actors import actor_of
from firebreak.engine.access.models import Account
from firebreak.engine.capture import events, owners, refusals, rights
from firebreak.engine.capture.models import Device, Gap, Quarantined, SubjectKey
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, kind_of, new_ref
from firebreak.kernel.refusals import NOT_FOUND


def token_hash(token: str) -> str:
    """How a device's token is kept."""
    return sha256(token.encode()).hexdigest()


@action
def enrol_device(*, label: str, account: Ref, by: Actor, at: datetime) -> dict[str, str]:
    """Enrol a phone for an account. Answers `{"device": ref, "token": …}`; the token is shown this once.

    Who: whoever may enrol devices.   Refuses: unknown-account, account-may-not-send.   Journals: DeviceEnrolled.
    Promises: only the token's hash is kept.
    """
    by.require(rights.ENROL)
    holder = Account.objects.filter(ref=account, is_active=True).first()
    if holder is None:
        raise refusals.UNKNOWN_ACCOUNT.because()
    if not actor_of(holder, at).may(rights.SEND):
        raise refusals.ACCOUNT_WITHOUT_SENDING.because(name=holder.name)
    token = secrets.token_urlsafe(32)
    device = Device.objects.create(
        ref=new_ref("device"), label=label.strip()[:60], account_ref=account, token_hash=token_hash(token), enrolled_at=at
    )
    record(events.DeviceEnrolled(device.label, account), about=device.ref)
    return {"device": device.ref, "token": token}


@action
def rotate_token(*, device: Ref, by: Actor, at: datetime) -> dict[str, str]:
    """Give a device a new token; the old one is dead at once. Answers as `enrol_device`.

    Who: whoever may enrol devices.   Refuses: not-found, device-revoked.   Journals: DeviceTokenRotated.
    """
    by.require(rights.ENROL)
    row = _device(device)
    if row.revoked_at is not None:
        raise refusals.DEVICE_REVOKED.because()
    token = secrets.token_urlsafe(32)
    row.token_hash = token_hash(token)
    row.save(update_fields=["token_hash"])
    record(events.DeviceTokenRotated(row.label), about=row.ref)
    return {"device": row.ref, "token": token}


@action
def revoke_device(*, device: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """Take a device out of service: its next sync is refused.

    Who: whoever may enrol devices.   Refuses: not-found, device-revoked, reason-missing.
    Journals: DeviceRevoked.   Promises: what it sent before stays counted.
    """
    by.require(rights.ENROL)
    _check_reason(reason)
    row = _device(device)
    if row.revoked_at is not None:
        raise refusals.DEVICE_REVOKED.because()
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    record(events.DeviceRevoked(row.label, reason), about=row.ref)
    return Ref(row.ref)


@action
def declare_lost(*, gap: int, reason: str, by: Actor, at: datetime) -> None:
    """Declare a device's missing numbers lost, so that what waits for them may close.

    Who: a named person who may settle captured events.
    Refuses: needs-a-named-person, not-found, already-settled, reason-missing.   Journals: GapDeclaredLost.
    Promises: should they arrive after all, they are counted; the task ends when nothing else of the device is missing.
    """
    by.require(rights.RESOLVE)
    if kind_of(by.ref) == "system":
        raise refusals.NEEDS_NAME.because()
    _check_reason(reason)
    row = Gap.objects.select_for_update(of=("self",)).select_related("device").filter(pk=gap).first()
    if row is None:
        raise NOT_FOUND.because()
    if row.filled_at is not None or row.lost_at is not None:
        raise refusals.ALREADY_SETTLED.because()
    row.lost_at, row.lost_by, row.lost_reason, row.end_act = at, by.ref, reason[:200], current_act()
    row.save(update_fields=["lost_at", "lost_by", "lost_reason", "end_act"])
    if not row.device.gaps.filter(matter=row.matter, filled_at=None, lost_at=None).exists():
        owners.settled(owners.MISSING, [row.matter], reason, by=by, at=at)
    record(events.GapDeclaredLost(row.device.ref, row.first, row.last, reason), about=row.device.ref)


@action
def settle_quarantined(*, event: Ref, resolution: str, by: Actor, at: datetime) -> Ref:
    """Set an event aside for good, saying what was done instead (recorded by hand, swabbed again, a test).

    Who: whoever may settle captured events.   Refuses: not-found, already-settled, reason-missing.
    Journals: QuarantineSettled.   Promises: its content becomes unreadable; that it came stays counted.
    """
    by.require(rights.RESOLVE)
    _check_reason(resolution)
    row = Quarantined.objects.select_for_update(of=("self",)).select_related("device").filter(ref=event).first()
    if row is None:
        raise NOT_FOUND.because()
    if row.resolved_at is not None:
        raise refusals.ALREADY_SETTLED.because()
    row.resolved_at, row.resolution, row.resolved_by, row.end_act = at, resolution[:200], by.ref, current_act()
    row.save(update_fields=["resolved_at", "resolution", "resolved_by", "end_act"])
    SubjectKey.objects.filter(subject=row.ref).delete()
    owners.settled(owners.SET_ASIDE, [row.ref], resolution, by=by, at=at)
    record(events.QuarantineSettled(row.device.ref, row.code, resolution), about=row.ref)
    return Ref(row.ref)


@action
def erase_subject(*, subject: Ref, by: Actor, at: datetime) -> int:
    """Destroy the keys of everything captured about a subject; answers how many.

    Who: the retention rule or whoever may settle captured events.   Refuses: nothing.
    Journals: SubjectErased.   Promises: the sealed parts can never be read again; counts and digests stay.
    """
    by.require(rights.RESOLVE)
    keys = SubjectKey.objects.filter(subject=subject)
    count = keys.count()
    wipe_what_is_deleted()
    keys.delete()
    record(events.SubjectErased(count), about=subject)
    return count


@action
def erase_response(*, response: Ref, by: Actor, at: datetime) -> int:
    """Destroy every key under which something was captured in a response; answers how many.

    Who: the retention rule.   Journals: ResponseErased.   Promises: as `erase_subject`, in two statements.
    """
    by.require(rights.RESOLVE)
    wipe_what_is_deleted()
    count = SubjectKey.objects.filter(response_ref=response).count()
    bulk.execute(
        "DELETE FROM capture_sealedpart WHERE key_id IN (SELECT id FROM capture_subjectkey WHERE response_ref = %s)",
        [response],
    )
    bulk.execute("DELETE FROM capture_subjectkey WHERE response_ref = %s", [response])
    record(events.ResponseErased(count), about=response)
    return count


def wipe_what_is_deleted() -> None:
    """Make SQLite overwrite deleted rows, and empty its log once this has committed.

    PostgreSQL frees the space by vacuum; there the wrapped key of a dead row also needs the vault to be read.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")

    def empty_log() -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    transaction.on_commit(empty_log)


def _device(ref: str) -> Device:
    row = Device.objects.select_for_update().filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise refusals.REASON_MISSING.because()
