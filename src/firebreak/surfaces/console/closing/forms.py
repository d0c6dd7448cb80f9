"""The forms of the end of a response."""

from collections.abc import Iterable
from typing import Any

from django import forms

from firebreak.command.activation.plan import Level
from firebreak.engine.access.models import Account
from firebreak.surfaces.common.words import lazily


class LevelForm(forms.Form):
    """Which level, and why."""

    level = forms.ChoiceField(label=lazily("调到", "To"))
    reason = forms.CharField(label=lazily("理由", "Why"), max_length=400)

    def __init__(self, *args: Any, levels: Iterable[Level], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(level.key, level.name) for level in levels]


class ClosingForm(forms.Form):
    """Who answers for the personal data, and why it closes."""

    owner = forms.ChoiceField(label=lazily("个人信息由谁负责到删除", "Who answers for the personal data"))
    reason = forms.CharField(label=lazily("解除理由", "Why it closes"), max_length=200)

    def __init__(self, *args: Any, owners: Iterable[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(account.ref, account.name) for account in owners]
