"""A place as the register knows it, now or at a past moment: what it is, what lies below it, what it has been.

The clerk who keeps the register ends a place here, or takes its end back.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from firebreak.engine.access.actors import AccountActor
from firebreak.engine.areas import queries
from firebreak.engine.areas.actions import LEVEL_WORDS, end_area, reopen_area
from firebreak.engine.areas.models import Area, AreaVersion
from firebreak.engine.areas.rights import AREAS_WRITE
from firebreak.kernel import clock
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Listing, Row
from firebreak.surfaces.common.toasts import offer_undo, tell
from firebreak.surfaces.common.words import moment_text

_FIELDS = {
    "name_zh": T("名称", "name"), "name_en": T("英文名", "English name"), "address": T("地址", "address"),
    "compound": T("小区", "compound"), "use": T("用途", "use"), "floors": T("层数", "floors"), "units": T("单元", "units"),
}
_BUILDING = ("address", "compound", "use", "floors", "units")
_DRAWN = {"geometry": T("轮廓", "outline"), "lon": T("位置", "position"), "lat": T("位置", "position")}


def told_of(area: Area, cutoff: Cutoff, who: AccountActor, asked: str) -> dict[str, Any]:
    """What the page of a place says besides its people; `asked` is the moment as it was typed. Two queries."""
    own, below = queries.stood(area, cutoff)
    versions, may = queries.versions_of(area), who.may(AREAS_WRITE, area=area.path)
    return {
        "facts": _facts(own), "ended_at": own.ended_at if own else None, "unknown": own is None,
        "below": _below(area, below, asked) if area.level != Area.Level.BUILDING else None,
        "versions": [
            (version.happened_at, _changes(version, versions[place + 1] if place + 1 < len(versions) else None))
            for place, version in enumerate(versions)
        ],
        "may_end": may and area.ended_at is None, "may_reopen": may and area.ended_at is not None,
    }


@needs(post=AREAS_WRITE)
def end(request: HttpRequest, code: str) -> HttpResponse:
    """End a place; for ten seconds the toast takes it back, afterwards the page does."""
    end_area(code=code, by=actor(request), at=clock.now())
    offer_undo(request, T(f"{code} 已停用。", f"{code} has ended."), reverse("area-reopen", args=[code]))
    return redirect("area-people", code=code)


@needs(post=AREAS_WRITE)
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Take the end of a place back."""
    reopen_area(code=code, by=actor(request), at=clock.now())
    tell(request, T(f"{code} 已恢复。", f"{code} is in use again."), tone="good")
    return redirect("area-people", code=code)


def _facts(version: AreaVersion | None) -> list[tuple[T, str]]:
    if version is None:
        return []
    known = ((_FIELDS[name], getattr(version, name)) for name in _BUILDING)
    return [(T(word.zh, word.en.capitalize()), str(value)) for word, value in known if value]


def _below(area: Area, versions: list[AreaVersion], asked: str) -> Listing:
    then = f"?{urlencode({'at': asked})}" if asked else ""
    rows = tuple(
        Row(
            (
                Cell(_name(version), small=version.area.code),
                _ended(version) if version.ended_at else LEVEL_WORDS[version.area.level],
            ),
            href=reverse("area-people", args=[version.area.code]) + then,
            tone="quiet" if version.ended_at else "",
        )
        for version in versions
    )
    return Listing(
        T(f"{area.name_zh}下面", f"Below {area.name_en or area.name_zh}"),
        (Column(T("名称", "Name")), Column(T("级别", "Level"))), rows,
        empty=T("下面没有登记的地方。", "No place is registered below it."),
    )


def _changes(version: AreaVersion, before: AreaVersion | None) -> T:
    """What one version says that the one before did not."""
    said = [T("登记", "registered")] if before is None else _differences(version, before)
    ended = before is not None and before.ended_at is not None
    if ended != (version.ended_at is not None):
        said.append(T("恢复", "in use again") if ended else T("停用", "ended"))
    return T(";".join(part.zh for part in said), "; ".join(part.en for part in said))


def _differences(version: AreaVersion, before: AreaVersion) -> list[T]:
    said = []
    for name, word in _FIELDS.items():
        old, new = getattr(before, name), getattr(version, name)
        if old != new:
            was, now = "—" if old in (None, "") else old, "—" if new in (None, "") else new
            said.append(T(f"{word.zh}:{was} → {now}", f"{word.en}: {was} → {now}"))
    drawn = {word.en: word for name, word in _DRAWN.items() if getattr(before, name) != getattr(version, name)}
    return said + [T(f"{word.zh}已改", f"{word.en} changed") for word in drawn.values()]


def _name(version: AreaVersion) -> T:
    return T(version.name_zh, version.name_en or version.name_zh)


def _ended(version: AreaVersion) -> T:
    assert version.ended_at is not None
    at = moment_text(version.ended_at)
    return T(f"{at.zh} 停用", f"ended {at.en}")
