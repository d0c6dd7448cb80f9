"""Checksums of files, for the manifest of a backup."""

import hashlib
from pathlib import Path

BLOCK = 1 << 20


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex; memory does not grow with it."""
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            hashed.update(block)
    return hashed.hexdigest()
