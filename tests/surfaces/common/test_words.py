"""How figures and spans are said."""

from datetime import UTC, datetime, timedelta

import pytest

from firebreak.kernel.text import speaking
from firebreak.surfaces.common import words

NOW = datetime(2022, 6, 8, 13, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (68_412, 71_204, "96.1%"),
        (71_203, 71_204, "99.9%"),
        (71_204, 71_204, "100%"),
        (1, 71_204, "0.1%"),
        (0, 71_204, "0%"),
        (0, 0, "–"),
    ],
)
def test_share_never_rounds_a_missing_person_away(part: int, whole: int, said: str) -> None:
    assert words.share(part, whole) == said


@pytest.mark.parametrize(
    ("minutes", "tone", "zh", "en"),
    [
        (-25, "bad", "逾期 25 分钟", "25 min late"),
        (4, "warn", "剩 4 分钟", "4 min left"),
        (140, "", "剩 2 小时 20 分", "2 h 20 min left"),
        (3060, "", "剩 2 天 3 小时", "2 d 3 h left"),
        (120, "", "剩 2 小时", "2 h left"),
    ],
)
def test_time_left_has_a_tone_and_words(minutes: int, tone: str, zh: str, en: str) -> None:
    found, text = words.time_left(NOW + timedelta(minutes=minutes), NOW)
    assert (found, text.zh, text.en) == (tone, zh, en)


def test_moment_carries_its_day_only_when_it_is_another_one() -> None:
    assert words.moment_text(NOW, NOW).zh == "21:40"
    assert words.moment_text(NOW - timedelta(days=1), NOW).en == "7 June 21:40"
    assert words.moment_text(NOW.replace(year=2021), NOW).zh == "2021年6月8日 21:40"


def test_sentences_are_joined_as_the_language_writes_them() -> None:
    assert words.sentences("没有存上。", "", "再试一次。") == "没有存上。再试一次。"
    with speaking("en"):
        assert words.sentences("Not saved.", "Try again.") == "Not saved. Try again."


def test_form_label_speaks_when_it_is_drawn() -> None:
    label = words.lazily("姓名", "Name")
    assert str(label) == "姓名"
    with speaking("en"):
        assert str(label) == "Name"
