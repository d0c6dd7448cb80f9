"""Numbers of invented papers and phones, of the right form and nobody's.

Resident numbers follow GB 11643 with a division code of a province that does not exist (99), phones begin with
154, which no operator's range holds. Never a number that could reach or name a person.
"""

from datetime import date
from functools import cache
from random import Random

from firebreak.command.drill.district.nouns import IdKind

REGISTER_DIVISION = "990101"
FOUND_DIVISION = "990102"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PHONES = 100_000_000


@cache
def _weighed(digits: str, place: int) -> int:
    """The weighted sum of digits that begin at this place of a number."""
    return sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS[place:], strict=False))


_ORDERS = tuple(_weighed(f"{order:03d}", 14) for order in range(1000))


class Papers:
    """Hands out numbers, each once. Phones of one `scatter` differ as long as their ranges `phones_from` do."""

    def __init__(self, division: str, chance: Random, phones_from: int = 0, scatter: int = 0) -> None:
        self._division = division
        self._chance = chance
        self._taken: set[str] = set()
        self._days: dict[date, tuple[str, int]] = {}
        self._phone = phones_from
        self._scatter = scatter * 17_711_017
        self._serial = int(division) % 1000 * 100_000

    def number(self, kind: IdKind, birth_on: date, sex: int) -> str:
        """A number of this kind; nothing for people without papers."""
        if kind is IdKind.RESIDENT:
            return self._resident(birth_on, sex)
        if kind is IdKind.NONE:
            return ""
        self._serial += 1
        if kind is IdKind.PASSPORT:
            return f"ZZ{self._serial:08d}"
        return f"H{self._serial:08d}" if self._serial % 3 else f"{self._serial:08d}"

    def phone(self) -> str:
        """A phone number that rings nowhere; scattered, and each once in a whole district."""
        self._phone += 1
        return f"154{(self._phone * 61_803_399 + self._scatter) % _PHONES:08d}"

    def _resident(self, birth_on: date, sex: int) -> str:
        known = self._days.get(birth_on)
        if known is None:
            year, month, day = f"{birth_on.year:04d}", f"{birth_on.month:02d}", f"{birth_on.day:02d}"
            weighed = _weighed(self._division, 0) + _weighed(year, 6) + _weighed(month, 10) + _weighed(day, 12)
            known = self._days[birth_on] = (f"{self._division}{year}{month}{day}", weighed)
        front, weighed = known
        order = int(self._chance.random() * 499) * 2 + (1 if sex == 1 else 2)
        while True:
            body = f"{front}{order:03d}"
            if body not in self._taken:
                self._taken.add(body)
                return body + _CHECKS[(weighed + _ORDERS[order]) % 11]
            order = order % 998 + 2
