"""Cells that a spreadsheet program would run as formulas: made harmless on the way out, restored on the way in.

`unescaped(escaped(text)) == text` for every text. The escape is the apostrophe that spreadsheet programs
themselves use for "this is text" (OWASP, CSV injection).
"""

import re

_LIVE = re.compile(r"'*\s*[=+\-@\t\r\n\0＝＋－＠]")
_ESCAPED = re.compile(r"''*\s*[=+\-@\t\r\n\0＝＋－＠]")
_QUOTED = re.compile(r'="([^"=]*)"')
_NUMBER = re.compile(r"[+-][\d\s().-]+")


def escaped(text: str) -> str:
    """A text that no program takes for a formula."""
    return f"'{text}" if _LIVE.match(text) else text


def unescaped(text: str) -> str:
    """The text as it was before escaping; `="0123"`, an exporter's way to keep digits as text, becomes `0123`."""
    if _ESCAPED.match(text):
        return text[1:]
    found = _QUOTED.fullmatch(text)
    return found[1] if found else text


def looks_live(text: str) -> bool:
    """Whether a cell would run as a formula; signed numbers such as +86 138… are not meant."""
    return text[:1] in "=+-@＝＋－＠" and bool(text) and not _NUMBER.fullmatch(text)
