"""Forms of getting in. They carry what was typed; whether it is right is decided by the actions."""

from typing import Any

from django import forms

from firebreak.kernel.refusals import Refusal, RefusalKind
from firebreak.kernel.text import T

USER = T("用户名", "User name")
PASSWORD_LENGTH = 400
LOCKED = RefusalKind(
    "locked",
    T(
        "试错太多,已锁 15 分钟。急用请系统管理员解锁。",
        "Too many wrong tries: locked for 15 minutes. In a hurry, ask the system administrator to unlock.",
    ),
)


def secret(label: T, autocomplete: str) -> forms.CharField:
    """A password field; pasting is welcome, and blanks count."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=PASSWORD_LENGTH, widget=widget)  # type: ignore[arg-type]  # a T is said when drawn


def plain(label: T, autocomplete: str = "off", **more: Any) -> forms.CharField:
    """A one-line field without completion by the browser."""
    widget = forms.TextInput(attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"})
    return forms.CharField(label=label, widget=widget, **more)  # type: ignore[arg-type]  # a T is said when drawn


class SignInForm(forms.Form):
    """User name and password."""

    username = plain(USER, "username", max_length=60)
    password = secret(T("密码", "Password"), "current-password")


class FirstPasswordForm(forms.Form):
    """What stands on the slip, and the password its owner chooses."""

    username = plain(USER, "username", max_length=60)
    code = plain(T("邀请码", "Code on the slip"), max_length=40)
    password = secret(T("新密码", "New password"), "new-password")
    again = secret(T("再输一次", "Once more"), "new-password")


class ChangePasswordForm(forms.Form):
    """The present password and the next."""

    present = secret(T("现在的密码", "Present password"), "current-password")
    password = secret(T("新密码", "New password"), "new-password")
    again = secret(T("再输一次", "Once more"), "new-password")


class CodeForm(forms.Form):
    """Six digits from the phone."""

    code = plain(T("六位验证码", "Six-digit code"), "one-time-code", max_length=10)


class ProofForm(forms.Form):
    """Who is there still: the password, and the six digits where the role confirms by phone."""

    proof_password = secret(T("密码", "Password"), "current-password")
    proof_code = plain(T("六位验证码", "Six-digit code"), "one-time-code", max_length=10)

    def __init__(self, *args: Any, coded: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.coded = coded
        if not coded:
            del self.fields["proof_code"]


def blame(form: forms.Form, refusal: Refusal, fields: dict[str, str]) -> None:
    """Put a refusal beside the field it is about (`fields`: code → field name), else on top of the form."""
    form.add_error(fields.get(refusal.code), str(refusal.text))
