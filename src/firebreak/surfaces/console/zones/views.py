"""The list of zones, one zone with its paper and history, and the state at any past moment."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import latest_response, plan_at
from firebreak.command.zoning import actions as zoning
from firebreak.command.zoning.queries import alerts_of
from firebreak.engine.access.actors import AccountActor
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.approvals.states import STATUS_WORDS
from firebreak.engine.plans.queries import adopted
from firebreak.kernel import clock
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.operations.rounds.boards import building_states, running_round
from firebreak.operations.zones import queries
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection, ZoneTier
from firebreak.operations.zones.rights import PROPOSE_ZONE, READ_ZONES
from firebreak.operations.zones.states import ZONE_MOVES
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.links import address, with_query
from firebreak.surfaces.common.maps import ZoneDrawn, district_frame
from firebreak.surfaces.common.shapes import Cell, Chip, Column, Confirm, Due, Link, Listing, MapFrame, Mark, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import Tone, moment_text
from firebreak.surfaces.console.approvals.views import panel
from firebreak.surfaces.console.people_at_work import names_of
from firebreak.surfaces.console.releasing.lines import end_of_zone
from firebreak.surfaces.console.reports.cutoffs import asked_cutoff
from firebreak.surfaces.console.zones.previews import Look, look_of

PLACE = "console/zones/"
NEVER_HELD = T("分区撤回,从未生效", "the zone is withdrawn; it never took force")
TONES: dict[str, Tone] = {"proposed": "warn", "released": "quiet", "withdrawn": "quiet", "replaced": "quiet"}
ENDED = ("released", "withdrawn", "replaced")
KINDS = {
    "alert": T("公告", "Alert"), "update": T("更新公告", "Update"), "all_clear": T("解除公告", "All clear"),
}


@needs(READ_ZONES)
def zones(request: HttpRequest) -> HttpResponse:
    """Every zone of the response, in force first; `?at=` shows the district as it stood then."""
    response, cutoff = latest_response(), asked_cutoff(request)
    asked = request.GET.get("status", "")
    known = list(queries.zones_of(response.ref)) if response else []
    past = bool(request.GET.get("at"))
    held = _held(response, cutoff) if response else {}
    rows = [zone for zone in known if zone.pk in held] if past else [z for z in known if not asked or z.status == asked]
    tiers = _tiers(response, cutoff.at) if response else {}
    listing = Listing(
        caption=T("当时生效的分区", "Zones in force then") if past else T("分区", "Zones"),
        chips=() if past else _chips(request, known, asked),
        columns=(
            Column(T("分区", "Zone")), Column(T("等级", "Tier")), Column(T("楼栋", "Buildings"), numeric=True),
            Column(T("状态", "State")), Column(T("依据", "Under")), Column(T("复核日", "Review")),
        ),
        rows=tuple(_row(zone, len(held.get(zone.pk, ())), tiers.get(zone.tier)) for zone in rows),
        as_of=cutoff.at if past else None,
        empty=T("没有分区。", "There is no zone."),
    )
    return render(
        request,
        PLACE + "zones.html",
        {
            "listing": listing,
            "answer": _answer(held, known, tiers, past),
            "past": past,
            "at": request.GET.get("at", ""),
            "cutoff": cutoff,
            "frame": _frame(known, held, cutoff.at),
            "may_propose": actor(request).may(PROPOSE_ZONE) and response,
        },
    )


@needs(READ_ZONES, post=PROPOSE_ZONE)
def zone(request: HttpRequest, token: str) -> HttpResponse:
    """One zone: its paper, its rule, its buildings, its history; a POST proposes its release.

    While a decision about it waits, the page shows what that would do now, and what changed since it was proposed.
    """
    row = Zone.objects.select_related("replaces").filter(ref=make_ref("zone", token)).first()
    if row is None:
        raise NOT_FOUND.because()
    if request.method == "POST":
        return _release(request, row)
    held = queries.zone_buildings(row, clock.now())
    buildings = list(held.values_list("code", "name_zh", "name_en"))
    listing = Listing(
        caption=T("区内楼栋", "Buildings in it"), columns=(Column(T("编码", "Code")), Column(T("楼栋", "Building"))),
        rows=tuple(Row((Cell(code), T(zh, en or zh)), href=_round_href(code)) for code, zh, en in buildings[:500]),
        empty=T("现在没有楼栋在这个分区里。", "No building is in it now."),
    )
    waiting = Proposal.objects.filter(about=row.ref, status=Proposal.Status.PENDING).first()
    who = actor(request)
    return render(
        request,
        PLACE + "zone.html",
        {
            "zone": row,
            "look": _look(waiting, who) if waiting is not None else None,
            "decision": _decision(waiting, who) if waiting is not None else None,
            "frame": _own_frame(row, waiting, list(held.values_list("id", flat=True))),
            "alerts": _alerts(row),
            "others": _others(row),
            "token": token,
            "name": T(row.name_zh, row.name_en or row.name_zh),
            "listing": listing,
            "count": len(buildings),
            "held": row.status in ("in_force", "released", "replaced"),
            "reach": waiting.effect["buildings"] if waiting is not None else 0,
            "tier": _tier(row),
            "word": ZONE_MOVES.words[row.status],
            "history": _history(row),
            "waiting": waiting,
            "end": end_of_zone(row, who),
            "may_release": row.status == "in_force" and waiting is None and who.may(PROPOSE_ZONE),
        },
    )


def _release(request: HttpRequest, row: Zone) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()
    if reason:
        zoning.propose_release(zone=Ref(row.ref), reason=reason, by=actor(request), at=clock.now())
        tell(request, T("解封已提出,等另一人批准。", "The release is proposed; another person must approve it."))
    return redirect("zone", token=token_of(row.ref))


def _decision(waiting: Proposal, who: AccountActor) -> Confirm:
    """The decision that waits; this page is already all of it."""
    return replace(panel(waiting, who, names_of({waiting.proposed_by})), detail=None)


def _own_frame(row: Zone, waiting: Proposal | None, held: list[int]) -> MapFrame | None:
    """Where the zone is, or would be."""
    keys = held if waiting is None or waiting.kind == zoning.RELEASE else waiting.payload["buildings"]
    if not keys:
        return None
    drawn = ZoneDrawn(row.tier, T(row.name_zh, row.name_en or row.name_zh), row.geometry, keys)
    return district_frame(T("这个分区在哪里?", "Where is this zone?"), {}, [drawn], href=address("map"))


def _look(waiting: Proposal, who: AccountActor) -> Look | None:
    """What the decision that waits would do at this moment."""
    preview = zoning.look_again(waiting, clock.now())
    zone = Zone.objects.get(ref=waiting.about)
    response = zoning.response_named(zone.response_ref)
    if preview is None or response is None:
        return None
    return look_of(response, preview, who, waiting.effect)


def _alerts(row: Zone) -> Listing:
    """What was made known about the zone, each with its sheets and its file. Two queries."""
    rows = tuple(
        Row((
            Cell(KINDS[one.alert.kind], small=moment_text(one.alert.sent_at)),
            Link(T(f"{one.notices:,} 栋,打印", f"{one.notices:,} buildings, print"),
                 reverse("zone-notices", args=[token_of(one.alert.ref)])),
            one.people, Link("CAP 1.2", reverse("zone-alert", args=[token_of(one.alert.ref)])),
        ))
        for one in alerts_of(row)
    )
    columns = (
        Column(T("公告", "Alert")), Column(T("告知书", "Notices")), Column(T("人", "People"), numeric=True),
        Column(T("文件", "File")),
    )
    return Listing(T("公告和告知书", "Alerts and notices"), columns, rows, empty=T("还没有公告。", "Nothing was made known yet."))


def _others(row: Zone) -> list[tuple[T, T, str]]:
    """The zone this one took the place of and the one that took its place: words, name, address."""
    found = [(T("改自", "In place of"), row.replaces)] if row.replaces else []
    later = Zone.objects.filter(replaces=row, status__in=["proposed", "in_force", "released", "replaced"]).first()
    if later is not None:
        waits = later.status == Zone.Status.PROPOSED
        found.append((T("拟改为", "To be replaced by") if waits else T("改为", "Replaced by"), later))
    return [
        (word, T(one.name_zh, one.name_en or one.name_zh), reverse("zone", args=[token_of(one.ref)]))
        for word, one in found
    ]


def _held(response: Response, cutoff: Cutoff) -> dict[int, list[int]]:
    """Zone → buildings it holds at the cut-off."""
    held: dict[int, list[int]] = {}
    for building, found in queries.memberships(response.ref, cutoff).items():
        for key in found:
            held.setdefault(key, []).append(building)
    return held


def _tiers(response: Response, at: datetime) -> dict[str, ZoneTier]:
    """The tiers of the plan that held then."""
    return {tier.key: tier for tier in adopted(plan_at(response, at).ref).section(ZonesSection).tiers}


def _tier(row: Zone) -> ZoneTier | None:
    response = Response.objects.filter(ref=row.response_ref).select_related("plan").first()
    return _tiers(response, row.ended_at or clock.now()).get(row.tier) if response else None


def _row(row: Zone, buildings: int, tier: ZoneTier | None) -> Row:
    return Row(
        (
            Cell(T(row.name_zh, row.name_en or row.name_zh)),
            _mark(row, tier),
            buildings,
            Cell(ZONE_MOVES.words[row.status], small=_since(row), tone=TONES.get(row.status, "")),
            Cell(row.document_number, small=row.legal_basis[:40]), _review(row),
        ),
        href=reverse("zone", args=[token_of(row.ref)]), tone="quiet" if row.status in ENDED else "",
    )


def _mark(row: Zone, tier: ZoneTier | None) -> Mark:
    return Mark(row.tier) if tier is None else Mark(row.tier, word=tier.name, letter=tier.letter.zh)


def _since(row: Zone) -> T:
    at = moment_text(row.ended_at or row.effective_at, clock.now())
    if row.status == "proposed":
        return T(f"拟自 {at.zh}", f"would hold from {at.en}")
    return at if row.ended_at else T(f"自 {at.zh}", f"since {at.en}")


def _review(row: Zone) -> Due | str:
    """The review day as a deadline while the zone holds."""
    if row.status != "in_force":
        return row.review_on.isoformat()
    end = datetime.combine(row.review_on + timedelta(days=1), datetime.min.time(), ZoneInfo(settings.TIME_ZONE))
    return Due(end, soon_minutes=24 * 60)


def _answer(held: Mapping[int, list[int]], known: list[Zone], tiers: Mapping[str, ZoneTier], past: bool) -> T:
    """How many buildings stand under which tier."""
    if not held:
        return T("当时没有分区。", "There was no zone then.") if past else T("没有生效的分区。", "No zone is in force.")
    by_tier: dict[str, set[int]] = {}
    for row in known:
        by_tier.setdefault(row.tier, set()).update(held.get(row.pk, ()))
    shown = [(tiers[key], len(found)) for key, found in by_tier.items() if found and key in tiers]
    shown.sort(key=lambda pair: -pair[0].rank)
    return T(
        "、".join(f"{tier.name_zh} {count:,} 栋" for tier, count in shown) + "。",
        ", ".join(f"{count:,} buildings in {tier.name_en.lower()}" for tier, count in shown) + ".",
    )


def _chips(request: HttpRequest, known: list[Zone], asked: str) -> tuple[Chip, ...]:
    chips = [Chip(T("全部", "all"), with_query(request, status=None), on=not asked, count=len(known))]
    for status, word in ZONE_MOVES.words.items():
        if count := sum(row.status == status for row in known):
            chips.append(Chip(word, with_query(request, status=status), on=asked == status, count=count))
    return tuple(chips)


def _frame(known: list[Zone], held: Mapping[int, list[int]], at: datetime) -> MapFrame | None:
    drawn = [
        ZoneDrawn(row.tier, T(row.name_zh, row.name_en), row.geometry, held[row.pk])
        for row in known if row.pk in held and (row.geometry or len(held[row.pk]) < 400)
    ]
    row = running_round()
    states = building_states(row, clock.now()) if row is not None else {}
    return district_frame(T("分区在哪里?", "Where are the zones?"), states, drawn, href=address("map"))


def _history(row: Zone) -> list[tuple[datetime, T]]:
    """What became of the zone, from its proposal to its end. Two queries."""
    found: list[tuple[datetime, T]] = []
    for one in Proposal.objects.filter(about=row.ref).order_by("proposed_at"):
        release = one.kind == "zone-release"
        found.append((one.proposed_at, T("提出解封", "release proposed") if release else T("提出划定", "proposed")))
        if one.decided_at is not None:
            found.append((one.decided_at, _end(one)))
    if row.status in ("in_force", "released", "replaced"):
        found.append((row.effective_at, T("生效", "took force")))
    if row.ended_at is not None:
        found.append((row.ended_at, NEVER_HELD if row.status == "withdrawn" else ZONE_MOVES.words[row.status]))
    return sorted(found, key=lambda pair: pair[0])


def _end(proposal: Proposal) -> T:
    """How a proposal ended, with the reason that was given."""
    if proposal.status == Proposal.Status.APPROVED:
        return T("第二人批准", "a second person approved")
    word, why = STATUS_WORDS[proposal.status], proposal.reason
    return T(f"{word.zh}:{why}", f"{word.en}: {why}") if why else word


def _round_href(code: str) -> str:
    running = running_round()
    return reverse("round-area", args=[str(running.number), code]) if running is not None else ""

