"""The public page (no account, no script, cacheable) and the desk that publishes it."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response

from firebreak.command.activation.queries import active_response
from firebreak.command.publishing import actions, queries
from firebreak.command.publishing.content import content_of
from firebreak.command.publishing.rights import PROPOSE_PUBLICATION
from firebreak.engine.approvals.models import UNDECIDED, Proposal
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T, speaking
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs, open_to_all
from firebreak.surfaces.common.shapes import Link
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import lazily
from firebreak.surfaces.console.approvals.effects import Sight, effects_of, title_of
from firebreak.surfaces.console.people_at_work import names_of

PLACE = "console/publishing/"
FRESH_SECONDS = 60


class PublishForm(forms.Form):
    """The document that publishes it."""

    document_number = forms.CharField(label=lazily("文号", "Document number"), max_length=60)


@open_to_all
def public(request: HttpRequest, chosen: str) -> HttpResponse:
    """What was published last, for anybody. One query; the same bytes for everybody, so that it can be cached."""
    row = queries.current()
    with speaking("en" if chosen == "en" else "zh"):
        page = render_to_string(PLACE + "public.html", {
            "row": row, "withdrawal": getattr(row, "withdrawal", None), "drill": settings.FIREBREAK_DRILL,
            "html_lang": "en" if chosen == "en" else "zh-Hans", **_shown(row.content if row else None),
        }).encode()
    tag = f'"{sha256(page).hexdigest()[:32]}"'
    response = HttpResponse(page, headers={"ETag": tag, "Cache-Control": f"public, max-age={FRESH_SECONDS}"})
    return cast(HttpResponse, get_conditional_response(request, etag=tag, response=response))


@needs(PROPOSE_PUBLICATION, post=PROPOSE_PUBLICATION)
def desk(request: HttpRequest) -> HttpResponse:
    """What the public reads now, what waits, and what would be published; a POST asks a second person."""
    response, now = active_response(), clock.now()
    form = PublishForm(request.POST if request.method == "POST" else None)
    if response is not None and form.is_valid():
        try:
            actions.propose_publication(
                response=Ref(response.ref), document_number=form.cleaned_data["document_number"], by=actor(request), at=now,
            )
        except Refusal as refusal:
            blame(form, refusal, {"publication-paper-missing": "document_number"})
        else:
            tell(request, T("已提请公布,等第二人批准。", "Proposed; it waits for a second person."), tone="good")
            return redirect("publishing")
    waiting = Proposal.objects.filter(kind=actions.KIND, status__in=UNDECIDED).first()
    row = queries.current()
    names = names_of({row.proposed_by, row.approved_by} if row else set())
    draft = None if response is None else waiting.payload["content"] if waiting else content_of(response, now)
    return render(request, PLACE + "desk.html", {
        "row": row, "withdrawal": getattr(row, "withdrawal", None), "waiting": title_of(waiting) if waiting else "",
        "by": names[row.proposed_by] if row else "", "approved": names[row.approved_by] if row else "",
        "form": None if waiting or response is None else form, "failed": form if form.errors else None, **_shown(draft),
    }, status=422 if form.errors else 200)


@needs(post=PROPOSE_PUBLICATION)
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take back what is published."""
    actions.withdraw_publication(reason=request.POST.get("reason", ""), by=actor(request), at=clock.now())
    tell(request, T("已撤回,公众页写明了原因。", "Withdrawn; the public page says why."), tone="good")
    return redirect("publishing")


def sight(proposal: Proposal) -> Sight:
    """What would be published, for the list of decisions: exactly what was proposed."""
    link = Link(T("看清楚:公众会看到的原文", "Look closely: what the public will read"), reverse("publishing"))
    return Sight(effects_of(proposal.effect), link)


def _shown(content: Mapping[str, Any] | None) -> dict[str, Any]:
    """The content with moments read and both languages as one text."""
    if content is None:
        return {"content": None}
    counted = content["round"]
    return {
        "content": content, "name": _text(content["name"]), "level": _text(content["level"]), "few": content["few"],
        "cutoff": datetime.fromisoformat(content["cutoff_at"]), "since": datetime.fromisoformat(content["since"]),
        "zones": [
            {
                **zone, "name": _text(zone["name"]), "tier_name": _text(zone["tier_name"]), "rule": _text(zone["rule"]),
                "since": datetime.fromisoformat(zone["since"]),
            }
            for zone in content["zones"]
        ],
        "round": None if counted is None else {
            **counted, "due_at": datetime.fromisoformat(counted["due_at"]),
            "places": [{**place, "name": _text(place["name"])} for place in counted["places"]],
        },
        "sites": [_text(site) for site in content["sites"]], "help_line": content["help_line"],
        "appeal": _text(content["appeal"]) if content["appeal"] else None,
    }


def _text(given: Mapping[str, str]) -> T:
    return T(given["zh"], given["en"])
