"""What musters are refused for."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

WORDS_MISSING = RefusalKind(
    "words-missing", T("请写明做什么、到哪里集合。没有发出。", "Write what for and where. Nobody was called.")
)
NEEDED_OUT_OF_RANGE = RefusalKind(
    "needed-out-of-range", T("人数填 1 到 500。没有发出。", "How many: 1 to 500. Nobody was called.")
)
DUE_IN_THE_PAST = RefusalKind(
    "due-in-the-past", T("集合时间已经过去。没有发出。", "That time has passed already. Nobody was called.")
)
NOBODY_TO_CALL = RefusalKind(
    "nobody-to-call",
    T(
        "花名册上没有符合条件、又不担任岗位责任人的人。没有发出;请放宽条件或先导入花名册。",
        "Nobody on the roster fits without being a post's holder. Nobody was called; ask for less or import a roster.",
    ),
)
UNIT_UNLED = RefusalKind(
    "unit-unled",
    T("这个单位没有负责人,没有人能收这次集结。没有发出。", "This unit has no leader to own the muster. Nobody was called."),
)
ARRIVED_ALREADY = RefusalKind(
    "arrived-already", T("此人已记到场。没有改动。", "This person is noted as there already. Nothing was changed.")
)
MUSTER_OVER = RefusalKind(
    "muster-over", T("这次集结已结束。没有改动。", "This muster has ended. Nothing was changed.")
)
NOT_CALLED = RefusalKind(
    "not-called",
    T(
        "没有叫到“{who}”,或有几个人同名。没有改动;请从名单上点。",
        "'{who}' was not called, or several have that name. Nothing was changed; choose from the list.",
    ),
)
REASON_MISSING = RefusalKind(
    "reason-missing", T("请写明为什么缺员了结。没有改动。", "Write why it is closed short. Nothing was changed.")
)
