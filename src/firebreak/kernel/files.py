"""Small files that several processes read while one writes."""

import os
from pathlib import Path


def replace_text(path: Path, text: str) -> None:
    """Write a whole file; a reader sees the old text or the new one, never half of it. Makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(text, "utf-8")
    os.replace(fresh, path)
