"""A building as it stands: a column for each stair, a row for each floor, a door in each cell with its letter.

Which floor a door is on is read from its number the way people write it: 1203 and 3-1203 are on the 12th floor.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest

from firebreak.engine.areas.models import Area
from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Attempt, AttemptUndo, Entry
from firebreak.operations.rounds.states import OPEN, State
from firebreak.surfaces.common.marks import MARKS, MarkWords
from firebreak.surfaces.console.rounds.doors import Inside, Who, look_up, sort_key
from firebreak.surfaces.console.rounds.scenes import Scene

_LAST = re.compile(r"(\d+)\D*$")
ORDER = (State.TO_DO, State.UNREACHABLE, State.AWAY)
"""Which letter stands for a door with several people left: the one that asks for most."""


@dataclass(frozen=True, slots=True)
class Door:
    """One door: the letter of what is left, or of how it ended; `left` of `people` have no end."""

    door: str
    mark: MarkWords
    left: int
    people: int
    href: str
    on: bool

    @property
    def said(self) -> T:
        """For whoever hears the page."""
        return T(
            f"{self.door},{self.mark.word},还差 {self.left} 人,共 {self.people} 人",
            f"{self.door}: {self.mark.word}, {self.left} of {self.people} left",
        )


@dataclass(frozen=True, slots=True)
class Floor:
    """The doors of one floor, in order; `number` is empty where doors do not say it."""

    number: str
    doors: tuple[Door, ...]


@dataclass(frozen=True, slots=True)
class Stair:
    """The doors behind one entrance, the top floor first."""

    name: str
    floors: tuple[Floor, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The door that is open: who is behind it, which of them are left, and the next door with somebody left."""

    door: str
    people: tuple[Who, ...]
    left: tuple[str, ...]
    next_href: str
    next_door: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A building drawn, and the door that is open in it."""

    stairs: tuple[Stair, ...]
    left: int
    doors: int
    sheet: Sheet | None


def drawn(request: HttpRequest, scene: Scene, building: Area, within: Inside) -> Drawn:
    """The building for this reader. One query, and those of the door that is open."""
    states = within.states
    known = {person: within.doors.get(person, "") for person in states}
    chosen = request.GET.get("door", "")
    href = f"{scene.href('round-area', building.code)}?door="
    found = stairs(known, states, _refusing(scene, building), chosen, href)
    cells = [door for stair in found for floor in stair.floors for door in floor.doors]
    behind = sorted(person for person, door in known.items() if door == chosen) if "door" in request.GET else []
    return Drawn(
        found, sum(door.left > 0 for door in cells), len(cells),
        _sheet(scene, building, chosen, behind, cells, href) if behind else None,
    )


def next_door(cells: Iterable[Door], after: str) -> str:
    """The next door with somebody left, in the order of doors, from the start again after the last; "" when none is."""
    open_doors = sorted((cell.door for cell in cells if cell.left and cell.door != after), key=sort_key)
    later = [door for door in open_doors if sort_key(door) > sort_key(after)]
    return next(iter(later or open_doors), "")


def _sheet(
    scene: Scene, building: Area, door: str, behind: list[int], cells: list[Door], href: str
) -> Sheet:
    people = tuple(look_up(scene, behind, f"area:{building.code}", "round-doors"))
    following = next_door(cells, door)
    return Sheet(
        door, people, tuple(one.token for one in people if one.state in OPEN),
        href + quote(following) if following else "", following,
    )


def _refusing(scene: Scene, building: Area) -> set[int]:
    """People of the building whose last word at the door was no. One query."""
    undone = AttemptUndo.objects.filter(round=scene.row).values("attempt_event_id")
    inside = Entry.objects.filter(round=scene.row, building=building).values("person_id")
    tries = Attempt.objects.filter(round=scene.row, person_id__in=inside).exclude(event_id__in=undone)
    last = dict(tries.order_by("happened_at", "id").values_list("person_id", "result"))
    return {person for person, result in last.items() if result == "refused"}


def stairs(
    doors: Mapping[int, str], states: Mapping[int, str], refusing: Iterable[int], chosen: str, href: str
) -> tuple[Stair, ...]:
    """The building drawn: person → door and person → state in, stairs out. `href` + door is the page of a door."""
    behind: dict[str, list[int]] = {}
    for person, door in doors.items():
        if person in states:
            behind.setdefault(door, []).append(person)
    refused = set(refusing)
    drawn: dict[str, dict[int, list[Door]]] = {}
    for door in sorted(behind, key=sort_key):
        people = behind[door]
        stair, floor = place_of(door)
        mark = MARKS[letter_of([states[one] for one in people], refused=bool(refused & set(people)))]
        left = sum(states[one] in OPEN for one in people)
        cell = Door(door, mark, left, len(people), href + quote(door), door == chosen)
        drawn.setdefault(stair, {}).setdefault(floor, []).append(cell)
    return tuple(
        Stair(stair, tuple(
            Floor(str(floor) if floor else "", tuple(cells)) for floor, cells in sorted(floors.items(), reverse=True)
        ))
        for stair, floors in sorted(drawn.items(), key=lambda pair: sort_key(pair[0]))
    )


def place_of(door: str) -> tuple[str, int]:
    """Stair and floor of a door; floor 0 when its number does not say one."""
    last = _LAST.search(door)
    if last is None:
        return "", 0
    number = int(last[1])
    return door[: last.start()].rstrip("-－—单元室 "), number // 100 if 100 <= number < 10_000 else 0


def letter_of(states: Iterable[str], *, refused: bool) -> str:
    """The letter of a door from the states of its people; somebody who refuses is shown before anybody to be seen."""
    known = set(states)
    if refused and known & set(OPEN):
        return "refused"
    for state in ORDER:
        if state in known:
            return state
    return "sampled" if State.SAMPLED in known else next(iter(sorted(known)), State.SAMPLED)
