"""The page of columns is that of the code."""

from pathlib import Path

from firebreak.engine.registry.importing.kinds import KINDS
from firebreak.engine.registry.importing.reference import render_reference

PAGE = Path(__file__).parents[4] / "docs/reference/import-columns.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == render_reference()


def test_every_field_has_a_line() -> None:
    lines = render_reference().splitlines()
    told = [line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ") and "column 列" not in line]
    assert told == [f"{field.label.zh} {field.label.en}" for kind in KINDS.values() for field in kind.fields]
