"""What is wrong with a plan pack, said so that an author can mend it: file, line, one sentence in each language.

Turns the errors of the validator into those sentences and proposes the key or name that was probably meant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from firebreak.engine.plans.lines import Path
from firebreak.engine.plans.values import PlanFault
from firebreak.kernel.text import T

UNITS = {
    "minutes": "分钟", "hours": "小时", "days": "天", "people": "人数", "percent": "百分比", "meters": "米",
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a pack: `file` relative to its folder, `line` from 1."""

    file: str
    line: int
    message_zh: str
    message_en: str

    @property
    def text(self) -> T:
        """The sentence without its place."""
        return T(self.message_zh, self.message_en)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class PackFaulty(Exception):
    """The pack was not loaded; `problems` says why, place by place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


_SENTENCES: Mapping[str, T] = {
    "missing": T("缺少“{key}”。", "'{key}' is missing."),
    "int_type": T("“{key}”要写成整数,不带引号和单位。", "'{key}' must be a whole number, without quotes or unit."),
    "int_parsing": T("“{key}”要写成整数,现为“{given}”。", "'{key}' must be a whole number, not '{given}'."),
    "int_from_float": T("“{key}”要写成整数。", "'{key}' must be a whole number."),
    "float_type": T("“{key}”要写成数字,不带引号和单位。", "'{key}' must be a number, without quotes or unit."),
    "string_type": T("“{key}”要写成带引号的文字。", "'{key}' must be text in quotes."),
    "bool_type": T("“{key}”只能是 true 或 false。", "'{key}' must be true or false."),
    "bool_parsing": T("“{key}”只能是 true 或 false,现为“{given}”。", "'{key}' must be true or false, not '{given}'."),
    "tuple_type": T("“{key}”要写成列表 [ … ]。", "'{key}' must be a list [ … ]."),
    "mapping_type": T("“{key}”要写成表。", "'{key}' must be a table."),
    "model_type": T("“{key}”要写成表。", "'{key}' must be a table."),
    "string_too_short": T("“{key}”不能空着。", "'{key}' must not be empty."),
    "too_short": T("“{key}”至少要有 {min_length} 项。", "'{key}' needs at least {min_length} entries."),
    "greater_than_equal": T("“{key}”不能小于 {ge}。", "'{key}' must not be below {ge}."),
    "less_than_equal": T("“{key}”不能大于 {le}。", "'{key}' must not be above {le}."),
    "greater_than": T("“{key}”要大于 {gt}。", "'{key}' must be above {gt}."),
    "string_pattern_mismatch": T("“{key}”的写法不对:“{given}”。", "'{key}' is not written as it must be: '{given}'."),
    "literal_error": T("“{key}”不能是“{given}”,只能是 {expected}。", "'{key}' cannot be '{given}', only {expected}."),
    "union_tag_invalid": T(
        "没有名为“{tag}”的条件,只有 {expected_tags}。", "There is no primitive '{tag}', only {expected_tags}."
    ),
    "union_tag_not_found": T("缺少条件名 {discriminator}。", "The name of the primitive is missing: {discriminator}."),
}
_DATE = T("“{key}”要写成日期,如 2022-06-05。", "'{key}' must be a date such as 2022-06-05.")
_OTHER = T("“{key}”不符合要求(原文:{msg})。", "'{key}' does not fit: {msg}.")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or `None` when none is near."""
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=70)
    return None if found is None else str(found[0])


def meant(word: str, known: Iterable[str]) -> T:
    """` Did you mean …?`, or nothing when no known word is near."""
    near = nearest(word, known)
    return T("", "") if near is None else T(f"是不是“{near}”?", f" Did you mean '{near}'?")


def faults_of(error: ValidationError, model: type[BaseModel]) -> list[tuple[Path, T]]:
    """The errors of one validation as place and sentence, the cause only.

    A key that is missing because it is misspelt, and a list that is too short because its parts are wrong, are
    not said beside it.
    """
    found = [(tuple(item["loc"]), item) for item in error.errors()]
    misspelt = {(*path[:-1], _probable_key(model, path)) for path, item in found if item["type"] == "extra_forbidden"}
    return [
        (path, _sentence(item, model))
        for path, item in found
        if not (item["type"] == "missing" and path in misspelt)
        and not any(len(inner) > len(path) and inner[:len(path)] == path for inner, _ in found)
    ]


def _sentence(item: ErrorDetails, model: type[BaseModel]) -> T:
    path, kind = tuple(item["loc"]), item["type"]
    context = item.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(model, path)
    fault = context.get("error")
    if isinstance(fault, PlanFault):
        return fault.text
    key = next((step for step in reversed(path) if isinstance(step, str) and step != "value"), "plan")
    words = _DATE if kind.startswith("date") else _SENTENCES.get(kind, _OTHER)
    return words.filled(**{**context, "key": key, "given": item["input"], "msg": item["msg"]})


def _unknown_key(model: type[BaseModel], path: Path) -> T:
    key, known = str(path[-1]), keys_at(model, path[:-1])
    stem, _, unit = key.rpartition("_")
    right = [name for name in known if name.rpartition("_")[0] == stem and name.rpartition("_")[2] in UNITS]
    if unit in UNITS and right:
        counted = right[0].rpartition("_")[2]
        return T(
            f"“{key}”的单位不对:这里按{UNITS[counted]}计,请写“{right[0]}”。",
            f"'{key}' is in the wrong unit: it is counted in {counted} here; write '{right[0]}'.",
        )
    hint = meant(key, known)
    return T(f"这里没有“{key}”这一项。{hint.zh}", f"There is no key '{key}' here.{hint.en}")


def _probable_key(model: type[BaseModel], path: Path) -> str:
    key, known = str(path[-1]), keys_at(model, path[:-1])
    stem = key.rpartition("_")[0]
    same = [name for name in known if stem and name.rpartition("_")[0] == stem]
    return same[0] if same else nearest(key, known) or ""


def keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys a section knows at a place in it; empty when the place is not a table."""
    place: object = model
    for step in path:
        place = _inside(place, step)
    tables = [member for member in _members(place) if isinstance(member, type) and issubclass(member, BaseModel)]
    return [name for table in tables for name in table.model_fields]


def _inside(place: object, step: str | int) -> object:
    """The type one step further in; a step that names a member of a tagged union chooses that member."""
    for member in _members(place):
        if isinstance(member, type) and issubclass(member, BaseModel):
            if step in member.model_fields:
                return member.model_fields[str(step)].annotation
            if any(step in get_args(field.annotation) for field in member.model_fields.values()
                   if get_origin(field.annotation) is Literal):
                return member
        elif get_args(member):
            return get_args(member)[-1 if isinstance(step, str) else 0]
    return None


def _members(place: object) -> list[Any]:  # Any: a type expression
    if get_origin(place) is Annotated:
        return _members(get_args(place)[0])
    if get_origin(place) in (Union, UnionType):
        return [part for member in get_args(place) for part in _members(member)]
    if isinstance(place, TypeVar) or place is None:
        return []
    return [place]
