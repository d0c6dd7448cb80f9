"""Words for the steps of an order and where it stands."""

from firebreak.kernel.text import T

STEP_WORDS = {
    "issued": T("下达", "issued"),
    "seen": T("已阅", "seen"),
    "accepted": T("接收", "accepted"),
    "progress": T("进展", "progress"),
    "finished": T("办结", "finished"),
    "refused": T("退回", "refused"),
    "cancelled": T("撤销", "cancelled"),
    "undone": T("撤回", "undone"),
    "verified": T("核实", "verified"),
    "reopened": T("核实不符,重办", "not so: to be done again"),
    "returned": T("无人应答,退回下达人", "unanswered, back to the issuer"),
}
STANDING_WORDS = {
    "unread": T("未阅", "unread"),
    "seen": T("已阅,待接收", "seen, not accepted"),
    "accepted": T("办理中", "under way"),
    "done": T("办结,待核实", "done, to be verified"),
    "verified": T("办结,已核实", "done and verified"),
    "refused": T("退回", "refused"),
    "cancelled": T("撤销", "cancelled"),
    "handed_over": T("移交", "handed over"),
}
