"""Judging the primitives of a plan from facts. Pure: facts and the moment in, lines with their evidence out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from firebreak.engine.plans import release as plan
from firebreak.engine.plans.release import Primitive, Release
from firebreak.kernel.text import T

ATTESTED = ("contacts_closed", "round_all_negative", "expert_override")
"""Primitives whose facts only people know so far."""
NAMES: dict[str, T] = {
    "no_new_cases": T("连续 {n} 天无新增", "{n} days in a row without a new case"),
    "contacts_closed": T(
        "末例密接自末次暴露满 {n} 天且阴性", "last contact {n} days after the last exposure, and negative"
    ),
    "round_all_negative": T("近 {n} 天内一轮检测全部阴性", "a whole round within {n} days, all negative"),
    "other_tiers_ended": T("更严的分区都已结束", "the stricter zones have all ended"),
    "suspects_cleared": T("没有待查的疑似", "no suspicion is open"),
    "round_complete": T(
        "近 {n} 天内一轮办结,完成不低于 {percent}%", "a round closed within {n} days, at least {percent} % done"
    ),
    "expert_override": T("专家组({n} 人以上签字)决定", "decided by a panel of {n} or more"),
}
RESETS: dict[str, T] = {
    "no_new_cases": T("出现新增即重新起算", "a new case starts the count again"),
    "contacts_closed": T("新增密接即重新起算", "a new contact starts the count again"),
    "round_all_negative": T("过期或检出阳性即失效", "lapses with its days, or with a positive"),
    "other_tiers_ended": T("再设更严的分区即失效", "a new stricter zone undoes it"),
    "suspects_cleared": T("新报疑似即失效", "a new suspicion undoes it"),
    "round_complete": T("过期即失效", "lapses with its days"),
}
_NOBODY = T("还没有人登记依据", "nobody has stated it yet")
_NONE_EVER = T("没有病例;自 {at} 起算", "no case; counted from {at}")
_LAST_CASE = T("末例 {at}", "last case {at}")
_STATED = T("{by} 登记:{what}({source})", "{by} stated: {what} ({source})")
_OPEN = T("还有 {n} 起疑似待查", "open suspicions: {n}")
_CLEAR = T("没有", "none")
_OTHERS = T("还有 {n} 个", "{n} left")
_NO_OTHER = T("还没有设过更严的分区", "no stricter zone has stood yet")
_LAST_OTHER = T("最后一个 {at} 结束", "the last ended {at}")
_NO_ROUND = T("近 {n} 天内没有办结的轮次", "no round closed within {n} days")
_ROUND = T("第 {number} 轮 {at} 办结,完成 {done}%", "round {number} closed {at}, {done} % done")


@dataclass(frozen=True, slots=True)
class Stated:
    """An attestation that holds: since when, how many signed, in whose words."""

    since: datetime
    people: int
    statement: str
    source: str
    by: T
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class ClosedRound:
    """The last round over the whole area that closed: how many owed, how many of them done."""

    number: int
    closed_at: datetime
    owed: int
    done: int

    @property
    def percent(self) -> int:
        """Share done, in whole per cent, rounded down."""
        return 100 * self.done // self.owed if self.owed else 100


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a zone or response. `began_at` is when it began; moments are aware.

    `stricter_zones` are in force or proposed; `stricter_ended_at` is when the last of those that stood ended.
    """

    began_at: datetime
    last_case_at: datetime | None
    open_suspicions: int
    stricter_zones: int
    stricter_ended_at: datetime | None
    last_round: ClosedRound | None
    stated: dict[str, Stated]


@dataclass(frozen=True, slots=True)
class Line:
    """One primitive and what was found. `holds` None: nobody has said. `ready_at`: when it would hold."""

    primitive: str
    name: T
    holds: bool | None
    evidence: tuple[T, datetime | None]
    ready_at: datetime | None = None
    resets: T | None = None
    verified: bool = False

    @property
    def attestable(self) -> bool:
        """Whether a person states it."""
        return self.primitive in ATTESTED


@dataclass(frozen=True, slots=True)
class Verdict:
    """All lines: each of `all_of` must hold, or one of `or_any_of`."""

    all_of: tuple[Line, ...]
    or_any_of: tuple[Line, ...]

    @property
    def met(self) -> bool:
        """Whether the end may be proposed."""
        return all(line.holds for line in self.all_of) or any(line.holds for line in self.or_any_of)

    @property
    def missing(self) -> list[Line]:
        """The lines that do not hold."""
        return [line for line in self.all_of if not line.holds]

    @property
    def ready_at(self) -> datetime | None:
        """When the last countdown ends, if counting is all that is missing."""
        waits = [line.ready_at for line in self.missing]
        known = [moment for moment in waits if moment is not None]
        return max(known) if known and len(known) == len(waits) else None


def judge(release: Release, facts: Facts, now: datetime) -> Verdict:
    """The verdict of a plan's condition over these facts."""
    return Verdict(
        tuple(_line(one, facts, now) for one in release.all_of),
        tuple(_line(one, facts, now) for one in release.or_any_of),
    )


def panel_of(primitives: Iterable[Primitive]) -> int:
    """How many must sign an override; 0 when the plan knows none."""
    return next((one.panel_at_least_people.value for one in primitives if isinstance(one, plan.ExpertOverride)), 0)


def _line(one: Primitive, facts: Facts, now: datetime) -> Line:
    match one:
        case plan.NoNewCases():
            return _counted(one, one.clean_days.value, one.clean_days.verified, *_last_case(facts), now)
        case plan.ContactsClosed():
            said, days = facts.stated.get(one.primitive), one.days_since_last_exposure
            if said is None:
                return _unsaid(one, days.value, days.verified)
            return _counted(one, days.value, days.verified, said.since, _words(said), now)
        case plan.RoundAllNegative():
            return _negative(one, facts, now)
        case plan.RoundComplete():
            return _complete(one, facts, now)
        case plan.OtherTiersEnded():
            return _others(one, facts)
        case plan.SuspectsCleared():
            left = facts.open_suspicions
            words = _OPEN.filled(n=left) if left else _CLEAR
            return Line(
                one.primitive,
                NAMES[one.primitive],
                not left,
                (words, None),
                resets=RESETS[one.primitive],
                verified=one.verified,
            )
        case plan.ExpertOverride():
            said, needed = facts.stated.get(one.primitive), one.panel_at_least_people
            if said is None:
                return _unsaid(one, needed.value, needed.verified)
            enough = said.people >= needed.value
            return Line(one.primitive, _name(one, needed.value), enough, (_words(said), said.happened_at))


def _last_case(facts: Facts) -> tuple[datetime, T]:
    if facts.last_case_at is None:
        return facts.began_at, _NONE_EVER
    return max(facts.last_case_at, facts.began_at), _LAST_CASE


def _counted(one: Primitive, days: int, verified: bool, since: datetime, words: T, now: datetime) -> Line:
    """So many whole days since a moment."""
    ready = since + timedelta(days=days)
    return Line(
        one.primitive, _name(one, days), now >= ready, (words, since), ready, RESETS.get(one.primitive), verified
    )


def _others(one: plan.OtherTiersEnded, facts: Facts) -> Line:
    """Nothing is the last to end while the first has not begun: a stricter zone must have stood."""
    left, ended = facts.stricter_zones, facts.stricter_ended_at
    words = _OTHERS.filled(n=left) if left else _LAST_OTHER if ended else _NO_OTHER
    return Line(
        one.primitive, NAMES[one.primitive], not left and ended is not None, (words, None if left else ended),
        resets=RESETS[one.primitive], verified=one.verified,
    )


def _negative(one: plan.RoundAllNegative, facts: Facts, now: datetime) -> Line:
    """A round closed lately, and somebody stated afterwards that all its results are negative."""
    days, last = one.within_days, facts.last_round
    said = facts.stated.get(one.primitive)
    if last is None or now - last.closed_at > timedelta(days=days.value):
        return Line(
            one.primitive,
            _name(one, days.value),
            False,
            (_NO_ROUND.filled(n=days.value), None),
            resets=RESETS[one.primitive],
            verified=days.verified,
        )
    if said is None or said.since < last.closed_at:
        return _unsaid(one, days.value, days.verified)
    return Line(
        one.primitive,
        _name(one, days.value),
        True,
        (_words(said), said.since),
        resets=RESETS[one.primitive],
        verified=days.verified,
    )


def _complete(one: plan.RoundComplete, facts: Facts, now: datetime) -> Line:
    days, last, share = one.within_days.value, facts.last_round, one.done_percent.value
    name = NAMES[one.primitive].filled(n=days, percent=share)
    verified = one.within_days.verified and one.done_percent.verified
    if last is None or now - last.closed_at > timedelta(days=days):
        none = _NO_ROUND.filled(n=days)
        return Line(one.primitive, name, False, (none, None), resets=RESETS[one.primitive], verified=verified)
    words = T(
        _ROUND.zh.replace("{number}", str(last.number)).replace("{done}", str(last.percent)),
        _ROUND.en.replace("{number}", str(last.number)).replace("{done}", str(last.percent)),
    )
    enough, lapses = last.percent >= share, RESETS[one.primitive]
    return Line(one.primitive, name, enough, (words, last.closed_at), resets=lapses, verified=verified)


def _unsaid(one: Primitive, n: int, verified: bool) -> Line:
    return Line(
        one.primitive, _name(one, n), None, (_NOBODY, None), resets=RESETS.get(one.primitive), verified=verified
    )


def _words(said: Stated) -> T:
    return _STATED.filled(by=said.by, what=said.statement, source=said.source)


def _name(one: Primitive, n: int) -> T:
    return NAMES[one.primitive].filled(n=n)


def listed(lines: Sequence[Line]) -> T:
    """The names of lines side by side."""
    return T(";".join(line.name.zh for line in lines), "; ".join(line.name.en for line in lines))
