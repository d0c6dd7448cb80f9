"""Reads of reports: render one again, and what was learned since."""

from dataclasses import dataclass

from firebreak.command.reports.daily import Rendered, render
from firebreak.command.reports.models import Report
from firebreak.engine.ledgers.registry import figures
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure of a published report that reads differently now for the same moment."""

    name: str
    title: T
    printed: int
    now: int


def render_again(report: Report) -> Rendered:
    """The same bytes as when it was published."""
    return render(report.day, Cutoff(report.cutoff_at, report.position), report.head)


def revisions(report: Report) -> list[Revision]:
    """Figures that later knowledge has changed for the report's own moment. Two counts a figure."""
    printed, now = Cutoff(report.cutoff_at, report.position), Cutoff(report.cutoff_at)
    found = [Revision(one.name, one.title, one.value(printed), one.value(now)) for one in figures()]
    return [revision for revision in found if revision.printed != revision.now]
