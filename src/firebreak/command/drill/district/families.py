"""Who lives together and how old they are: households drawn so that together they look like a coastal zone of 2022."""

from datetime import date
from random import Random

from firebreak.command.drill.district.streams import Weighted

TODAY = date(2022, 6, 5)
"""The day the drill begins; ages count from it."""
_TODAY = TODAY.toordinal()
_DAYS: dict[int, date] = {}

Relative = tuple[int, int, int]
"""Age, sex (ISO 5218) and which of the household's surnames: 0 the head's, 1 the spouse's, 2 another."""

_TOWN = Weighted([
    ("single", 14.0), ("alone", 3.0), ("couple", 17.0), ("old_couple", 5.0), ("one_child", 23.0),
    ("two_children", 17.0), ("three_generations", 10.0), ("single_parent", 4.0), ("grandparents", 3.0),
    ("sharers", 4.0),
])
_VILLAGE = Weighted([
    ("single", 5.0), ("alone", 9.0), ("couple", 11.0), ("old_couple", 15.0), ("one_child", 12.0),
    ("two_children", 15.0), ("three_generations", 19.0), ("single_parent", 3.0), ("grandparents", 10.0),
    ("sharers", 1.0),
])


def age_of(birth_on: date) -> int:
    """Whole years on the day the drill begins."""
    return TODAY.year - birth_on.year - ((TODAY.month, TODAY.day) < (birth_on.month, birth_on.day))


def birth_of(age: int, chance: Random) -> date:
    """A birthday that makes somebody this old."""
    day = _TODAY - int((age + chance.random() * 0.995) * 365.2425)
    born = _DAYS.get(day)
    if born is None:
        born = _DAYS[day] = date.fromordinal(day)
    return born


def draw_family(rural: bool, chance: Random) -> list[Relative]:
    """One household, grown-ups first."""
    kind = (_VILLAGE if rural else _TOWN).draw(chance)
    if kind == "single":
        return [(int(chance.triangular(19, 63, 30)), 1 if chance.random() < 0.55 else 2, 0)]
    if kind == "alone":
        return [(int(chance.triangular(65, 97, 70)), 1 if chance.random() < 0.38 else 2, 0)]
    if kind == "couple":
        return _couple(int(chance.triangular(23, 66, 38)), chance)
    if kind == "old_couple":
        return _couple(int(chance.triangular(58, 90, 65)), chance)
    if kind == "grandparents":
        return [*_couple(chance.randint(54, 72), chance), _child(chance.randint(1, 15), chance)]
    if kind == "sharers":
        mates = range(chance.randint(2, 4))
        return [(chance.randint(19, 34), 1 if chance.random() < 0.55 else 2, line % 3) for line in mates]
    return _with_children(kind, chance)


def _couple(age: int, chance: Random) -> list[Relative]:
    return [(age, 1, 0), (max(20, age + chance.randint(-5, 2)), 2, 1)]


def _child(age: int, chance: Random) -> Relative:
    return age, 1 if chance.random() < 0.525 else 2, 0 if chance.random() < 0.95 else 1


def _with_children(kind: str, chance: Random) -> list[Relative]:
    eldest = min(28, int(chance.triangular(0, 29, 9)))
    father = eldest + int(chance.triangular(23, 42, 28))
    parents = _couple(father, chance)
    parents[1] = (max(parents[1][0], eldest + 20), 2, 1)
    if kind == "single_parent":
        return [chance.choice(parents), _child(eldest, chance)]
    children = [_child(eldest, chance)]
    if (kind == "two_children" or chance.random() < 0.35) and kind != "one_child" and eldest >= 1:
        children.append(_child(max(0, eldest - chance.randint(1, 7)), chance))
    if kind != "three_generations":
        return parents + children
    elders = father + chance.randint(22, 29)
    old = [(elders, 1, 0), (max(elders - chance.randint(0, 5), father + 18), 2, 2)]
    if elders > 74 and chance.random() < 0.5:
        old = old[1:]
    return parents + old + children
