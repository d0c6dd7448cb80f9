"""The file of seals, `<data folder>/journal/seals.jsonl`: one line per seal, appended and fsynced.

A line holds the seal's number, moment, position, the head before it, its root and head, and its leaves as
`act:hash`. This module knows no database; whoever has the file can check it.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from firebreak.engine.journal.merkle import root_of

FOLDER, FILE = "journal", "seals.jsonl"
FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class SealLine:
    """One seal as the file tells it. `leaves` are (act number, hex hash) in the order of the acts."""

    number: int
    sealed_at: str
    position: int
    previous: str
    root: str
    head: str
    leaves: tuple[tuple[int, str], ...]

    def expected_root(self) -> str:
        """Root computed from the leaves."""
        return root_of(bytes.fromhex(leaf) for _, leaf in self.leaves).hex()

    def expected_head(self) -> str:
        """Head computed from the other fields."""
        return head_of(self.number, self.sealed_at, self.position, self.previous, self.root)

    def encoded(self) -> bytes:
        """The line as written, newline included."""
        fields = {
            "number": self.number,
            "sealed_at": self.sealed_at,
            "position": self.position,
            "previous": self.previous,
            "root": self.root,
            "head": self.head,
            "leaves": [f"{act}:{leaf}" for act, leaf in self.leaves],
        }
        return canonical(fields) + b"\n"


class NotASeal(ValueError):
    """A line of the file that cannot be read as a seal."""


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces: the same value is always the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def head_of(number: int, sealed_at: str, position: int, previous: str, root: str) -> str:
    """The hash that names the whole chain up to this seal; short enough to print."""
    return sha256(b"firebreak seal\0" + canonical([number, sealed_at, position, previous, root])).hexdigest()


def decoded(line: bytes) -> SealLine:
    """Read one line. Errors: `NotASeal`."""
    try:
        fields = json.loads(line)
        leaves = tuple((int(act), leaf) for act, leaf in (entry.split(":") for entry in fields.pop("leaves")))
        seal = SealLine(leaves=leaves, **fields)
        datetime.fromisoformat(seal.sealed_at)
        if not (type(seal.number) is int and type(seal.position) is int):
            raise ValueError(seal.number, seal.position)
        for leaf in (seal.root, seal.head, seal.previous, *(leaf for _, leaf in leaves)):
            if len(leaf) != 64 or bytes.fromhex(leaf).hex() != leaf:
                raise ValueError(leaf)
        if seal.encoded() != line:
            raise ValueError("not in canonical form")
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise NotASeal(str(problem)) from problem
    return seal


def seal_file(folder: Path) -> Path:
    """Where the seals of a data folder are."""
    return folder / FOLDER / FILE


def lines(folder: Path) -> Iterator[tuple[int, bytes]]:
    """Every line with the byte at which it ends; a last line without its newline is given too."""
    path = seal_file(folder)
    if path.exists():
        with path.open("rb") as file:
            end = 0
            for line in file:
                end += len(line)
                yield end, line


def last(folder: Path) -> SealLine | None:
    """The last whole seal. Errors: `NotASeal` when the last whole line is unreadable."""
    whole = _last_whole_line(seal_file(folder))
    return decoded(whole) if whole else None


def cut_torn_line(folder: Path) -> int:
    """Remove what a crash left after the last newline: it never counted. Gives the number of bytes removed."""
    path = seal_file(folder)
    if not path.exists():
        return 0
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        keep = _after_last_newline(file, size)
        if keep != size:
            file.truncate(keep)
            file.flush()
            os.fsync(file.fileno())
    return size - keep


def append(folder: Path, seal: SealLine) -> None:
    """Write one seal so that it survives a power cut: the line, then the folder entry, both fsynced."""
    path = seal_file(folder)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("ab") as file:
        file.write(seal.encoded())
        file.flush()
        os.fsync(file.fileno())
    entry = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)


def _last_whole_line(path: Path) -> bytes:
    if not path.exists():
        return b""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        end = _after_last_newline(file, size)
        if end == 0:
            return b""
        begin = _after_last_newline(file, end - 1)
        file.seek(begin)
        return file.read(end - begin)


def _after_last_newline(file: Any, end: int, block: int = 65_536) -> int:
    """The byte after the last newline before `end`; 0 when there is none."""
    while end > 0:
        begin = max(0, end - block)
        file.seek(begin)
        found = file.read(end - begin).rfind(b"\n")
        if found >= 0:
            return int(begin + found + 1)
        end = begin
    return 0
