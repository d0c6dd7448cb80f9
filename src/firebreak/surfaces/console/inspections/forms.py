"""Forms of inspections."""

from collections.abc import Iterable
from typing import Any

from django import forms

from firebreak.command.inspections.actions import MOST, Fault
from firebreak.command.inspections.plan import Checklist
from firebreak.engine.areas.models import Area
from firebreak.kernel.text import T
from firebreak.surfaces.common.words import lazily

PICTURES = {"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}


class DrawForm(forms.Form):
    """Which list, where, how many."""

    checklist = forms.ChoiceField(label=lazily("按哪份清单", "By which list"))
    area = forms.ChoiceField(label=lazily("范围", "Where"))
    count = forms.IntegerField(label=lazily("抽多少", "How many"), min_value=1, max_value=MOST)

    def offer(self, checklists: Iterable[Checklist], areas: Iterable[Area]) -> None:
        """Fill the choices."""
        for name, choices in (
            ("checklist", [(one.key, one.name) for one in checklists]),
            ("area", [(area.code, T(area.name_zh, area.name_en or area.name_zh)) for area in areas]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class LookForm(forms.Form):
    """One thing drawn: each line so or not so; a line that is not so has words, and may have a picture."""

    def __init__(self, checklist: Checklist, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checklist = checklist
        for line in checklist.lines:
            self.fields[f"so_{line.key}"] = forms.ChoiceField(
                label=str(line.name), choices=[("yes", lazily("符合", "As it should be")), ("no", lazily("不符合", "Not so"))],
                widget=forms.RadioSelect,
            )
            self.fields[f"text_{line.key}"] = forms.CharField(
                label=lazily("看到什么", "What was seen"), required=False, max_length=400
            )
            self.fields[f"picture_{line.key}"] = forms.FileField(
                label=lazily("照片", "Picture"), required=False, widget=forms.FileInput(attrs=PICTURES)
            )
        if checklist.counts_unlisted:
            self.fields["unlisted"] = forms.IntegerField(
                label=lazily("名单外的人数", "People on no list"), min_value=0, max_value=999, initial=0
            )
        self.fields["note"] = forms.CharField(label=lazily("备注", "Note"), required=False, max_length=400)

    @property
    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Each line: its answer, its words, its picture."""
        return [
            (self[f"so_{line.key}"], self[f"text_{line.key}"], self[f"picture_{line.key}"])
            for line in self.checklist.lines
        ]

    def clean(self) -> dict[str, Any]:
        """A line that is not so needs words."""
        said = super().clean() or {}
        for line in self.checklist.lines:
            if said.get(f"so_{line.key}") == "no" and not said.get(f"text_{line.key}", "").strip():
                self.add_error(f"text_{line.key}", str(T("请写明看到什么。", "Write what was seen.")))
        return said

    def faults(self) -> list[Fault]:
        """The lines that are not so."""
        said = self.cleaned_data
        return [
            Fault(line.key, said[f"text_{line.key}"], picture.read() if (picture := said[f"picture_{line.key}"]) else None)
            for line in self.checklist.lines if said[f"so_{line.key}"] == "no"
        ]


class RecheckForm(forms.Form):
    """Looked at again: so, or not so."""

    corrected = forms.TypedChoiceField(
        label=lazily("复查结果", "Looked at again"), coerce=lambda given: given == "yes", widget=forms.RadioSelect,
        choices=[
            ("yes", lazily("已整改到位,销号", "Corrected: close it")),
            ("no", lazily("没有到位,再次交办", "Not corrected: order it again")),
        ],
    )
    text = forms.CharField(label=lazily("看到什么", "What was seen"), max_length=400)
    picture = forms.FileField(label=lazily("照片", "Picture"), required=False, widget=forms.FileInput(attrs=PICTURES))
