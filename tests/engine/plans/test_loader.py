"""A wrong pack is refused with file, line and a sentence in both languages."""

import json
from pathlib import Path

import pytest

from firebreak.engine.plans.loader import check_pack, load_content, load_pack
from firebreak.engine.plans.problems import PackFaulty, Problem
from tests.engine.plans.conftest import Spoil


def only(folder: Path) -> Problem:
    problems = check_pack(folder)
    assert len(problems) == 1, problems
    return problems[0]


def test_the_copy_of_the_shipped_pack_is_sound(folder: Path) -> None:
    assert check_pack(folder) == []


def test_a_misspelt_key_is_named_with_its_line_and_what_was_meant(folder: Path, spoil: Spoil) -> None:
    line = spoil("rounds.toml", "attempts_before_refusal_closes", "attemps_before_refusal_closes")
    assert only(folder) == Problem(
        "rounds.toml", line,
        "这里没有“attemps_before_refusal_closes”这一项。是不是“attempts_before_refusal_closes”?",
        "There is no key 'attemps_before_refusal_closes' here. Did you mean 'attempts_before_refusal_closes'?",
    )


def test_a_key_nobody_knows_is_refused(folder: Path, spoil: Spoil) -> None:
    line = spoil("headquarters.toml", "acknowledge_minutes = 10", "acknowledge_minutes = 10\nwallpaper = 1") + 1
    assert only(folder) == Problem(
        "headquarters.toml", line, "这里没有“wallpaper”这一项。", "There is no key 'wallpaper' here."
    )


def test_a_misspelt_key_of_a_cited_value_is_found_inside_the_braces(folder: Path, spoil: Spoil) -> None:
    line = spoil("rounds.toml", 'hours_to_finish = { value', 'hours_to_finish = { valeu')
    assert only(folder) == Problem(
        "rounds.toml", line, "这里没有“valeu”这一项。是不是“value”?",
        "There is no key 'valeu' here. Did you mean 'value'?",
    )  # fmt: skip


def test_a_wrong_unit_is_told_the_right_one(folder: Path, spoil: Spoil) -> None:
    line = spoil("rounds.toml", "revisit_away_hours = 4", "revisit_away_minutes = 240")
    assert only(folder) == Problem(
        "rounds.toml", line,
        "“revisit_away_minutes”的单位不对:这里按小时计,请写“revisit_away_hours”。",
        "'revisit_away_minutes' is in the wrong unit: it is counted in hours here; write 'revisit_away_hours'.",
    )


def test_a_unit_inside_a_value_is_refused(folder: Path, spoil: Spoil) -> None:
    line = spoil("rounds.toml", "revisit_away_hours = 4", 'revisit_away_hours = "4h"')
    assert only(folder) == Problem(
        "rounds.toml", line, "“revisit_away_hours”要写成整数,不带引号和单位。",
        "'revisit_away_hours' must be a whole number, without quotes or unit.",
    )  # fmt: skip


def test_a_missing_key_gives_the_line_of_its_table(folder: Path, spoil: Spoil) -> None:
    spoil("activation.toml", "second_within_minutes = 30\n", "")
    line = spoil("activation.toml", "[who.night]", "[who.night]")
    assert only(folder) == Problem(
        "activation.toml", line, "缺少“second_within_minutes”。", "'second_within_minutes' is missing."
    )


def test_a_number_out_of_bounds_says_the_bound(folder: Path, spoil: Spoil) -> None:
    line = spoil("activation.toml", "deadline_minutes = 60", "deadline_minutes = 600")
    assert only(folder) == Problem(
        "activation.toml", line, "“deadline_minutes”不能大于 60。", "'deadline_minutes' must not be above 60."
    )


def test_an_unknown_primitive_lists_the_known_ones(folder: Path, spoil: Spoil) -> None:
    line = spoil("zones.toml", '"contacts_closed"', '"contacts_clsoed"')
    problem = only(folder)
    assert (problem.file, problem.line) == ("zones.toml", line)
    assert problem.message_en == (
        "There is no primitive 'contacts_clsoed', only 'no_new_cases', 'contacts_closed', 'round_all_negative', "
        "'other_tiers_ended', 'suspects_cleared', 'round_complete', 'expert_override'."
    )


def test_an_argument_of_a_primitive_is_checked_like_a_key(folder: Path, spoil: Spoil) -> None:
    line = spoil("zones.toml", "within_days", "within_hours")
    assert only(folder) == Problem(
        "zones.toml", line, "“within_hours”的单位不对:这里按天计,请写“within_days”。",
        "'within_hours' is in the wrong unit: it is counted in days here; write 'within_days'.",
    )  # fmt: skip


def test_a_cell_of_a_roster_is_found_in_its_file_and_line(folder: Path, spoil: Spoil) -> None:
    line = spoil("units/posts.csv", "grid,team,grid,,grid,70,", "grid,team,grid,,grid,seventy,")
    assert only(folder) == Problem(
        "units/posts.csv", line, "“count”要写成整数,现为“seventy”。", "'count' must be a whole number, not 'seventy'."
    )


def test_a_row_too_long_is_found(folder: Path, spoil: Spoil) -> None:
    line = spoil("units/posts.csv", "Grid post {n}", "Grid post {n},more")
    assert only(folder) == Problem(
        "units/posts.csv", line, "这一行有 10 格,表头只有 9 格。", "This row has 10 cells, the header 9."
    )


def test_a_text_missing_in_one_language_is_named_where_it_is_used(folder: Path, spoil: Spoil) -> None:
    (folder / "texts/en/orders/tracing.txt").unlink()
    line = spoil("activation.toml", 'text = "orders/tracing"', 'text = "orders/tracing"')
    assert only(folder) == Problem(
        "activation.toml", line, "缺少文本 texts/en/orders/tracing.txt。",
        "The text texts/en/orders/tracing.txt is missing.",
    )  # fmt: skip


def test_a_name_in_one_language_only_is_refused(folder: Path, spoil: Spoil) -> None:
    spoil("zones.toml", 'name_en = "control zone"\n', "")
    problem = only(folder)
    assert (problem.file, problem.message_en) == ("zones.toml", "'name_en' is missing.")


def test_a_text_nobody_uses_is_refused(folder: Path) -> None:
    (folder / "texts/zh/orders/tarcing.txt").write_text("流调", "utf-8")
    assert only(folder) == Problem(
        "texts/zh/orders/tarcing.txt", 1, "没有任何部分引用这个文本。", "No section names this text."
    )


def test_a_place_nobody_fills_is_found_in_its_language(folder: Path, spoil: Spoil) -> None:
    spoil("texts/zh/messages/overdue.txt", "{minutes}", "{minuts}")
    line = spoil("messages.toml", 'text = "messages/overdue"', 'text = "messages/overdue"')
    assert only(folder) == Problem(
        "messages.toml", line, "文本(zh)里的 {minuts} 没有来处。", "Nothing fills {minuts} in the text (zh)."
    )


def test_an_unknown_section_file_is_refused_with_the_name_that_was_meant(folder: Path) -> None:
    (folder / "zone.toml").write_text("", "utf-8")
    assert only(folder) == Problem(
        "zone.toml", 1, "没有名为“zone”的预案部分。是不是“zones”?",
        "There is no plan section 'zone'. Did you mean 'zones'?",
    )  # fmt: skip


def test_a_missing_section_is_refused_unless_left_out_on_purpose(folder: Path, spoil: Spoil) -> None:
    (folder / "registry.toml").unlink()
    assert only(folder).message_en == (
        "registry.toml is missing; if this plan does without it, list it in 'without'."
    )
    spoil("plan.toml", 'languages = ["zh", "en"]', 'languages = ["zh", "en"]\nwithout = ["registry"]')
    assert check_pack(folder) == []


def test_a_source_nobody_declared_is_refused(folder: Path, spoil: Spoil) -> None:
    line = spoil("zones.toml", 'source = "release-8"', 'source = "relaese-8"')
    assert only(folder) == Problem(
        "zones.toml", line, "plan.toml 里没有出处“relaese-8”。是不是“release-8”?",
        "plan.toml has no source 'relaese-8'. Did you mean 'release-8'?",
    )  # fmt: skip


def test_verified_without_a_source_is_refused(folder: Path, spoil: Spoil) -> None:
    line = spoil("rounds.toml", "revisit_away_hours = 4", "revisit_away_hours = { value = 4, verified = true }")
    assert only(folder) == Problem(
        "rounds.toml", line, "标为已核实,却没有写出处 source。", "It says verified but names no source."
    )


def test_a_reference_to_no_unit_is_refused(folder: Path, spoil: Spoil) -> None:
    line = spoil("activation.toml", 'unit = "medical"', 'unit = "medicine"')
    assert only(folder) == Problem(
        "activation.toml", line, "“medicine”不是本预案中的单位。", "'medicine' is no unit of this plan."
    )


def test_a_key_used_twice_is_refused(folder: Path, spoil: Spoil) -> None:
    line = spoil("registry.toml", 'key = "pregnant"', 'key = "dialysis"')
    assert only(folder) == Problem(
        "registry.toml", line - 1, "“dialysis”写了不止一次。", "'dialysis' stands here more than once."
    )


def test_a_post_written_twice_breaks_the_count_as_well(folder: Path) -> None:
    posts = folder / "units/posts.csv"
    text = posts.read_text("utf-8")
    posts.write_text(text + text.splitlines()[-1] + "\n", "utf-8")
    assert [(problem.file, problem.message_en) for problem in check_pack(folder)] == [
        ("units.toml", "The rows of posts add up to 155, not 154."),
        ("units/posts.csv", "'inspector' stands here more than once."),
    ]


def test_a_penalty_by_machine_cannot_be_planned(folder: Path, spoil: Spoil) -> None:
    line = spoil("rounds.toml", "automated_penalty = false", "automated_penalty = true")
    problem = only(folder)
    assert (problem.file, problem.line) == ("rounds.toml", line)


def test_broken_syntax_gives_its_line(folder: Path, spoil: Spoil) -> None:
    line = spoil("reports.toml", 'key = "orders"', 'key = "orders')
    problem = only(folder)
    assert (problem.file, problem.line) == ("reports.toml", line)
    assert problem.message_en.startswith("This is not valid TOML: ")


def test_a_file_in_another_encoding_is_named(folder: Path) -> None:
    (folder / "texts/zh/orders/tracing.txt").write_bytes("流调\n溯源".encode("gb18030"))
    problems = check_pack(folder)
    assert problems[-1] == Problem(
        "texts/zh/orders/tracing.txt", 1, "文件不是 UTF-8 编码,请另存为 UTF-8。",
        "The file is not UTF-8; save it as UTF-8.",
    )  # fmt: skip


def test_every_problem_is_told_at_once_in_the_order_of_files_and_lines(folder: Path, spoil: Spoil) -> None:
    spoil("zones.toml", "rank = 1", "rnak = 1")
    spoil("rounds.toml", 'unit = "person"', 'unit = "cat"')
    spoil("rounds.toml", "revisit_unreachable_hours = 2", "revisit_unreachable_hours = -2")
    problems = check_pack(folder)
    assert [problem.file for problem in problems] == ["rounds.toml", "rounds.toml", "zones.toml"]
    assert problems == sorted(problems)


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert [problem.file for problem in check_pack(tmp_path / "nowhere")] == ["nowhere", "plan.toml"]


def test_a_pack_in_the_wrong_folder_is_refused(folder: Path) -> None:
    moved = folder.rename(folder.with_name("covid-2023"))
    assert only(moved).message_en == "The id 'covid-2022' is not the name of its folder, 'covid-2023'."


def test_loading_a_faulty_pack_says_every_problem(folder: Path, spoil: Spoil) -> None:
    spoil("zones.toml", "rank = 1", "rnak = 1")
    with pytest.raises(PackFaulty) as refused:
        load_pack(folder)
    assert refused.value.problems == check_pack(folder)


def test_a_stored_pack_is_the_pack_of_the_folder(folder: Path) -> None:
    pack = load_pack(folder)
    stored = load_content(json.loads(pack.as_json()))
    assert (stored.hash, stored.meta, stored.texts) == (pack.hash, pack.meta, pack.texts)
    assert dict(stored.sections) == dict(pack.sections)


def test_a_pack_is_found_from_inside_its_own_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)

    assert check_pack(Path()) == []


def amended(folder: Path, text: str) -> Path:
    """A folder beside the pack that holds only this plan.toml."""
    amendment = folder.parent / "covid-next"
    amendment.mkdir()
    (amendment / "plan.toml").write_text(text, "utf-8")
    return amendment


def test_an_amendment_inherits_each_file_it_does_not_hold(folder: Path) -> None:
    meta = (folder / "plan.toml").read_text("utf-8").replace('id = "covid-2022"', 'id = "covid-next"\namends = "covid-2022"')
    pack, base = load_pack(amended(folder, meta)), load_pack(folder)
    assert (pack.sections, pack.texts) == (base.sections, base.texts)
    assert pack.hash != base.hash


@pytest.mark.parametrize(("base", "said"), [
    ("covid-2020", "旁边没有可修订的预案“covid-2020”。"), ("covid-2022", "“covid-2022”本身就是修订,请修订它的原预案。"),
])
def test_what_cannot_be_amended_is_named_with_its_line(folder: Path, base: str, said: str) -> None:
    own = folder / "plan.toml"
    meta = own.read_text("utf-8")
    own.write_text(meta.replace("\nedition", '\namends = "elsewhere"\nedition'), "utf-8")
    amendment = amended(folder, meta.replace('id = "covid-2022"', f'id = "covid-next"\namends = "{base}"'))
    found = [(one.file, one.message_zh) for one in check_pack(amendment) if "修订" in one.message_zh]
    assert found == [("plan.toml", said)]
