"""Where domains register their section of a plan pack: `register_section("rounds", RoundsSection)` in `plan.py`.

The registry knows only what was registered; it never looks for domains.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

from pydantic import model_validator

from firebreak.engine.plans.values import Keyed, PlanFault, PlanModel
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

    @model_validator(mode="after")
    def _keys_used_once(self) -> Self:
        for field in type(self).model_fields:
            parts = getattr(self, field)
            keys = [part.key for part in parts if isinstance(part, Keyed)] if isinstance(parts, tuple) else []
            for key in sorted({key for key in keys if keys.count(key) > 1}):
                raise PlanFault(f"“{field}”里的“{key}”写了不止一次。", f"'{key}' stands more than once in '{field}'.")
        return self

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
