"""Where domains register their section of a plan pack: `register_section("rounds", RoundsSection)` in `plan.py`.

The registry knows only what was registered; it never looks for domains.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from firebreak.engine.plans.values import Keyed, KeyedRow, PlanModel
from firebreak.kernel.text import T

S = TypeVar("S", bound="Section")


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that is right by itself and wrong beside the others: where it stands in the section, and why."""

    path: tuple[str | int, ...]
    text: T


class Neighbours(Protocol):
    """What a section may see of its pack while it is checked."""

    def find(self, model: type[S]) -> S | None:
        """Another section, or `None` when it is absent or itself wrong."""
        ...

    def text(self, name: str) -> T:
        """A text of the pack in both languages."""
        ...


class Section(PlanModel):
    """The part of a plan pack that one domain owns: one `<name>.toml`."""

    def misfits(self, pack: Neighbours) -> Iterator[Misfit]:
        """What does not agree with the rest of the pack: a unit nobody has, a tier no plan names."""
        yield from ()


_sections: dict[str, type[Section]] = {}


def register_section(name: str, model: type[Section]) -> None:
    """Declare the section read from `<name>.toml`. Errors: `ValueError` when another model has that name."""
    if _sections.setdefault(name, model) is not model:
        raise ValueError(f"plan section registered twice: {name}")


def registered_sections() -> dict[str, type[Section]]:
    """Every registered section by name."""
    return dict(sorted(_sections.items()))


def name_of(model: type[Section]) -> str:
    """The name under which a section was registered. Errors: `LookupError`."""
    for name, registered in _sections.items():
        if registered is model:
            return name
    raise LookupError(f"not a registered plan section: {model.__name__}")


def doubled_keys(section: Section) -> Iterator[Misfit]:
    """Parts of a list that have the key of an earlier part."""
    for field in type(section).model_fields:
        parts = getattr(section, field)
        seen: set[str] = set()
        for number, part in enumerate(parts if isinstance(parts, tuple) else ()):
            key = part.key if isinstance(part, Keyed | KeyedRow) else None
            if key in seen:
                yield Misfit((field, number), T(f"“{key}”写了不止一次。", f"'{key}' stands here more than once."))
            if key is not None:
                seen.add(key)


K = TypeVar("K", bound=Keyed)


def by_key(parts: Iterable[K], key: str) -> K:
    """The part of a list with this key. Errors: `LookupError`."""
    for part in parts:
        if part.key == key:
            return part
    raise LookupError(f"this plan has no {key!r} there")


def unknown_key(path: tuple[str | int, ...], key: str, what: T) -> Misfit:
    """The misfit of a reference to nothing: `key` is no unit, duty, tier … (`what`) of this pack."""
    return Misfit(path, T(f"“{key}”不是本预案中的{what.zh}。", f"'{key}' is no {what.en} of this plan."))
