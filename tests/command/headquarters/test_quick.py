"""An order in one line: what is understood, and what is asked about instead of guessed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from firebreak.command.headquarters.quick import Named, read
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2022, 6, 6, 16, 20, tzinfo=ZONE)


def unit(key: str, zh: str, en: str) -> Named:
    return Named(Ref(f"unit:{key}"), T(zh, en), (key, zh, en))


UNITS = (
    unit("transfer", "转运专班", "Transfer task force"), unit("testing", "核酸检测专班", "Testing task force"),
    unit("branch-1", "第1临时党支部", "Temporary branch 1"), unit("branch-11", "第11临时党支部", "Temporary branch 11"),
    unit("security", "社会稳定专班", "Security and traffic task force"),
    unit("community", "社区管控专班", "Community-control task force"),
)


def understood(line: str) -> tuple[str, str, str]:
    found = read(line, UNITS, NOW, ZONE)
    due = found.due_at.astimezone(ZONE).strftime("%m-%d %H:%M") if found.due_at else ""
    return found.unit.ref.removeprefix("unit:"), due, found.text


@pytest.mark.parametrize(("line", "wanted"), [
    ("@transfer by 18:00 two more cars at Gate 3", ("transfer", "06-06 18:00", "two more cars at Gate 3")),
    ("@Transfer task force by 18:00: two more cars", ("transfer", "06-06 18:00", "two more cars")),
    ("@traffic two more cars at Gate 3 by 18:00", ("security", "06-06 18:00", "two more cars at Gate 3")),
    ("@test open bench 4 within 30 min", ("testing", "06-06 16:50", "open bench 4")),
    ("@transfer in 2 h bring the bus", ("transfer", "06-06 18:20", "bring the bus")),
    ("@transfer by 08:00 bring the bus", ("transfer", "06-07 08:00", "bring the bus")),
    ("@transfer by tomorrow 18:00 bring the bus", ("transfer", "06-07 18:00", "bring the bus")),
    ("@transfer bring 2 buses", ("transfer", "", "bring 2 buses")),
    ("@branch-1 by 20:00 knock at building 3", ("branch-1", "06-06 20:00", "knock at building 3")),
    ("@branch-11 by 20:00 knock at building 3", ("branch-11", "06-06 20:00", "knock at building 3")),
    ("@转运专班 18:00前 三号门加派两辆车", ("transfer", "06-06 18:00", "三号门加派两辆车")),
    ("@转运组 18点前,三号门加派两辆车", ("transfer", "06-06 18:00", "三号门加派两辆车")),
    ("@转运18点半前三号门加派两辆车", ("transfer", "06-06 18:30", "三号门加派两辆车")),
    ("\uff20检测\uff0c三号门加台\uff0c3\uff10分钟内", ("testing", "06-06 16:50", "三号门加台")),
    ("@检测 今晚8点前 加开夜场", ("testing", "06-06 20:00", "加开夜场")),
    ("@检测 明早7:30前 全部开点", ("testing", "06-07 07:30", "全部开点")),
    ("@检测 2小时内补齐试管", ("testing", "06-06 18:20", "补齐试管")),
])
def test_line_is_read_as(line: str, wanted: tuple[str, str, str]) -> None:
    assert understood(line) == wanted


@pytest.mark.parametrize(("line", "code"), [
    ("", "no-unit"), ("two more cars", "no-unit"), ("@", "unknown-unit"), ("@kitchen two more pots", "unknown-unit"),
    ("@厨房 送饭", "unknown-unit"), ("@branch knock", "several-units"), ("@专班 集合", "several-units"),
    ("@transfer", "no-task"), ("@transfer by 18:00", "no-task"), ("@transfer by 25:00 two cars", "bad-time"),
    ("@transfer by 18:75 two cars", "bad-time"), ("@检测 0分钟内 补试管", "bad-time"),
])
def test_line_that_cannot_be_read_says_which_part(line: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        understood(line)
    assert refused.value.code == code


def test_units_that_may_be_meant_are_named() -> None:
    with pytest.raises(Refusal) as refused:
        understood("@branch knock")
    assert refused.value.text.en == (
        "'branch' may be: Temporary branch 1, Temporary branch 11. Nothing was issued; write the whole name."
    )
