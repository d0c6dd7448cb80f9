"""The catalogue of permissions: every right is declared once, by the domain that asks for it.

Roles (in `engine/access/roles.py`) name permissions by key; a test compares both sides.
"""

from firebreak.kernel.text import T

_declared: dict[str, T] = {}


def declare(key: str, zh: str, en: str) -> str:
    """Declare a right and return its key. Errors: `ValueError` when the key is declared twice with other words."""
    text = T(zh, en)
    if _declared.setdefault(key, text) != text:
        raise ValueError(f"permission declared twice: {key}")
    return key


def catalogue() -> dict[str, T]:
    """Every declared permission with its words."""
    return dict(_declared)
