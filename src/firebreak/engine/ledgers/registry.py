"""The registry of ledgers and figures. Domains add to it when Django starts; those above iterate over it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from firebreak.engine.ledgers.snapshot import one_snapshot
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A book of things owed. `balances` gives one balance per open account of the book (a round, a response)."""

    name: str
    title: T
    balances: Callable[[Cutoff], list[Balance]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A named number and the rows it was counted from.

    `count(cutoff)` costs a bounded number of queries; `rows(cutoff)` yields exactly `count` rows, without
    names of residents; `columns` are their keys with words. `permission` is needed to open the rows. A figure
    that measures instead of counting gives `measure`, and its rows are what was measured.
    """

    name: str
    title: T
    unit: T
    count: Callable[[Cutoff], int]
    rows: Callable[[Cutoff], Iterator[Row]]
    columns: dict[str, T]
    permission: str
    hxl: dict[str, str]
    measure: Callable[[Cutoff], int] | None = None

    def value(self, cutoff: Cutoff) -> int:
        """The number that is shown."""
        return (self.measure or self.count)(cutoff)


_ledgers: dict[str, Ledger] = {}
_figures: dict[str, Figure] = {}


def register_ledger(ledger: Ledger) -> None:
    """Add a ledger. Errors: `ValueError` on a second one of the same name."""
    if ledger.name in _ledgers:
        raise ValueError(f"ledger registered twice: {ledger.name}")
    _ledgers[ledger.name] = ledger


def register_figure(figure: Figure) -> None:
    """Add a figure. Errors: `ValueError` on a second one of the same name."""
    if figure.name in _figures:
        raise ValueError(f"figure registered twice: {figure.name}")
    _figures[figure.name] = figure


def ledgers() -> tuple[Ledger, ...]:
    """All ledgers, in the order of registration (lowest domain first)."""
    return tuple(_ledgers.values())


def figures() -> tuple[Figure, ...]:
    """All figures, in the order of registration."""
    return tuple(_figures.values())


def figure(name: str) -> Figure:
    """One figure. Errors: `KeyError`."""
    return _figures[name]


def balance_all(cutoff: Cutoff) -> list[Balance]:
    """Every balance of every ledger at the cut-off."""
    with one_snapshot():
        return [balance for ledger in _ledgers.values() for balance in ledger.balances(cutoff)]
