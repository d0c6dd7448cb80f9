"""The inspections section of a plan pack: what is drawn, how many, the list to go by, who corrects and by when."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from firebreak.command.headquarters.plan import HeadquartersSection
from firebreak.engine.plans.sections import Misfit, Neighbours, Section, by_key, register_section, unknown_key
from firebreak.engine.plans.values import Cited, Key, Minutes, Named
from firebreak.engine.units.plan import UnitsSection
from firebreak.kernel.text import T

Drawn = Literal["site", "post", "building", "household", "tube"]


class CheckLine(Named):
    """One line of a list: what must be so."""

    unit: Key
    """Unit that corrects it when it is not so."""
    correct_within_minutes: Cited[Minutes]
    """Minutes it has for that."""


class Checklist(Named):
    """What is drawn and looked at."""

    draws: Drawn
    """What is drawn: a sampling site, a post, a building, a household's door, a tube."""
    count: Cited[Annotated[int, Field(ge=1, le=2000)]]
    """How many are proposed."""
    within_minutes: Cited[Minutes]
    """Minutes in which every one of them is looked at."""
    recheck_within_minutes: Cited[Minutes]
    """Minutes after a correction is due in which somebody looks again."""
    counts_unlisted: bool = False
    """True when the people met who are on no list are counted: then the draw bounds how many were never found."""
    lines: tuple[CheckLine, ...] = Field(min_length=1)
    """The list."""

    def line(self, key: str) -> CheckLine:
        """A line by key. Errors: `LookupError`."""
        return by_key(self.lines, key)


class InspectionsSection(Section):
    """How the response looks at itself."""

    order_kind: Key
    """Kind of order by which a fault is handed over."""
    duty: Key
    """Duty whose holders look; the leader of their unit where nobody holds it."""
    checklists: tuple[Checklist, ...] = Field(min_length=1)
    """The lists."""

    def checklist(self, key: str) -> Checklist:
        """A list by key. Errors: `LookupError`."""
        return by_key(self.checklists, key)

    def misfits(self, pack: Neighbours) -> Iterator[Misfit]:
        """Units, duties and kinds of order that nobody has, and doors counted where none are drawn."""
        units, headquarters = pack.find(UnitsSection), pack.find(HeadquartersSection)
        if units is not None and self.duty not in units.duty_keys:
            yield unknown_key(("duty",), self.duty, T("职责", "duty"))
        if headquarters is not None and self.order_kind not in {kind.key for kind in headquarters.order_kinds}:
            yield unknown_key(("order_kind",), self.order_kind, T("指令类别", "kind of order"))
        for number, one in enumerate(self.checklists):
            if one.counts_unlisted and one.draws not in ("building", "household"):
                yield Misfit(("checklists", number, "counts_unlisted"), T(
                    "只有抽楼栋或户门时才能数出名单外的人。", "People on no list are met only at buildings and doors.",
                ))
            for place, line in enumerate(one.lines):
                if units is not None and line.unit not in units.unit_keys:
                    yield unknown_key(("checklists", number, "lines", place, "unit"), line.unit, T("单位", "unit"))


register_section("inspections", InspectionsSection)
