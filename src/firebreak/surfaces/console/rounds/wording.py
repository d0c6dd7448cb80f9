"""Words of rounds that several pages share."""

from firebreak.kernel.text import T
from firebreak.operations.rounds.boards import Standing
from firebreak.operations.rounds.models import Round
from firebreak.surfaces.common.words import Words

STATUS = {
    Round.Status.OPEN.value: T("进行中", "open"),
    Round.Status.CLOSED.value: T("已关闭", "closed"),
    Round.Status.CANCELLED.value: T("已撤销", "cancelled"),
}
ORIGINS = {"listed": T("名单内", "on the list"), "found": T("名单外补录", "found on no list")}


def people(count: int) -> T:
    """1,204 人 / 1,204 people."""
    return T(f"{count:,} 人", f"{count:,} people" if count != 1 else "1 person")


def left(standing: Standing) -> Words:
    """The calm half of an answer: how many are left."""
    if not standing.owed:
        return T("这里没有人在名单上。", "Nobody here is on the list.")
    if not standing.open:
        return T("人人有着落。", "Everybody is accounted for.")
    count = people(standing.open)
    return T(f"还差 {count.zh}", f"{count.en} left")


def joined(*parts: T) -> T:
    """Parts side by side, the empty ones left out."""
    kept = [part for part in parts if part.zh]
    return T(" · ".join(part.zh for part in kept), " · ".join(part.en for part in kept))
