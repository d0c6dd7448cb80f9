"""The form of an order: prefilled, so that from thought to sent takes seconds."""

from collections.abc import Iterable
from datetime import date, datetime

from django import forms

from firebreak.command.headquarters.plan import OrderKind
from firebreak.engine.units.models import Unit
from firebreak.kernel.text import T


class OrderForm(forms.Form):
    """What is ordered, of whom, by when, on what ground."""

    unit = forms.ChoiceField(label=T("给谁", "To whom"))  # type: ignore[arg-type]  # said when drawn
    title = forms.CharField(label=T("标题", "Title"), max_length=200)  # type: ignore[arg-type]  # said when drawn
    text = forms.CharField(
        label=T("内容", "What is to be done"), max_length=4000,  # type: ignore[arg-type]  # said when drawn
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    kind = forms.ChoiceField(label=T("类别", "Kind"))  # type: ignore[arg-type]  # said when drawn
    due_at = forms.DateTimeField(
        label=T("时限", "Due"),  # type: ignore[arg-type]  # said when drawn
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    legal_basis = forms.CharField(label=T("法律依据", "Legal basis"), max_length=400)  # type: ignore[arg-type]  # said when drawn
    review_on = forms.DateField(
        label=T("复核日期", "Review on"),  # type: ignore[arg-type]  # said when drawn
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def offer(
        self, units: Iterable[Unit], kinds: Iterable[OrderKind], *, due_at: datetime, review_on: date, legal_basis: str
    ) -> None:
        """Fill choices and first values from the response and its plan."""
        for name, choices in (
            ("unit", [(unit.ref, T(unit.name_zh, unit.name_en)) for unit in units]),
            ("kind", [(kind.key, kind.name) for kind in kinds]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        self.fields["due_at"].initial = due_at
        self.fields["review_on"].initial = review_on
        self.fields["legal_basis"].initial = legal_basis
