"""From the files of a pack to plain content that remembers its places.

Judges only what can be judged without knowing any section: encoding, syntax, and which files there are.
"""

import csv
import io
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from firebreak.engine.plans.lines import Path as KeyPath
from firebreak.engine.plans.lines import line_index, line_of
from firebreak.engine.plans.problems import Problem

LANGUAGES = ("zh", "en")
_ERROR_LINE = re.compile(r"at line (\d+)")


@dataclass
class Document:
    """One TOML file as read: content, and the place of each part of it, rows of CSV files included."""

    file: str
    content: dict[str, Any]  # Any: whatever TOML holds
    index: Mapping[KeyPath, int]
    rows: dict[str, tuple[str, list[int]]] = field(default_factory=dict)

    def place(self, path: KeyPath) -> tuple[str, int]:
        """File and line of a part."""
        if len(path) > 1 and path[0] in self.rows and isinstance(path[1], int):
            file, lines = self.rows[str(path[0])]
            return file, lines[path[1]]
        return self.file, line_of(self.index, path)

    def problem(self, path: KeyPath, zh: str, en: str) -> Problem:
        """A problem at that part."""
        return Problem(*self.place(path), zh, en)


def read_folder(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    """The texts of all files of a pack, by path from its folder; hidden files and README files are left out."""
    files: dict[str, str] = {}
    problems: list[Problem] = []
    if not folder.is_dir():
        return files, [Problem(folder.name, 1, "没有这个预案目录。", "There is no such plan folder.")]
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or path.name.startswith((".", "README")):
            continue
        if path.suffix not in (".toml", ".csv", ".txt"):
            problems.append(Problem(name, 1, "预案目录里只放 .toml、.csv 和 .txt 文件。",
                                    "A plan folder holds only .toml, .csv and .txt files."))
            continue
        try:
            files[name] = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as wrong:
            line = wrong.object[:wrong.start].count(b"\n") + 1
            problems.append(Problem(name, line, "文件不是 UTF-8 编码,请另存为 UTF-8。",
                                    "The file is not UTF-8; save it as UTF-8."))
    return files, problems


def read_documents(files: Mapping[str, str]) -> tuple[dict[str, Document], list[Problem]]:
    """Every TOML file by its stem."""
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for file, text in files.items():
        if not file.endswith(".toml"):
            continue
        try:
            content = tomllib.loads(text.replace("\r\n", "\n"))
        except tomllib.TOMLDecodeError as wrong:
            found = _ERROR_LINE.search(str(wrong))
            line = int(found.group(1)) if found else text.count("\n") + 1
            problems.append(Problem(file, line, f"TOML 语法有误:{wrong}", f"This is not valid TOML: {wrong}"))
            continue
        documents[file.removesuffix(".toml")] = Document(file, content, line_index(text))
    return documents, problems


def read_rows(document: Document, name: str, files: Mapping[str, str]) -> list[Problem]:
    """Put the rows of the CSV file that `name` names in the place of its name."""
    given = document.content.get(name)
    if not isinstance(given, str):
        return []
    if given not in files or not given.endswith(".csv"):
        return [document.problem((name,), f"没有文件“{given}”。", f"There is no file '{given}'.")]
    document.rows[name] = (given, [])
    reader = csv.reader(io.StringIO(files[given]), strict=True)
    header: list[str] = []
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    try:
        begin = 1
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not header:
                header = cells
            elif len(cells) > len(header):
                return [Problem(given, begin, f"这一行有 {len(cells)} 格,表头只有 {len(header)} 格。",
                                f"This row has {len(cells)} cells, the header {len(header)}.")]
            elif any(cells):
                rows.append({key: cell for key, cell in zip(header, cells, strict=False) if cell})
                lines.append(begin)
            begin = reader.line_num + 1
    except csv.Error as wrong:
        return [Problem(given, reader.line_num, f"CSV 语法有误:{wrong}", f"This is not valid CSV: {wrong}")]
    document.content[name] = rows
    document.rows[name] = (given, lines)
    return []


def read_texts(files: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The texts by language and name; line ends are `\\n`, blanks at line ends do not count."""
    texts: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for file, text in files.items():
        head, _, name = file.partition("/")
        language, _, name = name.partition("/")
        if head == "texts" and language in texts and name.endswith(".txt"):
            kept = "\n".join(line.rstrip() for line in text.splitlines())
            texts[language][name.removesuffix(".txt")] = kept.strip("\n")
    return texts
