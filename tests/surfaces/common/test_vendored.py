"""Vendored files are the ones recorded, with licences, and nothing names a registry."""

import json
from pathlib import Path

import pytest

from scripts import vendor_static

ROOT = Path(__file__).parents[3]


def test_vendored_files_are_the_recorded_ones() -> None:
    assert vendor_static.differences() == []


def test_changed_missing_and_unknown_files_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = tmp_path / "vendor"
    (vendor / "a-1").mkdir(parents=True)
    (vendor / "a-1/kept.js").write_text("changed")
    (vendor / "a-1/extra.js").write_text("unknown")
    record = vendor / "vendor.json"
    record.write_text(json.dumps([{"sha256": {"vendor/a-1/kept.js": "0" * 64, "vendor/a-1/gone.js": "0" * 64}}]))
    for attribute, value in {"STATIC": tmp_path, "VENDOR": vendor, "RECORD": record}.items():
        monkeypatch.setattr(vendor_static, attribute, value)
    assert vendor_static.differences() == [
        "not in vendor.json: vendor/a-1/extra.js",
        "differs from vendor.json: vendor/a-1/kept.js",
        "missing: vendor/a-1/gone.js",
    ]


def test_record_matches_the_list_of_packages_and_each_has_its_licence() -> None:
    recorded = json.loads(vendor_static.RECORD.read_text("utf-8"))
    wanted = [*vendor_static.PACKAGES, vendor_static.ICONS]
    assert [(row["name"], row["version"]) for row in recorded] == [(one.npm, one.version) for one in wanted]
    assert [one.npm for one in wanted if not (one.folder / "LICENSE").exists()] == []


def test_lock_of_the_type_checker_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    assert {name for name in lock["packages"] if name} == {"node_modules/typescript"}


def test_every_icon_a_template_asks_for_is_in_the_sprite() -> None:
    import re

    sprite = vendor_static.SPRITE.read_text("utf-8")
    held = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    asked = {
        name
        for path in (ROOT / "src/firebreak").rglob("templates/**/*.html")
        for name in re.findall(r'\{%\s*icon\s+"([\w-]+)"', path.read_text("utf-8"))
    }
    assert asked - held == set()
