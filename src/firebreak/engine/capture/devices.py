"""The device behind a request: found, locked and kept in one statement each, because every batch pays for them."""

from datetime import datetime

from firebreak.engine import bulk
from firebreak.engine.capture.models import Device


def of_token(token_hash: str) -> Device | None:
    """The device that holds this token, also a revoked one. One query."""
    return next(iter(bulk.load(Device, "token_hash = %s", [token_hash])), None)


def lock(key: int) -> Device:
    """The device, held until the transaction ends. One query. Errors: `Device.DoesNotExist`."""
    for found in bulk.load(Device, "id = %s" + (" FOR UPDATE" if bulk.is_postgres() else ""), [key]):
        return found
    raise Device.DoesNotExist


def keep_seen(device: Device, last_sequence: int, at: datetime) -> None:
    """Remember the highest number and when the device last reported. One statement."""
    device.last_sequence, device.last_seen_at = last_sequence, at
    bulk.execute(
        "UPDATE capture_device SET last_sequence = %s, last_seen_at = %s WHERE id = %s",
        [last_sequence, bulk.moment(at), device.pk],
    )
