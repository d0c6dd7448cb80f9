"""Pictures of news briefs: stored with source and consent at the desk; shown to anybody while their brief is out."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.activation.queries import active_response
from firebreak.command.briefs import actions, queries
from firebreak.command.briefs.rights import WRITE_BRIEFS
from firebreak.engine.pictures.queries import open_picture
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs, open_to_all
from firebreak.surfaces.common.shapes import Cell, Column, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import lazily
from firebreak.surfaces.console.briefs.views import FRESH_SECONDS

FIELDS = {"brief-picture-incomplete": "caption", "not-a-picture": "content", "picture-too-large": "content"}


class PictureForm(forms.Form):
    """A picture that may be published."""

    content = forms.FileField(
        label=lazily("图片", "Picture"), widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    caption = forms.CharField(label=lazily("说明(读者会看到)", "Caption (readers see it)"), max_length=120)
    source = forms.CharField(label=lazily("出处(谁、何时、何地拍)", "Who took it, when and where"), max_length=160)
    consent = forms.CharField(label=lazily("图中的人谁、何时同意公开", "Who in it agreed, and when"), max_length=160)


@needs(WRITE_BRIEFS, post=WRITE_BRIEFS)
def pictures(request: HttpRequest) -> HttpResponse:
    """Pictures that may be used; a POST stores one."""
    response = active_response()
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PictureForm(*sent)
    if response is not None and form.is_valid():
        said = dict(form.cleaned_data)
        content = said.pop("content").read()
        try:
            actions.store_picture(response=Ref(response.ref), content=content, by=actor(request), at=clock.now(), **said)
        except Refusal as refusal:
            blame(form, refusal, FIELDS)
        else:
            tell(request, T("已存。", "Stored."), tone="good")
            return redirect("brief-pictures")
    rows = list(queries.pictures(response.ref)[:200]) if response else []
    listing = Listing(
        caption=T("可以公开的图片", "What may be shown"),
        columns=(
            Column(T("编号", "Number")), Column(T("说明", "Caption")), Column(T("出处", "Source")), Column(T("同意", "Consent")),
        ),
        rows=tuple(
            Row(
                (f"[@{row.number}]", Cell(row.caption), row.source, row.consent),
                href=reverse("brief-picture", args=[token_of(row.picture.ref)]),
            )
            for row in rows
        ),
        empty=T("还没有存过图片。", "No picture has been stored."),
    )
    return render(request, "console/briefs/pictures.html", {
        "form": form if response else None, "failed": form if form.errors else None, "listing": listing,
    }, status=422 if form.errors else 200)


@needs(WRITE_BRIEFS)
def picture(request: HttpRequest, token: str) -> HttpResponse:
    """A stored picture, for whoever writes briefs there."""
    ref = make_ref("picture", token)
    row = queries.stored_picture(ref)
    if not actor(request).may(WRITE_BRIEFS, area=row.response.area.path):
        raise NOT_FOUND.because()
    return _jpeg(ref, "private, max-age=600")


@open_to_all
def news_picture(request: HttpRequest, token: str) -> HttpResponse:
    """A picture of a brief that is out, for anybody; gone with the brief."""
    ref = make_ref("picture", token)
    queries.public_picture(ref)
    return _jpeg(ref, f"public, max-age={FRESH_SECONDS}")


def _jpeg(ref: Ref, caching: str) -> HttpResponse:
    return HttpResponse(open_picture(ref), content_type="image/jpeg", headers={"Cache-Control": caching})
