"""The reference page and the schemas are those of the code."""

import json
from pathlib import Path

from pydantic import BaseModel

from firebreak.engine.plans.packs import Meta
from firebreak.engine.plans.reference import render_reference
from firebreak.engine.plans.schemas import export_schemas
from firebreak.engine.plans.sections import registered_sections

PAGE = Path(__file__).parents[3] / "docs/reference/plan-packs.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == render_reference()


def test_every_key_of_every_section_has_a_meaning() -> None:
    models: list[type[BaseModel]] = [Meta, *registered_sections().values()]
    missing = [
        f"{model.__name__}.{name}"
        for model in models
        for name, field in model.model_fields.items()
        if not field.description
    ]
    assert missing == []
    assert "|  |\n" not in render_reference()


def test_a_schema_is_written_for_every_section(tmp_path: Path) -> None:
    written = export_schemas(tmp_path / "schemas")
    assert [path.name for path in written] == sorted(
        f"{name}.schema.json" for name in ("plan", *registered_sections())
    )
    for path in written:
        schema = json.loads(path.read_text("utf-8"))
        assert (schema["type"], schema["additionalProperties"]) == ("object", False)


def test_a_cited_value_may_be_bare_and_a_roster_is_a_file_name(tmp_path: Path) -> None:
    export_schemas(tmp_path)
    rounds = json.loads((tmp_path / "rounds.schema.json").read_text("utf-8"))
    place = rounds["$defs"]["FollowUp"]["properties"]["revisit_away_hours"]["$ref"].rsplit("/", 1)[-1]
    bare, cited = rounds["$defs"][place]["anyOf"]
    assert bare == {"minimum": 0, "type": "integer"}
    assert cited["properties"]["value"]["type"] == "integer"
    units = json.loads((tmp_path / "units.schema.json").read_text("utf-8"))
    assert units["properties"]["posts"]["type"] == "string"
