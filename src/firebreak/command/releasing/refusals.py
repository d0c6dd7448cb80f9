"""What releasing says no to."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

NOT_ATTESTED = RefusalKind(
    "not-attested",
    T(
        "这一条由系统从账上算出,不能人工登记。没有改动。",
        "This line is computed from the books; nobody can state it. Nothing was changed.",
    ),
)
NO_SOURCE = RefusalKind(
    "no-source",
    T(
        "请写明事实和出处(文件、报告或会议)。没有改动。",
        "Write the fact and its source (a document, report or meeting). Nothing was changed.",
    ),
)
SINCE_LATER = RefusalKind(
    "since-later",
    T("起算时间在将来。没有改动。", "The moment it dates from lies in the future. Nothing was changed."),
)
PANEL_TOO_SMALL = RefusalKind(
    "panel-too-small",
    T(
        "预案要求 {needed} 人签字,填了 {n} 人。没有改动。",
        "The plan asks for {needed} signatures, {n} were entered. Nothing was changed.",
    ),
)
NOT_DUE = RefusalKind(
    "release-not-due",
    T(
        "还不能提出:{what}。没有改动。专家组决定提前的,请先登记专家组意见。",
        "It cannot be proposed yet: {what}. Nothing was changed. If a panel decides otherwise, state its decision first.",
    ),
)
