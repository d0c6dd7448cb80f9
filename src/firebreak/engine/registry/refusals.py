"""Why the register says no."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

OTHER_NAME = RefusalKind(
    "id-has-other-name",
    T("这个证件号已登记给另一个姓名,没有改动。请对照证件,更正其中一个。",
      "This id is registered under another name; nothing was changed. Compare the paper and correct one of them."),
)
UNKNOWN_BUILDING = RefusalKind(
    "unknown-building",
    T("底册里没有在用的楼栋“{building}”,没有登记。请先导入楼栋,或核对编号。",
      "The register has no building '{building}' in use; nothing was written. Import it first, or check the code."),
)
UNKNOWN_NEED = RefusalKind(
    "unknown-need",
    T("没有“{need}”这种特殊需求,没有改动。请在页面上勾选。",
      "There is no need '{need}'; nothing was changed. Tick those on the page."),
)
DEAD = RefusalKind(
    "person-died",
    T("此人已登记死亡,没有改动。如有误,请先更正死亡登记。",
      "This person is registered as dead; nothing was changed. Correct that first if it is wrong."),
)
ID_DIFFERS = RefusalKind(
    "id-differs",
    T("{field}与证件号不一致,没有登记。请对照证件改正。",
      "The {field} does not agree with the id; nothing was written. Compare the paper and correct it."),
)
NOT_PRESENT = RefusalKind(
    "not-present",
    T("此人不在这栋楼的底册里,没有改动。请刷新后再看。",
      "This person is not registered at that building; nothing was changed. Refresh and look again."),
)
UNREADABLE_PERSON = RefusalKind("person-unreadable", T("{what}", "{what}"))
FILE_NOT_STAGED = RefusalKind(
    "import-not-staged",
    T("这个文件不能再写入(现在是“{status}”),没有改动。需要时请重新选择文件。",
      "This file cannot be written any more (it is '{status}'); nothing was changed. Choose the file again if needed."),
)
QUESTION_OPEN = RefusalKind(
    "question-open",
    T("{question}", "{question}"),
)
COUNT_DIFFERS = RefusalKind(
    "count-differs",
    T("文件有 {rows} 行,发送方说 {expected} 行,相差 {gap}。什么都没有导入。请发送方重发完整文件。",
      "The file has {rows} rows, its sender counts {expected}: {gap} apart. Nothing was imported."
      " Ask for the whole file."),
)
COLUMN_MISSING = RefusalKind(
    "column-missing",
    T("没有一列对应“{field}”。什么都没有导入。请在列对应里选择。",
      "No column is mapped to '{field}'. Nothing was imported. Choose one in the mapping."),
)
PAIR_DECIDED = RefusalKind(
    "pair-decided",
    T("这一对已经有人裁定过。没有改动;合并可以撤销。",
      "Somebody has decided about this pair already. Nothing was changed; a merge can be undone."),
)
MERGED_ALREADY = RefusalKind(
    "merged-already",
    T("其中一条已经并入别处,或有别的登记并在它名下。没有改动,请先撤销那次合并,或保留另一条。",
      "One of them is merged already, or others are merged into it. Nothing was changed; undo that merge first, or keep"
      " the other entry."),
)
NOT_MERGED = RefusalKind("not-merged", T("这一对没有合并。没有改动。", "This pair is not merged. Nothing was changed."))
CENSUS_EMPTY = RefusalKind(
    "census-empty", T("一行也没有。没有登记。", "There is no line. Nothing was entered."),
)
CENSUS_UNSOURCED = RefusalKind(
    "census-unsourced", T("请写明是谁的普查。没有登记。", "Write whose census it is. Nothing was entered."),
)
CENSUS_FUTURE = RefusalKind(
    "census-in-the-future", T("普查日期还没有到。没有登记。", "That day has not come. Nothing was entered."),
)
CENSUS_UNREADABLE = RefusalKind(
    "census-unreadable",
    T("看不懂“{line}”。没有登记;每行写:区域编号 人数。",
      "Cannot read '{line}'. Nothing was entered; write an area code and a number on each line."),
)
UNKNOWN_AREA_CODE = RefusalKind(
    "unknown-area-code",
    T("没有编号为 {code} 的区域。没有登记。", "There is no area with the code {code}. Nothing was entered."),
)
