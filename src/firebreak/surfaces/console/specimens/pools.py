"""Positive pools: which are open, and each person of one with where their own swab is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.activation.queries import latest_response
from firebreak.engine.access.reading import note_read
from firebreak.engine.registry import persons
from firebreak.engine.registry.rights import REGISTRY_READ
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.operations.laboratory import queries
from firebreak.operations.laboratory.models import Pool
from firebreak.operations.laboratory.pools import release_held, still_open
from firebreak.operations.laboratory.rights import CONFIRM_RESULTS, READ_RESULTS
from firebreak.operations.laboratory.stages import RESULT_WORDS, WORDS
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Due, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import Tone
from firebreak.surfaces.console.people.reasons import reason_for
from firebreak.surfaces.console.people_at_work import owner_of

PLACE = "console/specimens/"
_STAGES: dict[str, T] = {
    **WORDS, "held": T("待单采", "to be swabbed"), "released": T("不再单采", "released"), "packed": T("已单采", "swabbed"),
}


@needs(READ_RESULTS)
def pools(request: HttpRequest) -> HttpResponse:
    """Every positive pool of the response, the open ones first."""
    response, by = latest_response(), actor(request)
    every = queries.pools(response.ref)[:200] if response else []
    rows = [row for row in every if by.may(READ_RESULTS, area=row.round.area.path)]
    waiting, sizes = still_open().filter(pool__in=rows).count(), queries.sizes_of(rows)
    listing = Listing(
        caption=T("阳性混管", "Positive pools"),
        columns=(
            Column(T("管号", "Tube")), Column(T("采样点", "Site")), Column(T("人数", "People"), numeric=True),
            Column(T("责任人", "Owner")), Column(T("时限", "Due")),
        ),
        rows=tuple(
            Row(
                (
                    Cell(row.tube.code, small=T(f"第 {row.round.number} 轮", f"round {row.round.number}")),
                    T(row.tube.site.name_zh, row.tube.site.name_en), sizes.get(row.pk, 0),
                    owner_of(row.task.owner) if row.task else None, Due(row.due_at, row.closed_at),
                ),
                href=reverse("pool", args=[token_of(row.ref)]), tone="quiet" if row.closed_at else "",
            )
            for row in rows
        ),
        empty=T("没有阳性混管。", "No pool is positive."),
    )
    open_ = sum(row.closed_at is None for row in rows)
    return render(request, PLACE + "pools.html", {"listing": listing, "open": open_, "waiting": waiting})


@needs(READ_RESULTS)
def pool(request: HttpRequest, token: str) -> HttpResponse:
    """Everybody of one pool with where their own swab is; names as the reader may see them."""
    row, by = _found(request, token), actor(request)
    people = queries.people_of(row)
    views = {}
    if by.may(REGISTRY_READ, area=row.round.area.path):
        views = persons.show_several([one.held.person_id for one in people], by)
        note_read(
            about=row.ref, page="pool", fields=sorted({field for view in views.values() for field in view.fields}),
            people=len(people), reason=reason_for(by), by=by, at=clock.now(), mentions=[view.ref for view in views.values()],
        )
    may = by.may(CONFIRM_RESULTS, area=row.round.area.path) and row.closed_at is None
    listing = Listing(
        caption=T("同管的人", "People of the tube"),
        columns=(
            Column(T("姓名", "Name")), Column(T("楼栋", "Building")), Column(T("单采管", "Own tube")),
            Column(T("到哪一步", "Step")), Column(T("本人结果", "Own result")),
        ),
        rows=tuple(
            Row((
                Cell(views[one.held.person_id].shown.name if one.held.person_id in views else one.held.person.ref),
                T(one.held.building.name_zh, one.held.building.name_en or one.held.building.name_zh), one.code or None,
                Cell(_STAGES[one.stage], small=one.reason), _own(one),
            ))
            for one in people
        ),
        empty=T("管里没有人。", "Nobody was in it."),
    )
    left = [one for one in people if one.stage != "released" and one.means in ("", "invalid")]
    return render(request, PLACE + "pool.html", {
        "row": row, "token": token, "listing": listing, "left": len(left), "n": len(people),
        "owner": owner_of(row.task.owner) if row.task else None, "due": Due(row.due_at, row.closed_at),
        "releasable": [
            (one.held.person.ref, views[one.held.person_id].shown.name if one.held.person_id in views else one.held.person.ref)
            for one in left
        ] if may else [],
    })


@needs(post=CONFIRM_RESULTS)
def release(request: HttpRequest, token: str) -> HttpResponse:
    """Decide that somebody of the pool will have no result of their own."""
    row = _found(request, token)
    release_held(
        pool=Ref(row.ref), person=Ref(request.POST.get("person", "")), reason=request.POST.get("reason", ""),
        by=actor(request), at=clock.now(),
    )
    tell(request, T("已记下,写明了理由。", "Written down with its reason."), tone="good")
    return redirect("pool", token)


def _own(one: queries.HeldRow) -> Cell | None:
    if not one.means:
        return None
    tone: Tone = "good" if one.means == "negative" else "warn" if one.means == "invalid" else "bad"
    return Cell(RESULT_WORDS[one.means], tone=tone)


def _found(request: HttpRequest, token: str) -> Pool:
    row = queries.pool(make_ref("pool", token))
    if not actor(request).may(READ_RESULTS, area=row.round.area.path):
        raise NOT_FOUND.because()
    return row
