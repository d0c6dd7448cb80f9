"""The registry section of a plan pack: needs, kinds of papers, kinds of presence, and how long data is kept.

States purposes and periods only; erasing is an action of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from firebreak.engine.plans.sections import Misfit, Neighbours, Section, by_key, register_section, unknown_key
from firebreak.engine.plans.values import Citation, Cited, Days, Key, Named, Words
from firebreak.kernel.text import T

IdCheck = Literal["gb11643", "none"]
PresenceKey = Literal["lives", "works", "passing"]


class NeedKind(Named, Citation):
    """A need that somebody must think of before a door is closed."""

    health: bool
    """True when it tells of a person's health; such needs are shown by a right of their own."""
    priority_rank: Annotated[int, Field(ge=1)]
    """Order in which people are looked after; 1 is first."""


class IdKind(Named):
    """A kind of paper. People without papers are people too."""

    check: IdCheck
    """How a number of this kind is checked."""


class PresenceKind(Named):
    """How somebody belongs to a building."""

    key: PresenceKey
    """Name of the kind."""
    owed_in_rounds: bool
    """True when a round over the area owes this person an end."""


class RetentionClass(Named):
    """How long one class of personal data is kept."""

    purpose: Words
    """What it is for."""
    legal_basis: Cited[Words]
    """Why it may be kept."""
    sensitive: bool
    """True for what the law calls sensitive."""
    counted_from: Literal["end_of_follow_up", "end_of_response", "end_of_round"]
    """What ends before the days begin to count."""
    erase_after_days: Cited[Days]
    """Days after which it is erased."""


class RegistrySection(Section):
    """People, their papers and needs, and the end of their data."""

    need_kinds: tuple[NeedKind, ...] = Field(min_length=1)
    """Needs."""
    id_kinds: tuple[IdKind, ...] = Field(min_length=1)
    """Papers."""
    presence_kinds: tuple[PresenceKind, ...] = Field(min_length=1)
    """Presence."""
    retention: tuple[RetentionClass, ...] = Field(min_length=1)
    """Classes of data."""
    field_classes: Mapping[str, Key]
    """Retention class of each personal field, by `table.field`."""

    def need(self, key: str) -> NeedKind:
        """A need by key. Errors: `LookupError`."""
        return by_key(self.need_kinds, key)

    def misfits(self, pack: Neighbours) -> Iterator[Misfit]:
        """Fields whose class nobody declared."""
        classes = {kept.key for kept in self.retention}
        for field, key in self.field_classes.items():
            if key not in classes:
                yield unknown_key(("field_classes", field), key, T("保存类别", "retention class"))


register_section("registry", RegistrySection)
