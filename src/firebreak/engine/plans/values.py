"""The forms a value of a plan pack may take: words in both languages, cited values, rows of a roster.

Everything is strict, frozen and refuses unknown keys. A value without a source is never taken as verified.
This module knows no section and reads no file.
"""

from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, Strict
from pydantic import model_validator as after_or_before
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from firebreak.kernel.text import T

V = TypeVar("V")


class TextName:
    """Marks a string that names a text of the pack: `orders/testing` is `texts/<language>/orders/testing.txt`."""


Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""A name by which parts of a pack refer to each other."""
NamedText = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9/_-]*$"), TextName()]
"""The name of a text that must exist in every language of the pack."""
TimeOfDay = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
"""District time, `06:30`; `24:00` is the end of the day."""
Minutes = Annotated[int, Field(ge=0)]
Hours = Annotated[int, Field(ge=0)]
Days = Annotated[int, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]
Lax = Strict(False)


class PlanFault(ValueError):
    """What is wrong with a value, in both languages. Raised by the validators of sections."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = T(zh, en)


class PlanModel(BaseModel):
    """A table of a plan pack: exact types, no unknown keys, never changed after reading."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True)


class PlanRow(BaseModel):
    """A row of a CSV file: cells are text, so numbers are read from digits; the rest is as strict as a table."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class KeyedRow(PlanRow):
    """A row that other parts of the pack refer to."""

    key: Key
    """Name by which other parts mean this row; used once in its file."""


class Words(PlanModel):
    """A name or sentence that a person sees."""

    zh: str = Field(min_length=1)
    """Chinese."""
    en: str = Field(min_length=1)
    """English."""

    @property
    def text(self) -> T:
        """The words as the rest of the program carries them."""
        return T(self.zh, self.en)


class Keyed(PlanModel):
    """A table of a list whose parts other parts of the pack refer to."""

    key: Key
    """Name by which other parts mean this one; used once in its list."""


class Named(Keyed):
    """A keyed table with a name that people read."""

    name_zh: str = Field(min_length=1)
    """Chinese name."""
    name_en: str = Field(min_length=1)
    """English name."""

    @property
    def name(self) -> T:
        """The name as the rest of the program carries it."""
        return T(self.name_zh, self.name_en)


class Citation(PlanModel):
    """Where a value or a whole row comes from. Without these keys it counts as unverified."""

    source: str = Field(default="", pattern=r"^[a-z0-9-]*$")
    """Key of the published text under `[sources]` in plan.toml."""
    locator: str = ""
    """Place in that text: article, section, or what it says there."""
    note: str = ""
    """What a reader must know about the choice, for example that the source allows a range."""
    verified: bool = False
    """True when the value was seen in the published text named by `source`."""
    computed: str = ""
    """How the value was worked out, when it was; a computed value is not a verified one."""

    @after_or_before(mode="after")
    def _verified_has_source(self) -> Self:
        if self.verified and not self.source:
            raise PlanFault("标为已核实,却没有写出处 source。", "It says verified but names no source.")
        if self.verified and self.computed:
            raise PlanFault("推算得出的值不能标为已核实。", "A computed value cannot be marked verified.")
        return self


class Cited(Citation, Generic[V]):
    """A value with its source: `14` (bare, unverified) or `{ value = 14, source = "…", verified = true }`."""

    value: V
    """The value itself, in the unit its key names."""

    @after_or_before(mode="before")
    @classmethod
    def _accept_bare(cls, given: Any) -> Any:  # Any: whatever the file holds
        cited = isinstance(given, dict) and given.keys() & cls.model_fields.keys()
        return given if cited else {"value": given}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        cited = handler(schema)
        bare = handler.resolve_ref_schema(cited).get("properties", {}).get("value", {})
        return {"anyOf": [{key: part for key, part in bare.items() if key not in ("title", "description")}, cited]}


class FromCsv:
    """Marks a field of a section whose rows stand in a CSV file; the TOML names the file."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler(source)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": r"\.csv$", "description": "name of a CSV file of this pack"}
