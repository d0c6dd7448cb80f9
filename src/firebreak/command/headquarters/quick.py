"""An order in one line, read: `@transfer by 18:00 two more cars at Gate 3`, `@转运组 18:00前 三号门加派两辆车`.

Pure: the line, the units that stand and the moment go in; unit, deadline and words come out, or a refusal that says
which part could not be read. Nothing is guessed: a unit that could be two is asked about.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from firebreak.command.headquarters.refusals import BAD_TIME, NO_TASK, NO_UNIT, SEVERAL_UNITS, UNKNOWN_UNIT
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T

# Full-width signs of a Chinese keyboard, by number: many look like their narrow twins.
_NARROW = str.maketrans({0xFF20: "@", 0xFF1A: ":", 0xFF0C: ",", 0x3000: " ", 0x3002: " "})
_DIGITS = str.maketrans({0xFF10 + n: str(n) for n in range(10)})
_DAY = r"(?P<day>today|tomorrow|今天|今日|今晚|明天|明日|明早)?\s*"
_CLOCK = r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})|[点时](?:(?P<minute_zh>\d{1,2})分?|(?P<half>半))?)"
_UNTIL = (
    re.compile(rf"\bby\s+{_DAY}{_CLOCK}\b", re.IGNORECASE),
    re.compile(rf"{_DAY}{_CLOCK}\s*(?:之前|以前|前)"),
)
_WITHIN = (
    re.compile(r"\b(?:within|in)\s+(?P<n>\d{1,3})\s*(?P<unit>min|minutes?|h|hours?)\b", re.IGNORECASE),
    re.compile(r"(?P<n>\d{1,3})\s*个?(?P<unit>分钟|小时)(?:之内|以内|内)"),
)
_TOMORROW = frozenset({"tomorrow", "明天", "明日", "明早"})
_HOURS = frozenset({"h", "hour", "hours", "小时"})
_EDGES = " ,;.:、,。;:\t\n"


@dataclass(frozen=True, slots=True)
class Named:
    """A unit with everything it may be called: its key and its names."""

    ref: Ref
    name: T
    calls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read. `due_at` is None when it names no time."""

    unit: Named
    text: str
    due_at: datetime | None


def read(line: str, units: Iterable[Named], now: datetime, zone: ZoneInfo) -> Line:
    """Unit, words and deadline of a line.

    A time of day that has passed means tomorrow. Refuses: no-unit, unknown-unit, several-units, bad-time, no-task.
    """
    given = " ".join(line.translate(_NARROW).translate(_DIGITS).split())
    if not given.startswith("@"):
        raise NO_UNIT.because()
    unit, rest = _unit(given[1:].lstrip(), tuple(units))
    due_at, text = _time(rest, now.astimezone(zone))
    text = text.strip(_EDGES)
    if not text:
        raise NO_TASK.because(unit=unit.name)
    return Line(unit, text, due_at)


def _unit(given: str, units: tuple[Named, ...]) -> tuple[Named, str]:
    """The unit meant, and what stands behind its name: the longest whole name, else the only one that may be meant."""
    folded = given.casefold()
    whole = [(len(call), unit) for unit in units for call in unit.calls if _is_said(call.casefold(), folded)]
    if whole:
        length = max(length for length, _ in whole)
        found = {unit.ref: unit for size, unit in whole if size == length}
        word = given[:length]
    else:
        word = re.split(r"[\s,:\d]", given, maxsplit=1)[0]
        found = {unit.ref: unit for unit in units if _may_mean(word.casefold(), unit)}
    if not found:
        raise UNKNOWN_UNIT.because(word=word or "@")
    if len(found) > 1:
        raise SEVERAL_UNITS.because(word=word, units=_listed(found.values()))
    return next(iter(found.values())), given[len(word):]


def _is_said(call: str, line: str) -> bool:
    """The line begins with this name, and a name in Latin letters is not the beginning of a longer word."""
    if not call or not line.startswith(call):
        return False
    following = line[len(call):len(call) + 1]
    return not (call[-1].isascii() and following.isascii() and (following.isalnum() or following == "_"))


def _may_mean(word: str, unit: Named) -> bool:
    """A word that begins one of the unit's words; in Chinese, which has no spaces, any part of a name, 组 or not."""
    if word.isascii():
        return bool(word) and any(
            part.startswith(word) for call in unit.calls for part in re.split(r"[\s_-]+", call.casefold())
        )
    core = word.removesuffix("专班").removesuffix("组") or word
    return any(core in call for call in unit.calls)


def _listed(units: Iterable[Named]) -> T:
    names = [unit.name for unit in units][:6]
    return T("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def _time(rest: str, now: datetime) -> tuple[datetime | None, str]:
    """The deadline a line names, in the day of its zone, and the line without it."""
    for pattern in _WITHIN:
        if found := pattern.search(rest):
            count = int(found["n"])
            if not count:
                raise BAD_TIME.because(time=found[0])
            span = timedelta(hours=count) if found["unit"].casefold() in _HOURS else timedelta(minutes=count)
            return now + span, _without(rest, found)
    for pattern in _UNTIL:
        if found := pattern.search(rest):
            return _clock(found, now), _without(rest, found)
    return None, rest


def _clock(found: re.Match[str], now: datetime) -> datetime:
    hour = int(found["hour"])
    minute = 30 if found["half"] else int(found["minute"] or found["minute_zh"] or 0)
    day = (found["day"] or "").casefold()
    if day == "今晚" and hour < 12:
        hour += 12
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise BAD_TIME.because(time=found[0])
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    local = midnight + timedelta(days=day in _TOMORROW, hours=hour, minutes=minute)
    due = local.replace(tzinfo=now.tzinfo)
    return due if day or due > now else (local + timedelta(days=1)).replace(tzinfo=now.tzinfo)


def _without(rest: str, found: re.Match[str]) -> str:
    return f"{rest[:found.start()].rstrip(_EDGES)} {rest[found.end():].lstrip(_EDGES)}"
