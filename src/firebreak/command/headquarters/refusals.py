"""What headquarters says no to."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

UNIT_GONE = RefusalKind(
    "unit-dissolved",
    T("这个单位已撤销,不能下指令。没有改动。", "This unit has been dissolved. Nothing was issued."),
)
WORDS_MISSING = RefusalKind(
    "words-missing",
    T(
        "指令要有标题、内容和法律依据。没有下达。",
        "An order needs a title, a text and a legal basis. Nothing was issued.",
    ),
)
DUE_IN_THE_PAST = RefusalKind(
    "due-in-the-past",
    T("时限已经过去。没有下达,请重新填写时限。", "The deadline has passed already. Nothing was issued; set another."),
)
TOO_LATE_TO_UNDO = RefusalKind(
    "too-late-to-undo",
    T(
        "已超过 {seconds} 秒,或对方已看到。没有撤回;需要时请“撤销指令”并写明原因。",
        "More than {seconds} s have passed, or it has been seen. It stands; cancel it with a reason if needed.",
    ),
)
NOT_YOUR_ORDER = RefusalKind(
    "not-your-order",
    T("只有下达人可以撤回。没有改动。", "Only who issued it can undo it. Nothing was changed."),
)
ORDER_ENDED = RefusalKind(
    "order-ended",
    T(
        "指令 {number} 号已办结。没有改动,请刷新查看。",
        "Order {number} has ended. Nothing was changed; refresh to see.",
    ),
)
REASON_MISSING = RefusalKind("reason-missing", T("请写明原因。没有改动。", "Write the reason. Nothing was changed."))
NOT_ACCEPTED = RefusalKind(
    "not-accepted",
    T(
        "请先接收指令 {number} 号,再报进展。没有改动。",
        "Accept order {number} first, then report. Nothing was changed.",
    ),
)
PERCENT_OUT_OF_RANGE = RefusalKind(
    "percent-out-of-range",
    T("进度填 0 到 100。没有改动。", "Progress is 0 to 100. Nothing was changed."),
)
