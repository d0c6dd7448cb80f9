"""What publishing says no to."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

PAPER_MISSING = RefusalKind(
    "publication-paper-missing",
    T("请写明公布的文号。没有公布任何内容。", "Write the number of the document that publishes it. Nothing was published."),
)
NOT_OUT = RefusalKind(
    "nothing-published",
    T("现在没有公布的内容可撤回。没有改动。", "Nothing is published that could be withdrawn. Nothing was changed."),
)
WHY_MISSING = RefusalKind(
    "reason-missing", T("请写明为什么撤回。没有改动。", "Write why it is withdrawn. Nothing was changed.")
)
ENDED = RefusalKind(
    "response-ended", T("这次响应已经结束。没有公布。", "This response has ended. Nothing was published.")
)
