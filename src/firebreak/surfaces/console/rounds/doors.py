"""People of a round by name, for pages: door by door in a building, or the missing of an area. Masked by role.

Each page is journaled as one read before it is drawn. Doors sort as people count them (2-9 before 2-11).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from django.db.models import Q
from django.http import HttpRequest

from firebreak.engine.access.masking import shown_name
from firebreak.engine.access.reading import Page, note_read
from firebreak.engine.areas.models import Area
from firebreak.engine.registry.identity import open_phone
from firebreak.engine.registry.models import Person, Presence
from firebreak.engine.registry.rights import REGISTRY_READ, REGISTRY_READ_PERSONAL, REGISTRY_READ_PHONE
from firebreak.kernel import clock
from firebreak.kernel.refs import token_of
from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Attempt, AttemptUndo, Decision, Entry
from firebreak.operations.rounds.states import OPEN, RESULTS, WAYS, WORDS
from firebreak.surfaces.common import shapes
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.shapes import Cell, Chip, Column, Due, KeyPage, Listing, Mark, Owner, Row
from firebreak.surfaces.common.words import moment_text
from firebreak.surfaces.console.people.reasons import reason_for
from firebreak.surfaces.console.people.wording import KINDS
from firebreak.surfaces.console.rounds.scenes import Scene, name_of
from firebreak.surfaces.console.rounds.wording import joined

PAGE = 100
STATES = tuple(WORDS)
_PARTS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Who:
    """One person of a round as this reader may see them."""

    person: int
    token: str
    name: str
    masked: bool
    age: int | None
    last4: str
    phone: str
    door: str
    kind: T
    building: Area
    state: str
    found: bool
    revisit_at: datetime | None
    attempts: int
    last_word: T


@dataclass(frozen=True, slots=True)
class Inside:
    """Person → state in the round, and person → door, of one building."""

    states: dict[int, str]
    doors: dict[int, str]


def inside(scene: Scene, building: Area) -> Inside | None:
    """Who is listed in a building; None where the reader may not see the register. Two queries."""
    if not scene.may(REGISTRY_READ, building):
        return None
    states = dict(Entry.objects.filter(round=scene.row, building=building).values_list("person_id", "state"))
    rows = Presence.objects.filter(building=building).order_by("id").values_list("person_id", "door")
    return Inside(states, {person: door for person, door in rows if person in states})


def door_list(request: HttpRequest, scene: Scene, building: Area, within: Inside) -> Listing:
    """The people of one building, door by door. Six queries."""
    states, doors = within.states, within.doors
    counts = Counter(states.values())
    asked = request.GET.get("state", "")
    wanted = _wanted(asked)
    kept = sorted(
        (key for key, state in states.items() if state in wanted), key=lambda key: (sort_key(doors.get(key, "")), key)
    )
    start = _after(request, kept)
    page = kept[start : start + PAGE]
    people = look_up(scene, page, f"area:{building.code}", "round-doors")
    chips = [Chip(T("全部", "all"), with_query(request, state=None), on=not asked, count=len(states))]
    chips += [
        Chip(scene.words[state], with_query(request, state=state), on=asked == state, count=counts[state])
        for state in STATES
        if counts[state]
    ]
    return Listing(
        caption=T("逐户", "Door by door"), columns=COLUMNS, rows=tuple(_row(scene, one) for one in people),
        chips=tuple(chips), page=_pages(request, kept, start, page),
        empty=T("没有这样的人。", "Nobody like that here."),
    )


COLUMNS = (
    Column(T("门牌", "Door")),
    Column(T("姓名", "Name")),
    Column(T("结果", "State")),
    Column(T("最近联系", "Last attempt")),
    Column(T("再访", "Revisit")),
    Column(T("电话", "Call")),
)


def look_up(scene: Scene, people: Sequence[int], about: str, page: Page, *, journal: bool = True) -> list[Who]:
    """These people in this order, and one read in the journal. Six queries."""
    entries = {
        row.person_id: row
        for row in Entry.objects.filter(round=scene.row, person_id__in=people).select_related("building")
    }
    rows = Person.objects.in_bulk(people)
    stays = {(p.person_id, p.building_id): p for p in Presence.objects.filter(person_id__in=people)}
    words = _last_words(scene, people)
    today = clock.now().date()
    found = [_who(scene, rows[key], entries[key], stays, words, today) for key in people if key in entries]
    if journal and found:
        fields = sorted({field for one in found for field in _shown(scene, one)})
        note_read(
            about=about,
            page=page,
            fields=fields,
            people=len(found),
            reason=reason_for(scene.who),
            by=scene.who,
            at=clock.now(),
        )
    return found


def sort_key(door: str) -> list[tuple[int, int, str]]:
    """Numbers inside a door count as numbers."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _PARTS.split(door) if part]


def name_cell(scene: Scene, one: Who, back: str = "") -> shapes.Person:
    """The name as a cell, leading to the person's page in this round; recording there comes back to `back`."""
    age = T(f"{one.age} 岁", f"aged {one.age}") if one.age is not None else T("", "")
    found = T("名单外补录", "found on no list") if one.found else T("", "")
    last4 = T(f"证件尾号 {one.last4}", f"papers …{one.last4}") if one.last4 else T("", "")
    return shapes.Person(
        one.name,
        href=scene.href("round-person", one.token) + (f"?back={quote(back)}" if back else ""),
        masked=one.masked,
        small=joined(age, last4, found),
    )


def state_mark(scene: Scene, one: Who) -> Mark:
    """The state as a letter with the plan's word."""
    return Mark(one.state, word=scene.words[one.state])


def _row(scene: Scene, one: Who) -> Row:
    open_now = one.state in OPEN
    return Row(
        (
            Cell(one.door or T("无门牌", "no door"), small=one.kind),
            name_cell(scene, one),
            state_mark(scene, one),
            Cell(one.last_word) if one.last_word.zh else None,
            Due(one.revisit_at) if one.revisit_at and open_now and scene.is_open else None,
            Owner(one.phone, phone=one.phone) if one.phone and open_now else None,
        ),
        tone="" if open_now else "quiet", ref=one.token,
    )


def _who(
    scene: Scene, row: Person, entry: Entry, stays: dict[tuple[int, int], Presence], words: dict[int, T], today: date
) -> Who:
    named, called = scene.may(REGISTRY_READ_PERSONAL, entry.building), scene.may(REGISTRY_READ_PHONE, entry.building)
    stay = stays.get((row.pk, entry.building_id))
    born = row.birth_on
    age = None if born is None else today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    phone = open_phone(row.ref, row.phone_sealed).split("、")[0] if called and entry.state in OPEN else ""
    return Who(
        row.pk, token_of(row.ref), shown_name(row.name, named), not named, age, row.id_last4, phone,
        stay.door if stay else "", KINDS[stay.kind] if stay else T("", ""), entry.building, entry.state,
        entry.origin == Entry.Origin.FOUND, entry.revisit_at, entry.attempts, words.get(row.pk, T("", "")),
    )


def _last_words(scene: Scene, people: Sequence[int]) -> dict[int, T]:
    """What was last tried or decided for each, in words. Two queries."""
    now, words = clock.now(), {}
    undone = AttemptUndo.objects.filter(round=scene.row).values("attempt_event_id")
    held = Q(event_id=None) | ~Q(event_id__in=undone)
    tries = Attempt.objects.filter(held, round=scene.row, person_id__in=people).order_by("happened_at", "id")
    for person, way, result, at in tries.values_list("person_id", "way", "result", "happened_at"):
        when, how, what = moment_text(at, now), WAYS.get(way, T(way, way)), RESULTS[result][1]
        words[person] = T(f"{when.zh} {how.zh}:{what.zh}", f"{when.en} {how.en}: {what.en}")
    decisions = Decision.objects.filter(round=scene.row, person_id__in=people).order_by("happened_at", "id")
    excuses = scene.terms.excuses
    for person, state, reason in decisions.values_list("person_id", "state", "reason"):
        if state not in OPEN:
            excuse = excuses.get(reason)
            words[person] = T(excuse.zh, excuse.en) if excuse else scene.words.get(state, T(reason, reason))
    return words


def _shown(scene: Scene, one: Who) -> Iterable[str]:
    if not one.masked:
        yield "name"
    if one.phone:
        yield "phone"


def _wanted(asked: str) -> frozenset[str]:
    return frozenset(STATES if asked not in STATES else (asked,))


def _after(request: HttpRequest, kept: Sequence[int]) -> int:
    """The place after the person of `?after=`; the start when they are not in the list any more."""
    after = request.GET.get("after", "")
    return kept.index(int(after)) + 1 if after.isdecimal() and int(after) in kept else 0


def _pages(request: HttpRequest, kept: Sequence[int], start: int, page: Sequence[int]) -> KeyPage | None:
    if len(kept) <= PAGE:
        return None
    more = start + len(page) < len(kept)
    here = with_query(request)
    next_href = f"{here}{'&' if '?' in here else '?'}after={page[-1]}" if more else ""
    return KeyPage(shown=len(page), total=len(kept), first_href=here if start else "", next_href=next_href)


def place_words(one: Who) -> T:
    """Building and door in one line."""
    name = name_of(one.building)
    return T(f"{name.zh} {one.door}".strip(), f"{name.en} {one.door}".strip())
