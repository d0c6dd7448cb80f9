"""The book of erasures: classes of personal data that must go, against the certificates that they went."""

from firebreak.command.closing import queries
from firebreak.engine.ledgers.registry import Ledger, register_ledger
from firebreak.kernel.balance import Balance, Discrepancy
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T

TITLE = T("个人信息删除", "Erasure of personal data")
_NOBODY = T(
    "负责人的账号已停用,这类个人信息无人负责。请交给另一人。",
    "Its owner's account is disabled: nobody answers for these personal data. Hand it over.",
)


def balances(cutoff: Cutoff) -> list[Balance]:
    """Owed = erasures planned (their table); done, excused = certificates (theirs); open = the rest. Five queries."""
    in_use = queries.certified_at(cutoff, "in_use").count()
    ownerless = list(queries.ownerless(cutoff).values_list("ref", flat=True))
    still = queries.open_at(cutoff)
    return [
        Balance(
            name=queries.OWN_BOOK, title=TITLE, as_of=cutoff.at, owed=queries.planned_at(cutoff).count(),
            done=queries.certified_at(cutoff, "erased").count(), excused=in_use,
            excused_by={"in_use": in_use} if in_use else {}, open=still.count(),
            overdue=still.filter(due_at__lt=cutoff.at).count(), unowned=len(ownerless),
            rows=tuple(Discrepancy(ref, _NOBODY) for ref in ownerless),
        )
    ]


def register() -> None:
    """Enter the book; called once when Django starts."""
    register_ledger(Ledger(queries.OWN_BOOK, TITLE, balances))
