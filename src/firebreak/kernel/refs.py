"""References: how one domain names a thing of another without holding a key to its row.

A ref is text `kind:token`. The token is safe in a URL and says nothing about the thing.
"""

import secrets
import time
import uuid
from collections.abc import Callable
from typing import NewType

Ref = NewType("Ref", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


_draw: Callable[[int], bytes] = secrets.token_bytes


def draw_from(source: Callable[[int], bytes] | None) -> None:
    """Take random bytes from a seeded source (a drill that must repeat itself), or `None` for the system's."""
    global _draw
    _draw = secrets.token_bytes if source is None else source


def new_ref(kind: str) -> Ref:
    """A fresh ref: 12 random characters of an alphabet without look-alikes (60 bits)."""
    return new_refs(kind, 1)[0]


def new_refs(kind: str, count: int) -> list[Ref]:
    """Many fresh refs at once, for mass paths."""
    drawn = _draw(count * 12)
    letters = "".join(_ALPHABET[byte & 31] for byte in drawn)
    return [Ref(f"{kind}:{letters[start:start + 12]}") for start in range(0, count * 12, 12)]


def make_ref(kind: str, token: str | int) -> Ref:
    """The ref of a thing that has a readable token of its own (a code, a number)."""
    return Ref(f"{kind}:{token}")


def token_of(ref: str) -> str:
    """The part of a ref that goes into a URL."""
    return ref.split(":", 1)[1]


def kind_of(ref: str) -> str:
    """What sort of thing a ref names."""
    return ref.split(":", 1)[0]


def new_event_id(at_seconds: float | None = None) -> uuid.UUID:
    """A UUIDv7: 48 bits of milliseconds, then random; time-ordered, made without a server (RFC 9562)."""
    milliseconds = int((time.time() if at_seconds is None else at_seconds) * 1000)
    value = (milliseconds & (2**48 - 1)) << 80 | int.from_bytes(_draw(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)
