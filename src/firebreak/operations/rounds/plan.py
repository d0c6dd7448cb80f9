"""The rounds section of a plan pack: what a round owes whom, how it is staffed, followed up and closed.

A round is made of three things that a plan chooses: *who is owed* (everybody, or an age), *what one record covers*
(a person, or everybody behind a door) and *what counts as done* (a swab in a tube, or an outcome written down at the
door). A disease is nowhere in the program: testing, visits to households and doses are such choices.

Holds figures and words only. In no plan does a missed test cost anybody anything: `automated_penalty` can
only be false.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from firebreak.engine.plans.sections import Misfit, Neighbours, Section, by_key, register_section, unknown_key
from firebreak.engine.plans.values import Citation, Cited, Count, Hours, Key, Named, PlanModel, Words
from firebreak.engine.registry.plan import RegistrySection
from firebreak.engine.units.plan import UnitsSection
from firebreak.kernel.text import T
from firebreak.operations.zones.plan import ZonesSection

Bucket = Literal["done", "excused", "open"]
StateKey = Literal[
    "to_do", "sampled", "excused", "moved", "dead", "duplicate", "refused", "away", "unreachable"
]
_STATES: frozenset[str] = frozenset(StateKey.__args__)  # type: ignore[attr-defined]  # typeshed hides it
_DUTY, _UNIT, _NEED = T("职责", "duty"), T("单位", "unit"), T("需求", "need")
Some = Annotated[int, Field(ge=1)]


class FinishBand(PlanModel):
    """How long a round may take in an area of this size."""

    over_people: Count
    """Holds for areas of more people than this, up to the next band."""
    hours_to_finish: Cited[Annotated[int, Field(ge=1)]]
    """Hours from opening to the last person."""


class Staffing(PlanModel):
    """How many people one site, bench and sampler can serve."""

    people_per_site_at_least: Cited[Some]
    """Fewest people one site serves."""
    people_per_site_at_most: Cited[Some]
    """Most people one site serves."""
    people_per_bench_at_least: Cited[Some]
    """Fewest people one bench serves."""
    people_per_bench_at_most: Cited[Some]
    """Most people one bench serves."""
    people_per_sampler: Cited[Some]
    """People one sampler serves."""
    queue_room_people: Cited[Some]
    """People a site must have room for in line."""
    site_open_within_hours: Cited[Hours]
    """Hours from the order until a site works."""


class GroupPool(Named):
    """Pool size of a group of people, wherever they live."""

    pool_size_people: Cited[Annotated[int, Field(ge=1, le=30)]]
    """People in one tube at most."""


class ExcuseReason(Named, Citation):
    """A reason for which somebody need not be sampled in a round."""

    evidence: Literal["none", "note", "document"] = "none"
    """What must be recorded: nothing, a written note, or a document that was seen."""
    decider_duty: Key
    """Duty of the person who may excuse for this reason."""
    until_hours: Cited[Hours] | None = None
    """After how many hours it no longer excuses; absent when it holds for the round."""


class EndState(Named):
    """A state in which a person of a round may be, and the side of the balance it counts on."""

    key: StateKey
    """Name of the state."""
    letter_zh: str = Field(min_length=1, max_length=1)
    """The letter beside the colour, Chinese."""
    letter_en: str = Field(min_length=1, max_length=1)
    """The letter beside the colour, English."""
    bucket: Bucket
    """Side of the balance."""
    needs_decider: bool = False
    """True when a named person must have decided it."""

    @property
    def letter(self) -> T:
        """The letter beside the colour."""
        return T(self.letter_zh, self.letter_en)


class Covers(PlanModel):
    """Who is owed in a round, by age on the day it opens. Somebody whose birthday nobody knows is owed: one must look."""

    from_months: Annotated[int, Field(ge=0)] = 0
    """Youngest, in full months."""
    below_months: Annotated[int, Field(ge=1)]
    """Not yet this old, in full months."""


class Outcome(Named, Citation):
    """Something that, written down at the door, makes a person done in the round."""

    again_after_days: Cited[Annotated[int, Field(ge=1)]] | None = None
    """Days after which the person is owed another record, in a later round; absent when it is the end."""


class RoundWords(PlanModel):
    """What a round of this plan is called."""

    round: Words
    """The round itself: a testing round, a round of visits."""
    site: Words
    """The place its people work from."""


class FollowUp(PlanModel):
    """What happens to people who were not reached."""

    attempts_before_refusal_closes: Cited[Some]
    """Attempts that must stand in the log before a refusal may be closed."""
    refusal_decider_duty: Key
    """Duty of the person who may close a refusal."""
    revisit_away_hours: Cited[Hours]
    """Hours until somebody who is away is tried again."""
    revisit_unreachable_hours: Cited[Hours]
    """Hours until somebody nobody can reach is tried again."""
    doors_a_shift: Cited[Some] | None = None
    """Doors one person can work in a shift; work is not given to a post beyond that. Absent: no cap."""
    again_duty: Key | None = None
    """Duty of the person who answers for those owed another record; needed when an outcome asks for one."""


class AuditSample(PlanModel):
    """The check after a round: doors drawn at random."""

    sample_people: Cited[Some]
    """People drawn."""
    accept_missed_people: Cited[Count]
    """Missed people among them with which the round still passes."""


class ResultClock(PlanModel):
    """How soon a result must be there."""

    pooled_hours: Cited[Hours]
    """For a pooled tube."""
    recheck_hours: Cited[Hours]
    """For the re-check of one person."""


class Rhythm(PlanModel):
    """How often everybody with a need is tested, wherever they live."""

    need: Key
    """One of `own_round_needs`."""
    every_days: Cited[Annotated[int, Field(ge=1, le=60)]]
    """Days from one round of these people to the next."""


@dataclass(frozen=True, slots=True)
class StaffNeed:
    """What a round over so many people needs, lower and upper bounds."""

    sites_at_least: int
    sites_at_most: int
    benches_at_least: int
    benches_at_most: int
    samplers: int


class RoundsSection(Section):
    """Rounds: everybody on a closed list, each with one end."""

    unit: Literal["person", "household"]
    """What one record covers. People are counted either way."""
    proof: Literal["tube", "outcome"] = "tube"
    """What makes somebody done: a swab in a tube, or an outcome written down at the door."""
    words: RoundWords | None = None
    """What a round is called; absent for a testing round."""
    covers: Covers | None = None
    """Who is owed; absent when everybody is."""
    outcomes: tuple[Outcome, ...] = ()
    """What makes somebody done when the proof is an outcome."""
    finish: tuple[FinishBand, ...] = Field(min_length=1)
    """Hours a round may take, by people in the area."""
    staffing: Staffing | None = None
    """Sites, benches and samplers; needed when the proof is a tube."""
    pool_size_people: Cited[Annotated[int, Field(ge=1, le=30)]] | None = None
    """People in one tube at most where no zone says otherwise; needed when the proof is a tube."""
    group_pools: tuple[GroupPool, ...] = ()
    """Groups with a pool size of their own."""
    result_clock: ResultClock | None = None
    """How soon results must be there; needed when the proof is a tube."""
    excuse_reasons: tuple[ExcuseReason, ...] = Field(min_length=1)
    """Why somebody need not be sampled."""
    follow_up: FollowUp
    """People not reached."""
    states: tuple[EndState, ...]
    """Every state of a person, with its side of the balance."""
    audit: AuditSample
    """Check after the round."""
    own_round_needs: tuple[Key, ...] = ()
    """Needs that may have a round of their own: whoever works it learns who has them, so no illness belongs here."""
    rhythms: tuple[Rhythm, ...] = ()
    """How often people with a need are tested."""
    due_unit: Key | None = None
    """Unit whose leader is told that a zone, or people with a need, are due for a round."""
    automated_penalty: Literal[False]
    """A missed test makes a visit, never a penalty by machine."""
    missed_test_note: Cited[Words]
    """What a missed test leads to, in words shown beside the list."""

    def hours_to_finish(self, people: int) -> int:
        """Hours a round over this many people may take."""
        bands = [band for band in self.finish if people > band.over_people] or list(self.finish[:1])
        return max(bands, key=lambda band: band.over_people).hours_to_finish.value

    def excuse(self, key: str) -> ExcuseReason:
        """An excuse reason by key. Errors: `LookupError`."""
        return by_key(self.excuse_reasons, key)

    def state(self, key: str) -> EndState:
        """A state by key. Errors: `LookupError`."""
        return by_key(self.states, key)

    @property
    def bucket_of(self) -> Mapping[str, Bucket]:
        """Side of the balance by state."""
        return {state.key: state.bucket for state in self.states}

    def pool_size(self, zones: ZonesSection | None, *, tier: str = "", group: str = "") -> int:
        """People in one tube at most: the group's own size, else the tier's, else the plain one; 1 without tubes."""
        if self.pool_size_people is None:
            return 1
        if group:
            return by_key(self.group_pools, group).pool_size_people.value
        if tier and zones is not None:
            own = zones.tier(tier).pool_size_people
            return own.value if own is not None else self.pool_size_people.value
        return self.pool_size_people.value

    def staff_need(self, people: int) -> StaffNeed | None:
        """Sites, benches and samplers for this many people, each rounded up; None when the plan does not say."""
        staff = self.staffing
        if staff is None:
            return None
        return StaffNeed(
            sites_at_least=-(-people // staff.people_per_site_at_most.value),
            sites_at_most=-(-people // staff.people_per_site_at_least.value),
            benches_at_least=-(-people // staff.people_per_bench_at_most.value),
            benches_at_most=-(-people // staff.people_per_bench_at_least.value),
            samplers=-(-people // staff.people_per_sampler.value),
        )

    def misfits(self, pack: Neighbours) -> Iterator[Misfit]:
        """States left out, a proof without its terms, deciders nobody is, bounds the wrong way round."""
        for state in sorted(_STATES - {state.key for state in self.states}):
            yield Misfit(("states",), T(f"缺少状态“{state}”。", f"The state '{state}' is missing."))
        yield from self._proof_misfits()
        registry = pack.find(RegistrySection)
        known = {need.key for need in registry.need_kinds} if registry else set(self.own_round_needs)
        for number, need in enumerate(self.own_round_needs):
            if need not in known:
                yield unknown_key(("own_round_needs", number), need, _NEED)
        for number, rhythm in enumerate(self.rhythms):
            if rhythm.need not in self.own_round_needs:
                yield unknown_key(("rhythms", number, "need"), rhythm.need, _NEED)
        if self.covers is not None and self.covers.from_months >= self.covers.below_months:
            yield Misfit(("covers", "from_months"), T("下限不小于上限。", "The lower age is not below the upper one."))
        units = pack.find(UnitsSection)
        if units is None:
            return
        deciders: list[tuple[tuple[str | int, ...], str | None]] = [
            (("excuse_reasons", number, "decider_duty"), reason.decider_duty)
            for number, reason in enumerate(self.excuse_reasons)
        ]
        deciders += [
            (("follow_up", "refusal_decider_duty"), self.follow_up.refusal_decider_duty),
            (("follow_up", "again_duty"), self.follow_up.again_duty),
        ]
        for path, duty in deciders:
            if duty is not None and duty not in units.duty_keys:
                yield unknown_key(path, duty, _DUTY)
        if self.due_unit is not None and self.due_unit not in units.unit_keys:
            yield unknown_key(("due_unit",), self.due_unit, _UNIT)

    def _proof_misfits(self) -> Iterator[Misfit]:
        needed = ("staffing", "pool_size_people", "result_clock") if self.proof == "tube" else ("outcomes", "words")
        for name in needed:
            if not getattr(self, name):
                yield Misfit((name,), T(f"proof = “{self.proof}”时必须写。", f"Needed when proof is '{self.proof}'."))
        if self.proof == "tube" and (self.outcomes or self.unit != "person"):
            yield Misfit(
                ("proof",), T("按管计时没有 outcomes,也只能按人。", "Tubes have no outcomes and count single people.")
            )
        if self.follow_up.again_duty is None and any(outcome.again_after_days for outcome in self.outcomes):
            missing = T(
                "有再次上门的结果,却没有责任岗位。", "An outcome promises another visit that nobody answers for."
            )
            yield Misfit(("follow_up", "again_duty"), missing)
        staff = self.staffing
        if staff is None:
            return
        for what, least, most in (
            ("people_per_site_at_least", staff.people_per_site_at_least, staff.people_per_site_at_most),
            ("people_per_bench_at_least", staff.people_per_bench_at_least, staff.people_per_bench_at_most),
        ):
            if least.value > most.value:
                yield Misfit(("staffing", what), T("下限大于上限。", "The lower bound is above the upper one."))


register_section("rounds", RoundsSection)
