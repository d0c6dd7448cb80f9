"""Which line of a TOML text a key stands on. The standard parser keeps values and forgets places.

`line_index` expects a text that `tomllib` has accepted; it finds places only and judges nothing.
"""

import re
import tomllib
from collections.abc import Mapping

Path = tuple[str | int, ...]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\s#]+(?: \d[^,\]}\s#]*)?")
_DELIMITERS = ('"""', "'''", '"', "'")


def line_index(text: str) -> dict[Path, int]:
    """Line (from 1) of every table, key and array element, by its path; `()` is line 1."""
    return _Scan(text).run()


def line_of(index: Mapping[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest table around it; steps the file does not have are skipped over."""
    here: Path = ()
    for step in path:
        if (*here, step) in index:
            here = (*here, step)
    return index.get(here, 1)


class _Scan:
    """One pass over a text. `at` is the offset of the next character, `line` its line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.lines: dict[Path, int] = {(): 1}
        self.last_element: dict[Path, int] = {}

    def run(self) -> dict[Path, int]:
        table: Path = ()
        self._skip_blank()
        while self.at < len(self.text):
            if self._sees("[["):
                table = self._header("[[", "]]")
            elif self._sees("["):
                table = self._header("[", "]")
            else:
                self._pair(table)
            self._skip_blank()
        return self.lines

    def _sees(self, sign: str) -> bool:
        return self.text.startswith(sign, self.at)

    def _advance(self, count: int) -> str:
        passed = self.text[self.at:self.at + count]
        self.at += count
        self.line += passed.count("\n")
        return passed

    def _skip_blank(self, *, also: str = "") -> None:
        """Pass white space, line ends and comments, and the characters in `also`."""
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif sign in " \t\r\n\ufeff" or sign in also:
                self._advance(1)
            else:
                return

    def _header(self, opening: str, closing: str) -> Path:
        line = self.line
        self._advance(len(opening))
        parts = self._key()
        self._advance(len(closing))
        path: Path = ()
        for number, part in enumerate(parts):
            path = (*path, part)
            self.lines.setdefault(path, line)
            last = number == len(parts) - 1
            if last and opening == "[[":
                self.last_element[path] = self.last_element.get(path, -1) + 1
            if path in self.last_element:
                path = (*path, self.last_element[path])
                self.lines.setdefault(path, line)
        self.lines[path] = line
        return path

    def _key(self) -> list[str]:
        """A dotted key, up to its `=` or the closing bracket."""
        parts: list[str] = []
        while True:
            self._skip_blank()
            parts.append(self._key_part())
            self._skip_blank()
            if not self._sees("."):
                return parts
            self._advance(1)

    def _key_part(self) -> str:
        if self._sees('"') or self._sees("'"):
            written = self._string()
            return str(tomllib.loads(f"key = {written}")["key"])
        found = _BARE_KEY.match(self.text, self.at)
        if found is None:
            raise ValueError(f"line {self.line}: no key here; the text is not TOML")
        return self._advance(found.end() - found.start())

    def _pair(self, table: Path) -> None:
        line = self.line
        path = table
        for part in self._key():
            path = (*path, part)
            self.lines.setdefault(path, line)
        self.lines[path] = line
        self._advance(1)
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip_blank()
        self.lines.setdefault(path, self.line)
        if self._sees("["):
            self._array(path)
        elif self._sees("{"):
            self._inline_table(path)
        elif self._sees('"') or self._sees("'"):
            self._string()
        else:
            found = _SCALAR.match(self.text, self.at)
            if found is None:
                raise ValueError(f"line {self.line}: no value here; the text is not TOML")
            self._advance(found.end() - found.start())

    def _array(self, path: Path) -> None:
        self._advance(1)
        self._skip_blank(also=",")
        number = 0
        while not self._sees("]"):
            self._value((*path, number))
            number += 1
            self._skip_blank(also=",")
        self._advance(1)

    def _inline_table(self, path: Path) -> None:
        self._advance(1)
        self._skip_blank(also=",")
        while not self._sees("}"):
            self._pair(path)
            self._skip_blank(also=",")
        self._advance(1)

    def _string(self) -> str:
        """Pass a string of any of the four kinds and return it as written."""
        begin = self.at
        delimiter = next(sign for sign in _DELIMITERS if self._sees(sign))
        self._advance(len(delimiter))
        while not self._sees(delimiter):
            escaped = self._sees("\\") and delimiter[0] == '"'
            self._advance(2 if escaped else 1)
        self._advance(len(delimiter))
        while len(delimiter) == 3 and self._sees(delimiter[0]):
            self._advance(1)
        return self.text[begin:self.at]
