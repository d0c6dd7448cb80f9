"""Checking the books every minute, and reading the last check: pages never add up the whole ledger themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from firebreak.engine.journal.acting import action, record
from firebreak.engine.journal.models import Act
from firebreak.engine.ledgers.models import Check
from firebreak.engine.ledgers.registry import balance_all
from firebreak.engine.ledgers.snapshot import one_snapshot
from firebreak.kernel.actor import Actor
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.permissions import declare
from firebreak.kernel.text import T

CHECK_BOOKS = declare("ledgers.check", "查账", "Check the books")


@dataclass(frozen=True, slots=True)
class BooksChecked:
    """The books were added up. `off` names the ones that did not balance."""

    balanced: bool
    difference: int
    off: tuple[str, ...]


def check_books(*, by: Actor, at: datetime) -> bool:
    """Add up every ledger as of `at` in one snapshot, then keep the answer; nobody waits while it adds.

    Not itself an action: on SQLite an action holds the one writer, and adding up a district takes a second.
    """
    with one_snapshot():
        position = Act.objects.aggregate(last=Max("id"))["last"] or 0
        balances = balance_all(Cutoff(at))
    return keep_check(balances=balances, position=position, by=by, at=at)


@action
def keep_check(*, balances: Sequence[Balance], position: int, by: Actor, at: datetime) -> bool:
    """Keep what the books came to at `at`, as known at `position`.

    Who: the program, every minute.   Refuses: not-permitted.   Journals: BooksChecked.
    Promises: append-only; pages show this answer and say when it was found.
    """
    by.require(CHECK_BOOKS)
    off = tuple(balance.name for balance in balances if not balance.balanced)
    difference = sum(abs(balance.difference) for balance in balances)
    Check.objects.create(
        at=at, position=position, balanced=not off, difference=difference,
        balances=[{**balance.as_json(), "zh": balance.title.zh, "en": balance.title.en} for balance in balances],
    )
    record(BooksChecked(not off, difference, off), about="ledgers:all")
    return not off


def latest_check() -> Check | None:
    """The last answer. One query."""
    return Check.objects.order_by("-id").first()


def differences_since(moment: datetime) -> list[tuple[datetime, int]]:
    """(moment, difference) of every check since; for the line that must stay at 0. One query."""
    return list(Check.objects.filter(at__gte=moment).order_by("at").values_list("at", "difference"))


def history(name: str, since: datetime) -> list[tuple[datetime, int, int]]:
    """(moment, owed, open) of one balance every quarter of an hour since. One query, four rows an hour."""
    checks = Check.objects.filter(at__gte=since, at__minute__in=(0, 15, 30, 45)).order_by("at")
    return [
        (at, kept["owed"], kept["open"])
        for at, balances in checks.values_list("at", "balances")
        for kept in balances
        if kept["name"] == name
    ]


def balances_of(check: Check) -> list[Balance]:
    """The balances as they were kept, without their rows."""
    return [_balance(check.at, kept) for kept in check.balances]


def _balance(at: datetime, kept: dict[str, Any]) -> Balance:
    return Balance(
        name=kept["name"], title=T(kept["zh"], kept["en"]), as_of=at, owed=kept["owed"], done=kept["done"],
        excused=kept["excused"], open=kept["open"], overdue=kept["overdue"], unowned=kept["unowned"],
        excused_by=kept["excused_by"],
    )
