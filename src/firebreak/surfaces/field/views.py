"""The sampling page: which site, then the line itself. What it captures goes through the sync entrance."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from firebreak.engine.access.scope import within
from firebreak.kernel.text import T, language
from firebreak.operations.rounds.models import Round, Site, SiteDuty
from firebreak.operations.rounds.rights import RECORD_ROUND
from firebreak.operations.rounds.rules import read_terms
from firebreak.surfaces.common.gate import actor, needs, open_to_all
from firebreak.surfaces.common.qr import with_code_reader
from firebreak.surfaces.common.shapes import Cell, Column, Listing, Row


@open_to_all
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps field pages on the phone; it stands at the root, so that it may speak for all of them."""
    path = finders.find("field/worker.js")
    if path is None:
        raise Http404
    return HttpResponse(
        Path(path).read_bytes(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@needs(RECORD_ROUND)
def sample(request: HttpRequest) -> HttpResponse:
    """The sites of the open round to choose from."""
    running = open_round()
    sites = _sites(request, running) if running else Site.objects.none()
    rows = tuple(
        Row(
            (Cell(T(site.name_zh, site.name_en), small=site.code), site.benches),
            href=reverse("sample-site", args=[site.code]),
        )
        for site in sites.order_by("code")
    )
    listing = Listing(
        caption=T("选采样点", "Choose a site"), rows=rows,
        columns=(Column(T("采样点", "Site")), Column(T("台位", "Benches"), numeric=True)),
        empty=T("现在没有开着的轮次,不用采样。", "No round is open now; nothing to sample."),
    )
    return render(request, "field/sites.html", {"listing": listing, "round": running})


@needs(RECORD_ROUND)
def sample_site(request: HttpRequest, code: str) -> HttpResponse:
    """The line at one site. Four queries; the page itself asks nothing more but sync."""
    running = open_round()
    site = _sites(request, running).filter(code=code).first() if running else None
    if running is None or site is None:
        raise Http404
    pools = SiteDuty.objects.filter(round=running, site=site).values_list("pool_size", flat=True)
    facts = {
        "round": running.ref, "roundNumber": running.number, "site": site.code,
        "siteName": str(T(site.name_zh, site.name_en)), "pool": min(pools, default=1), "language": language(),
    }
    context = {"round": running, "site": site, "facts": facts}
    return with_code_reader(render(request, "field/sample.html", context))


def open_round() -> Round | None:
    """The newest open round of tubes; outcomes at the door are written on the pages of buildings."""
    rows = Round.objects.filter(status=Round.Status.OPEN).order_by("-id")
    return next((row for row in rows if read_terms(row.terms).in_tubes), None)


def _sites(request: HttpRequest, running: Round) -> QuerySet[Site]:
    """Sites that serve the round, within the reader's areas."""
    serving = Site.objects.filter(siteduty__round=running).distinct()
    return within(serving, actor(request), RECORD_ROUND, field="area__path")
