"""Units and posts with who holds them; unfilled posts in red; the posts list and the call tree on paper."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.activation.queries import active_response
from firebreak.engine.access.reading import note_read
from firebreak.engine.messages.rights import SEND_MESSAGES
from firebreak.engine.tasks.queries import load_by_owner, owed_by
from firebreak.engine.units import actions, queries
from firebreak.engine.units.models import Member, Post, Service, Unit
from firebreak.engine.units.queries import Slot
from firebreak.engine.units.rights import READ_UNITS, WRITE_UNITS
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.nav import NavBadge
from firebreak.surfaces.common.proof import for_many
from firebreak.surfaces.common.shapes import Cell, Chip, Column, Due, Listing, Owner, Row
from firebreak.surfaces.common.sheets import file_link, sheet
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.people_at_work import owner_of

KIND_WORDS = {
    "headquarters": T("指挥部", "Headquarters"), "task_force": T("专班", "Task forces"),
    "branch": T("临时党支部", "Branches"), "team": T("先锋队", "Pioneer teams"),
}
_COLUMNS = (
    Column(T("岗位", "Post")), Column(T("单位", "Unit")), Column(T("责任人", "Holder")),
    Column(T("在岗 / 需要", "There / needed"), numeric=True), Column(T("任务", "Tasks"), numeric=True),
)


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit on the call tree: whom its leader rings."""

    name: T
    leader: Owner
    strength: tuple[int, int]
    posts: tuple[tuple[T, Owner, int, int], ...]


@needs(READ_UNITS)
def unit_list(request: HttpRequest) -> HttpResponse:
    """Every post of the active response by unit; what lacks people is red."""
    response = active_response()
    slots = queries.slots(response.ref) if response else []
    load = load_by_owner(response.ref) if response else {}
    kind, lacking = request.GET.get("kind", ""), request.GET.get("lacking", "") == "1"
    unfilled = sum(not slot.filled for slot in slots)
    shown = _shown(request, slots)
    return render(request, "console/units/list.html", {
        "response": response, "may_write": actor(request).may(WRITE_UNITS), "posts": len(slots), "unfilled": unfilled,
        "missing": sum(slot.missing for slot in slots), "people": sum(slot.serving for slot in slots),
        "listing": Listing(
            caption=T("岗位", "Posts"), columns=_COLUMNS, rows=tuple(_row(slot, load) for slot in shown),
            chips=(
                Chip(T("缺人", "Unfilled"), with_query(request, lacking="" if lacking else "1"), lacking, unfilled),
                *(
                    Chip(words, with_query(request, kind="" if kind == key else key), kind == key)
                    for key, words in KIND_WORDS.items()
                ),
            ),
            exports=(file_link(request, "post-file"),), empty=T("没有这样的岗位。", "No such posts."),
        ),
    })


@needs(READ_UNITS)
def post_file(request: HttpRequest) -> HttpResponseBase:
    """Every post of the list's filter as a file."""
    response = active_response()
    slots = queries.slots(response.ref) if response else []
    load = load_by_owner(response.ref) if response else {}
    return sheet("posts", _COLUMNS, (_row(slot, load) for slot in _shown(request, slots)))


def _shown(request: HttpRequest, slots: Iterable[Slot]) -> list[Slot]:
    kind, lacking = request.GET.get("kind", ""), request.GET.get("lacking", "") == "1"
    return [slot for slot in slots if (not kind or slot.post.unit.kind == kind) and not (lacking and slot.filled)]


@needs(READ_UNITS)
def post(request: HttpRequest, token: str) -> HttpResponse:
    """One post: who serves there, what it owes, and changing who holds it."""
    by = actor(request)
    row = _post(make_ref("post", token))
    services = list(Service.objects.filter(post=row, ends_at=None).select_related("member").order_by("role", "id"))
    may_write = row.closed_at is None and by.may(WRITE_UNITS, unit=row.unit.path)
    return render(request, "console/units/post.html", {
        "post": row, "token": token, "title": T(row.name_zh, row.name_en), "owner": owner_of(row, call=True),
        "unit": T(row.unit.name_zh, row.unit.name_en), "areas": list(row.areas.order_by("path")),
        "slot": Slot(row, row.holder, len(services)), "may_write": may_write,
        "people": [(service.member, str(service.role), service.begins_at) for service in services],
        "deputy": next((service.member for service in services if service.role == Service.Role.DEPUTY), None),
        "free": list(_unposted()[:200]) if may_write else [],
        "tasks": [
            (T(task.title_zh, task.title_en), Due(task.due_at), reverse("task", args=[token_of(task.ref)]))
            for task in owed_by([row.id])[:50]
        ],
    })


@needs(post=WRITE_UNITS)
def change_holder(request: HttpRequest, token: str) -> HttpResponse:
    """Let somebody else answer for the post."""
    actions.change_holder(
        post=make_ref("post", token), member=Ref(request.POST.get("member", "")[:60]),
        reason=request.POST.get("reason", "")[:200], by=actor(request), at=clock.now(),
    )
    tell(request, T("责任人已更换。", "Somebody else holds the post now."), tone="good")
    return redirect("post", token)


@needs(post=WRITE_UNITS)
def name_deputy(request: HttpRequest, token: str) -> HttpResponse:
    """Let somebody stand ready to hold the post; an empty choice takes the deputy back."""
    member = request.POST.get("member", "")[:60]
    actions.name_deputy(
        post=make_ref("post", token), member=Ref(member) if member else None,
        reason=request.POST.get("reason", "")[:200], by=actor(request), at=clock.now(),
    )
    tell(request, T("副手已定,责任人离岗时自动接任。", "The deputy holds the post when its holder leaves."), tone="good")
    return redirect("post", token)


@needs(post=WRITE_UNITS)
def begin_service(request: HttpRequest, token: str) -> HttpResponse:
    """Send one more person to the post."""
    actions.begin_service(
        post=make_ref("post", token), member=Ref(request.POST.get("member", "")[:60]), by=actor(request),
        at=clock.now(),
    )
    tell(request, T("已上岗。", "In service from now."), tone="good")
    return redirect("post", token)


@needs(post=WRITE_UNITS)
def end_service(request: HttpRequest, token: str) -> HttpResponse:
    """Take a person off the post."""
    actions.end_service(
        post=make_ref("post", token), member=Ref(request.POST.get("member", "")[:60]),
        reason=request.POST.get("reason", "")[:200], by=actor(request), at=clock.now(),
    )
    tell(request, T("已离岗,服务时间已记录。", "Off the post; the time served stays on record."), tone="good")
    return redirect("post", token)


@needs(READ_UNITS)
def posts_on_paper(request: HttpRequest) -> HttpResponse:
    """The list of posts for printing, without numbers."""
    response = active_response()
    slots = queries.slots(response.ref) if response else []
    context = {"response": response, "branches": _branches(slots, False)}
    return render(request, "console/units/posts_print.html", context)


@needs(SEND_MESSAGES, proof=for_many)
def call_tree(request: HttpRequest) -> HttpResponse:
    """Who rings whom when nothing else works: from headquarters down to every post, with numbers."""
    response = active_response()
    slots = queries.slots(response.ref) if response else []
    if response is not None:
        note_read(
            about=f"area:{response.area.code}", page="call-tree", fields=["name", "phone"], people=len(slots),
            reason=response.ref, by=actor(request), at=clock.now(),
        )
    return render(request, "console/units/call_tree.html", {"response": response, "branches": _branches(slots, True)})


def lacking_badge(request: HttpRequest) -> NavBadge | None:
    """How many posts lack somebody."""
    response = active_response()
    count = queries.unfilled_posts(response.ref).count() if response else 0
    return NavBadge(T(f"缺 {count}", f"{count} short"), "bad") if count else None


def _row(slot: Slot, load: dict[int, int]) -> Row:
    words = T(slot.post.name_zh, slot.post.name_en)
    unit = Cell(T(slot.post.unit.name_zh, slot.post.unit.name_en))
    there = Cell(f"{slot.serving} / {slot.post.required}", tone="bad" if slot.missing else "")
    holder = owner_of(slot.post)
    named = Cell(holder.name, tone="bad" if slot.holder is None else "", mark="" if slot.holder else T("空", "EMPTY"))
    return Row(
        (Cell(words, small=T("牵头", "leads") if slot.post.leads_unit else ""), unit, named, there,
         load.get(slot.post.id, 0)),
        href=reverse("post", args=[token_of(slot.post.ref)]), ref=slot.post.code,
    )


def _branches(slots: list[Slot], call: bool) -> list[Branch]:
    """Slots by unit, each under its leader."""
    by_unit: dict[int, list[Slot]] = defaultdict(list)
    units: dict[int, Unit] = {}
    for slot in slots:
        by_unit[slot.post.unit_id].append(slot)
        units[slot.post.unit_id] = slot.post.unit
    found = []
    for key, unit in units.items():
        own = by_unit[key]
        leader = next((slot for slot in own if slot.post.leads_unit), own[0])
        found.append(Branch(
            T(unit.name_zh, unit.name_en), owner_of(leader.post, call=call),
            (leader.serving, leader.post.required),
            tuple(
                (
                    T(slot.post.name_zh, slot.post.name_en), owner_of(slot.post, call=call), slot.serving,
                    slot.post.required,
                )
                for slot in own if slot is not leader
            ),
        ))
    return found


def _unposted() -> QuerySet[Member]:
    """Members of the roster who serve nowhere now."""
    serving = Service.objects.filter(ends_at=None).values("member_id")
    return Member.objects.exclude(id__in=serving).order_by("home", "name")


def _post(ref: Ref) -> Post:
    row = Post.objects.select_related("unit", "holder").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row
