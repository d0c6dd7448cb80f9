"""Why an event was set aside, in words; every refusal of capture and rounds keeps its code."""

from firebreak.engine.capture import refusals as capture
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T
from firebreak.operations.rounds import refusals as rounds

_KINDS = [
    found for module in (capture, rounds) for found in vars(module).values() if isinstance(found, RefusalKind)
]
TYPES: dict[str, T] = {
    "scan": T("采样", "scan"), "scan.undone": T("撤回采样", "scan taken back"), "tube.opened": T("开管", "tube opened"),
    "tube.sealed": T("封管", "tube sealed"), "tube.voided": T("作废", "tube void"), "attempt": T("联系", "attempt"),
    "attempt.undone": T("撤回联系", "attempt taken back"),
    "person.found": T("补录", "person found"), "excuse": T("豁免", "excuse"),
}
SHORT: dict[str, T] = {
    "malformed-event": T("缺项或格式不对", "incomplete or misshapen"),
    "unknown-type": T("不认识的记录", "unknown type"),
    "other-bytes": T("同编号、内容不同", "same id, other content"),
    "number-used": T("序号已被占用", "number used twice"),
    "author-not-permitted": T("记录人没有权限", "author had no right"),
    "not-permitted": T("没有权限", "no right"),
    "unknown-tube": T("管子还没开", "tube not opened yet"),
    "tube-taken": T("管子已用过", "tube used already"),
    "tube-sealed": T("管子已封", "tube sealed"),
    "tube-void": T("管子已作废", "tube void"),
    "tube-of-another-round": T("管子属于另一轮", "tube of another round"),
    "unknown-person": T("底册没有此人", "not in the register"),
    "not-on-list": T("不在名单上", "not on the list"),
    "several-persons": T("分不清是谁", "several people match"),
    "unknown-round": T("没有这一轮", "no such round"),
    "round-not-open": T("本轮已结束", "round has ended"),
    "unknown-scan": T("要撤的采样没到", "its scan has not arrived"),
    "unknown-attempt": T("要撤的联系没到", "its attempt has not arrived"),
    "not-your-attempt": T("不是本人记的", "somebody else's attempt"),
    "refusal-rests-on-it": T("已据此以拒检结案", "a refusal rests on it"),
    "already-undone": T("已撤回过", "taken back already"),
}


def cause(code: str) -> T:
    """A few words for the list."""
    return SHORT.get(code, T(code, code))


def explained(code: str) -> T:
    """The sentence the phone got, its figures left open."""
    found = next((kind.text for kind in _KINDS if kind.code == code), None)
    return found if found is not None and "{" not in found.zh else cause(code)
