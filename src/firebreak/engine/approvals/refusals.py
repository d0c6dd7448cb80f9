"""What approvals say no to."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

OWN_PROPOSAL = RefusalKind(
    "own-proposal",
    T(
        "这是您自己提出的,须由另一人批准。没有任何改动,请通知另一位值班领导。",
        "You proposed this yourself; another person must approve it. Nothing was changed; ask the other officer.",
    ),
)
ALREADY_PENDING = RefusalKind(
    "already-pending",
    T(
        "同一事项已有一份待批,没有重复提出。请到“待批”处理那一份。",
        "The same matter already waits for approval; nothing was added. Decide that one first.",
    ),
)
ALREADY_DECIDED = RefusalKind(
    "already-decided",
    T("这一事项已有结论({status})。没有改动。", "This was already decided ({status}). Nothing was changed."),
)
PROPOSAL_EXPIRED = RefusalKind(
    "proposal-expired",
    T("这份提议已过期。没有改动,请重新提出。", "This proposal has expired. Nothing was changed; propose it again."),
)
NO_SOLE_CONFIRMATION = RefusalKind(
    "no-sole-confirmation",
    T(
        "预案此时不允许一人先行确认。没有改动,请由第二人批准。",
        "The plan does not let one person go ahead now. Nothing was changed; a second person must approve.",
    ),
)
REASON_NEEDED = RefusalKind(
    "reason-missing",
    T("请写明不同意的原因。没有改动。", "Write why you refuse. Nothing was changed."),
)
