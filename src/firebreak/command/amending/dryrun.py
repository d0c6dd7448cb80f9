"""What an amendment would do: the values that differ, what is open and judged by them, and what it would orphan.

Reads only. The same verdicts that decide about releases judge every open matter twice, under the plan that holds
and under the one that would.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from firebreak.command.activation.models import Response
from firebreak.command.activation.plan import ActivationSection
from firebreak.command.inspections.models import Inspection
from firebreak.command.inspections.plan import InspectionsSection
from firebreak.command.releasing import queries as releasing
from firebreak.command.releasing.rules import Verdict
from firebreak.engine.plans.differences import Difference, differences
from firebreak.engine.plans.models import AdoptedPlan
from firebreak.engine.plans.packs import Pack
from firebreak.engine.plans.queries import adopted
from firebreak.engine.tasks.models import Task
from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Round
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection

_LIVE_ZONES = (Zone.Status.PROPOSED, Zone.Status.IN_FORCE)
_SECTION = T("整个部分“{name}”", "the whole section '{name}'")
_LEVEL = T("响应级别“{name}”", "the level '{name}'")
_TIER = T("{name}的等级“{key}”", "the tier '{key}' of {name}")
_CHECKLIST = T("督导 {number} 的清单“{key}”", "the list '{key}' of inspection {number}")
_ROUND = T("第 {number} 轮", "Round {number}")


@dataclass(frozen=True, slots=True)
class Judged:
    """Something that may end, under both plans. `ref` is a zone or the response; `names` are those of its tier.

    A verdict is None where the plan sets no condition; `review_late` says that its review day lies past the new limit.
    """

    ref: str
    name: T
    names: tuple[T, T]
    before: Verdict | None
    after: Verdict | None
    review_late: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything about it differs."""
        return self.names[0] != self.names[1] or self.before != self.after or self.review_late


@dataclass(frozen=True, slots=True)
class DryRun:
    """`judged` is everything open that the plan judges; `kept` goes on under the terms it was opened with."""

    differences: tuple[Difference, ...]
    judged: tuple[Judged, ...]
    kept: tuple[T, ...]
    orphans: tuple[T, ...]

    @property
    def changed(self) -> list[Judged]:
        """What would be judged differently."""
        return [one for one in self.judged if one.changed]


def dry_run(response: Response, plan: AdoptedPlan, at: datetime) -> DryRun:
    """What following `plan` instead would change at `at`. About eight queries for each zone in force; writes nothing."""
    old, new = adopted(response.plan.ref), adopted(plan.ref)
    orphans = tuple(_orphans(response, old, new))
    return DryRun(
        differences=tuple(differences(old, new)),
        judged=() if orphans else tuple(_judged(response, _under(response, plan), at)),
        kept=tuple(_kept(response)), orphans=orphans,
    )


def _under(response: Response, plan: AdoptedPlan) -> Response:
    """The response as it would be; never saved."""
    other = copy(response)
    other.plan = plan
    return other


def _orphans(response: Response, old: Pack, new: Pack) -> Iterator[T]:
    """What is in use and the new plan does not know."""
    for name in sorted(old.sections.keys() - new.sections.keys()):
        yield _SECTION.filled(name=name)
    activation, zones, lists = new.find(ActivationSection), new.find(ZonesSection), new.find(InspectionsSection)
    if activation and response.level not in {level.key for level in activation.levels}:
        yield _LEVEL.filled(name=response.level)
    if zones:
        for row in Zone.objects.filter(response_ref=response.ref, status__in=_LIVE_ZONES).order_by("id"):
            if row.tier not in zones.tier_keys:
                yield _TIER.filled(name=T(row.name_zh, row.name_en or row.name_zh), key=row.tier)
    if lists:
        known = {one.key for one in lists.checklists}
        live = Inspection.objects.filter(response_ref=response.ref).exclude(task__status=Task.Status.ENDED)
        for number, key in live.order_by("id").values_list("number", "checklist"):
            if key not in known:
                yield _CHECKLIST.filled(number=number, key=key)


def _judged(now: Response, then: Response, at: datetime) -> Iterator[Judged]:
    before, after = (adopted(one.plan.ref).section(ZonesSection) for one in (now, then))
    for zone in Zone.objects.filter(response_ref=now.ref, status=Zone.Status.IN_FORCE).order_by("id"):
        tiers = before.tier(zone.tier), after.tier(zone.tier)
        days = tiers[1].max_days_before_review.value
        yield Judged(
            zone.ref, T(zone.name_zh, zone.name_en or zone.name_zh), (tiers[0].name, tiers[1].name),
            releasing.verdict(releasing.of_zone(zone, now, at), at), releasing.verdict(releasing.of_zone(zone, then, at), at),
            review_late=(zone.review_on - zone.effective_at.date()).days > days,
        )
    name = T(now.name_zh, now.name_en)
    yield Judged(now.ref, name, (name, name), _whole(now, at), _whole(then, at))


def _whole(response: Response, at: datetime) -> Verdict | None:
    subject = releasing.of_response(response)
    return None if subject is None else releasing.verdict(subject, at)


def _kept(response: Response) -> Iterator[T]:
    """Open rounds carry their own terms, so that nobody's tube changes its rule half-way."""
    rows = Round.objects.filter(response_ref=response.ref, status=Round.Status.OPEN).order_by("number")
    for number in rows.values_list("number", flat=True):
        yield _ROUND.filled(number=number)
