"""Files and functions stay small enough to be read at once."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("src", "tests", "scripts", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
LONGEST_FILE, LONGEST_FUNCTION = 600, 60


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_file_is_short_enough(path: Path) -> None:
    source = path.read_text("utf-8")
    assert source.count("\n") <= LONGEST_FILE
    too_long = [
        f"{node.name}: {length} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_nine_files_of_ten_fit_on_a_few_screens() -> None:
    lengths = sorted(path.read_text("utf-8").count("\n") for path in FILES if "src" in path.parts)
    assert lengths[len(lengths) * 9 // 10] <= 300


def test_scripts_and_styles_are_short_enough() -> None:
    surfaces = (ROOT / "src").rglob("*")
    own = [path for path in surfaces if path.suffix in {".js", ".css", ".html"} and "vendor" not in path.parts]
    assert [_name(path) for path in own if path.read_text("utf-8").count("\n") > LONGEST_FILE] == []
