"""One-time codes with which a drill on a local network lets phones take a role: each opens one session.

A code is a file named by its hash in the drill's data folder; spending it is removing the file, which only one
can do. Never made on real data.
"""

import secrets
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

FOLDER = "role-codes"
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 10


def make_codes(data: Path, roles: Iterable[str]) -> dict[str, str]:
    """A fresh code for each role; earlier unspent ones die."""
    folder = data / FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    for old in folder.iterdir():
        old.unlink(missing_ok=True)
    codes = {role: "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for role in roles}
    for role, code in codes.items():
        _file(data, role, code).touch(mode=0o600)
    return codes


def spend(data: Path, role: str, code: str) -> bool:
    """Whether the code opens the role; it never does so again."""
    try:
        _file(data, role, code).unlink()
    except FileNotFoundError:
        return False
    return True


def _file(data: Path, role: str, code: str) -> Path:
    return data / FOLDER / sha256(f"{role}\0{code}".encode()).hexdigest()
