"""What the end of a response says no to."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

REASON_MISSING = RefusalKind("reason-missing", T("请写明理由。没有改动。", "Write the reason. Nothing was changed."))
ENDED = RefusalKind(
    "response-ended",
    T("这次响应已经结束。没有改动。", "This response has ended. Nothing was changed."),
)
UNKNOWN_LEVEL = RefusalKind(
    "unknown-level",
    T("预案里没有这个级别。没有改动,请选列出的级别。", "The plan has no such level. Nothing was changed; choose a listed one."),
)
LEVEL_SKIPPED = RefusalKind(
    "level-skipped",
    T(
        "级别一次只动一级:现在是“{now}”,可以到“{next}”。没有改动。",
        "A level moves one step at a time: it is '{now}' and may become '{next}'. Nothing was changed.",
    ),
)
CLOSING_BLOCKED = RefusalKind(
    "closing-blocked",
    T(
        "还不能解除响应:{what}。没有改动;逐项了结后再提。",
        "The response cannot close yet: {what}. Nothing was changed; settle each and propose again.",
    ),
)
NO_OWNER = RefusalKind(
    "no-erasure-owner",
    T(
        "个人信息要有在用账号的人负责到删除。没有改动,请从名单中选一人。",
        "Somebody with an active account must answer for the personal data until they are erased. Nothing was changed; "
        "choose one of those listed.",
    ),
)
ALREADY_ERASED = RefusalKind(
    "already-erased",
    T("这一类已经删除,证明已出。没有改动。", "This class is erased and certified already. Nothing was changed."),
)
NOT_OWNER = RefusalKind(
    "not-erasure-owner",
    T("只有负责人可以提前删除。没有改动。", "Only its owner may erase it early. Nothing was changed."),
)
