"""The effect of a proposal in words: each figure it carries, as a line of the decision panel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from firebreak.engine.approvals.models import Proposal
from firebreak.kernel.text import T
from firebreak.surfaces.common.shapes import Effect, Link

WORDS: Mapping[str, T] = {
    "task_forces": T("个专班,各有组长", "task forces, each with a leader"),
    "branches": T("个临时党支部", "temporary branches"),
    "teams": T("支先锋队", "pioneer teams"),
    "posts": T("个岗位", "posts"),
    "people": T("人按花名册到岗", "people from the roster"),
    "unfilled": T("个岗位缺人", "posts lack people"),
    "orders": T("件启动指令", "opening orders"),
    "checklist": T("项首小时任务", "tasks of the first hour"),
    "clocks": T("个法定或预案时限", "deadlines of law or plan"),
    "messages": T("条通知发出", "messages leave"),
    "buildings": T("栋楼", "buildings"),
    "erasures": T("类个人信息到期删除", "classes of personal data get a day of erasure"),
    "posts_ended": T("人离岗", "people leave their posts"),
    "zones_named": T("个分区列名", "zones are named"),
    "counts_hidden": T("个数太小,不公布", "counts are too small to be shown"),
    "figures_told": T("个数字,各带截至时间", "figures, each with its cut-off"),
    "pictures_told": T("张图片,各有出处和同意", "pictures, each with its source and consent"),
    "quotes_told": T("处引语,各有出处", "quotes, each with its source"),
    "values": T("处数值不同", "values differ"),
    "judged_anew": T("件未了事项按新版判断", "open matters are judged anew"),
    "tier": T("分区等级", "tier"),
}
ALARMING = ("unfilled",)

@dataclass(frozen=True, slots=True)
class Sight:
    """What a kind of proposal would do at this moment, and where all of it stands."""

    effects: tuple[Effect, ...]
    detail: Link


_sights: dict[str, Callable[[Proposal], Sight | None]] = {}


def register_sight(kind: str, look: Callable[[Proposal], Sight | None]) -> None:
    """Show a kind of proposal by its effect now instead of by what it was when it was proposed."""
    _sights[kind] = look


def sight_of(proposal: Proposal) -> Sight | None:
    """What deciding a proposal would do now; None for a kind whose effect is as it was proposed."""
    look = _sights.get(proposal.kind)
    return look(proposal) if look else None


def effects_of(effect: Mapping[str, object]) -> tuple[Effect, ...]:
    """The lines, in the order of `WORDS`; a list counts its entries, what has no words is left out."""
    lines = []
    for name, words in WORDS.items():
        value = effect.get(name)
        if value is None:
            continue
        figure = len(value) if isinstance(value, list) else value
        tone = "bad" if name in ALARMING and figure else ""
        lines.append(Effect(figure if isinstance(figure, int) else str(figure), words, "bad" if tone else ""))
    return tuple(lines)


def title_of(proposal: Proposal) -> T:
    """The title in both languages."""
    return T(proposal.title_zh, proposal.title_en)
