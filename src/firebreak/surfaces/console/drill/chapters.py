"""The chapters of the story, by the moment each begins. Words only; what happens in them is played elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from firebreak.command.drill.moments import END, june
from firebreak.kernel.text import T


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of the story."""

    begins: datetime
    title: T


CHAPTERS = (
    Chapter(june(5, "14:00"), T("值班室,一个电话还没有来", "The duty room, before the call")),
    Chapter(june(5, "14:02"), T("初筛阳性,提请启动", "A positive screen; activation is proposed")),
    Chapter(june(5, "14:14"), T("启动:班子、岗位、任务", "Activation: task forces, posts, tasks")),
    Chapter(june(5, "16:30"), T("划区:封控、管控、防范", "Zones: lockdown, control, precaution")),
    Chapter(june(5, "21:40"), T("连夜布点", "Sites are set up overnight")),
    Chapter(june(5, "23:00"), T("连夜会商,定首轮", "The overnight consultation settles the first round")),
    Chapter(june(6, "06:00"), T("第一轮采样", "The first round of sampling")),
    Chapter(june(6, "08:00"), T("值班交接,两人签一张单", "The desk is handed over; two sign one sheet")),
    Chapter(june(6, "15:00"), T("电话追漏", "Calling those still missing")),
    Chapter(june(6, "19:00"), T("敲门追漏", "Knocking at the last doors")),
    Chapter(june(6, "23:10"), T("清点、关轮次", "Counting up and closing the round")),
    Chapter(june(7, "01:30"), T("出日报", "The daily report")),
    Chapter(june(7, "04:30"), T("第二轮;昨夜移交的人逐一落实", "Round two; those handed over are accounted for")),
    Chapter(june(7, "10:00"), T("督导抽采样点,一个问题交办到销号", "Inspection of sites; one fault mended and closed")),
    Chapter(june(8, "04:30"), T("第三轮", "Round three")),
    Chapter(june(8, "08:20"), T("一个小区封控,两片道路围合区管控", "One compound locked down, two areas between roads")),
    Chapter(june(8, "13:05"), T("气温过 35 度,户外采样停下", "Above 35 °C: no sampling outdoors")),
    Chapter(june(8, "14:00"), T("一道指令超时,逐级上报", "An order runs late and climbs")),
    Chapter(june(8, "15:00"), T("抽 59 户查漏登", "59 doors drawn: who was never listed")),
    Chapter(june(9, "04:30"), T("第四轮;凌晨集结三十人", "Round four; thirty people mustered before dawn")),
    Chapter(END, T("故事到此", "Here the story ends")),
)


def chapter_at(now: datetime) -> int:
    """The number (from 0) of the chapter that is running; 0 before the story begins."""
    return max((number for number, chapter in enumerate(CHAPTERS) if chapter.begins <= now), default=0)
