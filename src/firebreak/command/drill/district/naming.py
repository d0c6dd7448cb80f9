"""Giving names: what a block, its buildings, a road or an orchard is called in both languages.

Names come from `places`; here they get their endings and are kept apart from each other.
"""

from collections.abc import Iterator, Sequence
from random import Random

from firebreak.command.drill.district import places
from firebreak.command.drill.district.nouns import Use
from firebreak.command.drill.district.places import Word, dealt, numeral
from firebreak.kernel.text import T

_SCHOOLS = (
    ("小学", "Primary School"), ("中学", "Middle School"), ("幼儿园", "Kindergarten"),
    ("第二小学", "Second Primary School"),
)
_COLLEGES = (("海事职业学院", "Maritime College"), ("技工学校", "Technical School"), ("小学", "Primary School"))
_SINGLE = {
    Use.CLINIC: ("社区卫生服务站", "Community Clinic"), Use.HOTEL: ("宾馆", "Hotel"),
    Use.MARKET: ("菜市场", "Market Hall"),
    Use.OFFICE: ("商务楼", "Office House"),
}
_ROAD_ENDS = {
    ("along", "arterial"): ("大道", "Avenue"), ("across", "arterial"): ("路", "Road"),
    ("along", "street"): ("街", "Street"),
    ("across", "street"): ("路", "Road"), ("shore", "arterial"): ("海岸路", "Coast Road"),
    ("foot", "arterial"): ("山前路", "Foothill Road"), ("hill", "street"): ("山路", "Hill Road"),
}


def join(front: T, zh: str, en: str) -> T:
    """A name with an ending."""
    return T(front.zh + zh, f"{front.en} {en}")


class Namer:
    """Deals the words of one district; never gives the same name twice to two things of a kind."""

    def __init__(self, chance: Random) -> None:
        self._estates = dealt(places.ESTATES, chance)
        self._firms = dealt(places.FIRMS, chance)
        self._hamlets = dealt(places.HAMLETS, chance)
        self._roads = dealt(places.ROADS, chance)
        self._orchards = dealt(places.HAMLETS, chance)
        self._ships = dealt(places.SHIPS, chance)
        self._quarters = list(places.QUARTERS)
        self._villages = list(places.VILLAGES)
        chance.shuffle(self._quarters)
        chance.shuffle(self._villages)
        self.district = chance.choice(places.DISTRICTS)
        self._chance = chance
        self._used: set[str] = set()
        self._turns: dict[str, int] = {}
        self._street_names: dict[tuple[str, int], T] = {}

    def quarter(self, kind: str) -> tuple[str, T, T]:
        """Code, bare name and full name of a community."""
        zh, en, code = (self._villages if kind == "village" else self._quarters).pop(0)
        end = ("村", "Village") if kind == "village" else ("社区", "Community")
        return code, T(zh, en), join(T(zh, en), *end)

    def road(self, where: str, number: int, kind: str, village: T | None) -> T:
        """Name of a road; the same for all its pieces."""
        if village is not None:
            return join(village, "巷", "Lane")
        if (where, number) not in self._street_names:
            self._street_names[where, number] = join(self._word(self._roads), *_ROAD_ENDS[where, kind])
        return self._street_names[where, number]

    def orchard(self) -> T:
        """Name of an orchard."""
        return join(self._word(self._orchards), "杨梅园", "Waxberry Orchard")

    def ship(self) -> T:
        """Name of a ship."""
        return self._word(self._ships)

    def block(self, kind: str, quarter: T, quarter_kind: str) -> T:
        """Name of a block: estate, works, school and so on."""
        if kind in ("towers", "slabs", "walkups"):
            ends = places.ESTATE_KINDS[1:4] if kind == "towers" else places.ESTATE_KINDS
            return join(self._word(self._estates), *self._chance.choice(ends))
        if kind == "shops":
            return join(self._word(self._hamlets), "街坊", "Row")
        if kind == "houses":
            hamlet = self._word(self._hamlets)
            return T(quarter.zh + hamlet.zh, f"{hamlet.en}, {quarter.en}")
        if kind == "works":
            return join(self._word(self._firms), "厂区", "Works")
        if kind == "dorms":
            return self._dormitory(quarter, quarter_kind)
        if kind == "school":
            return self._school(quarter, _COLLEGES if quarter_kind == "campus" else _SCHOOLS)
        if kind == "yard":
            number = self._turn("yard")
            return join(quarter, f"第{numeral(number)}堆场", f"Yard {number}")
        if kind == "quay":
            number = self._turn("quay")
            return join(quarter, f"第{numeral(number)}码头", f"Quay {number}")
        end = ("集市", "Market") if kind == "market" else ("邻里中心", "Neighbourhood Centre")
        return self._apart(quarter, *end)

    def building(self, use: Use, block: T, number: int) -> T:
        """Name of a building within its block."""
        if use in (Use.HOUSE, Use.SHOPHOUSE):
            return T(f"{block.zh}{number}号", f"No. {number} {block.en}")
        ends = {
            Use.FACTORY: (f"{number}号厂房", f"Hall {number}"),
            Use.WAREHOUSE: (f"{number}号仓库", f"Warehouse {number}"),
            Use.SCHOOL: (f"{number}号教学楼", f"Block {number}"),
            Use.BERTH: (f"{number}号泊位值班房", f"Berth {number} Post"),
            Use.TERMINAL: ("客运站", "Ferry Terminal"),
        }
        if use in _SINGLE:
            zh, en = _SINGLE[use]
            return join(block, f"{number}号楼({zh})", f"Building {number} ({en})")
        return join(block, *ends.get(use, (f"{number}号楼", f"Building {number}")))

    def workplace(self, use: Use, block: T, quarter: T) -> T:
        """Name of the firm or office in a building."""
        if use is Use.FACTORY:
            return T(block.zh.removesuffix("厂区"), block.en.removesuffix(" Works"))
        if use in _SINGLE:
            return self._apart(quarter, *_SINGLE[use])
        ends = {
            Use.WAREHOUSE: ("装卸队", "Stevedores"), Use.BERTH: ("泊位班组", "Berth Crew"),
            Use.TERMINAL: ("客运码头", "Ferry Office"),
            Use.SHOPHOUSE: ("沿街商户", "Street Shops"), Use.DORMITORY: ("宿舍管理处", "Housing Office"),
        }
        return join(block, *ends[use]) if use in ends else block

    def _dormitory(self, quarter: T, quarter_kind: str) -> T:
        if quarter_kind == "campus":
            number = self._turn("halls")
            return join(quarter, f"学生公寓{numeral(number)}区", f"Student Halls {number}")
        return join(self._word(self._firms), "职工公寓", "Workers' Housing")

    def _school(self, quarter: T, ends: Sequence[Word]) -> T:
        for end in ends:
            name = join(quarter, *end)
            if name.zh not in self._used:
                self._used.add(name.zh)
                return name
        return self._apart(quarter, *ends[-1])

    def _apart(self, quarter: T, zh: str, en: str) -> T:
        """The quarter's name with an ending, or another word before it when that is taken."""
        name = join(quarter, zh, en)
        while name.zh in self._used:
            name = join(self._word(self._estates), zh, en)
        self._used.add(name.zh)
        return name

    def _word(self, deck: Iterator[Word]) -> T:
        return places.plain(next(deck))

    def _turn(self, what: str) -> int:
        self._turns[what] = self._turns.get(what, 0) + 1
        return self._turns[what]
