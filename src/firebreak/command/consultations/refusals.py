"""What consultations say no to."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

NOT_OPEN = RefusalKind(
    "consultation-not-open",
    T(
        "会商还没有开始或已经散会。没有记录,请看当前的会商。",
        "The consultation has not begun or has ended. Nothing was noted; see the one that is open.",
    ),
)
ENDED = RefusalKind(
    "consultation-ended",
    T(
        "这次会商已经散会。没有改动,议题请提交下一次会商。",
        "This consultation has ended. Nothing was changed; put it to the next one.",
    ),
)
ALREADY_OPEN = RefusalKind(
    "consultation-already-open",
    T(
        "会商已经开始。没有改动,刷新即可看到议程。",
        "The consultation has begun already. Nothing was changed; refresh to see the table.",
    ),
)
ANOTHER_OPEN = RefusalKind(
    "another-consultation-open",
    T(
        "第 {number} 次会商还没有散会。没有开始,请先散会。",
        "Consultation {number} has not ended. This one was not begun; end that one first.",
    ),
)
BEGINS_IN_THE_PAST = RefusalKind(
    "begins-in-the-past",
    T("时间已经过去。没有召集,请重新填写时间。", "That moment has passed. Nothing was called; set another."),
)
WORDS_MISSING = RefusalKind(
    "words-missing", T("请写明内容。没有记录。", "Say what it is. Nothing was noted."),
)
MEASURE_INCOMPLETE = RefusalKind(
    "measure-incomplete",
    T(
        "调整措施要写明原来、改为、理由和生效时间。没有记录。",
        "A changed measure needs what it was, what it becomes, why and from when. Nothing was noted.",
    ),
)
NOTHING_CHANGES = RefusalKind(
    "nothing-changes",
    T(
        "“原来”和“改为”一样,没有调整。没有记录。",
        "What it was and what it becomes are the same. Nothing was noted.",
    ),
)
CARRIED_ALREADY = RefusalKind(
    "item-carried",
    T("议题 {number} 已转下次会商。没有改动。", "Item {number} lies on the next table already. Nothing was changed."),
)
NOBODY_PRESENT = RefusalKind(
    "nobody-present",
    T("请至少勾选一位到会的人。没有记录。", "Tick at least one who is here. Nothing was noted."),
)
NO_HEADQUARTERS = RefusalKind(
    "no-headquarters",
    T(
        "没有启动中的应急响应,没有指挥部可会商。请先启动预案。",
        "No response is active, so there is no headquarters to meet. Activate a plan first.",
    ),
)
