"""What inspections are refused for."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

NOTHING_TO_DRAW = RefusalKind(
    "nothing-to-draw",
    T(
        "这里没有可抽的{what}。没有抽取;请换一个范围或清单。",
        "There is no {what} here to draw. Nothing was drawn; choose another area or list.",
    ),
)
DRAWN_TOO_FEW = RefusalKind(
    "drawn-too-few", T("抽取数填 1 到 2000。没有抽取。", "Draw 1 to 2,000. Nothing was drawn.")
)
UNKNOWN_CHECKLIST = RefusalKind(
    "unknown-checklist", T("本预案没有这份清单。没有抽取。", "This plan has no such list. Nothing was drawn.")
)
LOOKED_ALREADY = RefusalKind(
    "looked-already",
    T("第 {position} 项已经看过。没有改动。", "Number {position} has been looked at already. Nothing was changed."),
)
INSPECTION_OVER = RefusalKind(
    "inspection-over", T("这次督导已结束。没有改动。", "This inspection has ended. Nothing was changed.")
)
OWN_WORK = RefusalKind(
    "own-work",
    T(
        "这一项由您所在的{unit}负责,不能自己检查自己。没有记录,请换人去看。",
        "This is the work of {unit}, where you hold a post: nobody inspects their own work. Somebody else must look.",
    ),
)
UNKNOWN_LINE = RefusalKind(
    "unknown-line", T("清单里没有这一条。没有记录。", "The list has no such line. Nothing was recorded.")
)
NOTE_MISSING = RefusalKind(
    "note-missing",
    T(
        "请写明看到了什么,或为什么没有看成。没有记录。",
        "Write what was seen, or why nobody could look. Nothing was recorded.",
    ),
)
TOO_MANY_UNLISTED = RefusalKind(
    "unlisted-out-of-range",
    T("名单外人数填 0 到 999。没有记录。", "People on no list: 0 to 999. Nothing was recorded."),
)
NO_UNLISTED_HERE = RefusalKind(
    "no-unlisted-here",
    T("这份清单不数名单外的人。没有记录。", "This list does not count people on no list. Nothing was recorded."),
)
FINDING_OVER = RefusalKind(
    "finding-over",
    T("问题 {number} 号已销号。没有改动。", "Finding {number} is closed already. Nothing was changed."),
)
NOT_CORRECTED = RefusalKind(
    "not-corrected",
    T(
        "问题 {number} 号还在整改,责任单位没有报结。没有销号。",
        "Finding {number} is still being corrected: its unit has not reported it done. It was not closed.",
    ),
)
NOBODY_INSPECTS = RefusalKind(
    "nobody-inspects",
    T(
        "没有人担任督导岗,也没有单位负责人。没有抽取;请先配齐岗位。",
        "Nobody holds a post of inspection and its unit has no leader. Nothing was drawn; fill the post first.",
    ),
)
UNIT_MISSING = RefusalKind(
    "unit-missing",
    T(
        "负责整改的单位“{unit}”已不在。没有记录;请把问题交给指挥部。",
        "The unit '{unit}' that would correct it is gone. Nothing was recorded; bring it to headquarters.",
    ),
)
