"""What a tier asks of people, measure by measure, in words; and what changes from one tier to another. Pure."""

from dataclasses import dataclass

from firebreak.kernel.text import T
from firebreak.operations.zones.plan import ZonesSection, ZoneTier

_FREEDOMS = {
    "free": T("不受限", "free"), "limited": T("有限制", "limited"),
    "staggered_pickup": T("仅限错峰取物", "only for a pick-up slot"),
    "with_approval": T("经批准", "with approval"), "not_allowed": T("不允许", "not allowed"),
}
_PASSES = {
    "not_needed": T("不需要", "none needed"), "pickup_slot": T("取物时段票", "pick-up slot"),
    "with_approval": T("批准的通行证", "an approved pass"),
    "emergency_only": T("仅就医等紧急情况,经批准、专车闭环", "emergencies only: approved, own car, closed loop"),
}
_POINTS = {
    "self": T("自行购买", "people shop themselves"), "building_door": T("送到楼门口", "to the building door"),
    "home_door": T("送到家门口", "to the home door"),
}
_POOL_BY = {
    "people": T("{n} 人一管", "{n} people a tube"),
    "household": T("按户,每管最多 {n} 人", "by household, {n} a tube at most"),
}
_NAMES = {
    "leave_home": T("出家门", "Leaving home"), "leave_area": T("出区", "Leaving the area"),
    "gathering": T("聚集", "Gatherings"), "visits": T("外人来访", "Visitors"), "passes": T("通行凭证", "Passes"),
    "deliveries_to": T("物资", "Deliveries"), "test_every_days": T("检测频次", "Tests"),
    "pool": T("混检", "Pooling"), "guarded_hours_per_day": T("区界值守", "Border guarded"),
}
NOT_SET = T("预案没有规定", "the plan does not say")
NO_RULE = T("没有分区规定", "no rule of a zone")


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure in words; `verified` when the plan saw its value in a published text."""

    key: str
    name: T
    words: T
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """One measure, old and new."""

    name: T
    old: T
    new: T
    verified: bool


def measures_of(tier: ZoneTier | None, plain_pool: int | None = None) -> tuple[Measure, ...]:
    """The measures of a tier in the order of a notice; of no tier when `None`. `plain_pool` is the pool without one."""
    if tier is None:
        pool = NOT_SET if plain_pool is None else _POOL_BY["people"].filled(n=plain_pool)
        return tuple(Measure(key, name, pool if key == "pool" else NO_RULE) for key, name in _NAMES.items())
    asked = tier.measures
    every = asked.test_every_days
    found = {
        "leave_home": (_FREEDOMS[asked.leave_home.value], asked.leave_home.verified),
        "leave_area": (_FREEDOMS[asked.leave_area.value], asked.leave_area.verified),
        "gathering": (_FREEDOMS[asked.gathering.value], asked.gathering.verified),
        "visits": (_FREEDOMS[asked.visits.value], asked.visits.verified),
        "passes": (NOT_SET, True) if asked.passes is None else (_PASSES[asked.passes.value], asked.passes.verified),
        "deliveries_to": (_POINTS[asked.deliveries_to.value], asked.deliveries_to.verified),
        "test_every_days": (NOT_SET, True)
        if every is None
        else (T(f"每 {every.value} 天一次", f"every {every.value} days"), every.verified),
        "pool": _pool(tier),
        "guarded_hours_per_day": (_guarded(asked.guarded_hours_per_day.value), asked.guarded_hours_per_day.verified),
    }
    return tuple(Measure(key, name, *found[key]) for key, name in _NAMES.items())


def _pool(tier: ZoneTier) -> tuple[T, bool]:
    if tier.pool_by is None or tier.pool_size_people is None:
        return NOT_SET, True
    words = _POOL_BY[tier.pool_by.value].filled(n=tier.pool_size_people.value)
    return words, tier.pool_by.verified and tier.pool_size_people.verified


def compare(section: ZonesSection, before: str, after: str, plain_pool: int | None = None) -> tuple[Change, ...]:
    """Every measure under one tier and under another (empty: none); those that stay are left out."""
    old, new = (measures_of(section.tier(key) if key else None, plain_pool) for key in (before, after))
    return tuple(
        Change(was.name, was.words, now.words, now.verified)
        for was, now in zip(old, new, strict=True) if was.words != now.words
    )


def _guarded(hours: int) -> T:
    return T(f"每天 {hours} 小时", f"{hours} hours a day") if hours else T("不值守", "not guarded")
