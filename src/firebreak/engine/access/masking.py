"""What is shown of a name, a number and a phone to someone who has no need of all of it.

Masked is the default; pages get `Shown` and never the row. Nothing here opens a sealed value.
"""

from dataclasses import dataclass

from firebreak.kernel.text import T

PHONES = "registry.read_phone"
HIDDEN = "*"
ERASED = T("已删除", "erased")
"""In the place of a name whose time was over; nobody is registered without one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A person as this reader may see them. Empty text means: not on record."""

    name: str
    number: str
    phone: str


def mask_name(name: str) -> str:
    """The family name and a star: 张三丰 → 张*; Maria Costa → M*. Compound family names keep both characters."""
    if not name:
        return ""
    return (name[:2] if len(name) > 2 and name[:2] in COMPOUND else name[:1]) + HIDDEN


def mask_number(last4: str) -> str:
    """A number of papers by its last four characters."""
    return f"{HIDDEN * 4}{last4}" if last4 else ""


def mask_phone(phone: str) -> str:
    """First three and last two digits: 13900001234 → 139******34; short numbers keep the last two."""
    if len(phone) < 8:
        return HIDDEN * max(0, len(phone) - 2) + phone[-2:]
    return phone[:3] + HIDDEN * (len(phone) - 5) + phone[-2:]


def shown_name(name: str, named: bool) -> str:
    """The name in full or masked; in the place of one whose time was over, that it was erased."""
    if not name:
        return str(ERASED)
    return name if named else mask_name(name)


COMPOUND = frozenset([
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒",
    "令狐", "夏侯", "端木", "轩辕", "南宫", "宇文", "长孙", "司空", "申屠", "百里",
])
