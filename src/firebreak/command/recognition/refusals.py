"""What recognition says no to."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

HOW_MISSING = RefusalKind(
    "consent-how-missing",
    T("请写明本人是怎样表示的(当面、签名册)。没有记下。",
      "Write how they said so (in person, a signed list). Nothing was noted."),
)
NOBODY_PICKED = RefusalKind("nobody-chosen", T("没有选人。没有记下。", "Nobody was chosen. Nothing was noted."))
