"""Reading CSV and TSV: which encoding, which delimiter, row by row in bounded memory.

The encoding is decided by decoding the whole file strictly; nothing is replaced or skipped. A file that is
UTF-8 up to one damaged byte is refused, not re-read as GBK.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from firebreak.engine.registry.importing import problems
from firebreak.engine.registry.importing.escaping import unescaped
from firebreak.kernel.refusals import RefusalKind

DELIMITERS = (",", "\t", ";")
CELL_LIMIT = 1_000_000
COLUMN_LIMIT = 300
_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 (BOM)"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"), (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"), (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
    (b"\x84\x31\x95\x33", "gb18030", "GB18030"),
)
_SURELY_UTF8 = 8

csv.field_size_limit(CELL_LIMIT)

Marks = dict[int, str]
RawRow = tuple[int, list[str], Marks | None]
Knows = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec of Python and the name people know it by."""

    codec: str
    label: str


@dataclass(frozen=True, slots=True)
class _Failure:
    """Where decoding stopped: byte offset from 0, row from 1, and wide characters read before."""

    label: str
    offset: int
    row: int
    wide: int
    zero: bool = False

    def refuse(self) -> Exception:
        if self.zero:
            return problems.ZERO_BYTES.because(row=self.row)
        return problems.UNREADABLE_BYTES.because(row=self.row, offset=self.offset + 1, encoding=self.label)


class TextFile:
    """A delimited text file, opened anew for every reading."""

    def __init__(self, opened: Callable[[], BinaryIO], knows: Knows) -> None:
        self._opened = opened
        self.encoding = decide_encoding(opened)
        self.delimiter = sniff_delimiter(self._head(), knows)
        self.format = "tsv" if self.delimiter == "\t" else "csv"
        self.ends_with_newline = self._last_character() in "\r\n"

    def rows(self) -> Iterator[RawRow]:
        """(row as a spreadsheet program numbers it, cells, no marks). Errors: `Refusal`."""
        with self._opened() as raw, io.TextIOWrapper(raw, self.encoding.codec, "strict", newline="") as text:
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            number = 0
            while True:
                number += 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as wrong:
                    raise _named(wrong).because(row=number, limit=CELL_LIMIT) from None
                if len(cells) > COLUMN_LIMIT:
                    cells = _trimmed(cells, number)
                if "'" in (joined := "\n".join(cells)) or '="' in joined:
                    cells = [unescaped(cell) for cell in cells]
                yield number, cells, None

    def _head(self) -> str:
        with self._opened() as raw:
            decoder = codecs.getincrementaldecoder(self.encoding.codec)("strict")
            return decoder.decode(raw.read(65536))

    def _last_character(self) -> str:
        with self._opened() as raw:
            raw.seek(0, io.SEEK_END)
            raw.seek(max(raw.tell() - 8, 0))
            tail = raw.read().rstrip(b"\0")
        return chr(tail[-1]) if tail else "\n"


def decide_encoding(opened: Callable[[], BinaryIO]) -> Encoding:
    """The encoding in which every byte of the file is text. Errors: `Refusal` with row and byte."""
    with opened() as raw:
        head = raw.read(4)
    if not head:
        raise problems.EMPTY_FILE.because()
    for bom, codec, label in _BOMS:
        if head.startswith(bom):
            failure = _decode(opened, codec, label)
            if failure:
                raise failure.refuse()
            return Encoding(codec, label)
    failures = []
    for codec, label in (("utf-8", "UTF-8"), ("gbk", "GBK"), ("gb18030", "GB18030")):
        failure = _decode(opened, codec, label)
        if failure is None:
            return Encoding(codec, label)
        if failure.zero or (codec == "utf-8" and failure.wide >= _SURELY_UTF8):
            raise failure.refuse()
        failures.append(failure)
    raise max(failures, key=lambda failure: failure.offset).refuse()


def _decode(opened: Callable[[], BinaryIO], codec: str, label: str) -> _Failure | None:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    offset, lines, characters = 0, 1, 0
    with opened() as raw:
        while True:
            content = raw.read(_CHUNK)
            held = len(decoder.getstate()[0]) if content else 0
            try:
                text = decoder.decode(content, final=not content)
            except UnicodeDecodeError as wrong:
                start = max(offset - held, 0) + wrong.start if content else max(offset - 1, 0)
                before = bytes(wrong.object[:wrong.start])
                return _Failure(
                    label, start, lines + before.count(b"\n"), (start - characters - _narrow(before)) // 2
                )
            if "\0" in text:
                return _Failure(label, offset, lines + text[:text.index("\0")].count("\n"), 0, zero=True)
            offset += len(content)
            lines += text.count("\n")
            characters += len(text)
            if not content:
                return None


def _narrow(before: bytes) -> int:
    """How many characters of UTF-8 stand in these bytes."""
    return sum(byte & 0xC0 != 0x80 for byte in before)


def sniff_delimiter(head: str, knows: Knows) -> str:
    """Comma, tab or semicolon: the one that shows known headers, else the one that cuts rows most evenly."""
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        try:
            rows = list(islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), 40))
        except csv.Error:
            continue
        widths = [len(row) for row in rows if any(cell.strip() for cell in row)]
        known = max((sum(knows(cell) for cell in row) for row in rows), default=0)
        common = max(set(widths), key=widths.count, default=0)
        score = (known, widths.count(common) * (common - 1))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _named(wrong: csv.Error) -> RefusalKind:
    message = str(wrong)
    if "field limit" in message:
        return problems.CELL_TOO_LONG
    return problems.OPEN_QUOTE if "unexpected end" in message else problems.STRAY_QUOTE


def _trimmed(cells: list[str], number: int) -> list[str]:
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > COLUMN_LIMIT:
        raise problems.TOO_MANY_COLUMNS.because(row=number, columns=len(cells), limit=COLUMN_LIMIT)
    return cells
