"""When a report may be rendered. Pure."""

from collections.abc import Sequence

from firebreak.kernel.balance import Balance
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

LEDGER_UNBALANCED = RefusalKind(
    "ledger-unbalanced",
    T(
        "账不平,日报不出:{books}。数据没有改动。请运行 firebreak audit 查看是哪一行。",
        "The books do not balance, so no report is made: {books}. Nothing was changed. Run firebreak audit to see "
        "which row.",
    ),
)
FUTURE_CUTOFF = RefusalKind(
    "future-cutoff",
    T(
        "截至时间还没有到,那时的数字谁也不知道。没有出报;现在是 {now},请填现在或更早的时间。",
        "That moment has not come: nobody knows its figures. No report was made; it is {now}, give that or an earlier one.",
    ),
)


def check_balanced(balances: Sequence[Balance]) -> None:
    """Refuse `ledger-unbalanced`, naming the books and by how much they are off."""
    off = [balance for balance in balances if not balance.balanced]
    if off:
        raise LEDGER_UNBALANCED.because(
            books=T(
                "、".join(f"{balance.title.zh}差 {balance.difference}" for balance in off),
                ", ".join(f"{balance.title.en} off by {balance.difference}" for balance in off),
            )
        )
