"""Forms of accounts and grants. Each names its fields; nothing else that is sent counts."""

from django import forms

from firebreak.engine.access.roles import ROLES
from firebreak.kernel.text import T

ROLE_CHOICES = [(role.key, role.name) for role in ROLES]


def line(label: T, **attrs: str) -> forms.CharField:
    """A one-line field."""
    return forms.CharField(label=label, max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}))  # type: ignore[arg-type]  # a T is said when drawn


class NewAccountForm(forms.Form):
    """Who the account is for."""

    username = line(T("用户名", "User name"), autocapitalize="none")
    name = line(T("姓名", "Name"))


class ManyAccountsForm(forms.Form):
    """One account a line: user name, the person's name, and the phone by which the roster knows them."""

    lines = forms.CharField(
        label=T("一行一个:用户名 姓名 手机号", "One a line: user name, name, phone"),  # type: ignore[arg-type]  # said when drawn
        max_length=20_000, widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )


class TieForm(forms.Form):
    """Who of the roster the account belongs to."""

    member = forms.CharField(
        label=T("花名册上的姓名或手机号", "Name or phone on the roster"),  # type: ignore[arg-type]  # said when drawn
        max_length=60, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class GrantForm(forms.Form):
    """A role, where, and until when."""

    role = forms.ChoiceField(label=T("岗位", "Role"), choices=ROLE_CHOICES)  # type: ignore[arg-type]  # said when drawn
    area = forms.CharField(
        label=T("辖区编号", "Area code"), max_length=40, required=False,  # type: ignore[arg-type]  # said when drawn
        widget=forms.TextInput(attrs={"list": "areas", "autocomplete": "off"}),
    )
    unit = forms.CharField(
        label=T("单位", "Unit"), max_length=200, required=False,  # type: ignore[arg-type]  # said when drawn
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )
    ends_at = forms.DateTimeField(
        label=T("到期", "Until"), required=False,  # type: ignore[arg-type]  # said when drawn
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=T("理由", "Reason"), max_length=200)  # type: ignore[arg-type]  # said when drawn
