"""Closing a round: its end in numbers, and everything that still stands in the way, by name. Its tubes."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from firebreak.engine.capture.models import Gap, Quarantined
from firebreak.engine.registry.models import Person
from firebreak.engine.registry.rights import REGISTRY_READ
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.operations.rounds import boards, queries
from firebreak.operations.rounds.actions import cancel_round, close_round, seal_tube, void_tube
from firebreak.operations.rounds.models import Entry, Tube
from firebreak.operations.rounds.rights import CLOSE_ROUND, READ_ROUNDS, RECORD_ROUND
from firebreak.operations.rounds.states import OPEN, TUBE_WORDS
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.links import address, with_query
from firebreak.surfaces.common.shapes import Cell, Chip, Column, Effect, KeyPage, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.rounds import doors, panels
from firebreak.surfaces.console.rounds.forms import said
from firebreak.surfaces.console.rounds.scenes import Scene, name_of, scene_of

PAGE = 100
NAMED = 50
SPOILED = {
    "leaked": T("漏液", "leaked"), "wrong-label": T("贴错码", "wrong label"), "lost": T("遗失", "lost"),
    "wrong-person": T("采错人", "wrong person"),
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that stands in the way of closing, and where it is settled."""

    count: int
    text: T
    href: str


class CancelForm(forms.Form):
    """Why a round is called off."""

    reason = forms.CharField(label=said("为什么撤销本轮", "Why the round is called off"), max_length=200)


@needs(CLOSE_ROUND, post=CLOSE_ROUND)
def close(request: HttpRequest, key: str) -> HttpResponse:
    """What closing will say, who is unaccounted for, and the act itself."""
    scene = scene_of(key, actor(request), CLOSE_ROUND)
    if not scene.whole:
        raise NOT_FOUND.because()
    wrong: Refusal | None = None
    if request.method == "POST":
        try:
            close_round(round=Ref(scene.row.ref), by=scene.who, at=clock.now())
        except Refusal as refusal:
            wrong = refusal
        else:
            tell(request, T("本轮已关闭:人人有着落。", "The round is closed: everybody is accounted for."))
            return redirect("round", key=key)
    found = scene.standing()
    return render(request, "console/rounds/close.html", {
        "scene": scene, "standing": found, "effects": _effects(scene), "obstacles": _obstacles(scene, found),
        "people": _unaccounted(scene), "wrong": wrong, "trail": [], "cancel": CancelForm(),
    }, status=409 if wrong else 200)


@needs(post=CLOSE_ROUND)
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Call the round off, with a reason."""
    scene = scene_of(key, actor(request), CLOSE_ROUND)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return redirect("round-close", key=key)
    cancel_round(round=Ref(scene.row.ref), reason=form.cleaned_data["reason"], by=scene.who, at=clock.now())
    tell(request, T("本轮已撤销,已登记的都保留。", "The round is called off; what was recorded stays."))
    return redirect("round", key=key)


def _effects(scene: Scene) -> tuple[Effect, ...]:
    found = scene.standing()
    terms = scene.terms
    effects = [
        Effect(found.listed, T("名单内", "on the list")),
        Effect(found.found, T("名单外补录", "found on no list")),
        Effect(found.sampled, scene.words["sampled"]),
    ]
    for reason, count in sorted(queries.excused_by_reason(scene.row.pk).items()):
        excuse = terms.excuses.get(reason)
        word = T(excuse.zh, excuse.en) if excuse else scene.words.get(reason, T(reason, reason))
        effects.append(Effect(count, T(f"结案:{word.zh}", f"closed: {word.en}")))
    if scene.is_open:
        effects.append(Effect(found.open, T("没有着落", "unaccounted for"), "bad" if found.open else ""))
    else:
        effects.append(Effect(found.open, T("继续跟踪,有责任人和时限", "followed up, with owner and deadline")))
    return tuple(effects)


def _obstacles(scene: Scene, found: boards.Standing) -> list[Obstacle]:
    """What `close_round` would refuse, in its order. Three queries."""
    row = scene.row
    tubes = Tube.objects.filter(round=row, status=Tube.Status.OPEN).count()
    gaps = Gap.objects.filter(filled_at=None, lost_at=None, noticed_at__gte=row.opened_at).values_list("first", "last")
    missing = sum(last - first + 1 for first, last in gaps)
    held = Quarantined.objects.filter(resolved_at=None, received_at__gte=row.opened_at).count()
    undecided = address("undecided") or scene.href("round")
    rows = (
        Obstacle(found.open, T("人没有着落", "people unaccounted for"), scene.href("round-missing")),
        Obstacle(tubes, T("支采样管没有封管", "tubes not sealed"), f"{scene.href('round-tubes')}?status=open"),
        Obstacle(missing, T("条手机记录没有收到", "events of phones not received"), undecided),
        Obstacle(held, T("条手机记录没有入账", "events of phones set aside"), undecided),
    )
    return [one for one in rows if one.count]


def _unaccounted(scene: Scene) -> Listing | None:
    """The first of those who are unaccounted for, by name as this reader may see it."""
    if not scene.is_open or not scene.may(REGISTRY_READ):
        return None
    rows = Entry.objects.filter(round=scene.row, state__in=OPEN).order_by("building_id", "person_id")
    keys = list(rows.values_list("person_id", flat=True)[:NAMED])
    people = doors.look_up(scene, keys, f"area:{scene.row.area.code}", "missing")
    if not people:
        return None
    return Listing(
        caption=T("没有着落的人", "Unaccounted for"), note=T(f"最多列 {NAMED} 人", f"{NAMED} at most"),
        columns=(Column(T("姓名", "Name")), Column(T("在哪里", "Where")), Column(T("现状", "State")),
                 Column(T("最近联系", "Last attempt"))),
        rows=tuple(
            Row(
                (
                    doors.name_cell(scene, one),
                    Cell(name_of(one.building), small=one.door),
                    doors.state_mark(scene, one),
                    one.last_word if one.last_word.zh else T("还没有联系", "not tried yet"),
                )
            )
            for one in people
        ),
    )


@needs(READ_ROUNDS)
def tubes(request: HttpRequest, key: str) -> HttpResponse:
    """Every tube of the round, newest first, a hundred a page."""
    scene = scene_of(key, actor(request))
    asked, after, code = (request.GET.get(name, "") for name in ("status", "after", "code"))
    rows = Tube.objects.filter(round=scene.row).select_related("site")
    if not scene.whole:
        rows = rows.filter(site__area__path__in=[root.path for root in scene.roots])
    rows = rows.filter(status=asked) if asked in TUBE_WORDS else rows
    rows = rows.filter(code__startswith=code.upper()) if code else rows
    rows = rows.filter(pk__lt=int(after)) if after.isdecimal() else rows
    found = list(rows.order_by("-pk")[: PAGE + 1])
    counts = boards.tubes(scene.row)
    chips = [Chip(T("全部", "all"), with_query(request, status=None), on=not asked, count=sum(counts.values()))]
    chips += [
        Chip(word, with_query(request, status=status), on=asked == status, count=counts.get(status, 0))
        for status, word in TUBE_WORDS.items()
    ]
    here = with_query(request)
    more = f"{here}{'&' if '?' in here else '?'}after={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    listing = Listing(
        caption=T("采样管", "Tubes"),
        chips=tuple(chips),
        columns=(
            Column(T("管号", "Code")),
            Column(T("状态", "State")),
            Column(T("采样点", "Site")),
            Column(T("人数", "People"), numeric=True),
            Column(T("开管", "Opened")),
            Column(T("封管", "Sealed")),
        ),
        rows=tuple(_tube_row(scene, tube) for tube in found[:PAGE]),
        page=KeyPage(min(len(found), PAGE), first_href=here if after else "", next_href=more)
        if more or after
        else None,
        empty=T("没有这样的采样管。", "No such tube."),
    )
    return render(request, "console/rounds/tubes.html", {
        "scene": scene, "listing": listing, "trail": [], "code": code, "answer": _tube_answer(counts),
    })


def _tube_answer(counts: Mapping[str, int]) -> panels.Answer:
    sealed, opened = counts.get(Tube.Status.SEALED, 0), counts.get(Tube.Status.OPEN, 0)
    still = T(f"{opened:,} 支还在用。", f"{opened:,} still open.") if opened else ""
    return panels.Answer(T(f"{sealed:,} 支已封。", f"{sealed:,} sealed."), still)


def _tube_row(scene: Scene, tube: Tube) -> Row:
    people = T(f"{tube.members} / {tube.pool_size}", f"{tube.members} / {tube.pool_size}")
    return Row(
        (Cell(tube.code), Cell(TUBE_WORDS[tube.status], tone="warn" if tube.status == Tube.Status.OPEN else ""),
         T(tube.site.name_zh, tube.site.name_en), people, tube.opened_at, tube.sealed_at),
        href=scene.href("round-tube", tube.code), tone="quiet" if tube.status == Tube.Status.VOID else "",
    )


@needs(READ_ROUNDS)
def tube(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """One tube: who is in it (as the reader may see them), what became of it."""
    scene = scene_of(key, actor(request))
    row = Tube.objects.filter(round=scene.row, code=code).select_related("site__area").first()
    if row is None or not scene.may(READ_ROUNDS, row.site.area):
        raise NOT_FOUND.because()
    people = None
    if scene.may(REGISTRY_READ, row.site.area):
        refs = [member.ref for member in queries.members(row.code) if not member.undone]
        keys = list(Person.objects.filter(ref__in=refs).order_by("pk").values_list("pk", flat=True))
        people = Listing(
            caption=T("管里的人", "People in it"),
            columns=(Column(T("姓名", "Name")), Column(T("在哪里", "Where")), Column(T("现状", "State"))),
            rows=tuple(
                Row(
                    (
                        doors.name_cell(scene, one),
                        Cell(name_of(one.building), small=one.door),
                        doors.state_mark(scene, one),
                    )
                )
                for one in doors.look_up(scene, keys, f"area:{row.site.area.code}", "tube")
            ),
            empty=T("管里没有人。", "Nobody is in it."),
        )
    changes = row.changes.order_by("happened_at", "id")
    return render(
        request,
        "console/rounds/tube.html",
        {
            "scene": scene,
            "tube": row,
            "site": T(row.site.name_zh, row.site.name_en),
            "word": TUBE_WORDS[row.status],
            "people": people,
            "changes": [
                (change.happened_at, TUBE_WORDS[change.status], SPOILED.get(change.reason)) for change in changes
            ],
            "may": scene.is_open and scene.may(RECORD_ROUND, row.site.area),
            "reasons": SPOILED.items(),
            "trail": [(T("采样管", "Tubes"), scene.href("round-tubes"))],
            "void": row.status == Tube.Status.VOID,
            "open": row.status == Tube.Status.OPEN,
        },
    )


@needs(post=RECORD_ROUND)
def end_tube(request: HttpRequest, key: str, code: str, what: str) -> HttpResponse:
    """Seal a tube by hand, or spoil it with a reason."""
    scene = scene_of(key, actor(request), RECORD_ROUND)
    if not Tube.objects.filter(round=scene.row, code=code).exists():
        raise NOT_FOUND.because()
    if what == "seal":
        seal_tube(tube=code, by=scene.who, at=clock.now())
        tell(request, T(f"{code} 已封管。", f"{code} is sealed."))
    else:
        reason = request.POST.get("reason", "")
        void_tube(tube=code, reason=reason if reason in SPOILED else "leaked", by=scene.who, at=clock.now())
        tell(
            request,
            T(f"{code} 已作废,管里的人重新列为待采。", f"{code} is void; its people are to be sampled again."),
        )
    return redirect("round-tube", key=key, code=code)
