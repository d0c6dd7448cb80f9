"""A round as one reader may see it: which round an address means, and which of its areas are theirs.

A round is addressed by its number (`/rounds/3`, the newest round of that number) or, when a later response
has used the number again, by the token of its ref. Reads only.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from firebreak.engine.access.actors import AccountActor
from firebreak.engine.areas.models import Area
from firebreak.kernel import clock
from firebreak.kernel.refs import token_of
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.operations.rounds import boards
from firebreak.operations.rounds.boards import Standing
from firebreak.operations.rounds.ledger import of_scope
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.rights import READ_ROUNDS
from firebreak.operations.rounds.rules import Terms, read_terms

NUMBER_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Scene:
    """The round, its key in addresses, the reader, and the areas of the round that are theirs to see."""

    row: Round
    key: str
    who: AccountActor
    roots: tuple[Area, ...]

    @property
    def whole(self) -> bool:
        """Whether the reader sees all of the round."""
        return len(self.roots) == 1 and self.roots[0].pk == self.row.area_id

    @property
    def title(self) -> T:
        """第 3 轮 / Round 3; where the plan calls it something, with that name."""
        return short_title(self.row)

    @property
    def is_open(self) -> bool:
        """Whether anything can still be recorded."""
        return self.row.status == Round.Status.OPEN

    @property
    def is_late(self) -> bool:
        """Whether the round is open past its deadline."""
        return self.is_open and clock.now() > self.row.due_at

    @property
    def terms(self) -> Terms:
        """The rules the round was opened under."""
        return read_terms(self.row.terms)

    @property
    def words(self) -> dict[str, T]:
        """What the plan calls the round, its sites and each state."""
        return self.terms.words

    @property
    def in_tubes(self) -> bool:
        """Whether a swab in a tube makes somebody done."""
        return self.terms.in_tubes

    def standing(self) -> Standing:
        """How the reader's part of the round stands. One query per root."""
        parts = [boards.standing(self.row, "" if self.whole else root.path) for root in self.roots]
        names = ("listed", "found", "to_do", "sampled", "excused", "refused", "away", "unreachable")
        return Standing(**{name: sum(getattr(part, name) for part in parts) for name in names})

    def href(self, name: str, *rest: str) -> str:
        """The address of one of this round's pages."""
        return reverse(name, args=[self.key, *rest])

    def area(self, code: str, permission: str = READ_ROUNDS) -> Area:
        """An area of the round by code. Refuses `not-found` alike for unknown and foreign ones. One query."""
        found = Area.objects.filter(code=code, path__startswith=self.row.area.path).select_related("parent").first()
        if found is None or not self.who.may(permission, area=found.path):
            raise NOT_FOUND.because()
        return found

    def may(self, permission: str, area: Area | None = None) -> bool:
        """Whether the reader holds a right over an area, or over the whole round."""
        return self.who.may(permission, area=(area or self.row.area).path)


def short_title(row: Round) -> T:
    """第 3 轮 / Round 3; a round that is no testing round says what it is."""
    plain = T(f"第 {row.number} 轮", f"Round {row.number}")
    terms = read_terms(row.terms)
    if terms.in_tubes:
        return of_scope(row, plain)
    kind = terms.words["round"]
    return of_scope(row, T(f"{plain.zh} · {kind.zh}", f"{plain.en} · {kind.en}"))


def scene_of(key: str, who: AccountActor, permission: str = READ_ROUNDS) -> Scene:
    """The scene of an address. Refuses `not-found` for an unknown round and for one outside the reader's areas."""
    row = find_round(key)
    roots = _roots(row, who, permission) if row is not None else ()
    if row is None or not roots:
        raise NOT_FOUND.because()
    return Scene(row, key, who, roots)


def find_round(key: str) -> Round | None:
    """The round an address means. One query."""
    rows = Round.objects.select_related("area").order_by("-id")
    if key.isdecimal() and len(key) <= NUMBER_DIGITS:
        return rows.filter(number=int(key)).first()
    return rows.filter(ref=f"round:{key}").first()


def keys_of(rows: list[Round]) -> dict[int, str]:
    """Round key → key in addresses, for a list that holds the newest rounds first."""
    taken: set[int] = set()
    keys = {}
    for row in rows:
        keys[row.pk] = token_of(row.ref) if row.number in taken else str(row.number)
        taken.add(row.number)
    return keys


def name_of(area: Area) -> T:
    """An area's name in both languages."""
    return T(area.name_zh, area.name_en or area.name_zh)


def trail(scene: Scene, area: Area, page: str = "round-area") -> list[tuple[T, str]]:
    """The areas above `area` that the reader may open, from the round down: (name, address). One query."""
    paths = [area.path[: place + 1] for place, letter in enumerate(area.path) if letter == "/" and place]
    above = Area.objects.filter(path__in=paths, path__startswith=scene.row.area.path).exclude(pk=area.pk)
    seen = [one for one in above.order_by("path") if scene.may(READ_ROUNDS, one)]
    return [(name_of(one), scene.href(page, one.code)) for one in seen if one.pk != scene.row.area_id]


def _roots(row: Round, who: AccountActor, permission: str) -> tuple[Area, ...]:
    paths = who.areas(permission)
    if any(row.area.path.startswith(path) for path in paths):
        return (row.area,)
    inside = [path for path in paths if path.startswith(row.area.path)]
    wanted = Q(path__in=inside) if inside else Q(pk__in=[])
    return tuple(Area.objects.filter(wanted).order_by("path"))
