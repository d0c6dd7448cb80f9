"""How a person is found again without being read: keyed hashes, sealed columns, and pinyin for search.

Sealed values are bound to the person's ref, so a sealed id moved to another row does not open.
"""

import os
import re
from functools import cache, lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from firebreak.kernel.vault import Vault

# Surnames read differently from the everyday word; the reading of the surname leads.
_SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "朴": "piao", "区": "ou", "盖": "ge",
    "员": "yun", "任": "ren", "华": "hua", "缪": "miao", "翟": "zhai", "万": "wan", "覃": "qin", "冼": "xian",
    "乐": "yue", "召": "shao", "么": "yao", "逄": "pang", "晁": "chao",
}


class Sealer:
    """The vault's keys at hand for thousands of values: hashes to find by, sealed bytes to keep."""

    def __init__(self, vault: Vault | None = None) -> None:
        chosen: Vault = vault or settings.VAULT
        key = chosen.key("lookup").ljust(64, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in key))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in key))
        self._cipher = AESGCM(chosen.key("fields"))

    def hash(self, value: str, purpose: str) -> str:
        """Equal to `Vault.lookup` (HMAC, RFC 2104), with both padded keys hashed once instead of every time."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(f"{purpose}\0{value}".encode())
        outer.update(inner.digest())
        return outer.hexdigest()[:32]

    def id_hash(self, number: str) -> str:
        return self.hash(number, "id")

    def phone_hash(self, phones: str) -> str:
        """Of the first number in the cell; empty for none."""
        return self.hash(phones.split("、", 1)[0], "phone") if phones else ""

    def twin_key(self, name: str, building: int, door: str, birth: str) -> str:
        """By which a person without papers is recognised: same name, building, door and day of birth."""
        return self.hash(f"{name}\0{building}\0{door}\0{birth}", "twin")

    def seal(self, value: str, about: str) -> bytes | None:
        """Sealed for one place, or nothing for nothing."""
        if not value:
            return None
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, value.encode(), about.encode())

    def open(self, sealed: bytes | memoryview | None, about: str) -> str:
        """The value, or empty. Errors: `InvalidTag` when it was changed or moved."""
        if not sealed:
            return ""
        content = bytes(sealed)
        return self._cipher.decrypt(content[:12], content[12:], about.encode()).decode()


def about_id(ref: str) -> str:
    return f"person.id:{ref}"


def about_phone(ref: str) -> str:
    return f"person.phone:{ref}"


def hash_id(number: str) -> str:
    """The `id_hash` under which a paper's number (as `parse_paper` gives it) is found."""
    return Sealer().id_hash(number)


def open_id(ref: str, sealed: bytes | memoryview | None) -> str:
    """The number of a person's paper. The caller has the right, and journals the reading."""
    return Sealer().open(sealed, about_id(ref))


def open_phone(ref: str, sealed: bytes | memoryview | None) -> str:
    """A person's telephone numbers. The caller has the right, and journals the reading."""
    return Sealer().open(sealed, about_phone(ref))


_TOKEN = re.compile(r"[\u2e80-\U0003ffff]|[^\W\u2e80-\U0003ffff]+")


@lru_cache(maxsize=65536)
def spell(name: str) -> tuple[str, str]:
    """(pinyin without tones, initials) of a name; words of other scripts stay as they are, in lower case."""
    parts = [_reading(token, first=index == 0) for index, token in enumerate(_TOKEN.findall(name))]
    return "".join(parts)[:120], "".join([part[0] for part in parts])[:20]


@cache
def _reading(token: str, *, first: bool) -> str:
    if ord(token[0]) < 0x2E80:
        return token.lower()
    if first and token in _SURNAMES:
        return _SURNAMES[token]
    from pypinyin import Style, pinyin  # slow to load; only people who search or import pay

    return str(pinyin(token, style=Style.NORMAL)[0][0]).replace("ü", "v")
