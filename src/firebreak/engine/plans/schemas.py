"""JSON Schema of every section, so that an editor can complete and check a pack while it is written."""

import json
from pathlib import Path

from pydantic import BaseModel

from firebreak.engine.plans.packs import Meta
from firebreak.engine.plans.sections import registered_sections


def schemas() -> dict[str, str]:
    """File name → text of the schema of `plan.toml` and of each registered section."""
    models: dict[str, type[BaseModel]] = {"plan": Meta, **registered_sections()}
    return {f"{name}.schema.json": _schema(name, model) for name, model in sorted(models.items())}


def export_schemas(folder: Path) -> list[Path]:
    """Write the schemas into a folder (made when missing) and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in schemas().items():
        path = folder / name
        path.write_text(text, "utf-8")
        written.append(path)
    return written


def _schema(name: str, model: type[BaseModel]) -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
        "title": f"{name}.toml",
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
