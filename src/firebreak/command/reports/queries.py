"""Reads of reports: render one again, and what was learned since."""

import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from firebreak.command.reports.daily import Rendered, render
from firebreak.command.reports.documents import document
from firebreak.command.reports.models import Report
from firebreak.command.reports.renderings import RENDERINGS
from firebreak.engine.ledgers.registry import figures
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import token_of
from firebreak.kernel.text import Language, T


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure of a published report that reads differently now for the same moment."""

    name: str
    title: T
    printed: int
    now: int


def report_folder() -> Path:
    """Where published reports lie in the data folder."""
    return Path(settings.DATA) / "reports"


def render_again(report: Report) -> Rendered:
    """The same bytes as when it was published."""
    return render(report.day, Cutoff(report.cutoff_at, report.position), report.head)


def published(report: Report, kind: str) -> bytes:
    """The bytes of a report as it was published, `html` or `json`; rendered again when its file is gone."""
    try:
        return (report_folder() / f"{token_of(report.ref)}.{kind}").read_bytes()
    except FileNotFoundError:
        again = render_again(report)
        return again.html if kind == "html" else again.json


def rendering(report: Report, kind: str, language: Language) -> bytes:
    """A report as a file of a kind of `RENDERINGS`, from its published JSON. Errors: `KeyError`."""
    make, _ = RENDERINGS[kind]
    return make(document(json.loads(published(report, "json")), language))


def revisions(report: Report) -> list[Revision]:
    """Figures that later knowledge has changed for the report's own moment. Two counts a figure."""
    printed, now = Cutoff(report.cutoff_at, report.position), Cutoff(report.cutoff_at)
    found = [Revision(one.name, one.title, one.value(printed), one.value(now)) for one in figures()]
    return [revision for revision in found if revision.printed != revision.now]
