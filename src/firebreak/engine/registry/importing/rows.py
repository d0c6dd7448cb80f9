"""From a row of cells to the values of its kind, or to the problems that keep it out. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from firebreak.engine.registry.importing.kinds import Kind
from firebreak.engine.registry.importing.problems import Problem, Unreadable
from firebreak.engine.registry.importing.sheet import ERROR_CELL, FORMULA_EMPTY, LIVE_FORMULA, LOST_DIGITS
from firebreak.engine.registry.importing.values import Parser, parse_date
from firebreak.kernel.text import T

_MARKED = {
    ERROR_CELL: (
        "error-cell", T("格里是公式错误。", "The cell holds a formula error."),
        T("请改成值再导入。", "Replace it by its value and import again."),
    ),
    FORMULA_EMPTY: (
        "formula-without-value", T("公式没有算出结果。", "The formula has no result stored."),
        T("请在表格软件里打开、重算并保存。", "Open the file in a spreadsheet program, recalculate and save."),
    ),
    LIVE_FORMULA: (
        "formula-text", T("这一格以 = + - @ 开头,像公式。", "The cell begins like a formula (= + - @)."),
        T("请改成文字再导入。", "Replace it by plain text and import again."),
    ),
    LOST_DIGITS: (
        "id-lost-digits",
        T("长数字被表格软件改写,末几位已丢失。", "The spreadsheet kept a long number and lost its last digits."),
        T("请把该列设为文本,从原名单重新粘贴。",
          "Set the column to text and paste it again from the original list."),
    ),
}


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one file: which column holds which field, and how dates of a column are ordered."""

    kind: Kind
    columns: Mapping[str, int]
    orders: Mapping[str, str] = field(default_factory=dict)
    _parsers: list[tuple[int, str, Parser]] = field(default_factory=list)
    _required: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._required = frozenset(item.key for item in self.kind.fields if item.required)
        for item in self.kind.fields:
            if item.key in self.columns:
                order = self.orders.get(item.key)
                parse = partial(parse_date, order=order) if order and item.parse is parse_date else item.parse
                self._parsers.append((self.columns[item.key], item.key, parse))

    def read(self, cells: Sequence[str], marks: Mapping[int, str] | None = None) -> dict[str, Any] | list[Problem]:
        """Values by field key (empty cells left out), or every problem of the row."""
        row: dict[str, Any] = {}
        problems: list[Problem] = []
        width = len(cells)
        for column, key, parse in self._parsers:
            text = cells[column] if column < width else ""
            mark = marks.get(column) if marks else None
            if (not text or text.isspace()) and not mark:
                continue
            try:
                if mark in _MARKED:
                    raise Unreadable(*_MARKED[mark])
                value = parse(text)
                if value != "":
                    row[key] = value
            except Unreadable as wrong:
                problems.append(wrong.as_problem(key, self.kind.by_key[key].label))
        if not row.keys() >= self._required:
            told = {problem.field for problem in problems}
            problems += [self._missing(key) for key in sorted(self._required - row.keys() - told)]
        if not problems:
            try:
                self.kind.agree(row)
            except Unreadable as wrong:
                problems.append(wrong.as_problem("id_number"))
        return problems or row

    def _missing(self, key: str) -> Problem:
        label = self.kind.by_key[key].label
        return Unreadable(
            "cell-empty", T(f"“{label.zh}”是空的。", f"'{label.en}' is empty."), T("请补上。", "Fill it in.")
        ).as_problem(key)
