"""Forms of signals."""

from collections.abc import Iterable
from datetime import datetime

from django import forms

from firebreak.command.activation.plan import ActivationSection, Classification
from firebreak.engine.areas.models import Area
from firebreak.kernel.text import T

CHANNELS = (
    ("telephone", T("电话", "telephone")),
    ("report_system", T("网络直报", "reporting system")),
    ("visit", T("当面", "in person")),
    ("letter", T("来函", "letter")),
)


class SignalForm(forms.Form):
    """What was reported. Everything that can be known beforehand is filled in."""

    kind = forms.ChoiceField(label=T("预警类别", "What was reported"))  # type: ignore[arg-type]  # said when drawn
    area = forms.ChoiceField(label=T("辖区", "District"))  # type: ignore[arg-type]  # said when drawn
    channel = forms.ChoiceField(label=T("渠道", "By which way"), choices=CHANNELS)  # type: ignore[arg-type]  # said when drawn
    reporter = forms.CharField(label=T("谁报告的", "Who reported it"), max_length=80)  # type: ignore[arg-type]  # said when drawn
    received_at = forms.DateTimeField(
        label=T("接报时间", "Received at"),  # type: ignore[arg-type]  # said when drawn
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    note = forms.CharField(
        label=T("要点(不写姓名)", "In short, without names"), max_length=500, required=False,  # type: ignore[arg-type]  # said when drawn
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def offer(self, section: ActivationSection, districts: Iterable[Area], now: datetime) -> None:
        """Fill the choices from the plan and the area tree."""
        for name, choices in (
            ("kind", [(kind.key, kind.name) for kind in section.signal_kinds]),
            ("area", [(area.code, T(area.name_zh, area.name_en or area.name_zh)) for area in districts]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        self.fields["received_at"].initial = now


class JudgeForm(forms.Form):
    """What a signal has turned out to be."""

    classification = forms.ChoiceField(label=T("核定为", "It is"))  # type: ignore[arg-type]  # said when drawn
    reason = forms.CharField(label=T("依据", "On what ground"), max_length=200)  # type: ignore[arg-type]  # said when drawn

    def offer(self, lawful: Iterable[Classification]) -> None:
        """Fill the choices with what the plan lets it become."""
        field = self.fields["classification"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.key, one.name) for one in lawful]
