"""Why a cell, a row or a file is not taken: what happened, what is safe, what to do, in both languages."""

from dataclasses import dataclass

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

ROW_LEFT_OUT = T("本行未导入,其他行不受影响。", "This row was left out; the others are not affected.")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one row. `field` is a key of the kind, or empty when the whole row is meant."""

    code: str
    field: str
    zh: str
    en: str


class Unreadable(ValueError):
    """A cell that cannot be read. `what` says what happened, `then` what to do; safety is said in between."""

    def __init__(self, code: str, what: T, then: T) -> None:
        super().__init__(code)
        self.code, self.what, self.then = code, what, then

    def as_problem(self, field: str, label: T | None = None) -> Problem:
        """As a problem of a row; with `label` it begins with the name of the column."""
        column = T(f"“{label.zh}”:", f"'{label.en}': ") if label else T("", "")
        return Problem(
            self.code, field,
            f"{column.zh}{self.what.zh}{ROW_LEFT_OUT.zh}{self.then.zh}",
            f"{column.en}{self.what.en} {ROW_LEFT_OUT.en} {self.then.en}",
        )


@dataclass(frozen=True, slots=True)
class Note:
    """Something seen in the file that a person should know. A `question` must be answered before writing."""

    code: str
    text: T
    question: bool = False


def refusal(code: str, zh: str, en: str) -> RefusalKind:
    """Declare why a whole file is not taken; says that nothing was imported."""
    return RefusalKind(code, T(zh, en))


UNREADABLE_BYTES = refusal(
    "undecodable-bytes",
    "第 {row} 行(文件第 {offset} 字节)不是 {encoding} 文字。什么都没有导入,原文件没有改动。"
    "请用表格软件打开,另存为 UTF-8 的 CSV 或 XLSX。",
    "Row {row} (byte {offset} of the file) is not {encoding} text. Nothing was imported and the file is unchanged."
    " Open it in a spreadsheet program and save it as CSV UTF-8 or XLSX.",
)
ZERO_BYTES = refusal(
    "zero-bytes",
    "第 {row} 行含有空字节,不像文字文件。什么都没有导入。请另存为 UTF-8 的 CSV 或 XLSX。",
    "Row {row} holds zero bytes, so this is not a text file. Nothing was imported. Save it as CSV UTF-8 or XLSX.",
)
OPEN_QUOTE = refusal(
    "open-quote",
    "从第 {row} 行起有一个引号没有闭合,后面的内容分不清。什么都没有导入。请补上引号,或请发送方重发完整文件。",
    "A quote opened in row {row} is never closed, so what follows cannot be told apart. Nothing was imported."
    " Close it, or ask the sender for the whole file.",
)
CELL_TOO_LONG = refusal(
    "cell-too-long",
    "第 {row} 行有一格超过 {limit} 个字。什么都没有导入。多半是引号没有闭合,请检查这一行。",
    "Row {row} has a cell of more than {limit} characters. Nothing was imported."
    " Most likely a quote is not closed; look at that row.",
)
NO_HEADER = refusal(
    "no-header",
    "没有找到表头行。什么都没有导入。请在第一行写上列名(如:姓名、证件号码、楼栋编号)。",
    "No header row was found. Nothing was imported. Name the columns in the first row (such as name, id, building).",
)
EMPTY_FILE = refusal(
    "empty-file", "文件是空的。什么都没有导入。请检查选对了文件。",
    "The file is empty. Nothing was imported. Check that it is the right one.",
)
CUT_ARCHIVE = refusal(
    "cut-file",
    "XLSX 文件打不开:不完整或已损坏。什么都没有导入。请发送方重发,或另存后再试。",
    "The XLSX file cannot be opened: it is cut or damaged. Nothing was imported."
    " Ask the sender for it again, or save it once more.",
)
TOO_BIG = refusal(
    "too-big-unpacked",
    "文件解开后超过 {limit} MB。什么都没有导入。请拆成几个文件,或存成 CSV。",
    "Unpacked, the file is larger than {limit} MB. Nothing was imported. Split it, or save it as CSV.",
)
OLD_WORKBOOK = refusal(
    "old-workbook",
    "这是旧版 Excel(.xls)或带密码的文件。什么都没有导入。请去掉密码,另存为 XLSX 或 CSV。",
    "This is an old Excel file (.xls) or one with a password. Nothing was imported."
    " Remove the password and save it as XLSX or CSV.",
)
NO_SUCH_SHEET = refusal(
    "no-such-sheet",
    "文件里没有工作表“{sheet}”。什么都没有导入。现有:{sheets}。",
    "There is no sheet '{sheet}' in the file. Nothing was imported. It has: {sheets}.",
)
TOO_MANY_COLUMNS = refusal(
    "too-many-columns",
    "第 {row} 行有 {columns} 列,最多读 {limit} 列。什么都没有导入。请删去空列再存一次。",
    "Row {row} has {columns} columns; at most {limit} are read. Nothing was imported."
    " Delete the empty columns and save it again.",
)
STRAY_QUOTE = refusal(
    "stray-quote",
    "第 {row} 行有一个引号位置不对,分不清是内容还是边界。什么都没有导入。请改正这一行,或另存为 XLSX。",
    "A quote in row {row} stands where it cannot be told from the text. Nothing was imported."
    " Correct that row, or save the file as XLSX.",
)
