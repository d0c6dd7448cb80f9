"""A plan pack in memory: its facts about itself, its sections, its texts, its hash, its open sources.

A pack is a value. It never reads a file, and it is never changed; an amendment is another pack.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field

from firebreak.engine.plans.sections import Section, name_of
from firebreak.engine.plans.values import Citation, Cited, Key, Keyed, Lax, PlanModel, Words
from firebreak.kernel.text import T

S = TypeVar("S", bound=Section)
Day = Annotated[date, Lax]


class Source(PlanModel):
    """A published text that values of the pack point at."""

    title: str = Field(min_length=1)
    """Title as published."""
    publisher: str = ""
    """Who published it, when known."""
    date: str = ""
    """When, as exactly as is known: `2022-03-22`, `2021-09`, `2021`."""
    locator: str = ""
    """Where in it the values stand, when all stand in one place."""


class Authority(PlanModel):
    """Who answers for the pack. Absent until somebody has signed it."""

    name_zh: str = Field(min_length=1)
    """The body, in Chinese."""
    name_en: str = Field(min_length=1)
    """The body, in English."""
    document_number: str = Field(min_length=1)
    """Number of the document that puts the pack in force."""
    signed_on: Day
    """Date of the signature."""
    signed_hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    """The content hash that was signed; a pack changed afterwards is refused."""


class Meta(PlanModel):
    """What a pack says about itself: `plan.toml`."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    """Name of the pack, also the name of its folder."""
    title_zh: str = Field(min_length=1)
    """Name that people read. Chinese."""
    title_en: str = Field(min_length=1)
    """Name that people read. English."""
    disease_zh: str = Field(min_length=1)
    """Disease it is for. Chinese."""
    disease_en: str = Field(min_length=1)
    """Disease it is for. English."""
    agent_code: Cited[str]
    """Code of the agent or disease in a public classification."""
    edition: str = Field(min_length=1)
    """Edition of the control plan it follows."""
    jurisdiction_zh: str = Field(min_length=1)
    """Where it applies. Chinese."""
    jurisdiction_en: str = Field(min_length=1)
    """Where it applies. English."""
    legal_basis: Cited[Words]
    """The law it stands on."""
    valid_from_on: Day
    """First day."""
    valid_to_on: Day | None = None
    """Last day, when known."""
    supersedes: str = ""
    """Id of the pack it replaces."""
    amends: str = ""
    """Id of the pack beside it whose files hold wherever this one has none of its own; never an amendment itself."""
    review_on: Day
    """Day on which somebody must look at it again."""
    languages: tuple[Literal["zh", "en"], ...] = ("zh", "en")
    """Languages every text exists in."""
    without: tuple[Key, ...] = ()
    """Sections this pack leaves out on purpose."""
    sources: Mapping[str, Source] = Field(default_factory=dict)
    """The published texts, by the key that values name."""
    authority: Authority | None = None
    """Who signed it."""


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """One citation of a pack: where it stands (`zones.tiers.lockdown.pool_size_people`) and what it says."""

    path: str
    cited: Citation


@dataclass(frozen=True)
class Pack:
    """A checked plan pack. `content` is what was read, before defaults; the hash is taken over it."""

    meta: Meta
    sections: Mapping[str, Section]
    texts: Mapping[str, Mapping[str, str]]
    content: Mapping[str, Any]  # Any: whatever TOML holds

    @property
    def ref(self) -> str:
        """`covid-2022@` and the first twelve characters of the hash."""
        return f"{self.meta.id}@{self.hash[:12]}"

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of the content; spaces, comments, key order and file order do not count."""
        return content_hash(self.content)

    def find(self, model: type[S]) -> S | None:
        """The section of a domain, or `None` when the pack leaves it out."""
        section = self.sections.get(name_of(model))
        return section if isinstance(section, model) else None

    def section(self, model: type[S]) -> S:
        """The section of a domain. Errors: `LookupError` when the pack leaves it out."""
        section = self.find(model)
        if section is None:
            raise LookupError(f"plan pack {self.meta.id} has no section {name_of(model)}")
        return section

    def text(self, name: str) -> T:
        """A text in both languages. Errors: `LookupError`."""
        return T(zh=self.texts["zh"][name], en=self.texts["en"][name])

    def source(self, cited: Citation) -> Source | None:
        """The published text a value points at."""
        return self.meta.sources.get(cited.source)

    def citations(self) -> list[CitedPlace]:
        """Every value and row that can carry a source, with its place, in the order of places."""
        named: dict[str, BaseModel] = {"plan": self.meta, **self.sections}
        return [place for name in sorted(named) for place in _citations(named[name], name)]

    def unverified(self) -> list[str]:
        """Places of all values nobody has seen in a published text; screens show them as such."""
        return [place.path for place in self.citations() if not place.cited.verified]

    def as_json(self) -> str:
        """The content as canonical JSON: what an adopted pack is stored as."""
        return canonical(self.content)


def canonical(content: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces; dates as ISO text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_as_text)


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical content, without the hash that the authority signed."""
    plan = dict(content["plan"])
    if isinstance(plan.get("authority"), dict):
        plan["authority"] = {key: part for key, part in plan["authority"].items() if key != "signed_hash"}
    return sha256(canonical({**content, "plan": plan}).encode()).hexdigest()


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a plan pack cannot hold {type(value).__name__}")


def _citations(value: object, path: str) -> Iterator[CitedPlace]:
    if isinstance(value, Citation) and (isinstance(value, Cited) or _says_where_from(value)):
        yield CitedPlace(path, value)
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _citations(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, Mapping):
        for key in sorted(value):
            yield from _citations(value[key], f"{path}.{key}")
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _citations(part, f"{path}.{part.key}" if isinstance(part, Keyed) else f"{path}[{number}]")


def _says_where_from(row: Citation) -> bool:
    """A row whose values cite for themselves need not cite again."""
    own = set(type(row).model_fields) - set(Citation.model_fields)
    return bool(row.source or row.computed) or not any(isinstance(getattr(row, name), Cited) for name in own)
