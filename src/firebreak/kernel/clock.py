"""The one place that knows what time it is.

Ledger time comes from here. It is real time unless a drill's data folder installs another source; sessions,
lock-outs and certificates never ask this module. All moments are timezone-aware UTC inside the program.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_source: Callable[[], datetime] | None = None


def real_now() -> datetime:
    """Wall-clock time, whatever the drill says."""
    return datetime.now(UTC)


def now() -> datetime:
    """Ledger time: the moment at which an act done now happens."""
    return real_now() if _source is None else _source()


def use(source: Callable[[], datetime] | None) -> None:
    """Install another source of ledger time, or `None` for real time. Only a drill does this."""
    global _source
    _source = source


_MOMENT = re.compile(r"^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:?\d{2})?$")


def parse_moment(text: str, zone: ZoneInfo) -> datetime:
    """Read an ISO 8601 moment; `24:00` is the next midnight; without an offset it is district time.

    Errors: `ValueError` when the text is no moment.
    """
    found = _MOMENT.match(text.strip())
    if found is None:
        raise ValueError(f"not a moment: {text!r}")
    year, month, day, hour, minute = (int(part) for part in found.groups()[:5])
    second = int(found.group(6) or 0)
    micro = int((found.group(7) or "0").ljust(6, "0"))
    days = 0
    if hour == 24:
        if minute or second or micro:
            raise ValueError(f"24:00 is the only time in the 24th hour: {text!r}")
        hour, days = 0, 1
    local = datetime.combine(date(year, month, day), time(hour, minute, second, micro)) + timedelta(days=days)
    offset = found.group(8)
    if offset is None:
        return local.replace(tzinfo=zone).astimezone(UTC)
    if offset == "Z":
        return local.replace(tzinfo=UTC)
    return datetime.fromisoformat(local.isoformat() + offset).astimezone(UTC)


def iso(moment: datetime) -> str:
    """The canonical text of a moment: UTC, microseconds only when there are any, `Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
