"""How figures, moments and spans are said in both languages. Never decides anything about them.

Moments are shown in the district's time zone; a figure keeps every digit (no "1.2k").
"""

from datetime import date, datetime
from typing import Any, Literal

from django.utils import timezone
from django.utils.functional import lazystr

from firebreak.kernel.text import T, language

Tone = Literal["", "bad", "warn", "good", "quiet"]
Words = T | str | int

WEEKDAYS = (
    T("周一", "Mon"),
    T("周二", "Tue"),
    T("周三", "Wed"),
    T("周四", "Thu"),
    T("周五", "Fri"),
    T("周六", "Sat"),
    T("周日", "Sun"),
)
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SOON_MINUTES = 30


def lazily(zh: str, en: str) -> Any:
    """A label of a form field: said when it is drawn, in the language of whoever reads it."""
    return lazystr(T(zh, en))


def number(value: int | float) -> str:
    """68412 → 68,412; a float keeps at most one decimal."""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.1f}"
    return f"{int(value):,}"


def said(words: Words) -> str:
    """Words as the reader sees them: an int gets its thousands separators."""
    return number(words) if isinstance(words, int) else str(words)


def share(part: int, whole: int) -> str:
    """96.1 %; never 100 % while one is missing and never 0 % while one is there."""
    if whole == 0:
        return "–"
    tenths = round(1000 * part / whole)
    if part < whole:
        tenths = min(tenths, 999)
    if part > 0:
        tenths = max(tenths, 1)
    return f"{tenths / 10:.1f}%" if tenths % 10 else f"{tenths // 10}%"


def percent(part: int, whole: int) -> float:
    """Width of `part` in per cent of `whole`, for drawing."""
    return round(100 * part / whole, 3) if whole else 0.0


def clock_time(moment: datetime) -> str:
    """21:40 in the district."""
    return f"{timezone.localtime(moment):%H:%M}"


def clock_seconds(moment: datetime) -> str:
    """21:39:52 in the district."""
    return f"{timezone.localtime(moment):%H:%M:%S}"


def day_text(day: date) -> T:
    """2022年6月8日 周三 / Wed 8 June 2022."""
    weekday = WEEKDAYS[day.weekday()]
    return T(
        f"{day.year}年{day.month}月{day.day}日 {weekday.zh}",
        f"{weekday.en} {day.day} {MONTHS[day.month - 1]} {day.year}",
    )


def moment_text(moment: datetime, now: datetime | None = None) -> T:
    """21:40 today, else 6月8日 21:40 / 8 June 21:40, with the year when it is another one."""
    local = timezone.localtime(moment)
    time = f"{local:%H:%M}"
    if now is not None:
        here = timezone.localtime(now)
        if here.date() == local.date():
            return T(time, time)
        if here.year == local.year:
            return T(f"{local.month}月{local.day}日 {time}", f"{local.day} {MONTHS[local.month - 1]} {time}")
    return T(
        f"{local.year}年{local.month}月{local.day}日 {time}",
        f"{local.day} {MONTHS[local.month - 1]} {local.year} {time}",
    )


def span(seconds: float) -> T:
    """A length of time in its two largest units: 2 小时 20 分 / 2 h 20 min."""
    minutes = int(abs(seconds) // 60)
    days, rest = divmod(minutes, 1440)
    hours, minutes_left = divmod(rest, 60)
    if days:
        return T(f"{days} 天 {hours} 小时", f"{days} d {hours} h") if hours else T(f"{days} 天", f"{days} d")
    if hours and minutes_left:
        return T(f"{hours} 小时 {minutes_left} 分", f"{hours} h {minutes_left} min")
    if hours:
        return T(f"{hours} 小时", f"{hours} h")
    if minutes_left:
        return T(f"{minutes_left} 分钟", f"{minutes_left} min")
    return T(f"{int(abs(seconds))} 秒", f"{int(abs(seconds))} s")


def time_left(due: datetime, now: datetime, soon_minutes: int = SOON_MINUTES) -> tuple[Tone, T]:
    """Tone and words of a deadline: 逾期 25 分钟 in red, 剩 4 分钟 in amber, 剩 2 小时 20 分 in ink."""
    seconds = (due - now).total_seconds()
    length = span(seconds)
    if seconds < 0:
        return "bad", T(f"逾期 {length.zh}", f"{length.en} late")
    tone: Tone = "warn" if seconds < soon_minutes * 60 else ""
    return tone, T(f"剩 {length.zh}", f"{length.en} left")


def sentences(*parts: Words) -> str:
    """Sentences one after the other: Chinese needs no space after its full stop."""
    return ("" if language() == "zh" else " ").join(said(part) for part in parts if part != "" and str(part))


def comma(items: list[str]) -> str:
    """A list as the language writes it."""
    return ("、" if language() == "zh" else ", ").join(items)
