"""Identity papers: what kind a number is, whether it can be true, and what it says about birth and sex.

Resident numbers follow GB 11643-1999 (18 digits, check digit by ISO 7064 MOD 11-2; 15-digit ones of before
1999 are upgraded). Never decides who somebody is, only whether the number fits.
"""

import re
from datetime import date
from operator import mul
from typing import NamedTuple

from firebreak.engine.registry.importing.problems import Unreadable
from firebreak.engine.registry.importing.values import NOTHING, narrow
from firebreak.kernel.text import T

RESIDENT, PASSPORT, PERMIT, NONE = "resident", "passport", "permit", "none"

KIND_WORDS = {
    "居民身份证": RESIDENT, "身份证": RESIDENT, "身份证号": RESIDENT, "二代身份证": RESIDENT, "户口簿": RESIDENT,
    "resident": RESIDENT, "residentid": RESIDENT, "id": RESIDENT, "idcard": RESIDENT, "01": RESIDENT,
    "护照": PASSPORT, "外国护照": PASSPORT, "中国护照": PASSPORT, "外国人护照": PASSPORT, "passport": PASSPORT,
    "港澳居民来往内地通行证": PERMIT, "港澳通行证": PERMIT, "回乡证": PERMIT, "台湾居民来往大陆通行证": PERMIT,
    "台胞证": PERMIT, "港澳台居民居住证": PERMIT, "港澳台通行证": PERMIT, "通行证": PERMIT,
    "港澳居民居住证": PERMIT, "台湾居民居住证": PERMIT, "外国人永久居留身份证": PERMIT, "permit": PERMIT,
    "无": NONE, "无证件": NONE, "无证": NONE, "没有": NONE, "未知": NONE, "不详": NONE, "无法核对": NONE,
    "none": NONE, "unknown": NONE, "nopapers": NONE, "cannotverify": NONE,
}

_GLUE = re.compile(r"[\s\-_.·'`]+")
_SHAPES = (
    (RESIDENT, re.compile(r"\d{17}[\dX]|\d{15}")),
    (PERMIT, re.compile(r"[HM]\d{8}(?:\d{2})?|\d{8}|\d{10}(?:\(?[A-Z]{1,2}\)?)?")),
    (PASSPORT, re.compile(r"(?=[A-Z0-9]*\d)[A-Z0-9]{5,12}")),
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ZEROS = ord("0") * sum(_WEIGHTS)
_CHECKS = "10X98765432"
_OPENED_AS_NUMBER = re.compile(r"\d(?:\.\d+)?E\+?1[4-9]")
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")


class Paper(NamedTuple):
    """A number that fits its kind. `birth_on` and `sex` (ISO 5218) are known for resident numbers only."""

    kind: str
    number: str
    birth_on: date | None = None
    sex: int = 0


NO_PAPER = Paper(NONE, "")


def check_digit(seventeen: str) -> str:
    """The 18th character of a resident number."""
    return _CHECKS[(sum(map(mul, seventeen.encode(), _WEIGHTS)) - _ZEROS) % 11]


def parse_paper(text: str, kind: str = "") -> Paper:
    """Read a paper's number; without a kind the shape decides. Nothing, or the word for it, is no paper."""
    if _EIGHTEEN.fullmatch(text) and kind in ("", RESIDENT):
        return read_resident(text)
    plain = narrow(text).upper()
    if _OPENED_AS_NUMBER.fullmatch(plain):
        raise _lost_digits()
    number = _GLUE.sub("", plain)
    if not number or number.casefold() in NOTHING:
        return NO_PAPER
    kind = kind or _kind_by_shape(number)
    if kind == RESIDENT or (kind == PERMIT and len(number) == 18):
        paper = read_resident(number)
        return paper if kind == RESIDENT else Paper(kind, number, paper.birth_on, paper.sex)
    if kind == NONE:
        return NO_PAPER
    if not any(shape.fullmatch(number) for name, shape in _SHAPES if name == kind):
        raise Unreadable(
            "paper-unreadable",
            T(f"证件号码({len(number)} 位)与证件类型不符。",
                f"The number ({len(number)} characters) does not fit the kind of paper."),
            T("请核对,或把证件类型改为“无”。", "Check it, or set the kind of paper to 'none'."),
        )
    return Paper(kind, number.replace("(", "").replace(")", ""))


def read_resident(number: str) -> Paper:
    """A resident number, upgraded to 18 digits, with the birth day and sex it carries."""
    if len(number) == 15 and number.isdigit() and number.isascii():
        century = "18" if number[12:] in ("996", "997", "998", "999") else "19"
        body = f"{number[:6]}{century}{number[6:]}"
        number = body + check_digit(body)
    if not _EIGHTEEN.fullmatch(number):
        raise Unreadable(
            "id-wrong-length",
            T(f"身份证号应为 18 位,现在是 {len(number)} 位或含别的字。",
              f"A resident id has 18 characters; this one has {len(number)}, or other characters in it."),
            T("再看一遍,或把证件类型改为“无”。", "Check it, or set the kind of paper to 'none'."),
        )
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        born = date.min
    if born.year < 1850:
        raise Unreadable(
            "id-no-such-day",
            T("身份证第 7 到 14 位不是日期。", "Digits 7 to 14 of the id are no date."),
            T("再看一遍,或把证件类型改为“无”。", "Check it, or set the kind of paper to 'none'."),
        )
    if check_digit(number[:17]) != number[17]:
        raise _lost_digits() if number.endswith("000") else Unreadable(
            "id-check-digit",
            T("身份证第 18 位对不上。", "The last ID digit does not fit."),
            T("再看一遍,或选“无法核对”。", "Check it, or choose 'cannot verify'."),
        )
    return Paper(RESIDENT, number, born, 1 if int(number[16]) % 2 else 2)


def _kind_by_shape(number: str) -> str:
    for kind, shape in _SHAPES:
        if shape.fullmatch(number):
            return kind
    return RESIDENT if number[:6].isdigit() else PASSPORT


def _lost_digits() -> Unreadable:
    return Unreadable(
        "id-lost-digits",
        T("证件号被表格软件当成数字,末三位已丢失。",
          "The spreadsheet kept the id as a number, so its last three digits are lost."),
        T("请把该列设为文本,从原名单重新粘贴。", "Set the column to text and paste it again from the original list."),
    )
