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
NO_UNIT = RefusalKind(
    "no-unit",
    T(
        "请以“@单位”开头,例如:@转运 18:00前 三号门加派两辆车。没有下达。",
        "Begin with @ and the unit, such as: @transfer by 18:00 two more cars at Gate 3. Nothing was issued.",
    ),
)
UNKNOWN_UNIT = RefusalKind(
    "unknown-unit",
    T("没有叫“{word}”的单位。没有下达,请改写单位。", "No unit is called '{word}'. Nothing was issued; name another unit."),
)
SEVERAL_UNITS = RefusalKind(
    "several-units",
    T(
        "“{word}”可能是:{units}。没有下达,请写全单位名称。",
        "'{word}' may be: {units}. Nothing was issued; write the whole name.",
    ),
)
NO_TASK = RefusalKind(
    "no-task",
    T("没有写要{unit}做什么。没有下达。", "What {unit} is to do is missing. Nothing was issued."),
)
BAD_TIME = RefusalKind(
    "bad-time",
    T("“{time}”不是一天中的时间。没有下达。", "'{time}' is not a time of the day. Nothing was issued."),
)
NOT_FINISHED = RefusalKind(
    "not-finished",
    T(
        "指令 {number} 号还没有报结,或已经核实。没有改动。",
        "Order {number} has not been reported done, or is verified already. Nothing was changed.",
    ),
)
OWN_ORDER = RefusalKind(
    "own-order",
    T(
        "这件指令是您办的,要由别人核实。没有改动。",
        "You did this order yourself; somebody else verifies it. Nothing was changed.",
    ),
)
AMOUNT_OUT_OF_RANGE = RefusalKind(
    "amount-out-of-range",
    T(
        "数量填 0 到 9,999,999 的整数,或不填。没有改动。",
        "The figure is a whole number from 0 to 9,999,999, or empty. Nothing was changed.",
    ),
)
