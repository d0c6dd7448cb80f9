"""The form of a muster."""

from collections.abc import Iterable

from django import forms

from firebreak.command.musters.actions import MOST
from firebreak.engine.units.models import Unit
from firebreak.kernel.text import T
from firebreak.surfaces.common.words import lazily


class CallOutForm(forms.Form):
    """How many, of what skill, where, by when, for which unit."""

    needed = forms.IntegerField(label=lazily("几个人", "How many"), min_value=1, max_value=MOST, initial=30)
    due_at = forms.DateTimeField(
        label=lazily("几点前到", "There by"), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    title = forms.CharField(label=lazily("做什么", "What for"), max_length=120)
    place = forms.CharField(label=lazily("到哪里", "Where"), max_length=120)
    unit = forms.ChoiceField(label=lazily("归哪个单位", "For which unit"))
    skill = forms.ChoiceField(label=lazily("要会什么", "Skill"), required=False)
    first_from = forms.ChoiceField(label=lazily("先叫哪里的人", "First from"), required=False)

    def offer(self, units: Iterable[Unit], skills: Iterable[str], homes: Iterable[str]) -> None:
        """Fill the choices from the response and the roster."""
        for name, choices in (
            ("unit", [(unit.ref, T(unit.name_zh, unit.name_en)) for unit in units]),
            ("skill", [("", lazily("不限", "any")), *((skill, skill) for skill in skills)]),
            ("first_from", [("", lazily("不限", "anywhere")), *((home, home) for home in homes)]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
