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
REGISTER_FIELDS = frozenset({
    "person.name", "person.sex", "person.birth_on", "person.phone", "person.id_number", "presence.building",
    "need_flag.key",
})
CAPTURED_FIELDS = frozenset({"scan.person", "attempt.person", "decision.note"})
"""What was said about a person in the field; sealed under one key, so it goes at once."""
PICTURE_FIELDS = frozenset({"picture.content"})
"""Pictures taken as proof; somebody may be seen on them."""
PERSONAL_FIELDS = REGISTER_FIELDS | CAPTURED_FIELDS | PICTURE_FIELDS
"""Every kind of personal data of residents."""


_UNCLASSED = T(
    "个人信息“{field}”没有保存类别,到期没人知道该删什么。请加一行。",
    "The personal data '{field}' have no retention class, so nobody would know when to erase them. Add a line.",
)

_TORN = T(
    "采样、联系、裁定时记的个人内容用同一把密钥加密,只能同时删除。请归入同一保存类别。",
    "What sampling, attempts and decisions say about a person is sealed under one key and goes at once. Put them in one "
    "retention class.",
)


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
        """Fields whose class nobody declared, fields that are none, and personal data without a class."""
        classes = {kept.key for kept in self.retention}
        for field, key in self.field_classes.items():
            if key not in classes:
                yield unknown_key(("field_classes", field), key, T("保存类别", "retention class"))
            if field not in PERSONAL_FIELDS:
                yield unknown_key(("field_classes",), field, T("个人信息字段", "field of personal data"))
        for field in sorted(PERSONAL_FIELDS - self.field_classes.keys()):
            yield Misfit(("field_classes",), _UNCLASSED.filled(field=field))
        if len({self.field_classes[field] for field in CAPTURED_FIELDS & self.field_classes.keys()}) > 1:
            yield Misfit(("field_classes",), _TORN)


register_section("registry", RegistrySection)
