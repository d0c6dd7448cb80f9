"""A pack's hash, its citations, and what it says is unverified."""

from pathlib import Path

import pytest

from firebreak.engine.plans.loader import check_pack, load_pack
from firebreak.engine.plans.sections import Section, register_section
from firebreak.engine.plans.values import Cited
from firebreak.engine.registry.plan import RegistrySection
from firebreak.operations.rounds.plan import RoundsSection
from tests.engine.plans.conftest import Spoil


def test_hash_does_not_depend_on_blanks_comments_order_or_line_ends(folder: Path) -> None:
    before = load_pack(folder).hash
    for path in folder.rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    text = (folder / "rounds.toml").read_text("utf-8")
    moved = "# another hand\n\n" + text.replace("unit = \"person\"\n", "").replace(
        "automated_penalty = false", "automated_penalty   =   false # for ever\nunit = 'person'"
    )
    (folder / "rounds.toml").write_text(moved, "utf-8")
    assert load_pack(folder).hash == before


@pytest.mark.parametrize(("file", "old", "new"), [
    ("rounds.toml", "revisit_away_hours = 4", "revisit_away_hours = 5"),
    ("rounds.toml", "revisit_away_hours = 4", "revisit_away_hours = { value = 4 }"),
    ("units/posts.csv", "grid,team,grid,,grid,70,6", "grid,team,grid,,grid,70,7"),
    ("texts/en/messages/order.txt", "Sign in", "Log in"),
    ("plan.toml", 'edition = "8"', 'edition = "8.1"'),
], ids=["value", "citation", "roster", "text", "meta"])  # fmt: skip
def test_hash_changes_with_anything_that_counts(folder: Path, spoil: Spoil, file: str, old: str, new: str) -> None:
    before = load_pack(folder).hash
    spoil(file, old, new)
    assert load_pack(folder).hash != before


def test_signing_does_not_change_the_hash_and_a_later_change_is_refused(folder: Path, spoil: Spoil) -> None:
    authority = (
        '\n[authority]\nname_zh = "县卫生健康局"\nname_en = "County Health Bureau"\ndocument_number = "1"\n'
        'signed_on = 2022-06-01\nsigned_hash = "{}"\n'
    )
    meta = (folder / "plan.toml").read_text("utf-8")
    (folder / "plan.toml").write_text(meta + authority.format("0" * 64), "utf-8")
    [problem] = check_pack(folder)
    signed = problem.message_en.rsplit(" ", 1)[-1].rstrip(".")
    spoil("plan.toml", "0" * 64, signed)
    assert load_pack(folder).hash == signed
    spoil("rounds.toml", "revisit_away_hours = 4", "revisit_away_hours = 5")
    assert [problem.file for problem in check_pack(folder)] == ["plan.toml"]


def test_a_bare_value_is_unverified(folder: Path, spoil: Spoil) -> None:
    pack = load_pack(folder)
    assert pack.section(RoundsSection).follow_up.revisit_away_hours == Cited[int](value=4)
    assert "rounds.follow_up.revisit_away_hours" in pack.unverified()
    assert "rounds.finish[0].hours_to_finish" not in pack.unverified()
    spoil("rounds.toml", 'hours_to_finish = { value = 24, source = "area-testing-3"', "hours_to_finish = { value = 24")
    spoil("rounds.toml", "also in cities over 10 million\", verified = true", "also in cities over 10 million\"")
    assert "rounds.finish[0].hours_to_finish" in load_pack(folder).unverified()


def test_a_computed_value_is_not_a_verified_one(folder: Path, spoil: Spoil) -> None:
    assert "rounds.audit.sample_people" in load_pack(folder).unverified()
    spoil("rounds.toml", 'computed = "0 missed', 'verified = true, source = "area-testing-2", computed = "0 missed')
    assert [problem.message_en for problem in check_pack(folder)] == ["A computed value cannot be marked verified."]


def test_a_row_that_cites_for_itself_is_named_by_its_key(folder: Path) -> None:
    unverified = load_pack(folder).unverified()
    assert "rounds.excuse_reasons.tested_elsewhere" in unverified
    assert "rounds.excuse_reasons.red_code" not in unverified


def test_a_section_that_is_not_there_is_named(folder: Path, spoil: Spoil) -> None:
    (folder / "registry.toml").unlink()
    spoil("plan.toml", 'languages = ["zh", "en"]', 'languages = ["zh", "en"]\nwithout = ["registry"]')
    pack = load_pack(folder)
    assert pack.find(RegistrySection) is None
    with pytest.raises(LookupError, match="covid-2022 has no section registry"):
        pack.section(RegistrySection)


def test_a_section_name_belongs_to_one_domain() -> None:
    class Other(Section):
        """Another section of a taken name."""

    with pytest.raises(ValueError, match="plan section registered twice: rounds"):
        register_section("rounds", Other)
