"""The zones section of a plan pack: the tiers, what each forbids, who may set it, when it may end.

Holds rules as values only. Setting a zone is an action; nothing here raises or lowers a tier by itself.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from firebreak.engine.plans.release import Release
from firebreak.engine.plans.sections import Misfit, Neighbours, Section, by_key, register_section, unknown_key
from firebreak.engine.plans.texts import misfits_of_places
from firebreak.engine.plans.values import Citation, Cited, Days, Key, Minutes, Named, PlanModel, Words
from firebreak.engine.units.plan import UnitsSection
from firebreak.kernel.text import T

Freedom = Literal["free", "limited", "staggered_pickup", "with_approval", "not_allowed"]
DeliveryPoint = Literal["self", "building_door", "home_door"]
PassRule = Literal["not_needed", "pickup_slot", "with_approval", "emergency_only"]
Occasion = Literal["begins", "ends"]
DrawingUnit = Literal["building", "compound", "village", "polygon"]
ORDER_PLACES = ("zone", "tier", "buildings", "households", "people", "begins")

_TIER = T("分区等级", "tier")


class Measures(PlanModel):
    """What a tier asks of the people in it."""

    leave_home: Cited[Freedom]
    """Leaving the home."""
    leave_area: Cited[Freedom]
    """Leaving the area."""
    gathering: Cited[Freedom]
    """Gatherings."""
    visits: Cited[Freedom]
    """Visitors from outside."""
    deliveries_to: Cited[DeliveryPoint]
    """How far goods are brought."""
    guarded_hours_per_day: Cited[Annotated[int, Field(ge=0, le=24)]]
    """Hours a day in which the border is guarded."""
    passes: Cited[PassRule] | None = None
    """What lets somebody through the border; absent when the plan does not say."""
    test_every_days: Cited[Annotated[int, Field(ge=1)]] | None = None
    """Days from one test of everybody inside to the next; absent when the plan sets no rhythm."""


class ZoneOrder(Named, Citation):
    """An order that is issued when a zone of this tier begins or ends."""

    occasion: Occasion
    """When it is issued."""
    unit: Key
    """Unit it goes to."""
    text: Words
    """The order itself, with `{zone}`, `{tier}`, `{buildings}`, `{households}`, `{people}` and `{begins}`."""
    deadline_minutes: Cited[Minutes]
    """Minutes in which it must be done, counted from the order."""


class NoticeTerms(PlanModel):
    """What every notice to residents carries, whatever the tier."""

    help_line: Cited[Annotated[str, Field(pattern=r"^[0-9+][0-9 -]{1,19}$")]]
    """Telephone number for help, as printed on the door."""
    appeal: Cited[Words]
    """Where somebody who disagrees turns to."""


class StepDown(PlanModel):
    """What follows when the tier ends."""

    tier: Key
    """The tier it becomes."""
    days: Cited[Days]
    """For how long."""


class ZoneTier(Named):
    """One tier of zones."""

    letter_zh: str = Field(min_length=1, max_length=1)
    """The letter beside the colour, Chinese."""
    letter_en: str = Field(min_length=1, max_length=1)
    """The letter beside the colour, English."""
    rank: Annotated[int, Field(ge=1)]
    """Strictness; where zones overlap the highest rank holds."""
    restrictive: bool
    """True when setting and releasing it takes two people."""
    approve_duty: Key
    """Duty of the person who approves it."""
    drawing_units: tuple[DrawingUnit, ...] = Field(min_length=1)
    """What it may be drawn by."""
    entry_rule: Cited[Words]
    """Which places belong to it."""
    rule: Cited[Words]
    """The rule in one sentence, as shown to residents."""
    legal_basis: Cited[Words]
    """The law it stands on, proposed when a zone is drawn."""
    pool_size_people: Cited[Annotated[int, Field(ge=1, le=30)]] | None = None
    """People in one tube at most; a tube seals itself at this number. Absent where nobody is tested in tubes."""
    pool_by: Cited[Literal["people", "household"]] | None = None
    """Whether a tube is filled person by person, or holds one household only. Absent where there are no tubes."""
    max_days_before_review: Cited[Annotated[int, Field(ge=1)]]
    """Days after which somebody must look at the zone again."""
    on_positive_inside: Cited[Key] | None = None
    """The tier that is proposed at once when somebody inside tests positive."""
    measures: Measures
    """What it asks of people."""
    release: Release
    """When its end may be proposed."""
    step_down: StepDown | None = None
    """What follows it; nothing when it simply ends."""
    orders: tuple[ZoneOrder, ...] = ()
    """Orders issued with it, in their order."""

    @property
    def letter(self) -> T:
        """The letter beside the colour."""
        return T(self.letter_zh, self.letter_en)


class ZonesSection(Section):
    """The tiers of zones, from open ground to lockdown."""

    tiers: tuple[ZoneTier, ...] = Field(min_length=1)
    """The tiers, strictest first."""
    notice: NoticeTerms | None = None
    """What every notice carries; without it notices name no number."""

    @property
    def ranks(self) -> dict[str, int]:
        """Strictness by tier."""
        return {tier.key: tier.rank for tier in self.tiers}

    def tier(self, key: str) -> ZoneTier:
        """A tier by key. Errors: `LookupError`."""
        return by_key(self.tiers, key)

    @property
    def tier_keys(self) -> frozenset[str]:
        """Keys of all tiers."""
        return frozenset(tier.key for tier in self.tiers)

    def misfits(self, pack: Neighbours) -> Iterator[Misfit]:
        """Tiers that lead to no tier, equal ranks, approvers nobody is."""
        units = pack.find(UnitsSection)
        ranks = [tier.rank for tier in self.tiers]
        for number, tier in enumerate(self.tiers):
            path = ("tiers", number)
            if ranks.count(tier.rank) > 1:
                yield Misfit((*path, "rank"), T("两个等级的 rank 相同。", "Two tiers have the same rank."))
            if tier.on_positive_inside and tier.on_positive_inside.value not in self.tier_keys:
                yield unknown_key((*path, "on_positive_inside"), tier.on_positive_inside.value, _TIER)
            if tier.step_down and tier.step_down.tier not in self.tier_keys:
                yield unknown_key((*path, "step_down", "tier"), tier.step_down.tier, _TIER)
            if units and tier.approve_duty not in units.duty_keys:
                yield unknown_key((*path, "approve_duty"), tier.approve_duty, T("职责", "duty"))
            for place, order in enumerate(tier.orders):
                yield from misfits_of_places((*path, "orders", place, "text"), order.text.text, ORDER_PLACES)
                if units and order.unit not in units.unit_keys:
                    yield unknown_key((*path, "orders", place, "unit"), order.unit, T("单位", "unit"))


register_section("zones", ZonesSection)
