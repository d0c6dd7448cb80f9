"""Weather from a list: a moment, a measure and a value a line, as a station writes them down.

Rows in = accepted + rejected + duplicate, always; what cannot be read is answered with its line and its reason.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from firebreak.command.weather.actions import note_weather
from firebreak.command.weather.events import WeatherImported
from firebreak.command.weather.models import Observation
from firebreak.command.weather.refusals import LINE_UNREADABLE, NO_LINES, NO_SOURCE, TOO_MANY_LINES
from firebreak.command.weather.rules import MEASURES
from firebreak.engine.journal.acting import action, record
from firebreak.kernel.actor import Actor
from firebreak.kernel.clock import parse_moment
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T

MOST = 500
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2})(?::\d{2})?[\s,]+(\S+?)[\s,]+(-?\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that was not taken: its number from 1, its text, why."""

    number: int
    text: str
    why: T


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of each line."""

    rows: int
    accepted: int
    duplicate: int
    rejected: tuple[Rejected, ...]


@action
def import_weather(*, response: Ref, lines: str, source: str, by: Actor, at: datetime) -> Imported:
    """Enter what a station observed, a line each, in the order of moments; what is wrong with a line stops no other.

    Who: headquarters.   Refuses: no-source, no-lines, too-many-lines, and as `note_weather` what is wrong with all of them.
    Journals: WeatherImported, WeatherNoted for each accepted line.
    Promises: the same line twice is one observation; rules of the plan begin and end as if each had been entered.
    """
    given = [(number, text.strip()) for number, text in enumerate(lines.splitlines(), start=1) if text.strip()]
    if not source.strip():
        raise NO_SOURCE.because()
    if not given:
        raise NO_LINES.because()
    if len(given) > MOST:
        raise TOO_MANY_LINES.because(n=len(given), most=MOST)
    known = set(Observation.objects.filter(response_ref=response).values_list("measure", "observed_at", "value"))
    read, rejected = list(_read(given)), []
    accepted = duplicate = 0
    for number, text, found in sorted(read, key=lambda one: one[2][1] if isinstance(one[2], tuple) else at):
        if isinstance(found, Refusal):
            rejected.append(Rejected(number, text, found.text))
        elif found in known:
            duplicate += 1
        else:
            measure, moment, value = found
            try:
                note_weather(
                    response=response, measure=measure, value=value, observed_at=moment, source=source, by=by, at=at
                )
            except Refusal as refusal:
                if refusal.code in ("not-found", "not-permitted"):
                    raise
                rejected.append(Rejected(number, text, refusal.text))
            else:
                known.add(found)
                accepted += 1
    record(WeatherImported(len(given), accepted, len(rejected), duplicate, source.strip()), about=response)
    return Imported(len(given), accepted, duplicate, tuple(sorted(rejected, key=lambda one: one.number)))


def _read(given: list[tuple[int, str]]) -> Iterator[tuple[int, str, tuple[str, datetime, float] | Refusal]]:
    words = {name.lower(): key for key, one in MEASURES.items() for name in (key, one.name.zh, one.name.en.replace(" ", "-"))}
    zone = ZoneInfo(settings.TIME_ZONE)
    for number, text in given:
        found = _LINE.fullmatch(text)
        measure = words.get(found[3].lower()) if found else None
        try:
            moment = parse_moment(f"{found[1]}T{found[2]:0>5}", zone) if found else None
        except ValueError:
            moment = None
        if found is None or measure is None or moment is None:
            yield number, text, LINE_UNREADABLE.because(line=text[:60])
        else:
            yield number, text, (measure, moment, float(found[4]))
