"""States of a person in a round, the side of the balance each counts on, and the word for each."""

from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Entry, Tube

State = Entry.State

OPEN = (State.TO_DO, State.AWAY, State.UNREACHABLE)
DECIDED = (State.EXCUSED, State.MOVED, State.DEAD, State.DUPLICATE, State.REFUSED)
"""States that only a named person can bring about."""

WORDS: dict[str, T] = {
    State.TO_DO: T("待采", "to do"),
    State.SAMPLED: T("已采样", "sampled"),
    State.EXCUSED: T("豁免", "excused"),
    State.MOVED: T("已迁出", "moved"),
    State.DEAD: T("已故", "dead"),
    State.DUPLICATE: T("重复登记", "duplicate"),
    State.REFUSED: T("拒检", "refused"),
    State.AWAY: T("外出", "away"),
    State.UNREACHABLE: T("失联", "unreachable"),
}
TESTING_WORDS: dict[str, T] = {
    **WORDS,
    "round": T("采样轮次", "Testing round"),
    "site": T("采样点", "Site"),
}
"""What a round and its states are called where its plan says nothing else."""
TUBE_WORDS: dict[str, T] = {
    Tube.Status.OPEN: T("在用", "open"),
    Tube.Status.SEALED: T("已封", "sealed"),
    Tube.Status.VOID: T("作废", "void"),
}
RESULTS: dict[str, tuple[str, T]] = {
    "away": (State.AWAY, T("外出", "away")),
    "unreachable": (State.UNREACHABLE, T("联系不上", "cannot be reached")),
    "refused": (State.TO_DO, T("当面拒绝", "refuses")),
    "promised": (State.TO_DO, T("答应来", "promised to come")),
}
"""What an attempt may result in, and the state it leaves; a refusal stays open until somebody decides."""

WAYS = {"call": T("电话", "call"), "visit": T("上门", "visit")}

COLUMN: dict[str, str] = {state: state if state in (*OPEN, State.SAMPLED, State.REFUSED) else "excused" for state in State}
"""State → column of the board."""
