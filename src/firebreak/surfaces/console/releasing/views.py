"""Stating a fact about the end of a zone or a response."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from firebreak.command.releasing.actions import attest, subject_of
from firebreak.command.releasing.rights import ATTEST
from firebreak.command.releasing.rules import ATTESTED, NAMES
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import lazily

PLACE = "console/releasing/"
_FACTS = {
    "contacts_closed": T("最后一名密接末次暴露的时间,且检测阴性", "The last contact's last exposure; tested negative"),
    "round_all_negative": T("一轮检测结果全部阴性", "Every result of a round is negative"),
    "expert_override": T("专家组决定提前结束", "A panel decides to end it early"),
}


class AttestForm(forms.Form):
    """What is stated, since when, by how many, on what paper."""

    primitive = forms.ChoiceField(label=lazily("哪一条", "Which line"))
    since = forms.DateTimeField(
        label=lazily("从何时起", "Since when"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    statement = forms.CharField(label=lazily("事实", "The fact"), max_length=400)
    source = forms.CharField(
        label=lazily("出处(文号、报告、会议)", "Source (document, report, meeting)"), max_length=200
    )
    people = forms.IntegerField(label=lazily("签字人数", "Signatures"), min_value=1, max_value=99, initial=1)
    holds = forms.TypedChoiceField(
        label=lazily("结论", "It says"),
        coerce=lambda given: given == "yes",
        choices=[("yes", lazily("成立", "it holds")), ("no", lazily("收回先前的登记", "take the earlier one back"))],
    )


@needs(ATTEST, post=ATTEST)
def state(request: HttpRequest) -> HttpResponse:
    """State a fact; the page of its zone or response shows at once what it changes."""
    about = Ref((request.POST or request.GET).get("about", "")[:60])
    subject = subject_of(about, clock.now())
    kinds = {one.primitive for one in (*subject.release.all_of, *subject.release.or_any_of)} & set(ATTESTED)
    first = {"since": clock.now(), "primitive": request.GET.get("primitive", "")}
    form = AttestForm(request.POST or None, initial=first)
    field = form.fields["primitive"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(key, _FACTS[key]) for key in ATTESTED if key in kinds]
    back = request.POST.get("back", "") or request.headers.get("referer", "")
    if request.method == "POST" and form.is_valid():
        try:
            attest(about=about, by=actor(request), at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            blame(form, refusal, {"since-later": "since", "no-source": "source", "panel-too-small": "people"})
        else:
            tell(request, T("已登记,依据可查。", "Stated, with its source."), tone="good")
            safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
            return redirect(back if back and safe else "zones")
    zone = subject.zone
    name = T(zone.name_zh, zone.name_en) if zone else T(subject.response.name_zh, subject.response.name_en)
    return render(
        request,
        PLACE + "state.html",
        {
            "form": form,
            "about": about,
            "back": back,
            "name": name,
            "lines": [NAMES[key] for key in sorted(kinds)],
        },
        status=422 if form.is_bound and form.errors else 200,
    )
