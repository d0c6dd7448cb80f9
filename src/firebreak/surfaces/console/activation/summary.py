"""The active response in figures, each leading to its rows, and signals in words."""

from dataclasses import dataclass

from django.urls import reverse

from firebreak.command.activation.models import Response, Signal
from firebreak.command.activation.queries import section_of
from firebreak.command.activation.rules import signal_kind
from firebreak.engine.ledgers.registry import figure
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T
from firebreak.surfaces.common.shapes import Cell

SHOWN = (
    "activation-minutes", "units-task-force", "units-unled", "units-branch", "units-team", "posts-open",
    "posts-unfilled", "members-in-service", "orders-of-response", "orders-unread", "orders-overdue", "tasks-open",
    "tasks-overdue",
)
ALARMING = frozenset({"units-unled", "posts-unfilled", "orders-overdue", "tasks-overdue"})


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as a page shows it: `bad` when it is one of those that must be 0."""

    title: T
    unit: T
    value: int
    href: str
    bad: bool


def figures_of(cutoff: Cutoff, response: Response) -> list[Told]:
    """The figures of an active response now; each opens its rows."""
    told = []
    for name in SHOWN:
        found = figure(name)
        value = found.value(cutoff)
        bad = name in ALARMING and value > 0
        told.append(Told(found.title, found.unit, value, reverse("figure", args=[name]), bad))
    return told


def signal_words(row: Signal) -> T:
    """What was reported."""
    return signal_kind(section_of(row), row.kind).name


def status_cell(row: Signal) -> Cell:
    """What it is taken for, quiet once overturned."""
    name = section_of(row).classification(row.classification).name
    return Cell(name, tone="quiet" if row.status == Signal.Status.OVERTURNED else "warn")
