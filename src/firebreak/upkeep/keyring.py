"""The keys of a data folder under a passphrase, for a backup that is kept apart from the database.

scrypt (RFC 7914) makes the key, AES-256-GCM seals; both from the standard and `cryptography` libraries.
"""

import hashlib
import json
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T
from firebreak.kernel.vault import KEY_NAMES

MAGIC = b"firebreak keys 1\n"
SALT, NONCE = 16, 12
SHORTEST = 12

WEAK_PASSPHRASE = RefusalKind(
    "weak-passphrase",
    T(
        "口令太短:至少 {least} 个字符。没有备份。",
        "The passphrase is too short: {least} characters at least. Nothing was backed up.",
    ),
)
WRONG_PASSPHRASE = RefusalKind(
    "wrong-passphrase",
    T(
        "钥匙打不开:口令不对,或 {path} 被改过。没有恢复。",
        "The keys do not open: wrong passphrase, or {path} was changed. Nothing was restored.",
    ),
)


def seal_keys(keys: Path, passphrase: str) -> bytes:
    """All keys of a folder as one sealed archive. Refuses `weak-passphrase`."""
    if len(passphrase) < SHORTEST:
        raise WEAK_PASSPHRASE.because(least=SHORTEST)
    plain = json.dumps({name: (keys / f"{name}.key").read_bytes().hex() for name in KEY_NAMES}).encode()
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    return MAGIC + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, plain, MAGIC)


def open_keys(archive: Path, passphrase: str, keys: Path) -> None:
    """Put the keys of an archive into an empty folder. Refuses `wrong-passphrase`."""
    sealed = archive.read_bytes()
    salt, nonce = sealed[len(MAGIC) :][:SALT], sealed[len(MAGIC) + SALT :][:NONCE]
    try:
        plain = AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed[len(MAGIC) + SALT + NONCE :], MAGIC)
    except (InvalidTag, ValueError) as problem:
        raise WRONG_PASSPHRASE.because(path=archive) from problem
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, secret in json.loads(plain).items():
        handle = os.open(keys / f"{name}.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(bytes.fromhex(secret))


def _key(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=64 * 1024 * 1024, dklen=32)
