"""What people type on the pages of rounds. Labels are read when the form is drawn, in the reader's language."""

from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.functional import lazystr

from firebreak.kernel.text import T
from firebreak.operations.rounds.rules import Terms
from firebreak.operations.rounds.states import RESULTS, WAYS

Choices = list[tuple[str, object]]


def said(zh: str, en: str) -> str:
    """A label in both languages; it reads as text wherever Django wants text."""
    return cast(str, lazystr(T(zh, en)))


class MomentField(forms.DateTimeField):
    """A moment in district time."""

    def __init__(self, label: str, *, required: bool = True) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(
            label=label, required=required, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        )


def in_district(moment: datetime) -> str:
    """A moment as a `datetime-local` field wants it."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%dT%H:%M")


class AttemptForm(forms.Form):
    """A call or a visit and what came of it."""

    way = forms.ChoiceField(label=said("怎样联系", "How"), choices=[(key, lazystr(word)) for key, word in WAYS.items()])
    result = forms.ChoiceField(
        label=said("结果", "Result"), choices=[(key, lazystr(word)) for key, (_, word) in RESULTS.items()],
        widget=forms.RadioSelect,
    )
    revisit_at = MomentField(said("何时再来", "Come again at"), required=False)


class SampledForm(forms.Form):
    """A swab written on paper: the code on the tube, and when it was taken."""

    tube = forms.RegexField(
        r"^[\w.-]{1,40}$", label=said("管号", "Tube code"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    taken_at = MomentField(said("采样时间", "Taken at"), required=False)


class OutcomeForm(forms.Form):
    """An outcome of the plan, and when it came about."""

    outcome = forms.ChoiceField(label=said("结果", "Outcome"), widget=forms.RadioSelect)
    taken_at = MomentField(said("何时", "When"), required=False)

    def __init__(self, data: object = None, *, terms: Terms, prefix: str = "outcome") -> None:
        super().__init__(data, prefix=prefix)  # type: ignore[arg-type]  # a QueryDict or nothing
        choices = [(key, lazystr(ending.word)) for key, ending in terms.outcomes.items()]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class ExcuseForm(forms.Form):
    """A reason of the plan, and what was seen or said."""

    reason = forms.ChoiceField(label=said("豁免理由", "Reason"))
    note = forms.CharField(
        label=said("依据(看到的材料或说明)", "What was seen or said"), required=False, max_length=200
    )

    def __init__(self, data: object = None, *, terms: Terms, prefix: str = "excuse") -> None:
        super().__init__(data, prefix=prefix)  # type: ignore[arg-type]  # a QueryDict or nothing
        choices: Choices = [("", T("请选择", "choose"))]
        choices += [(key, T(excuse.zh, excuse.en)) for key, excuse in terms.excuses.items()]
        self.fields["reason"].choices = [(key, lazystr(word)) for key, word in choices]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """Another end of an entry, with a word of explanation."""

    end = forms.ChoiceField(
        label=said("结果", "End"),
        choices=[
            ("moved", said("已迁出", "moved away")),
            ("dead", said("已故", "has died")),
            ("duplicate", said("同一人重复登记", "on the list twice")),
            ("refused", said("拒绝结案", "refuses, closed")),
        ],
    )
    note = forms.CharField(label=said("依据", "What was seen or said"), max_length=200)


class FoundForm(forms.Form):
    """Somebody met who is on no list."""

    building = forms.CharField(label=said("楼栋编码", "Building code"), max_length=40)
    door = forms.CharField(label=said("门牌", "Door"), max_length=40, required=False)
    name = forms.CharField(label=said("姓名", "Name"), max_length=60)
    kind = forms.ChoiceField(
        label=said("为什么在这里", "Why here"),
        choices=[
            ("lives", said("居住", "lives here")),
            ("works", said("工作", "works here")),
            ("passing", said("暂留", "passing")),
        ],
    )
    id_kind = forms.ChoiceField(label=said("证件", "Papers"), choices=[
        ("resident", said("居民身份证", "resident id")), ("passport", said("护照", "passport")),
        ("permit", said("通行证", "permit")), ("none", said("没有证件", "no papers")),
    ])
    id_number = forms.CharField(label=said("证件号", "Number"), max_length=40, required=False)
    birth_on = forms.DateField(
        label=said("出生日期", "Birthday"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
    )
    sex = forms.TypedChoiceField(label=said("性别", "Sex"), coerce=int, choices=[
        ("0", said("未知", "unknown")), ("1", said("男", "male")), ("2", said("女", "female")),
    ])
    phone = forms.CharField(label=said("电话", "Phone"), max_length=30, required=False)


class OpenForm(forms.Form):
    """Whom of which area, which number, by when."""

    who = forms.ChoiceField(label=said("采谁", "Whom"), required=False)
    area = forms.ChoiceField(label=said("区域", "Area"))
    number = forms.IntegerField(label=said("轮次号", "Number"), min_value=1, max_value=9999)
    due_at = MomentField(said("期限", "Due"))


class SitesForm(forms.Form):
    """One sampling site a line, as typed or pasted from a sheet."""

    lines = forms.CharField(
        label=said(
            "一行一个:编号 名称 社区编号 经度 纬度 台位数",
            "One a line: code, name, community code, longitude, latitude, benches",
        ),
        max_length=60_000, widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
