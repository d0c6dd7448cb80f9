"""Adopted plans: what they are, and every value with its source; unverified values are shown as such."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from firebreak.command.activation.queries import active_response
from firebreak.command.amending.rights import PROPOSE_AMENDMENT
from firebreak.engine.plans import queries
from firebreak.engine.plans.packs import CitedPlace, Pack
from firebreak.engine.plans.rights import READ_PLANS
from firebreak.engine.plans.values import Cited, Words
from firebreak.kernel.refs import make_ref, token_of
from firebreak.kernel.text import T
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.shapes import Cell, Chip, Column, Listing, Row
from firebreak.surfaces.common.words import Words as Said

IN_FORCE = T("响应正在用", "the response follows it")


@needs(READ_PLANS)
def plan_list(request: HttpRequest) -> HttpResponse:
    """Every adopted plan, latest first."""
    response = active_response()
    followed = response.plan.pk if response is not None else None
    rows = [
        Row(
            (
                Cell(row.pack, small=IN_FORCE if row.pk == followed else ""), Cell(row.edition),
                Cell(row.authority), Cell(row.content_hash[:12]), row.adopted_at,
            ),
            href=reverse("plan", args=[token_of(row.ref)]),
        )
        for row in queries.adopted_plans()
    ]
    return render(request, "console/plans/list.html", {"count": len(rows), "listing": Listing(
        caption=T("预案", "Plans"), rows=tuple(rows),
        columns=(
            Column(T("预案", "Plan")), Column(T("方案版本", "Edition")), Column(T("采用依据", "Adopted by")),
            Column(T("内容指纹", "Content hash")), Column(T("采用时间", "Adopted")),
        ),
        empty=T(
            "还没有采用任何预案。用命令 firebreak plan adopt 采用。",
            "No plan has been adopted. Adopt one with the command firebreak plan adopt.",
        ),
    )})


@needs(READ_PLANS)
def plan(request: HttpRequest, token: str) -> HttpResponse:
    """One plan: its facts, and its values with their sources."""
    pack = queries.adopted(make_ref("plan", token))
    places = pack.citations()
    unverified = [place for place in places if not place.cited.verified]
    every = request.GET.get("show", "") == "all"
    response = active_response()
    follows = response is not None and token_of(response.plan.ref) == token
    return render(request, "console/plans/plan.html", {
        "meta": pack.meta, "title": T(pack.meta.title_zh, pack.meta.title_en), "hash": pack.hash,
        "total": len(places), "unverified": len(unverified), "basis": pack.meta.legal_basis.value.text,
        "sources": list(pack.meta.sources.values()),
        "token": token, "in_force": follows,
        "may_amend": response is not None and not follows and actor(request).may(PROPOSE_AMENDMENT, area=response.area.path),
        "listing": Listing(
            caption=T("数值与出处", "Values and their sources"),
            rows=tuple(_row(pack, place) for place in (places if every else unverified)),
            columns=(Column(T("位置", "Place")), Column(T("数值", "Value")), Column(T("出处", "Source"))),
            chips=(
                Chip(T("未核实", "Unverified"), with_query(request, show=""), not every, len(unverified)),
                Chip(T("全部", "All"), with_query(request, show="all"), every, len(places)),
            ),
            empty=T("每个数值都已核实。", "Every value is verified."),
        ),
    })


def _row(pack: Pack, place: CitedPlace) -> Row:
    source = pack.source(place.cited)
    note = place.cited.note or place.cited.locator or (place.cited.computed and str(place.cited.computed))
    if place.cited.verified and source is not None:
        shown = Cell(source.title, small=note)
    else:
        shown = Cell(T("未核实", "not verified"), tone="warn", small=note)
    return Row((Cell(place.path), Cell(_value(place)), shown))


def _value(place: CitedPlace) -> Said:
    """The value as it stands; a whole row that cites for itself has none of its own."""
    cited: Any = place.cited
    if not isinstance(cited, Cited):
        return T("整行", "the whole row")
    return cited.value.text if isinstance(cited.value, Words) else str(cited.value)
