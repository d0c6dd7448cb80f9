"""The sheet of a hand-over: everything that is open, from the books, in a form two people can sign. Pure."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something owed: what, which kind, who owns it, by when (ISO), and whether it is late."""

    ref: str
    kind: str
    zh: str
    en: str
    owner_zh: str
    owner_en: str
    holder: str
    due_at: str
    late: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """`items` are all live tasks of the response by deadline; the rest are counts, and the log's lines by ref."""

    as_of: str
    items: Sequence[OpenItem]
    waiting: int
    unread_orders: int
    unverified_orders: int
    vacant_posts: int
    difference: int
    log: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def sheet_of(given: dict[str, Any]) -> Sheet:
    """A sheet as it was kept."""
    items = tuple(OpenItem(**one) for one in given["items"])
    return Sheet(**{**given, "items": items, "log": tuple(given["log"])})


def digest_of(given: dict[str, Any]) -> str:
    """SHA-256 of a sheet, the same for the same content."""
    return hashlib.sha256(json.dumps(given, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
