"""A one-time code opens its own role once."""

from pathlib import Path

import pytest

from firebreak.engine.access.role_codes import make_codes, spend

pytestmark = pytest.mark.one_database


def test_a_code_opens_its_role_once(tmp_path: Path) -> None:
    codes = make_codes(tmp_path, ["commander", "sampler"])
    assert [spend(tmp_path, "sampler", codes["sampler"]) for _ in range(2)] == [True, False]


def test_a_code_opens_no_other_role(tmp_path: Path) -> None:
    codes = make_codes(tmp_path, ["commander", "sampler"])
    assert not spend(tmp_path, "commander", codes["sampler"])


def test_new_codes_end_the_old_ones(tmp_path: Path) -> None:
    old = make_codes(tmp_path, ["sampler"])
    make_codes(tmp_path, ["sampler"])
    assert not spend(tmp_path, "sampler", old["sampler"])


def test_no_code_was_ever_made(tmp_path: Path) -> None:
    assert not spend(tmp_path, "sampler", "")
