"""Letters that stand beside every colour: how a person's turn ended, and the tier of a zone.

A colour is never alone: each mark has a letter for paper and a word for whoever does not know the letter.
"""

from dataclasses import dataclass, replace

from firebreak.kernel.text import T
from firebreak.surfaces.common.words import Words


@dataclass(frozen=True, slots=True)
class MarkWords:
    """A mark's CSS name, its letter (the same in both languages) and its word."""

    css: str
    letter: str
    word: Words


DONE = MarkWords("done", "完", T("完成", "done"))
MISSING = MarkWords("missing", "缺", T("待办", "to do"))
REFUSED = MarkWords("refused", "拒", T("拒检", "refused"))
AWAY = MarkWords("away", "外", T("外出", "away"))
UNREACHABLE = MarkWords("unreachable", "无", T("失联", "unreachable"))
EXCUSED = MarkWords("excused", "免", T("豁免", "excused"))
MOVED = MarkWords("excused", "迁", T("已迁出", "moved"))
DEAD = MarkWords("excused", "故", T("已故", "deceased"))
DUPLICATE = MarkWords("excused", "重", T("重复", "duplicate"))

LOCKDOWN = MarkWords("lockdown", "封", T("封控区", "lockdown"))
CONTROL = MarkWords("control", "管", T("管控区", "control"))
PRECAUTION = MarkWords("precaution", "防", T("防范区", "precaution"))

MARKS: dict[str, MarkWords] = {
    "done": DONE,
    "sampled": DONE,
    "missing": MISSING,
    "to_do": MISSING,
    "refused": REFUSED,
    "away": AWAY,
    "unreachable": UNREACHABLE,
    "excused": EXCUSED,
    "moved": MOVED,
    "dead": DEAD,
    "duplicate": DUPLICATE,
    "lockdown": LOCKDOWN,
    "control": CONTROL,
    "precaution": PRECAUTION,
}

# The order in which a 100 % bar is drawn: ended first, then what somebody still has to do.
BAR_ORDER: tuple[tuple[str, MarkWords], ...] = (
    ("done", DONE),
    ("excused", EXCUSED),
    ("away", AWAY),
    ("refused", REFUSED),
    ("unreachable", UNREACHABLE),
    ("missing", MISSING),
)


def mark_words(kind: str, word: Words = "", letter: str = "") -> MarkWords:
    """The mark of an end state or tier; `word` and `letter` are what a plan calls it, and the only ones it may have."""
    found = MARKS.get(kind, MarkWords("control", "区", T("分区", "zone")))
    return replace(found, word=word or found.word, letter=letter or found.letter)
