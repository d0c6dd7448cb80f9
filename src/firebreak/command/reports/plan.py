"""The reports section of a plan pack: which figures the daily report shows, in which order and words.

A figure is named by the key under which its domain registered it; this module computes none.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from firebreak.engine.plans.sections import Misfit, Neighbours, Section, by_key, register_section, unknown_key
from firebreak.engine.plans.values import Cited, Hours, Key, Keyed, Named, TimeOfDay, Words
from firebreak.kernel.text import T

ReportPart = Literal["command", "round", "zones", "orders", "signals"]


class Chapter(Named):
    """A part of the daily report."""

    key: ReportPart
    """Name of the part."""


class Indicator(Keyed):
    """One figure of the daily report; its title, unit and tags are those under which it is registered."""

    figure: str = Field(pattern=r"^[a-z][a-z0-9._-]*$")
    """Name of the registered figure."""
    chapter: Key
    """Part of the report it stands in."""
    meaning: Words
    """What it says, in one sentence."""
    target_at_least: Cited[int] | None = None
    """The figure should not be below this."""
    target_at_most: Cited[int] | None = None
    """The figure should not be above this."""


class DailyReport(Named):
    """The report itself."""

    cutoff_at: TimeOfDay
    """District time at which the day is cut off."""
    issue_within_hours: Cited[Hours]
    """Hours after the cut-off in which it is issued."""
    cells_below_people: Cited[Annotated[int, Field(ge=1)]]
    """Counts of people below this are not published by place."""


class ReportsSection(Section):
    """The daily report."""

    daily: DailyReport
    """When it is made."""
    chapters: tuple[Chapter, ...] = Field(min_length=1)
    """Its parts, in order."""
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    """Its figures, in order."""

    def indicator(self, key: str) -> Indicator:
        """An indicator by key. Errors: `LookupError`."""
        return by_key(self.indicators, key)

    def misfits(self, pack: Neighbours) -> Iterator[Misfit]:
        """Indicators in a chapter that is not there."""
        chapters = {chapter.key for chapter in self.chapters}
        for number, indicator in enumerate(self.indicators):
            if indicator.chapter not in chapters:
                yield unknown_key(("indicators", number, "chapter"), indicator.chapter, T("章节", "chapter"))


register_section("reports", ReportsSection)
