"""A laboratory's FHIR R4B bundle as rows of results: DiagnosticReport and Observation speak of Specimens by their label.

Reads what Firebreak needs and nothing else; a resource that says nothing of a result is left aside. A pooled specimen is
one tube: its `parent`s are the people's swabs, which are never given the pool's result.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T
from firebreak.operations.laboratory.results import Row

NOT_A_BUNDLE = RefusalKind(
    "not-a-bundle",
    T("不是 FHIR R4B 的 Bundle({what}),一行也没有收。", "This is no FHIR R4B Bundle ({what}); no row was taken."),
)
MEANINGS = {
    "260415000": "negative", "10828004": "positive", "260373001": "positive", "419984006": "weak", "125154007": "invalid",
}
"""SNOMED CT concepts of a result → a word every plan knows."""
FINAL = frozenset(("final", "amended", "corrected"))


class Lenient(BaseModel):
    """A resource of which only some fields are read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Coding(Lenient):
    """A code with its words."""

    code: str = ""
    display: str = ""


class Concept(Lenient):
    """A concept, coded or in words."""

    coding: list[Coding] = Field(default_factory=list)
    text: str = ""


class Reference(Lenient):
    """A pointer to another resource, or its business identifier."""

    reference: str = ""
    identifier: dict[str, Any] = Field(default_factory=dict)


class Entry(Lenient):
    """One entry of a bundle."""

    full_url: str = Field(default="", alias="fullUrl")
    resource: dict[str, Any]


class Bundle(Lenient):
    """A bundle."""

    resource_type: str = Field(alias="resourceType")
    entry: list[Entry] = Field(default_factory=list, max_length=20_000)


class Observation(Lenient):
    """What was seen in a specimen."""

    status: str = ""
    specimen: Reference = Reference()
    value: Concept = Field(default=Concept(), alias="valueCodeableConcept")
    words: str = Field(default="", alias="valueString")
    at: str = Field(default="", alias="effectiveDateTime")
    issued: str = ""


def rows_of(document: Any) -> list[Row]:
    """The rows of a bundle, numbered by entry from 1. Errors: refuses `not-a-bundle`."""
    try:
        bundle = Bundle.model_validate(document)
    except ValidationError as wrong:
        raise NOT_A_BUNDLE.because(what=wrong.errors()[0]["msg"]) from wrong
    if bundle.resource_type != "Bundle":
        raise NOT_A_BUNDLE.because(what=bundle.resource_type)
    labels = dict(_labels(bundle.entry))
    reported = dict(_reported(bundle.entry))
    found = []
    for number, entry in enumerate(bundle.entry, start=1):
        if entry.resource.get("resourceType") != "Observation":
            continue
        try:
            seen = Observation.model_validate(entry.resource)
        except ValidationError as wrong:
            raise NOT_A_BUNDLE.because(what=f"entry {number}: {wrong.errors()[0]['msg']}") from wrong
        if seen.status not in FINAL:
            continue
        own = [entry.full_url, f"Observation/{entry.resource.get('id', '')}"]
        named = next((reported[key] for key in own if key in reported), Reference())
        pointer = seen.specimen if seen.specimen != Reference() else named
        found.append(Row(number, _label(pointer, labels).upper(), _said(seen), seen.at or seen.issued))
    return found


def _labels(entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """Specimen → the label on its tube."""
    for entry in entries:
        one = entry.resource
        if one.get("resourceType") != "Specimen":
            continue
        containers = [held for box in one.get("container", []) for held in box.get("identifier", [])]
        for identifier in (one.get("accessionIdentifier"), *containers, *one.get("identifier", [])):
            if identifier and identifier.get("value"):
                yield entry.full_url, str(identifier["value"])
                yield f"Specimen/{one.get('id', '')}", str(identifier["value"])
                break


def _reported(entries: Iterable[Entry]) -> Iterator[tuple[str, Reference]]:
    """Observation → the specimen of the report that names it."""
    for entry in entries:
        one = entry.resource
        if one.get("resourceType") == "DiagnosticReport" and one.get("specimen"):
            for result in one.get("result", []):
                yield str(result.get("reference", "")), Reference.model_validate(one["specimen"][0])


def _label(pointer: Reference, labels: dict[str, str]) -> str:
    return labels.get(pointer.reference) or str(pointer.identifier.get("value", ""))


def _said(seen: Observation) -> str:
    known = next((MEANINGS[coding.code] for coding in seen.value.coding if coding.code in MEANINGS), "")
    return known or seen.words or seen.value.text or next((coding.display for coding in seen.value.coding if coding.display), "")
