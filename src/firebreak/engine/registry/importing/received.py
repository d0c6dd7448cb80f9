"""A file between its upload and its mapping: sealed on disk, readable by its sender alone, gone within a day.

Holds personal data, so nothing of it is ever on disk in clear. Writes no table.
"""

import os
import re
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from firebreak.engine.registry.identity import Sealer
from firebreak.engine.registry.importing.listing import open_json, seal_json
from firebreak.kernel.refs import new_ref, token_of
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

KEPT_SECONDS = 24 * 3600
_TOKEN = re.compile(r"[0-9A-Za-z-]{8,64}")

RECEIVED_GONE = RefusalKind("upload-gone", T(
    "这个文件已不在了:传上来的文件只留一天,而且只有传的人能打开。什么都没有导入。请重新上传。",
    "This file is no longer here: an upload is kept for a day and opens for its sender only. Nothing was imported."
    " Upload it again.",
))


@dataclass(frozen=True, slots=True)
class Received:
    """An uploaded list: what it is said to be, its name, its bytes."""

    kind: str
    name: str
    content: bytes


def keep(received: Received, *, by: str) -> str:
    """Seal an upload for its sender; gives the token it is found by. Older uploads of anybody are removed."""
    _remove_old()
    token = token_of(new_ref("upload"))
    sealed = seal_json(Sealer(), {
        "kind": received.kind, "name": received.name, "content": b64encode(received.content).decode(),
    }, _about(token, by))
    with os.fdopen(os.open(_path(token), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(sealed)
    return token


def reopened(token: str, *, by: str) -> Received:
    """The upload of this sender. Errors: refuses `upload-gone`, also to everybody else."""
    from cryptography.exceptions import InvalidTag

    try:
        if not _TOKEN.fullmatch(token):
            raise FileNotFoundError
        kept = open_json(Sealer(), _path(token).read_bytes(), _about(token, by))
    except (FileNotFoundError, InvalidTag) as gone:
        raise RECEIVED_GONE.because() from gone
    return Received(kept["kind"], kept["name"], b64decode(kept["content"]))


def discard(token: str, *, by: str) -> None:
    """Remove an upload of this sender. Errors: refuses `upload-gone`."""
    reopened(token, by=by)
    _path(token).unlink(missing_ok=True)


def _remove_old() -> None:
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    oldest = time.time() - KEPT_SECONDS
    for path in _folder().glob("*.sealed"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.DATA) / "received"


def _path(token: str) -> Path:
    return _folder() / f"{token}.sealed"


def _about(token: str, by: str) -> str:
    return f"import.upload:{token}:{by}"
