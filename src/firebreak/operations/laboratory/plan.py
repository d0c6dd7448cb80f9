"""The laboratory section of a plan pack: bags, clocks, what a laboratory says, blind controls."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from firebreak.engine.plans.sections import Misfit, Neighbours, Section, by_key, register_section, unknown_key
from firebreak.engine.plans.values import Cited, Hours, Key, Minutes, Named
from firebreak.engine.units.plan import UnitsSection
from firebreak.kernel.text import T
from firebreak.operations.laboratory.stages import Means
from firebreak.operations.rounds.plan import RoundsSection

Some = Annotated[int, Field(ge=1)]


class ResultWord(Named):
    """A word a laboratory uses."""

    means: Literal["negative", "positive", "weak", "invalid"]
    """What it means for those in the tube."""
    spellings: tuple[str, ...] = Field(min_length=1)
    """How files spell it; compared without case and spaces."""


class LaboratorySection(Section):
    """What happens to a tube after it is sealed."""

    bag_tubes_at_most: Cited[Some]
    """Tubes in one bag."""
    leave_site_within_minutes: Cited[Minutes]
    """Minutes from the seal until a tube leaves its site."""
    unit: Key
    """Unit whose leader answers for every tube without a result, and for everybody of a positive one."""
    fastest_test_minutes: Cited[Some]
    """Minutes from arrival below which a result cannot be honest."""
    controls_a_round: Cited[Some]
    """Blind positives a round."""
    results: tuple[ResultWord, ...] = Field(min_length=2)
    """What laboratories say."""
    recheck_within_hours: Cited[Hours]
    """Hours until everybody of a positive pool has a result of their own."""

    def word(self, key: str) -> ResultWord:
        """A word by key. Errors: `LookupError`."""
        return by_key(self.results, key)

    def means_of(self, said: str) -> Means | None:
        """What a word of a file means; None when the plan does not know it."""
        plain = said.casefold().replace(" ", "")
        return next(
            (
                Means(one.means) for one in self.results
                if plain in {one.key, *(spelled.casefold().replace(" ", "") for spelled in one.spellings)}
            ),
            None,
        )

    def misfits(self, pack: Neighbours) -> Iterator[Misfit]:
        """A unit nobody has, a spelling used twice, a plan without negative or positive, rounds without tubes."""
        units, rounds = pack.find(UnitsSection), pack.find(RoundsSection)
        if units is not None and self.unit not in units.unit_keys:
            yield unknown_key(("unit",), self.unit, T("单位", "unit"))
        if rounds is not None and rounds.proof != "tube":
            yield Misfit(("unit",), T("轮次不用管,不需要实验室一节。", "Rounds use no tubes, so nothing goes to a laboratory."))
        for means in sorted({"negative", "positive"} - {one.means for one in self.results}):
            yield Misfit(("results",), T(f"没有表示“{means}”的结果。", f"No word means '{means}'."))
        spelled = [name.casefold().replace(" ", "") for one in self.results for name in one.spellings]
        for name in sorted({name for name in spelled if spelled.count(name) > 1}):
            yield Misfit(("results",), T(f"“{name}”写了两次。", f"'{name}' is spelled for two of them."))


register_section("laboratory", LaboratorySection)
