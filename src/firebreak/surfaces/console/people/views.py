"""Pages of people: find, one person, one household, everybody of an area, who looked.

Every page journals its read before it is drawn. What was searched for never stands in an address.
"""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from firebreak.command.zoning.models import Notice
from firebreak.engine.access.actors import AccountActor
from firebreak.engine.access.reading import looks_at, note_read
from firebreak.engine.access.rights import READ_LOOKS
from firebreak.engine.access.roles import BY_KEY
from firebreak.engine.areas.models import Area
from firebreak.engine.registry import persons
from firebreak.engine.registry.actions import change_needs
from firebreak.engine.registry.rights import REGISTRY_READ, REGISTRY_UNMASK, REGISTRY_WRITE
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.text import T
from firebreak.operations.zones.rights import READ_ZONES
from firebreak.surfaces.common.gate import actor, needs, signed_in
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.proof import after_many
from firebreak.surfaces.common.shapes import Cell, Column, KeyPage, Listing, Row
from firebreak.surfaces.console.finding import SHORTEST, found
from firebreak.surfaces.console.people import places
from firebreak.surfaces.console.people.panels import panels_for
from firebreak.surfaces.console.people.reasons import reason_for
from firebreak.surfaces.console.people.wording import FIELDS, KINDS, NEEDS, PAGES, SEXES, TOLD
from firebreak.surfaces.console.reports.cutoffs import asked_cutoff

PLACE = "firebreak/people/"
NOTICES = 50


@signed_in(post=True)
def find(request: HttpRequest) -> HttpResponse:
    """Find people and places. The words are POSTed, so they stay out of addresses and logs."""
    text = request.POST.get("q", "").strip()[:60]
    answers = found(text, actor(request)) if text else []
    fragment = request.headers.get("HX-Request") == "true"
    shown = {"q": text, "answers": answers, "short": 0 < len(text) < SHORTEST}
    return render(request, PLACE + ("found.html" if fragment else "find.html"), shown)


@needs(REGISTRY_READ)
def person(request: HttpRequest, token: str) -> HttpResponse:
    """One person, masked."""
    return _person_page(request, make_ref("person", token), {}, "")


@needs(REGISTRY_READ, post=REGISTRY_UNMASK, proof=after_many)
def unmask(request: HttpRequest, token: str) -> HttpResponse:
    """The same page with one field in full, this once, for the stated purpose; a GET leads back to the page."""
    if request.method != "POST":
        return redirect("person", token)
    ref, field = make_ref("person", token), request.POST.get("field", "name")
    opened = persons.unmask(
        person=ref, field=field, purpose=request.POST.get("purpose", ""), by=actor(request), at=clock.now(),
    )
    return _person_page(request, ref, {field: opened}, field)


@needs(post=REGISTRY_WRITE)
def needs_changed(request: HttpRequest, token: str) -> HttpResponse:
    """Bring up to date what somebody needs."""
    change_needs(person=make_ref("person", token), needs=request.POST.getlist("needs"), by=actor(request), at=clock.now())
    return redirect("person", token)


@needs(REGISTRY_READ)
def household(request: HttpRequest, token: str) -> HttpResponse:
    """The people behind one door, masked."""
    who = actor(request)
    view = persons.show_household(make_ref("household", token), who)
    note_read(
        about=f"area:{view.building}", page="household", fields=_fields(view.people), people=len(view.people),
        reason=reason_for(who), by=who, at=clock.now(), mentions=[one.ref for one in view.people],
    )
    return render(request, PLACE + "household.html", {
        "household": view, "listing": _listing(view.people, T("这一户的人", "People of this household")),
        "notices": _notices(view.building, token) if who.may(READ_ZONES) else None,
    })


def _notices(building: str, token: str) -> Listing:
    """What this door was told of zones, the latest first; each line leads to its sheet. One query."""
    rows = Notice.objects.filter(building__code=building).select_related("alert__zone").order_by("-alert__sent_at", "-id")
    return Listing(
        caption=T("告知过这一户什么", "What this door was told"),
        columns=(Column(T("分区", "Zone")), Column(T("发出", "Sent")), Column(T("生效", "Holds from"))),
        rows=tuple(
            Row(
                (
                    Cell(T(row.alert.zone.name_zh, row.alert.zone.name_en or row.alert.zone.name_zh), small=TOLD[row.alert.kind]),
                    row.alert.sent_at, row.alert.effective_at,
                ),
                href=f"{reverse('zone-notices', args=[token_of(row.alert.ref)])}?household={token}",
            )
            for row in rows[:NOTICES]
        ),
        empty=T("没有分区的告知。", "No zone was told of here."),
    )


@needs(REGISTRY_READ)
def area_people(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody present in an area, a hundred a page, masked; `?at=` lists the register as it stood then."""
    who = actor(request)
    area = get_object_or_404(Area, code=code)
    asked, after = request.GET.get("at", "")[:40], request.GET.get("after", "")
    start, cutoff = int(after) if after.isdecimal() else 0, asked_cutoff(request)
    then: list[persons.Then] = []
    if asked:
        then, more = persons.list_then(area, who, cutoff, start)
        people = [one.view for one in then]
    else:
        people, more = persons.list_at(area, who, start)
    note_read(
        about=f"area:{area.code}", page="roster", fields=_fields(people), people=len(people),
        reason=reason_for(who), by=who, at=clock.now(), mentions=[view.ref for view in people] if asked else (),
    )
    name = T(area.name_zh, area.name_en or area.name_zh)
    first = with_query(request, after="")
    page = KeyPage(
        len(people), first_href=first if after else "", next_href=with_query(request, after=str(more)) if more else "",
    )
    caption = T(f"登记在{name.zh}的人", f"People registered at {name.en}")
    listing = _listing(people, caption, page, then if asked else None)
    return render(request, PLACE + "area.html", {
        "area": area, "name": name, "listing": listing, "at": asked, "cutoff": cutoff,
        "now_url": reverse("area-people", args=[area.code]), **places.told_of(area, cutoff, who, asked),
    })


@needs(READ_LOOKS)
def looks(request: HttpRequest, token: str) -> HttpResponse:
    """Who looked at this person: pages, lists of their places, searches, unmaskings."""
    who = actor(request)
    view = persons.show(make_ref("person", token), who)
    rows = tuple(
        Row((
            look.at, Cell(look.by_name), PAGES.get(look.page, T(look.page, look.page)),
            _words(look.fields), look.people, _reason(look.reason),
        ))
        for look in looks_at(view.ref, persons.places_of(view))
    )
    columns = tuple(Column(title) for title in (
        T("何时", "When"), T("谁", "Who"), T("在哪一页", "On which page"), T("看到的全项", "Shown in full"),
        T("同页人数", "People on it"), T("理由", "Why"),
    ))
    caption = T("最近一百次查阅", "The last hundred looks")
    listing = Listing(caption, columns, rows, empty=T("还没有人看过。", "Nobody has looked yet."))
    return render(request, PLACE + "looks.html", {"person": view, "listing": listing})


def _person_page(request: HttpRequest, ref: Ref, opened: dict[str, str], field: str) -> HttpResponse:
    who = actor(request)
    view = persons.show(ref, who)
    fields = (*view.fields, *(("needs",) if view.needs is not None else ()))
    note_read(about=ref, page="person", fields=fields, people=1, reason=reason_for(who), by=who, at=clock.now())
    today = clock.now().date()
    return render(request, PLACE + "person.html", {
        "person": view, "name": opened.get("name", view.shown.name), "number": opened.get("number", view.shown.number),
        "phone": opened.get("phone", view.shown.phone), "age": view.age(today), "sex": SEXES[view.sex],
        "needs": None if view.needs is None else [NEEDS.get(key, T(key, key)) for key in view.needs],
        "choices": _choices(view, who), "needs_url": reverse("person-needs", args=[token_of(ref)]),
        "stays": _stays(view), "hidden": [(key, persons.FIELDS[key]) for key in view.may_unmask if key != field],
        "purposes": persons.PURPOSES.items(), "panels": panels_for(view, who), "opened": field,
        "unmask_url": reverse("unmask", args=[token_of(ref)]), "can_dial": "phone" in view.fields or field == "phone",
        "looks_url": reverse("person-looks", args=[token_of(ref)]) if who.may(READ_LOOKS) else "",
        "household_url": reverse("household", args=[token_of(view.household)]) if view.household else "",
    })


def _choices(view: persons.PersonView, who: AccountActor) -> list[tuple[str, T, bool]]:
    """Every need with its words and whether it holds, for whoever may change them; empty for others."""
    if view.needs is None or not any(who.may(REGISTRY_WRITE, area=stay.path) for stay in view.stays):
        return []
    return [(key, words, key in view.needs) for key, words in NEEDS.items()]


def _stays(view: persons.PersonView) -> Listing:
    rows = tuple(
        Row((
            Cell(stay.building_name, small=stay.building), KINDS[stay.kind], stay.door or None,
            stay.begins_on.isoformat() if stay.begins_on else None, stay.ends_on.isoformat() if stay.ends_on else None,
        ), href=reverse("area-people", args=[stay.building]))
        for stay in view.stays
    )
    columns = tuple(Column(title) for title in (
        T("楼栋", "Building"), T("性质", "As"), T("门牌", "Door"), T("自", "From"), T("至", "Until"),
    ))
    empty = T("现在没有登记的地点。", "No place on record now.")
    return Listing(T("在哪里", "Where"), columns, rows, empty=empty)


def _listing(
    people: Sequence[persons.PersonView], caption: T, page: KeyPage | None = None,
    then: Sequence[persons.Then] | None = None,
) -> Listing:
    """People as a list; `then` says where each was at the moment asked for instead of where they are."""
    today = clock.now().date()
    places = [_where(view) for view in people] if then is None else [_was(one) for one in then]
    rows = tuple(
        Row((
            Cell(view.shown.name, small=view.shown.number), _age(view.age(today)), SEXES[view.sex],
            place, view.shown.phone or None,
        ), href=reverse("person", args=[token_of(view.ref)]), tone="quiet" if view.died_on else "")
        for view, place in zip(people, places, strict=True)
    )
    columns = (
        Column(T("姓名", "Name")), Column(T("年龄", "Age"), numeric=True), Column(T("性别", "Sex")),
        Column(T("在哪里", "Where")), Column(T("电话", "Phone")),
    )
    return Listing(caption, columns, rows, page=page, empty=T("这里没有登记的人。", "Nobody is registered here."))


def _age(age: int | None) -> str | None:
    return None if age is None else str(age)


def _where(view: persons.PersonView) -> T | None:
    if not view.stays:
        return None
    stay = view.stays[0]
    return T(
        f"{stay.building_name.zh} {stay.door} {KINDS[stay.kind].zh}",
        f"{stay.building_name.en} {stay.door} {KINDS[stay.kind].en}",
    )


def _was(one: persons.Then) -> T:
    name, kind = one.building_name, KINDS[one.kind]
    return T(f"{name.zh} {kind.zh}", f"{name.en} {kind.en}")


def _fields(people: Sequence[persons.PersonView]) -> list[str]:
    return sorted({field for view in people for field in view.fields})


def _words(fields: tuple[str, ...]) -> T:
    if not fields:
        return T("无,全部遮盖", "nothing, all masked")
    return T("、".join(FIELDS[key].zh for key in fields), ", ".join(FIELDS[key].en for key in fields))


def _reason(reason: str) -> T:
    """A purpose, a role or a live task in words."""
    if reason in persons.PURPOSES:
        return persons.PURPOSES[reason]
    kind, _, key = reason.partition(":")
    if kind == "role" and key in BY_KEY:
        return T(f"岗位:{BY_KEY[key].name.zh}", f"role: {BY_KEY[key].name.en}")
    return T(f"任务 {key}", f"task {key}") if kind == "task" else T(reason, reason)
