"""Keys and what is done with them: seal a field, find it by keyed hash, authenticate bytes.

Keys are files in the data folder, outside the database, so a stolen database opens nothing and a backup
dies with its keys. Uses AES-256-GCM and HMAC-SHA-256 of the `cryptography` and standard libraries only.
"""

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_NAMES = ("fields", "lookup", "capture", "django")


class KeysMissing(RuntimeError):
    """The data folder holds no keys: it was never initialised, or they were removed."""


def create_keys(folder: Path, seed: int | None = None) -> None:
    """Make the keys of a new data folder (mode 0600); never replaces one.

    With a seed the keys can be made again, so that a drill's journal repeats to the byte; a drill holds no
    real person's data. Never give a seed for real data.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in KEY_NAMES:
        path = folder / f"{name}.key"
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(secrets.token_bytes(32) if seed is None else sha256(f"drill {seed} {name}".encode()).digest())


class Vault:
    """The keys of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._keys: dict[str, bytes] = {}

    def key(self, name: str) -> bytes:
        """One raw key, read once. Errors: `KeysMissing`."""
        found = self._keys.get(name)
        if found is None:
            found = self._keys[name] = _read_key(self.folder / f"{name}.key")
        return found

    def seal(self, plain: bytes, *, about: bytes = b"", key: bytes | None = None) -> bytes:
        """nonce ‖ ciphertext; `about` binds the ciphertext to its place."""
        nonce = os.urandom(12)
        return nonce + AESGCM(key or self.key("fields")).encrypt(nonce, plain, about)

    def open(self, sealed: bytes | memoryview, *, about: bytes = b"", key: bytes | None = None) -> bytes:
        """The plain bytes. Errors: `cryptography.exceptions.InvalidTag` when changed or moved."""
        return AESGCM(key or self.key("fields")).decrypt(bytes(sealed[:12]), bytes(sealed[12:]), about)

    def lookup(self, value: str, purpose: str) -> str:
        """Keyed hash by which a sealed value is found again (hex, 32 characters)."""
        return hmac.new(self.key("lookup"), f"{purpose}\0{value}".encode(), sha256).hexdigest()[:32]

    def mac(self, content: bytes) -> bytes:
        """16 bytes that authenticate captured content without revealing it."""
        return hmac.digest(self.key("capture"), content, "sha256")[:16]


def _read_key(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as missing:
        raise KeysMissing(f"no key {path.name} in {path.parent}") from missing
