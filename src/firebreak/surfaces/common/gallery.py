"""What the gallery shows: every component in its states, with figures that agree with each other.

The people and places are invented. The page exists only in a drill or with DEBUG, never beside real records.
"""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest

from firebreak.kernel import clock
from firebreak.kernel.text import T
from firebreak.surfaces.common import samples
from firebreak.surfaces.common.nav import NavBadge, NavGroup, NavLine
from firebreak.surfaces.common.shapes import Owner, Parts, Person
from firebreak.surfaces.common.words import lazily

FRAMES = ("desk", "phone", "wall", "paper", "plain")
DONE_JUST_NOW = T("指令 189 已下达给检测专班。", "Order 189 is issued to the testing task force.")
WRONG = {"name": "", "id_number": "11010519491231002", "due": "", "unit": "", "text": "请增派两名采样员到 12 号台"}


class SampleForm(forms.Form):
    """A form with every kind of field."""

    name = forms.CharField(
        label=lazily("姓名", "Name"),
        max_length=60,
        error_messages={"required": lazily("写上姓名。", "Enter the name.")},
    )
    id_number = forms.CharField(label=lazily("身份证号", "Resident id"), required=False)
    unit = forms.ChoiceField(
        label=lazily("交给", "Give to"),
        choices=[
            ("", "–"),
            ("testing", lazily("检测专班", "Testing task force")),
            ("transfer", lazily("转运专班", "Transfer task force")),
        ],
        error_messages={"required": lazily("选一个专班。", "Choose a task force.")},
    )
    due = forms.TimeField(
        label=lazily("时限", "Due"),
        widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={"required": lazily("写上时限,如 18:00。", "Enter when it is due, such as 18:00.")},
    )
    text = forms.CharField(label=lazily("内容", "What is to be done"), widget=forms.Textarea(attrs={"rows": 3}))
    copy = forms.BooleanField(label=lazily("抄送值班员", "Copy to the duty officer"), required=False)

    def clean_id_number(self) -> str:
        """The sample refuses every number of the wrong length, to show the sentence."""
        number = str(self.cleaned_data["id_number"])
        if number and len(number) != 18:
            raise forms.ValidationError(
                lazily(
                    "身份证第 18 位对不上。再看一遍,或选“无法核对”。",
                    "The last ID digit does not fit. Check it, or choose “cannot verify”.",
                )
            )
        return number


def sample(request: HttpRequest) -> dict[str, Any]:
    """Everything the gallery templates draw."""
    now = clock.now()
    return {
        "now": now,
        "as_of": now - timedelta(seconds=8),
        "deadline": now + timedelta(hours=2, minutes=20),
        "due_total": samples.DUE,
        "done_total": samples.DONE,
        "to_do": samples.TO_DO,
        "today": 683,
        "waiting": 42,
        "books": samples.books(),
        "risks": samples.risks(now),
        "people": samples.people(request, now),
        "nothing": samples.nothing(now),
        "books_off": samples.books_off(),
        "buildings": samples.buildings(),
        "buildings_few": samples.buildings()[2:],
        "burn": samples.burn(now),
        "late_burn": samples.late_burn(now),
        "level": samples.level(now),
        "off": samples.off(now),
        "district": samples.district(),
        "tall_district": samples.district(24),
        "confirm_open": samples.decision(now),
        "confirm_own": samples.decision(now, own=True),
        "frames": FRAMES,
        "parts": Parts(412, 388, 3, 9, 2, 4, 6),
        "dues": samples.dues(now),
        "masked": Person("陈*桐", "#", masked=True, unmask_url=samples.HERE),
        "plain_person": Person("陈雨桐", "#", small="1102"),
        "hidden": Person("吴**", masked=True),
        "owner": Owner(T("检测专班", "Testing task force"), "陈志远", "0100-0000-12"),
        **sentences(),
        "nav": rail(),
        "tabs": rail()[0].lines[:3],
        "find_url": samples.HERE,
        "pulse_url": "",
        "incident": T("开发区疫情 · 第 4 天", "Development Zone outbreak · day 4"),
        "who": {"role": T("总指挥", "Commander"), "name": "郑海峰"},
    }


def sentences() -> dict[str, T]:
    """What the answer and the states say."""
    return {
        "calm_words": T("账平。", "Books balance."),
        "alarm_words": T("3 件事逾期。", "3 things are late."),
        "buildings_question": T("海棠各楼采到哪里了?", "How far is each building of Haitang?"),
        "progress_label": T("已采", "sampled"),
        "progress_label_none": T("复核", "rechecked"),
        "id_hint": T("18 位;有空格、全角也可以。", "18 characters; spaces and full-width digits are fine."),
        "error_what": T("没有存上。", "Not saved."),
        "error_safe": T("您填的内容都还在。", "All you typed is still here."),
        "error_do": T("网络恢复后再按一次“下达”。", "Press “Issue” once more when the network is back."),
        "error_action": T("再试一次", "Try again"),
        "offline_what": T("没有网络。", "No network."),
        "offline_safe": T("42 条待上传,已存本机。", "42 wait for upload, saved on this phone."),
        "offline_do": T("继续扫。", "Keep scanning."),
    }


def rail() -> tuple[NavGroup, ...]:
    """A rail as the commander sees it."""

    def line(zh: str, en: str, badge: NavBadge | None = None, current: bool = False) -> NavLine:
        return NavLine(en, T(zh, en), samples.HERE if current else "#", current, badge)

    return (
        NavGroup(
            T("", ""),
            (
                line("指挥部", "Headquarters", current=True),
                line("指令", "Orders", NavBadge(T("逾期 2", "2 late"), "bad")),
                line("启动", "Activation"),
            ),
        ),
        NavGroup(
            T("各线工作", "Lines of work"),
            (
                line("分区", "Zones", NavBadge(3)),
                line("第 3 轮", "Round 3", NavBadge("96.1%")),
                line("地图", "Map"),
                line("任务", "Tasks", NavBadge(T("逾期 1", "1 late"), "bad")),
            ),
        ),
        NavGroup(
            T("底册", "Register"),
            (
                line("人和户", "People", NavBadge(71_204)),
                line("岗位", "Posts", NavBadge(T("空 6", "6 open"), "warn")),
                line("导入", "Import"),
            ),
        ),
        NavGroup(T("记录", "Record"), (line("日报", "Daily report"), line("日志", "Journal"))),
    )
