"""Why custody and results say no."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

UNKNOWN_SPECIMEN = RefusalKind(
    "unknown-specimen",
    T("“{code}”不是本系统的采样管或袋。没有记。请核对编号。",
      "'{code}' is no tube and no bag known here. Nothing was recorded; check the code."),
)
OTHER_BAG = RefusalKind(
    "tube-in-other-bag",
    T("采样管 {tube} 已在袋 {bag} 里。这一袋没有记;请找出哪一支贴错了。",
      "Tube {tube} is in bag {bag} already. This bag was not recorded; find which label is wrong."),
)
BAG_TAKEN = RefusalKind(
    "bag-code-used",
    T("袋号 {bag} 已用过,没有记。请换一个袋号。",
      "Bag code {bag} is in use; nothing was recorded. Take another bag."),
)
BAG_TOO_FULL = RefusalKind(
    "bag-too-full",
    T("一袋最多 {most} 支,这一袋有 {n} 支,没有记。请分两袋。",
      "A bag holds {most} tubes at most, this one {n}; nothing was recorded. Use two bags."),
)
VOID_TUBE = RefusalKind(
    "void-tube-packed",
    T("采样管 {tube} 已作废,不能送检。请取出。", "Tube {tube} is void and cannot be sent. Take it out."),
)
NO_TAKER = RefusalKind(
    "taker-unsigned",
    T("接收人的胸牌或实验室接收码无效,没有交接。标本仍在交出人手里。",
      "The receiver's badge or the laboratory's card is not valid; nothing changed hands. It is still with the giver."),
)
NOTHING_HANDED = RefusalKind(
    "nothing-handed", T("一支也没有扫到,没有交接。", "Nothing was scanned, so nothing changed hands."),
)
AT_LABORATORY = RefusalKind(
    "already-at-laboratory",
    T("{code} 已在实验室,不能再转交。", "{code} is at a laboratory already and cannot be handed on."),
)
NOT_HELD = RefusalKind(
    "person-not-held",
    T("此人不在待单采名单里,没有记。请核对人员编号。", "This person is on no list to be swabbed alone; nothing was recorded."),
)
UNKNOWN_LABORATORY = RefusalKind(
    "unknown-laboratory", T("没有登记“{code}”这家检测机构。", "No laboratory '{code}' is entered."),
)
LABORATORY_CLOSED = RefusalKind(
    "laboratory-closed", T("检测机构 {code} 已停用,没有收。", "Laboratory {code} is closed; nothing was taken."),
)
LABORATORY_UNREADABLE = RefusalKind(
    "laboratory-unreadable",
    T("编号、名称、地点或每日能力写得不对({what})。没有保存。",
      "Code, name, place or daily capacity is wrong ({what}). Nothing was saved."),
)
CODE_USED = RefusalKind(
    "specimen-code-used", T("编号 {code} 已用过,没有记。", "Code {code} is in use; nothing was recorded."),
)
LABEL_COUNT = RefusalKind(
    "label-count", T("一次印 1 到 {most} 张,没有印。", "Print 1 to {most} labels at once; nothing was printed."),
)
LABEL_NOT_OURS = RefusalKind(
    "label-not-ours",
    T("{code} 不是这里印的标签,或已经用了、已登记作废。没有改动。",
      "{code} is no label printed here, or it is used or given up already. Nothing was changed."),
)
REASON_MISSING = RefusalKind(
    "missing-reason", T("请写明为什么认定缺失。没有改动。", "Write why it is declared missing. Nothing was changed."),
)
NOT_OPEN = RefusalKind(
    "specimen-has-an-end",
    T("{code} 已有结果或已认定缺失,没有改动。",
      "{code} has a result or is declared missing; nothing was changed."),
)
NO_SECTION = RefusalKind(
    "no-laboratory-section", T("本预案没有实验室一节。", "The plan says nothing of laboratories."),
)
POOL_OPEN = RefusalKind(
    "pool-has-open-people",
    T("还有 {n} 人没有单采结果,不能销案。", "{n} people have no result of their own yet; it cannot be closed."),
)
UNSIGNED = RefusalKind(
    "delivery-unsigned",
    T("签名对不上,整个文件没有收。请让检测机构用它的密钥重新签发。",
      "The signature does not fit; nothing of the file was taken. Ask the laboratory to sign it with its key."),
)
UNREADABLE_FILE = RefusalKind(
    "delivery-unreadable",
    T("文件读不出来({what}),一行也没有收。", "The file cannot be read ({what}); no row was taken."),
)
NO_ROWS = RefusalKind("delivery-empty", T("文件里没有一行结果,没有收。", "There is no result in it; nothing was taken."))

ROW_UNKNOWN = RefusalKind("row-unknown-tube", T("没有这支管", "no such tube"))
ROW_NOT_HERE = RefusalKind("row-not-received", T("这支管没有交到这家机构", "the tube was not handed to this laboratory"))
ROW_WORD = RefusalKind("row-unknown-result", T("看不懂结果“{said}”", "the result '{said}' is not known"))
ROW_TIME = RefusalKind("row-bad-time", T("检测时间“{said}”读不出来", "the time '{said}' cannot be read"))
ROW_FUTURE = RefusalKind("row-in-future", T("检测时间在收到结果之后", "tested after the result came"))
ROW_EARLY = RefusalKind("row-before-arrival", T("检测时间早于标本送到", "tested before the tube arrived"))
ROW_TWICE = RefusalKind("row-contradicts", T("同一文件里这支管有两个不同结果", "the file says two things of this tube"))
