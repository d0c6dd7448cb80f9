"""Reading single cells as people type them: spaces, full-width digits, both date orders, words for codes.

Pure: text in, value out, `Unreadable` when it cannot be. Never guesses where two readings are possible.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from firebreak.engine.registry.importing.problems import Unreadable
from firebreak.kernel.text import T

Parser = Callable[[str], Any]

_NARROW: dict[int, int | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NARROW |= {0x3000: 0x20, 0xA0: 0x20}
_NARROW |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), 0x2D)
_NARROW |= dict.fromkeys((0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0xFEFF))

NOTHING = frozenset(
    {"", "无", "没有", "否", "不详", "未知", "-", "--", "/", "\\", "n/a", "na", "none", "no", "null", "nil"}
)


def narrow(text: str) -> str:
    """The same text with half-width digits, letters and marks, and without spaces around it."""
    return text.strip() if text.isascii() else text.translate(_NARROW).strip()


def cleaned(text: str, limit: int) -> str:
    """One line of plain text of at most `limit` characters."""
    if text.isalnum() and text.isascii() and len(text) <= limit:
        return text
    plain = " ".join(narrow(text).split())
    if len(plain) > limit:
        raise Unreadable(
            "too-long",
            T(f"有 {len(plain)} 个字,最多 {limit} 个。", f"It has {len(plain)} characters; at most {limit} fit."),
            T("请缩短。", "Shorten it."),
        )
    return plain


def text_of(limit: int) -> Parser:
    """A parser for plain text of at most `limit` characters."""
    return lambda text: cleaned(text, limit)


_HAN = r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_HAN_GAP = re.compile(f"(?<={_HAN}) (?={_HAN})")
_DOTS = str.maketrans("•・‧∙●。．", "·······")
_LOST = re.compile(r"[?\ufffd□]")
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")


def parse_name(text: str) -> str:
    """A person's name, 1–60 characters of any script; spaces set between Han characters for looks are dropped."""
    if _PLAIN_NAME.fullmatch(text):
        return text
    name = _HAN_GAP.sub("", cleaned(text.lstrip("'"), 60))
    if any(ord(char) > 0x2000 for char in name):
        name = name.translate(_DOTS)
    if _LOST.search(name):
        raise Unreadable(
            "name-lost-character",
            T("姓名里有丢失的字(? 或 □)。", "A character of the name was lost (shown as ? or a box)."),
            T("请按证件补上生僻字。", "Fill in the rare character from the paper."),
        )
    if "*" in name or "＊" in text:
        raise Unreadable(
            "name-masked", T("姓名被星号遮住。", "The name is masked by a star."),
            T("请要未遮盖的名单。", "Ask for the list without masks."),
        )
    if not any(unicodedata.category(char)[0] in "LC" for char in name) or name[:1] in "=+-@":
        raise Unreadable(
            "name-unreadable", T(f"“{name[:20]}”不像姓名。", f"'{name[:20]}' does not look like a name."),
            T("请核对列是否对应,或改正姓名。", "Check that the columns fit, or correct the name."),
        )
    if any(unicodedata.category(char) == "Cc" for char in name):
        raise Unreadable(
            "name-unreadable", T("姓名里有看不见的控制符。", "The name holds invisible control characters."),
            T("请重新输入姓名。", "Type the name again."),
        )
    return name


_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CLOCK = re.compile(r"[T\s]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")
_SERIAL_ZERO = date(1899, 12, 30)
Order = str
DAY_FIRST, MONTH_FIRST = "day-first", "month-first"


def order_of(text: str) -> Order:
    """Which order a year-last date proves (`day-first`, `month-first`), or empty when it proves nothing."""
    found = _YEAR_LAST.fullmatch(_CLOCK.sub("", narrow(text)))
    if found is None:
        return ""
    first, second = int(found[1]), int(found[2])
    if first > 12 >= second:
        return DAY_FIRST
    return MONTH_FIRST if second > 12 >= first else ""


def parse_date(text: str, order: Order = "") -> date:
    """A day: year first, year last (order proved by itself, or by `order`), 8 digits, or a spreadsheet serial."""
    if _ISO.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    plain = _CLOCK.sub("", narrow(text).lstrip("'"))
    try:
        if found := _YEAR_FIRST.fullmatch(plain) or _PACKED.fullmatch(plain):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _YEAR_LAST.fullmatch(plain):
            return _year_last(int(found[1]), int(found[2]), int(found[3]), order)
        if re.fullmatch(r"\d{5}(\.\d+)?", plain):
            return _SERIAL_ZERO + timedelta(days=int(float(plain)))
    except ValueError as wrong:
        if isinstance(wrong, Unreadable):
            raise
    raise Unreadable(
        "date-unreadable", T(f"“{plain[:20]}”不是日期。", f"'{plain[:20]}' is not a date."),
        T("请写成 1990-01-31。", "Write it as 1990-01-31."),
    )


def _year_last(first: int, second: int, year: int, order: Order) -> date:
    if first > 12 or (order == DAY_FIRST and second <= 12) or first == second:
        return date(year, second, first)
    if second > 12 or order == MONTH_FIRST:
        return date(year, first, second)
    raise Unreadable(
        "date-two-readings",
        T(f"{first}/{second}/{year} 可以读成两个日子。", f"{first}/{second}/{year} can be read as two days."),
        T("请写成 1990-01-31 的样子。", "Write it like 1990-01-31."),
    )


_MOBILE = re.compile(r"(?:(?:\+|00)?86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"0\d{9,11}|[2-9]\d{6,7}|400\d{7}")
_ABROAD = re.compile(r"(?:\+|00)(\d{6,15})")
_PHONE_GLUE = re.compile(r"[\s\-().·_]+")
_PHONE_SPLIT = re.compile(r"[、,,;;/|]+|或|\n")


def parse_phone(text: str) -> str:
    """Phone numbers without spaces, Chinese mobiles without +86; several in a cell are kept, the first leads."""
    if len(text) == 11 and text.isascii() and text.isdigit() and _MOBILE.fullmatch(text):
        return text
    plain = narrow(text).lstrip("'")
    return "、".join(_one_phone(part) for part in _PHONE_SPLIT.split(plain) if part.strip())


def parse_one_phone(text: str) -> str:
    """One number, because messages go to one. Errors: `Unreadable`, also for several."""
    phones = parse_phone(text)
    if "、" in phones:
        raise Unreadable(
            "phone-several", T("一格里有几个电话。", "The cell holds several numbers."),
            T("请只留收短信的手机号。", "Leave only the one that gets messages."),
        )
    return phones


def _one_phone(text: str) -> str:
    digits = _PHONE_GLUE.sub("", text.strip().removesuffix(".0"))
    if found := _MOBILE.fullmatch(digits):
        return found[1]
    if _LANDLINE.fullmatch(digits):
        return digits
    if found := _ABROAD.fullmatch(digits):
        return f"+{found[1]}"
    count = sum(char.isdigit() for char in digits)
    raise Unreadable(
        "phone-unreadable",
        T(f"电话不对:有 {count} 位数字。", f"The phone number does not fit: it has {count} digits."),
        T("手机应为 11 位;座机请带区号;没有就留空。",
          "A mobile has 11 digits; give a landline its area code; leave it empty if there is none."),
    )


def parse_whole(low: int, high: int) -> Parser:
    """A parser for a whole number from `low` to `high`; a unit after it (层, 户) is allowed."""

    def parse(text: str) -> int:
        found = re.fullmatch(r"(-?\d{1,9})(?:\.0+)?\s*[层户个单元栋人]{0,2}", narrow(text))
        if found is None or not low <= int(found[1]) <= high:
            raise Unreadable(
                "number-unreadable",
                T(f"“{text[:20]}”不是 {low} 到 {high} 的整数。",
                    f"'{text[:20]}' is not a whole number from {low} to {high}."),
                T("请改成数字。", "Write a number."),
            )
        return int(found[1])

    return parse


def parse_degrees(low: float, high: float, zh: str, en: str) -> Parser:
    """A parser for a coordinate in degrees; says when longitude and latitude seem exchanged."""

    def parse(text: str) -> float:
        try:
            value = float(narrow(text).rstrip("°"))
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise Unreadable(
                "coordinate-unreadable",
                T(f"“{text[:20]}”不是{zh}({low:g} 到 {high:g})。", f"'{text[:20]}' is no {en} ({low:g} to {high:g})."),
                T("请用 WGS-84 度数,并看看经纬度是否写反。",
                  "Use WGS-84 degrees, and see whether the two are exchanged."),
            )
        return value

    return parse


def one_of(words: Mapping[str, Any], code: str, zh: str, en: str) -> Parser:
    """A parser for one of some words (any case, any width). `zh`/`en` list them for the person."""
    lookup = {word.casefold(): value for word, value in words.items()}

    def parse(text: str) -> Any:  # the words decide the type of the value
        found = lookup.get(text)
        if found is None:
            found = lookup.get("".join(narrow(text).casefold().split()))
        if found is None:
            raise Unreadable(
                code, T(f"“{text[:20]}”看不懂。", f"'{text[:20]}' is not understood."),
                T(f"请写:{zh}。", f"Write one of: {en}."),
            )
        return found

    return parse


_UNIT_DOOR = re.compile(r"(\d+)\s*(?:单元|梯|座)\s*-?\s*(.+)")
_BECAME_DATE = re.compile(r"(?:19|20)\d{2}-\d{2}-\d{2}|\d{1,2}月\d{1,2}日")


def parse_door(text: str) -> str:
    """A door number, one spelling per door: `1单元301室` and `1-301` are the same."""
    if text.isascii() and text.isdigit() and len(text) < 9:
        return text
    plain = cleaned(text.lstrip("'"), 40)
    if _BECAME_DATE.fullmatch(plain):
        raise Unreadable(
            "door-became-date",
            T(f"门牌被表格软件改成了日期({plain})。", f"The spreadsheet turned the door number into a date ({plain})."),
            T("请把该列设为文本,重新填写,如 3-02。", "Set the column to text and type it again, such as 3-02."),
        )
    plain = plain.replace(" ", "").removesuffix("室").removesuffix("房").upper()
    plain = plain[:-2] if re.fullmatch(r"\d+\.0", plain) else plain
    found = _UNIT_DOOR.fullmatch(plain)
    return f"{found[1]}-{found[2]}" if found else plain


_LIST_SPLIT = re.compile(r"[、,,;;/|+\s]+")


def words_of(text: str) -> list[str]:
    """The words of a list cell, split at the marks people use; words for 'nothing' are left out."""
    return [word for word in _LIST_SPLIT.split(narrow(text)) if word.casefold() not in NOTHING]


def list_of(words: Mapping[str, str], code: str, zh: str, en: str) -> Parser:
    """A parser for a list of known words; the answer is sorted and without repeats."""
    one = one_of(words, code, zh, en)
    return lambda text: sorted({one(word) for word in words_of(text)})


def parse_words(text: str) -> list[str]:
    """A free list (skills), at most 20 words of 40 characters."""
    return [cleaned(word, 40) for word in words_of(text)[:20]]
