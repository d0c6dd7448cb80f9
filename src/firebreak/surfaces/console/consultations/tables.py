"""The table of a consultation as it is drawn, and the minutes: shapes only, nothing is written here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from firebreak.command.consultations import actions, queries
from firebreak.command.consultations.models import Consultation, Item, Resolution
from firebreak.command.consultations.queries import OnTheTable
from firebreak.command.consultations.rights import HOLD_CONSULTATION, RAISE_ITEM
from firebreak.command.consultations.rules import Picture
from firebreak.command.consultations.states import ORIGIN_WORDS, RESOLUTION_WORDS, STANDING_WORDS
from firebreak.command.headquarters import queries as orders
from firebreak.engine.access.actors import AccountActor
from firebreak.engine.units.models import Member, Unit
from firebreak.engine.units.queries import open_posts
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, token_of
from firebreak.kernel.text import T
from firebreak.surfaces.common.shapes import Book, Cell, Column, Due, Listing, Owner, Row
from firebreak.surfaces.common.words import Words, moment_text
from firebreak.surfaces.console.consultations.forms import MeasureDecision, NoteDecision, OrderDecision
from firebreak.surfaces.console.people_at_work import names_of, owner_of

ACTIONS: dict[str, Callable[..., Ref]] = {
    "order": lambda unit, **said: actions.decide_order(unit=Ref(unit), **said),
    "measure": actions.decide_measure,
    "note": actions.note_item,
}
TOLD = {
    "order": T("已决定,指令已下达。", "Decided; the order has been issued."),
    "measure": T("已决定,原值、新值、理由、生效时间已记。", "Decided; old, new, why and from when are kept."),
    "note": T("已记。", "Noted."),
}
_SIDES = (
    T("应有", "Owed"), T("完成", "Done"), T("豁免", "Excused"), T("未完", "Open"), T("逾期", "Late"), T("差额", "Difference"),
)
Failed = tuple[str, str, forms.Form]


@dataclass(frozen=True, slots=True)
class Said:
    """One decision in words; `order` leads to what was ordered, `owner` and `due` to who and when."""

    kind: Words
    text: str
    href: str = ""
    number: str = ""
    owner: Owner | None = None
    due: Due | None = None
    measure: Resolution | None = None


@dataclass(frozen=True, slots=True)
class Laid:
    """One item with what was decided, and the forms to decide it while that is possible."""

    item: Item
    title: T
    origin: T
    href: str
    said: tuple[Said, ...]
    carried_to: str
    forms: dict[str, forms.Form]
    opened: str
    errors: bool


def bound_form(row: Consultation, kind: str, number: str, data: Mapping[str, Any]) -> forms.Form | None:
    """The form of a kind of decision about an item, filled with what was sent; None when there is no such kind."""
    return _forms(_deciders(row), data, number).get(kind)


def show(request: HttpRequest, row: Consultation, by: AccountActor, failed: Failed | None = None) -> HttpResponse:
    """The page of one consultation; `failed` is a form that could not be taken, answered with 422."""
    standing, now = queries.standing(row), clock.now()
    holds = by.may(HOLD_CONSULTATION) and standing != "closed" and row.task.status != "ended"
    table = queries.on_the_table(row)
    decidable = holds and standing == "open"
    picture, units = queries.picture(row), _deciders(row) if decidable else None
    return render(request, "console/consultations/table.html", {
        "row": row, "token": token_of(row.ref), "title": T(row.title_zh, row.title_en), "standing": standing,
        "word": STANDING_WORDS[standing], "due": Due(row.task.due_at, row.task.ended_at),
        "owner": owner_of(row.task.owner), "books": _books(picture), "changed": _changed(row),
        "picture": picture, "laid": [_laid(one, units, failed) for one in table],
        "left": sum(not one.settled for one in table), "decided": sum(one.settled and not one.carried for one in table),
        "carried": sum(one.carried for one in table), "holds": holds,
        "may_begin": holds and standing == "called", "early": row.begins_at - now > timedelta(minutes=30),
        "may_raise": by.may(RAISE_ITEM) and standing != "closed" and row.task.status != "ended",
        "present": _present(row), "absent": _absent(row) if decidable else [], "decidable": decidable,
        "failed": failed[2] if failed else None,
    }, status=422 if failed else 200)


def paper(row: Consultation) -> dict[str, object]:
    """What the minutes print: who was there, the picture, what changed, each item with its decisions."""
    table = queries.on_the_table(row)
    return {
        "row": row, "title": T(row.title_zh, row.title_en), "standing": queries.standing(row), "present": _present(row),
        "books": _book_rows(row), "changed": _changed(row),
        "laid": [_laid(one, None, None) for one in table], "owner": owner_of(row.task.owner),
        "caller": names_of([row.called_by])[row.called_by],
    }


def _deciders(row: Consultation) -> list[Unit]:
    """The units an order may go to."""
    return list(orders.ordered_units(row.response_ref))


def _forms(units: Sequence[Unit], data: Mapping[str, Any] | None, prefix: str) -> dict[str, forms.Form]:
    now = clock.now().replace(second=0, microsecond=0)
    more: dict[str, Any] = {"data": data, "prefix": f"i{prefix}"}
    return {
        "order": OrderDecision(units=units, due_at=now + timedelta(hours=4), **more),
        "measure": MeasureDecision(effective_at=now, **more),
        "note": NoteDecision(**more),
    }


def _laid(one: OnTheTable, units: Sequence[Unit] | None, failed: Failed | None) -> Laid:
    item = one.item
    mine = failed is not None and failed[0] == str(item.number)
    offered = {} if units is None or one.carried else _forms(units, None, str(item.number))
    if failed is not None and mine:
        offered[failed[1]] = failed[2]
    to = item.carried_to.consultation if one.carried and hasattr(item, "carried_to") else None
    return Laid(
        item=item, title=T(item.title_zh, item.title_en), origin=ORIGIN_WORDS[item.origin], href=_href(item),
        said=tuple(_said(taken) for taken in one.resolutions if taken.kind != Resolution.Kind.CARRIED),
        carried_to=token_of(to.ref) if to else "", forms=offered,
        opened=failed[1] if failed is not None and mine else "", errors=mine,
    )


def _said(taken: Resolution) -> Said:
    if taken.order is None:
        measure = taken if taken.kind == Resolution.Kind.MEASURE else None
        return Said(RESOLUTION_WORDS[taken.kind], taken.text, measure=measure)
    order = taken.order
    return Said(
        RESOLUTION_WORDS[taken.kind], taken.text, reverse("order", args=[token_of(order.ref)]), order.document_number,
        owner_of(order.task.owner), Due(order.task.due_at, order.task.ended_at),
    )


def _href(item: Item) -> str:
    """Where the rows behind an item are."""
    if item.origin == Item.Origin.PROPOSAL or item.about.startswith("proposal:"):
        return reverse("approvals")
    if item.about.startswith("round"):
        return reverse("rounds")
    if item.about == "tasks":
        return reverse("tasks") + "?state=late"
    return reverse("ledgers") if item.about and ":" not in item.about else ""


def _books(picture: Picture | None) -> list[Book]:
    if picture is None:
        return []
    return [
        Book(
            T(one.zh, one.en), reverse("ledgers"), one.open, T("未完", "open"), one.owed, one.done, one.excused, one.open,
            one.overdue, late_note=T(f"逾期 {one.overdue}", f"{one.overdue} late") if one.overdue else "",
        )
        for one in picture.books
    ]


def _book_rows(row: Consultation) -> Listing | None:
    """The frozen books as a table; None before it began."""
    picture = queries.picture(row)
    if picture is None:
        return None
    return Listing(
        caption=T("态势", "The picture"), as_of=row.opened_at,
        columns=(Column(T("账本", "Book")), *(Column(title, numeric=True) for title in _SIDES)),
        rows=tuple(
            Row((Cell(T(one.zh, one.en)), one.owed, one.done, one.excused, one.open, one.overdue, one.difference))
            for one in picture.books
        ),
    )


def _changed(row: Consultation) -> Listing:
    """The figures that read otherwise than at the consultation before."""
    earlier = queries.before(row)
    since = earlier.opened_at if earlier is not None else None
    note = T(f"上次 {moment_text(since)}", f"since {moment_text(since)}") if since else T("第一次会商", "the first one")
    return Listing(
        caption=T("与上次相比", "What changed"), note=note,
        columns=(
            Column(T("数字", "Figure")), Column(T("上次", "Then"), numeric=True), Column(T("现在", "Now"), numeric=True),
        ),
        rows=tuple(
            Row((Cell(one.title), "–" if one.was is None else one.was, one.now)) for one in queries.changed(row)
        ),
        empty=T("没有变化。", "Nothing changed."),
    )


def _present(row: Consultation) -> list[tuple[T, str]]:
    """(post, person) of everybody at the table; two queries."""
    seats = list(row.attendance.select_related("post__unit").order_by("post_id"))
    names = dict(Member.objects.filter(ref__in=[one.member_ref for one in seats]).values_list("ref", "name"))
    return [(T(one.post.name_zh, one.post.name_en), names.get(one.member_ref, "")) for one in seats]


def _absent(row: Consultation) -> list[tuple[str, T, str]]:
    """(token, post, person) of the posts of headquarters and the task forces' leaders that do not sit yet."""
    here = row.attendance.values("post_id")
    asked = open_posts(row.response_ref).filter(holder__isnull=False, unit__kind__in=actions.INVITED)
    heads = asked.exclude(unit__kind="task_force", leads_unit=False).exclude(id__in=here)
    seats = heads.select_related("holder").order_by("unit__id", "-leads_unit", "id")
    return [
        (token_of(post.ref), T(post.name_zh, post.name_en), post.holder.name) for post in seats if post.holder is not None
    ]


