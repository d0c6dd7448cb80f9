"""Sampling sites: which there are, whom they serve just now, and entering more of them, typed or pasted."""

from collections.abc import Sequence

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from firebreak.engine.access.scope import within
from firebreak.kernel import clock
from firebreak.kernel.refusals import Refusal, RefusalKind
from firebreak.kernel.text import T
from firebreak.operations.rounds.actions import SiteRow, add_sites
from firebreak.operations.rounds.models import Round, Site
from firebreak.operations.rounds.rights import OPEN_ROUND
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.rounds.forms import SitesForm
from firebreak.surfaces.console.rounds.scenes import name_of

LINE_UNREADABLE = RefusalKind(
    "site-line-unreadable",
    T(
        "第 {number} 行读不懂,一个也没有登记。一行要有六项,经纬度和台位是数字,例如:S01 东岸小学 HZ01 118.2103 24.6021 2",
        "Line {number} cannot be read; no site was entered. A line has six parts, the last three are numbers, such as: "
        "S01 East-School HZ01 118.2103 24.6021 2",
    ),
)

CLOSED = T("已停用", "closed")


@needs(OPEN_ROUND, post=OPEN_ROUND)
def sites(request: HttpRequest) -> HttpResponse:
    """List the sites the reader may change; enter more, all of them or, when one line is wrong, none."""
    who, asked = actor(request), request.GET.get("site", "")
    known = list(
        within(Site.objects.select_related("area"), who, OPEN_ROUND).order_by("code")
        .annotate(served=Count("siteduty", filter=Q(siteduty__round__status=Round.Status.OPEN)))
    )
    chosen = next((site for site in known if site.code == asked), None)
    form = SitesForm(request.POST or None, initial={"lines": _line(chosen) if chosen else ""})
    if request.method == "POST" and form.is_valid():
        try:
            refs = add_sites(rows=_rows(form.cleaned_data["lines"]), by=who, at=clock.now())
        except Refusal as refusal:
            form.add_error("lines", str(refusal.text))
        else:
            tell(request, T(f"已登记 {len(refs)} 个采样点。", f"Sites entered: {len(refs)}."), tone="good")
            return redirect("sites")
    running = [site for site in known if site.benches]
    benches = sum(site.benches for site in running)
    return render(request, "console/rounds/sites.html", {
        "form": form, "listing": _listing(known), "chosen": chosen, "count": len(running), "benches": benches,
    }, status=422 if form.errors else 200)


def _rows(lines: str) -> list[SiteRow]:
    """What was typed, as sites. Errors: refuses `site-line-unreadable` with the number of the line."""
    rows = []
    for number, line in enumerate(lines.splitlines(), start=1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split("\t")] if "\t" in line else line.replace(",", " ").split()
        try:
            code, name, area, lon, lat, benches = parts
            rows.append(SiteRow(code, T(name[:60], name[:60]), area, float(lon), float(lat), int(benches)))
        except ValueError:
            raise LINE_UNREADABLE.because(number=number) from None
    return rows


def _line(site: Site) -> str:
    return "\t".join(map(str, (site.code, site.name_zh, site.area.code, site.lon, site.lat, site.benches)))


def _listing(known: Sequence[Site]) -> Listing:
    return Listing(
        caption=T("采样点", "Sampling sites"),
        columns=(
            Column(T("采样点", "Site")), Column(T("在哪里", "Where")), Column(T("台位", "Benches"), numeric=True),
            Column(T("本轮服务楼栋", "Buildings it serves now"), numeric=True),
        ),
        rows=tuple(
            Row(
                (
                    Cell(T(site.name_zh, site.name_en), small=site.code),
                    Cell(name_of(site.area), small=f"{site.lon:g} {site.lat:g}"), site.benches or CLOSED,
                    site.served,  # type: ignore[attr-defined]  # annotated by the query
                ),
                href=f"?site={site.code}#lines", ref=site.code, tone="" if site.benches else "quiet",
            )
            for site in known
        ),
        empty=T(
            "还没有采样点。在右边登记之后才能开轮。",
            "No sampling site yet. Enter them beside this list; then a round can be opened.",
        ),
    )
