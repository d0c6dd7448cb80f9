"""A phone's outbox as a file: for a phone that finds no network, carried to a desk and taken in there.

The file is sealed with the device's token, so that only what the phone wrote counts; each event is judged as if the phone
had sent it, by the right its author held when it happened.
"""

import hmac
from collections import Counter
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic_core import from_json

from firebreak.engine.access.actors import AccountActor
from firebreak.engine.capture import refusals
from firebreak.engine.capture.envelope import MOST_EVENTS, envelope_of
from firebreak.engine.capture.intake import take_batch
from firebreak.engine.capture.models import Device
from firebreak.kernel.refs import Ref

VERSION = 1
MOST_BYTES = 16 * 1024 * 1024


def take_outbox(device: Device, content: bytes, at: datetime) -> Counter[str]:
    """Take in a phone's file, a hundred events at once; how many events ended how (accepted, duplicate, quarantined).

    Errors: refuses `outbox-unreadable`, `outbox-not-of-device`, `device-revoked`. What was taken before stays taken; the same
    file again changes nothing.
    """
    events = opened(device, content)
    by, found = AccountActor(Ref(device.account_ref), device.label, 0, "", ()), Counter[str]()
    for begin in range(0, len(events), MOST_EVENTS):
        given = {"envelope": 1, "client": "file", "events": events[begin : begin + MOST_EVENTS]}
        answer = take_batch(device=device, envelope=envelope_of(given), by=by, at=at)
        found.update(said["status"] for said in answer.as_json()["answers"])
    return found


def opened(device: Device, content: bytes) -> list[Any]:
    """The events of a file that this device wrote. Errors: refuses `outbox-unreadable`, `outbox-not-of-device`."""
    try:
        given = from_json(content) if len(content) <= MOST_BYTES else None
        if not isinstance(given, dict) or given.get("firebreak_outbox") != VERSION or not isinstance(given.get("events"), str):
            raise ValueError("no outbox")
        events = from_json(given["events"])
        if not isinstance(events, list) or not events:
            raise ValueError("no events")
    except ValueError as wrong:
        raise refusals.OUTBOX_UNREADABLE.because() from wrong
    made = hmac.new(device.token_hash.encode(), given["events"].encode(), sha256).hexdigest()
    if not hmac.compare_digest(made, str(given.get("mac", ""))):
        raise refusals.OUTBOX_OF_OTHERS.because(device=device.label)
    return events
