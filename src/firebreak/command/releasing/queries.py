"""Gathering the facts for a verdict: signals, rounds and zones of the program, and what people stated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from firebreak.command.activation.models import Response, Signal
from firebreak.command.activation.plan import ActivationSection
from firebreak.command.releasing.models import Attestation
from firebreak.command.releasing.rules import ClosedRound, Facts, Stated, Verdict, judge
from firebreak.engine.access.models import Account
from firebreak.engine.plans.queries import adopted
from firebreak.engine.plans.release import Release
from firebreak.kernel.text import T
from firebreak.operations.rounds import boards
from firebreak.operations.rounds.models import Round
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection
from firebreak.operations.zones.queries import zone_buildings


@dataclass(frozen=True, slots=True)
class Subject:
    """What may end: its ref, the response, the condition of the plan, when it began, the paths it covers."""

    ref: str
    response: Response
    release: Release
    began_at: datetime
    paths: tuple[str, ...]
    zone: Zone | None = None


def of_zone(zone: Zone, response: Response, now: datetime) -> Subject:
    """A zone in force as a subject. Two queries."""
    section = adopted(response.plan.ref).section(ZonesSection)
    paths = zone_buildings(zone, max(now, zone.effective_at)).values_list("path", flat=True)
    return Subject(zone.ref, response, section.tier(zone.tier).release, zone.effective_at, tuple(paths), zone)


def of_response(response: Response) -> Subject | None:
    """A response as a subject; None when its plan does not say when it may end."""
    end = adopted(response.plan.ref).section(ActivationSection).end
    if end is None:
        return None
    return Subject(response.ref, response, end, response.signal.received_at, (response.area.path,))


def verdict(subject: Subject, now: datetime) -> Verdict:
    """How far a subject is from its end. Six queries at most, and two for each statement's names."""
    return judge(subject.release, facts(subject, now), now)


def facts(subject: Subject, now: datetime) -> Facts:
    """Everything known of a subject at a moment."""
    signals = [one for one in _signals(subject.response, now) if _touches(one.area.path, subject.paths)]
    live = [one for one in signals if one.status != Signal.Status.OVERTURNED]
    stricter, ended = _stricter(subject)
    return Facts(
        began_at=subject.began_at,
        last_case_at=max((one.sampled_at or one.received_at for one in live), default=None),
        open_suspicions=sum(one.status == Signal.Status.SUSPECTED for one in live),
        stricter_zones=stricter,
        stricter_ended_at=ended,
        last_round=_last_round(subject),
        stated=_stated(subject.ref, now),
    )


def _signals(response: Response, now: datetime) -> Iterable[Signal]:
    rows = Signal.objects.filter(received_at__lte=now, area__path__startswith=response.area.path)
    return rows.select_related("area").order_by("id")


def _touches(path: str, covered: Iterable[str]) -> bool:
    """A case known only to lie somewhere in a wider area counts for every part of it."""
    return any(path.startswith(one) or one.startswith(path) for one in covered)


def _stricter(subject: Subject) -> tuple[int, datetime | None]:
    """Zones of a stricter tier that stand or are proposed beside this one; when the last of the others ended. One query."""
    if subject.zone is None:
        return 0, None
    ranks = adopted(subject.response.plan.ref).section(ZonesSection).ranks
    own = ranks[subject.zone.tier]
    rows = Zone.objects.filter(response_ref=subject.response.ref).exclude(status=Zone.Status.WITHDRAWN)
    ends = [ended for tier, ended in rows.values_list("tier", "ended_at") if ranks[tier] > own]
    return ends.count(None), max((ended for ended in ends if ended is not None), default=None)


def _last_round(subject: Subject) -> ClosedRound | None:
    """The last closed round whose area covers the whole subject. Two queries."""
    rows = Round.objects.filter(response_ref=subject.response.ref, status=Round.Status.CLOSED).select_related("area")
    for row in rows.order_by("-closed_at", "-id"):
        if row.closed_at is not None and all(path.startswith(row.area.path) for path in subject.paths):
            found = boards.standing(row)
            return ClosedRound(row.number, row.closed_at, found.owed, found.sampled + found.closed - found.refused)
    return None


def attestations(about: str) -> QuerySet[Attestation]:
    """Everything stated about a subject, newest first."""
    return Attestation.objects.filter(about=about).order_by("-id")


def _stated(about: str, now: datetime) -> dict[str, Stated]:
    """The latest statement of each primitive that still holds. Three queries at most."""
    known = Attestation.objects.filter(about=about, happened_at__lte=now)
    latest = known.values("primitive").annotate(last=Max("id")).values("last")
    rows = list(Attestation.objects.filter(id__in=latest, holds=True))
    names = dict(Account.objects.filter(ref__in={row.by for row in rows}).values_list("ref", "name"))
    return {
        row.primitive: Stated(
            row.since,
            row.people,
            row.statement,
            row.source,
            T(names.get(row.by, row.by), names.get(row.by, row.by)),
            row.happened_at,
        )
        for row in rows
    }
