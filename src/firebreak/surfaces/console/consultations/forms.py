"""The forms of a consultation: calling one, and the three ways an item ends."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from firebreak.engine.units.models import Unit
from firebreak.kernel.text import T
from firebreak.surfaces.common.words import lazily

MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


def _moment(zh: str, en: str) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=lazily(zh, en), widget=widget, input_formats=MOMENTS)


class CallForm(forms.Form):
    """What it is about, when, and for how long."""

    title = forms.CharField(label=lazily("名称", "What it is called"), max_length=200)
    begins_at = _moment("开始", "Begins")
    minutes = forms.IntegerField(label=lazily("时长(分钟)", "Minutes it may take"), min_value=1, max_value=480)


class OrderDecision(forms.Form):
    """Who does what by when."""

    unit = forms.ChoiceField(label=lazily("谁办", "Who"))
    text = forms.CharField(label=lazily("办什么", "What"), max_length=200)
    due_at = _moment("何时前", "By when")

    def __init__(self, *args: Any, units: Iterable[Unit], due_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(unit.ref, T(unit.name_zh, unit.name_en)) for unit in units]
        self.fields["due_at"].initial = due_at


class MeasureDecision(forms.Form):
    """What changes, from what to what, why and from when."""

    measure = forms.CharField(label=lazily("什么措施", "Which measure"), max_length=200)
    was = forms.CharField(label=lazily("原来", "What it was"), max_length=200)
    becomes = forms.CharField(label=lazily("改为", "What it becomes"), max_length=200)
    reason = forms.CharField(label=lazily("理由", "Why"), max_length=400)
    effective_at = _moment("生效时间", "From when")

    def __init__(self, *args: Any, effective_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_at"].initial = effective_at


class NoteDecision(forms.Form):
    """What was said, when nothing follows."""

    text = forms.CharField(label=lazily("议定", "What was said"), max_length=400)
