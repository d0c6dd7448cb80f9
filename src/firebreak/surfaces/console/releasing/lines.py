"""The condition of a zone or a response as a page draws it: shapes only, nothing is written here."""

from dataclasses import dataclass
from datetime import datetime

from firebreak.command.activation.models import Response
from firebreak.command.releasing import queries
from firebreak.command.releasing.queries import Subject
from firebreak.command.releasing.rights import ATTEST
from firebreak.command.releasing.rules import Line
from firebreak.engine.access.actors import AccountActor
from firebreak.kernel import clock
from firebreak.kernel.text import T
from firebreak.operations.zones.models import Zone
from firebreak.surfaces.common.shapes import Due
from firebreak.surfaces.common.words import moment_text


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line: `mark` is yes, no or unknown; `due` counts down to when it would hold."""

    name: T
    mark: str
    word: T
    evidence: T
    due: Due | None
    resets: T | None
    verified: bool
    primitive: str
    attestable: bool


@dataclass(frozen=True, slots=True)
class End:
    """The whole condition: its lines, those that stand in for them, and whether this reader may state facts."""

    about: str
    met: bool
    lines: tuple[Drawn, ...]
    instead: tuple[Drawn, ...]
    ready_at: datetime | None
    may_attest: bool
    attestable: tuple[Drawn, ...]
    said_at: datetime


_WORDS = {"yes": T("满足", "holds"), "no": T("未满足", "does not hold"), "unknown": T("未登记", "not stated")}


def end_of_zone(zone: Zone, who: AccountActor) -> End | None:
    """The condition of a zone in force; None for any other."""
    if zone.status != Zone.Status.IN_FORCE:
        return None
    response = Response.objects.select_related("area", "plan", "signal").filter(ref=zone.response_ref).first()
    return _end(queries.of_zone(zone, response, clock.now()), who) if response else None


def end_of_response(response: Response, who: AccountActor) -> End | None:
    """The condition of a response; None when its plan does not say."""
    subject = queries.of_response(response)
    return _end(subject, who) if subject else None


def _end(subject: Subject, who: AccountActor) -> End:
    now = clock.now()
    found = queries.verdict(subject, now)
    lines, instead = (tuple(_drawn(line, now) for line in part) for part in (found.all_of, found.or_any_of))
    may = who.may(ATTEST, area=subject.response.area.path)
    return End(
        subject.ref,
        found.met,
        lines,
        instead,
        found.ready_at,
        may,
        tuple(line for line in (*lines, *instead) if line.attestable) if may else (),
        now,
    )


def _drawn(line: Line, now: datetime) -> Drawn:
    mark = "unknown" if line.holds is None else "yes" if line.holds else "no"
    words, at = line.evidence
    evidence = words.filled(at=moment_text(at, now)) if at is not None else words
    due = Due(line.ready_at) if line.ready_at is not None and not line.holds else None
    return Drawn(
        line.name, mark, _WORDS[mark], evidence, due, line.resets, line.verified, line.primitive, line.attestable
    )
