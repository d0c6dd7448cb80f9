"""What amending says no to."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

PAPER_MISSING = RefusalKind(
    "amendment-paper-missing",
    T(
        "请写明修订的文号和理由。没有改动。",
        "Write the number of the document that amends the plan, and why. Nothing was changed.",
    ),
)
SAME_PLAN = RefusalKind(
    "same-plan",
    T("这次响应用的就是这个预案。没有改动。", "The response follows this plan already. Nothing was changed."),
)
OTHER_DISEASE = RefusalKind(
    "other-disease",
    T(
        "这个预案针对{other},这次响应针对{disease}。没有改动;换一种病要另行启动。",
        "This plan is for {other}, the response is against {disease}. Nothing was changed; another disease is another"
        " activation.",
    ),
)
ENDED = RefusalKind("response-ended", T("这次响应已经结束。没有改动。", "This response has ended. Nothing was changed."))
ORPHANS = RefusalKind(
    "amendment-orphans",
    T(
        "新预案里没有这些正在用的内容:{what}。没有改动;先了结它们,或在新预案里保留这些编号。",
        "The new plan lacks what is in use: {what}. Nothing was changed; settle these first, or keep their keys in the"
        " new plan.",
    ),
)
