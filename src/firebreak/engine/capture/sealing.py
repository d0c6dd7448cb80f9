"""Personal parts of captured events: sealed under a key per person and response, which can be destroyed.

The key itself is wrapped by the vault. Reading needs the vault, the key's row and the sealed row.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from firebreak.engine import bulk
from firebreak.engine.capture.models import SealedPart, SubjectKey

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be sealed of one event, under whose key."""

    event: UUID
    subject: str
    response: str
    content: dict[str, Any]


def keys_for(wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, bytes]]:
    """(subject, response) → (row, key); missing keys are made. Two statements."""
    pairs = list(dict.fromkeys(wanted))
    if not pairs:
        return {}
    rows = SubjectKey.objects.filter(subject__in=[subject for subject, _ in pairs])
    found = {(row.subject, row.response_ref): (row.pk, unwrap(row)) for row in rows}
    missing = [pair for pair in pairs if pair not in found]
    keys = [os.urandom(KEY_BYTES) for _ in missing]
    made = SubjectKey.objects.bulk_create(
        SubjectKey(subject=subject, response_ref=response, wrapped=wrap(key, subject, response))
        for (subject, response), key in zip(missing, keys, strict=True)
    )
    for pair, row, key in zip(missing, made, keys, strict=True):
        found[pair] = (row.pk, key)
    return found


def wrap(key: bytes, subject: str, response: str) -> bytes:
    """The key as it is kept."""
    return bytes(settings.VAULT.seal(key, about=f"subject:{subject}:{response}".encode()))


def unwrap(row: SubjectKey) -> bytes:
    """The key of a row. Errors: `InvalidTag` when the row was changed."""
    return bytes(settings.VAULT.open(row.wrapped, about=f"subject:{row.subject}:{row.response_ref}".encode()))


def seal_parts(parts: Sequence[Part]) -> None:
    """Write the sealed parts of captured events."""
    keys = keys_for([(part.subject, part.response) for part in parts])
    rows = []
    for part in parts:
        row, key = keys[part.subject, part.response]
        plain = json.dumps(part.content, ensure_ascii=False).encode()
        rows.append((bulk.uid(part.event), row, settings.VAULT.seal(plain, about=part.event.bytes, key=key)))
    bulk.insert("capture_sealedpart", ("event_id", "key_id", "sealed"), rows)


def open_part(event: UUID) -> dict[str, Any] | None:
    """The personal part of an event; None when it has none or its key was destroyed. The caller journals it."""
    row = SealedPart.objects.select_related("key").filter(event_id=event).first()
    if row is None:
        return None
    content: dict[str, Any] = json.loads(settings.VAULT.open(row.sealed, about=event.bytes, key=unwrap(row.key)))
    return content


def seal_whole(content: bytes, subject: str) -> bytes:
    """An event set aside, whole, under a key of its own."""
    _, key = keys_for([(subject, "")])[subject, ""]
    return bytes(settings.VAULT.seal(content, about=subject.encode(), key=key))


def open_whole(sealed: bytes | memoryview, subject: str) -> bytes | None:
    """The content of an event set aside; None when its key was destroyed."""
    row = SubjectKey.objects.filter(subject=subject, response_ref="").first()
    return None if row is None else bytes(settings.VAULT.open(sealed, about=subject.encode(), key=unwrap(row)))
