"""What the duty desk is refused for."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

WORDS_MISSING = RefusalKind("words-missing", T("写一句再记。没有记录。", "Write a line first. Nothing was recorded."))
ALREADY_GIVEN = RefusalKind(
    "already-given",
    T(
        "第 {number} 次交班还没有人接。没有再开一张;请接班人先签,或由交班人收回。",
        "Hand-over {number} waits for who takes it. No second one was opened: have it signed, or take it back.",
    ),
)
NOT_WAITING = RefusalKind(
    "not-waiting", T("这张交接单已签完或已收回。没有改动。", "This sheet is signed or taken back. Nothing was changed.")
)
SAME_PERSON = RefusalKind(
    "same-person",
    T("交班和接班要两个人签。没有改动。", "Two people sign a hand-over. Nothing was changed."),
)
NOT_YOURS = RefusalKind(
    "not-yours", T("只有交班人可以收回。没有改动。", "Only who gave it may take it back. Nothing was changed.")
)
