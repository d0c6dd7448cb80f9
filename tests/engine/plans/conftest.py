"""A copy of the shipped pack that a test may spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SHIPPED = Path(__file__).parents[3] / "plans" / "covid-2022"

Spoil = Callable[[str, str, str], int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped pack, copied."""
    return Path(shutil.copytree(SHIPPED, tmp_path / SHIPPED.name))


@pytest.fixture
def spoil(folder: Path) -> Spoil:
    """`spoil(file, old, new)` replaces the first `old` in a file of the copy and gives the line it stood on."""

    def replace(file: str, old: str, new: str) -> int:
        path = folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        return text[:text.index(old)].count("\n") + 1

    return replace
