"""Rounds, the pure part: what a person's state is, given everything known; when tubes seal; who may be excused.

The state is a fold over a set of facts: whatever order they arrive in, the same set gives the same state.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import cos, radians
from typing import Any, NamedTuple

from firebreak.kernel.text import T
from firebreak.operations.rounds.plan import RoundsSection
from firebreak.operations.rounds.refusals import (
    NOT_THIS_PROOF,
    NOTE_MISSING,
    SITE_BENCHES,
    SITE_CODE,
    SITE_NAME,
    SITE_PLACE,
    TOO_FEW_ATTEMPTS,
    UNKNOWN_OUTCOME,
    UNKNOWN_REASON,
)
from firebreak.operations.rounds.states import DECIDED, RESULTS, TESTING_WORDS, State

_SITE_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
BENCHES_AT_MOST = 200
_RANK = {state: rank for rank, state in enumerate([State.TO_DO, State.UNREACHABLE, State.AWAY, *DECIDED])}


class Fact(NamedTuple):
    """One thing known about a person in a round.

    `kind` is scan, attempt or decision. `state` is what it says by itself. A scan or an attempt may be `undone_at`;
    an attempt may name a moment to come again (`revisit_at`). `key` names what may be undone, and breaks ties.
    """

    kind: str
    state: str
    happened_at: datetime
    key: str
    undone_at: datetime | None = None
    revisit_at: datetime | None = None
    tube: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for a person: the state and, for those to be tried again, when."""

    state: str
    revisit_at: datetime | None = None


_TO_DO = Standing(State.TO_DO)
SAMPLED = Standing(State.SAMPLED)


def fold(facts: Iterable[Fact], at: datetime | None = None) -> Standing:
    """How a person stands at a moment (None: after everything).

    A swab that was taken and not undone makes them sampled, whatever anybody decided; else the latest decision
    holds; else, unless a decision was taken back after it, the latest attempt. What was undone says nothing.
    """
    known = [fact for fact in facts if (at is None or fact.happened_at <= at) and not _undone(fact, at)]
    if any(fact.kind == "scan" for fact in known):
        return SAMPLED
    decision = _latest(known, "decision")
    if decision is not None and decision.state != State.TO_DO:
        return Standing(decision.state)
    attempt = _latest(known, "attempt")
    if attempt is None or (decision is not None and decision.happened_at >= attempt.happened_at):
        return _TO_DO
    return Standing(attempt.state, attempt.revisit_at if attempt.state != State.TO_DO else None)


def _undone(fact: Fact, at: datetime | None) -> bool:
    return fact.undone_at is not None and (at is None or max(fact.undone_at, fact.happened_at) <= at)


def _latest(facts: Sequence[Fact], kind: str) -> Fact | None:
    chosen = [fact for fact in facts if fact.kind == kind]
    return max(chosen, key=_order, default=None)


def _order(fact: Fact) -> tuple[datetime, bool, int, str]:
    """Later holds. At one moment a decision taken back holds over the decision: the clock may have stood still."""
    taken_back = fact.kind == "decision" and fact.state == State.TO_DO
    return fact.happened_at, taken_back, _RANK[State(fact.state)], fact.key


def moments(facts: Iterable[Fact]) -> set[datetime]:
    """The moments at which the facts may change how the person stands."""
    found = set()
    for fact in facts:
        found.add(fact.happened_at)
        if fact.undone_at is not None:
            found.add(max(fact.undone_at, fact.happened_at))
    return found


def outcomes(before: Sequence[Fact], after: Sequence[Fact]) -> list[tuple[datetime, str]]:
    """The rows to append when `after` is known instead of `before`: (moment, state), in order of time.

    Each new moment leaves a row, and each later one at which what held before no longer does; so the row with
    the latest (moment, number) always tells how the person stood.
    """
    old = moments(before)
    return [
        (moment, state) for moment in sorted(moments(after))
        if (state := fold(after, moment).state) != fold(before, moment).state or moment not in old
    ]


@dataclass(frozen=True, slots=True)
class Excuse:
    """A reason of the plan for which somebody need not be sampled."""

    duty: str
    evidence: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Ending:
    """An outcome that makes a person done; `again_after_days` is 0 when nothing follows it."""

    zh: str
    en: str
    again_after_days: int = 0

    @property
    def word(self) -> T:
        """In words."""
        return T(self.zh, self.en)


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules a round was opened under. With `custody` every tube is owed a result, because the plan says who tests
    them; rounds of an older program had none. `words` say round, site and each state as its plan calls them."""

    pool_size: int
    attempts_before_refusal: int
    refusal_duty: str
    revisit_hours: dict[str, int]
    excuses: dict[str, Excuse]
    unit: str = "person"
    proof: str = "tube"
    covers: tuple[int, int] | None = None
    outcomes: dict[str, Ending] = field(default_factory=dict)
    again_duty: str = ""
    custody: bool = False
    doors_a_shift: int | None = None
    words: dict[str, T] = field(default_factory=lambda: dict(TESTING_WORDS))

    @property
    def in_tubes(self) -> bool:
        """Whether a swab in a tube makes somebody done."""
        return self.proof == "tube"

    def check_outcome(self, outcome: str) -> Ending:
        """The outcome by key. Refuses `not-this-proof`, `unknown-outcome`."""
        if self.in_tubes:
            raise NOT_THIS_PROOF.because()
        if outcome not in self.outcomes:
            raise UNKNOWN_OUTCOME.because(outcome=outcome[:40])
        return self.outcomes[outcome]

    def check_excuse(self, reason: str, note: str) -> None:
        """Refuse `unknown-reason`, or `note-missing` when the reason asks for evidence."""
        excuse = self.excuses.get(reason)
        if excuse is None:
            raise UNKNOWN_REASON.because(reason=reason)
        if excuse.evidence != "none" and not note.strip():
            raise NOTE_MISSING.because()

    def check_refusal(self, attempts: int) -> None:
        """Refuse `too-few-attempts` before the plan's number is reached."""
        if attempts < self.attempts_before_refusal:
            raise TOO_FEW_ATTEMPTS.because(attempts=attempts, needed=self.attempts_before_refusal)

    def revisit(self, result: str, happened_at: datetime, asked: datetime | None) -> datetime | None:
        """When to come again: as asked, else after the plan's hours; never before the attempt itself."""
        state = RESULTS[result][0]
        if state == State.TO_DO:
            return asked
        if asked is not None and asked > happened_at:
            return asked
        return happened_at + timedelta(hours=self.revisit_hours[state])


def words_of(plan: RoundsSection) -> dict[str, T]:
    """What a plan calls a round, its sites and each state."""
    return read_terms(terms_of(plan)).words


def terms_of(plan: RoundsSection) -> dict[str, object]:
    """The plan's rules as the round keeps them (JSON)."""
    follow = plan.follow_up
    kept: dict[str, object] = {
        "pool_size": plan.pool_size(None),
        "attempts_before_refusal": follow.attempts_before_refusal_closes.value,
        "refusal_duty": follow.refusal_decider_duty,
        "revisit_hours": {
            "away": follow.revisit_away_hours.value, "unreachable": follow.revisit_unreachable_hours.value,
        },
        "excuses": {
            reason.key: {
                "duty": reason.decider_duty, "evidence": reason.evidence, "zh": reason.name_zh, "en": reason.name_en,
            }
            for reason in plan.excuse_reasons
        },
        "unit": plan.unit,
        "proof": plan.proof,
        "again_duty": follow.again_duty or "",
        "doors_a_shift": follow.doors_a_shift.value if follow.doors_a_shift else None,
        "covers": [plan.covers.from_months, plan.covers.below_months] if plan.covers else None,
        "outcomes": {
            one.key: {
                "zh": one.name_zh,
                "en": one.name_en,
                "again_after_days": one.again_after_days.value if one.again_after_days else 0,
            }
            for one in plan.outcomes
        },
        "words": {state.key: {"zh": state.name_zh, "en": state.name_en} for state in plan.states},
    }
    if plan.words is not None:
        named = (("round", plan.words.round), ("site", plan.words.site))
        kept["words"] |= {key: {"zh": word.zh, "en": word.en} for key, word in named}  # type: ignore[operator]  # a dict
    return kept


def read_terms(kept: Mapping[str, Any]) -> Terms:
    """`terms_of` read back; rounds of an older program had no outcomes and only the words of testing."""
    terms = dict(kept)
    terms["excuses"] = {key: Excuse(**excuse) for key, excuse in kept["excuses"].items()}
    terms["outcomes"] = {key: Ending(**ending) for key, ending in kept.get("outcomes", {}).items()}
    terms["words"] = TESTING_WORDS | {key: T(**word) for key, word in kept.get("words", {}).items()}
    covers = kept.get("covers")
    terms["covers"] = (covers[0], covers[1]) if covers else None
    return Terms(**terms)


def months_before(day: date, months: int) -> date:
    """The day so many months earlier; the last of its month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: WGS-84 longitude and latitude (None when not known), and its area path."""

    lon: float | None
    lat: float | None
    path: str


def nearest(places: Sequence[Place], sites: Sequence[Place]) -> list[int]:
    """For each place the index of the nearest site; where it has no coordinates, of one in the same area.

    Degrees of longitude are shrunk by the cosine of the latitude: flat enough to rank sites within a district.
    """
    shrink = cos(radians(sites[0].lat or 0.0)) if sites else 1.0
    chosen = []
    for place in places:
        near = [number for number, site in enumerate(sites) if place.path.startswith(site.path)]
        if place.lon is None or place.lat is None:
            chosen.append(near[0] if near else 0)
            continue
        chosen.append(min(range(len(sites)), key=lambda number: _apart(place, sites[number], shrink)))
    return chosen


def check_site(code: str, name: str, lon: float, lat: float, benches: int) -> None:
    """Refuse a site that no address could show, no map could place or nobody could work at."""
    if not _SITE_CODE.fullmatch(code):
        raise SITE_CODE.because(site=code[:60])
    if not name.strip():
        raise SITE_NAME.because(site=code)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise SITE_PLACE.because(site=code, lon=lon, lat=lat)
    if not 0 <= benches <= BENCHES_AT_MOST:
        raise SITE_BENCHES.because(site=code, benches=benches)


def _apart(place: Place, site: Place, shrink: float) -> float:
    """Squared distance in degrees of latitude."""
    east = ((place.lon or 0.0) - (site.lon or 0.0)) * shrink
    north = (place.lat or 0.0) - (site.lat or 0.0)
    return float(east * east + north * north)
