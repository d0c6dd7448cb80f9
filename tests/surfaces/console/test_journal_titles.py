"""Every act and every hand of the program has words: the journal shows no raw key."""

import ast
from pathlib import Path

from firebreak.surfaces.console.journal.titles import ACTS, PARTS

SOURCES = sorted((Path(__file__).parents[3] / "src" / "firebreak").rglob("*.py"))


def acts() -> set[str]:
    """Names as `@action` gives them: the package of the module, then the function."""
    return {
        f"{path.parent.name}.{node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(mark, ast.Name) and mark.id == "action" for mark in node.decorator_list)
    }


def parts() -> set[str]:
    """The parts of the program that act by themselves."""
    return {
        str(node.args[0].value)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "SystemActor"
        and node.args and isinstance(node.args[0], ast.Constant)
    }


def test_act_has_a_title() -> None:
    assert sorted(acts()) == sorted(ACTS)


def test_hand_of_the_program_has_a_name() -> None:
    assert sorted(parts()) == sorted(PARTS)
