"""The reference page of plan packs, written from the sections themselves: docs/reference/plan-packs.md.

A test compares the page with what `render_reference` gives, so the page cannot fall behind the code.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from inspect import cleandoc
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from firebreak.engine.plans.packs import Meta
from firebreak.engine.plans.sections import registered_sections
from firebreak.engine.plans.values import Citation, Cited, FromCsv, PlanRow, TextName

_PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false", date: "date"}

_HEAD = """\
# Plan packs

A plan pack is a folder under `plans/`: what a response is made of, as data. This page is written from the code by
`firebreak.engine.plans.reference.render_reference`; a test keeps the two alike.

| file | holds |
|---|---|
| `plan.toml` | what the pack is, its published sources, who signed it |
| `<section>.toml` | the rules of one domain, described below |
| `*.csv` | rows that a section names: units, posts |
| `texts/zh/*.txt`, `texts/en/*.txt` | texts that a section names; each exists in every language of the pack |

## How values are written

- Units stand in names: `deadline_minutes`, `hours_to_finish`, `pool_size_people`. A value never carries a unit.
- A *cited* value is written bare, `14`, or with its source:
  `{ value = 14, source = "release-8", locator = "…", verified = true }`. `source` is a key of `[sources]` in
  `plan.toml`. A bare value counts as unverified, and screens show it so until somebody has seen it in a published
  text. `verified = true` without a source is refused. `computed = "…"` says how a value was worked out; a computed
  value is not a verified one. Rows that cite carry the same keys beside their own.
- A plan holds no conditions. What must hold before a measure may end is a list of named primitives with figures.
- `[authority]` holds the hash that was signed. A pack changed after that is refused.

`firebreak plan check FOLDER` names every problem with file and line, in both languages. The content hash does not
depend on spaces, comments, the order of keys or the order of files.
"""


def render_reference() -> str:
    """The whole page as Markdown."""
    models: dict[str, type[BaseModel]] = {"plan": Meta, **registered_sections()}
    parts = [_HEAD]
    told: set[type[BaseModel]] = set()
    for name, model in models.items():
        parts.append(f"\n## `{name}.toml`\n\n{_doc(model)}\n\n{_table(model)}")
        for inner in _inner_models(model):
            if inner not in told:
                told.add(inner)
                parts.append(f"\n### {inner.__name__}\n\n{_doc(inner)}\n\n{_table(inner)}")
    return "".join(parts)


def _doc(model: type[BaseModel]) -> str:
    return cleandoc(model.__doc__ or "")


def _table(model: type[BaseModel]) -> str:
    own = {name: field for name, field in model.model_fields.items() if not _only_cites(model, name)}
    rows = [
        f"| `{name}` | {_words(field.annotation, field)} | {'yes' if field.is_required() else 'no'} "
        f"| {(field.description or '').strip()} |"
        for name, field in own.items()
    ]
    cites = "\nCarries the keys of a citation beside its own.\n" if issubclass(model, Citation) else ""
    kind = "column" if issubclass(model, PlanRow) else "key"
    return "\n".join([f"| {kind} | written as | needed | meaning |", "|---|---|---|---|", *rows]) + "\n" + cites


def _only_cites(model: type[BaseModel], name: str) -> bool:
    return issubclass(model, Citation) and name in Citation.model_fields


def _words(annotation: Any, field: FieldInfo | None = None) -> str:  # Any: a type expression
    """How a value of this type is written."""
    marks = [] if field is None else field.metadata
    if any(isinstance(mark, FromCsv) for mark in marks):
        return f"name of a CSV file of {_link(get_args(annotation)[0])} rows"
    if any(isinstance(mark, TextName) for mark in marks):
        return "name of a text"
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _words(arguments[0])
    if origin is Literal:
        return " or ".join(f"`{'true' if word is True else 'false' if word is False else word}`" for word in arguments)
    if origin in (Union, UnionType):
        return " or ".join(_words(member) for member in arguments if member is not type(None))
    if origin is tuple:
        return f"list of {_words(arguments[0])}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"table of {_words(arguments[1])}, by {_words(arguments[0])}"
    if isinstance(annotation, type) and issubclass(annotation, Cited):
        return f"{_words(annotation.model_fields['value'].annotation)}, cited"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _link(annotation)
    return _PLAIN[annotation]


def _link(model: type[BaseModel]) -> str:
    return f"[{model.__name__}](#{model.__name__.lower()})"


def _inner_models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The tables inside a table, outermost first; a cited value is a way of writing and not a table."""
    for field in model.model_fields.values():
        for inner in _models_in(field.annotation):
            if not issubclass(inner, Cited):
                yield inner
            yield from _inner_models(inner)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:  # Any: a type expression
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
