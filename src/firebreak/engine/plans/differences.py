"""What an amendment changes: every value of two packs that differs, by its place. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from firebreak.engine.plans.packs import Pack
from firebreak.engine.plans.values import Citation, Cited, Keyed, KeyedRow, Words
from firebreak.kernel.text import T

Value = str | T
_ABOUT_ITSELF = frozenset({"id", "title_zh", "title_en", "amends", "supersedes", "sources", "authority"})
_NAMES_OF_ROWS = frozenset({"key", "primitive"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One place (`zones.tiers.lockdown.release.all_of.no_new_cases.clean_days`); None where a side has no such place."""

    path: str
    before: Value | None
    after: Value | None


def differences(old: Pack, new: Pack) -> list[Difference]:
    """Every place whose value differs, in the order of places. Names, sources and notes of the pack do not count: no rule."""
    before, after = _places(old), _places(new)
    return [
        Difference(path, before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)
    ]


def _places(pack: Pack) -> dict[str, Value]:
    named: dict[str, BaseModel] = {"plan": pack.meta, **pack.sections}
    found = {path: value for name in named for path, value in _leaves(named[name], name)}
    for name in set(pack.texts["zh"]) | set(pack.texts["en"]):
        found[f"texts.{name}"] = T(*(pack.texts[language].get(name, "") for language in ("zh", "en")))
    return found


def _leaves(value: object, path: str) -> Iterator[tuple[str, Value]]:
    if isinstance(value, Words):
        yield path, value.text
    elif isinstance(value, Cited):
        yield from _leaves(value.value, path)
    elif isinstance(value, BaseModel):
        skipped = _NAMES_OF_ROWS | (Citation.model_fields.keys() if isinstance(value, Citation) else set())
        for name in type(value).model_fields:
            if name not in skipped and not (path == "plan" and name in _ABOUT_ITSELF):
                yield from _leaves(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(part, f"{path}.{key}")
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _leaves(part, f"{path}{_step(part, number)}")
    elif value is not None and value != "":
        yield path, value.isoformat() if isinstance(value, date) else str(value)


def _step(part: object, number: int) -> str:
    """A row is meant by its key, a condition by its primitive, anything else by its place in the list."""
    key = part.key if isinstance(part, (Keyed, KeyedRow)) else getattr(part, "primitive", None)
    return f".{key}" if key else f"[{number}]"
