"""People entered twice: how many of those seeded are proposed, how many proposals are wrong, and what the search costs.

`python -m benchmarks.duplicates` plants a register of 100,000 people in which 3 of 100 are entered a second time the way
lists do it (a homophone in the name, day and month swapped, another door, no telephone, one figure of the birthday), and
1 of 100 is one of two twins, who are two people. It prints recall and precision on SQLite and PostgreSQL, and the time of
the search against the statement that only counts candidates. Both run in turn.
"""

import random
import statistics
import time
from datetime import date, timedelta
from typing import Any

from benchmarks import district
from benchmarks.find import GIVEN, SURNAMES
from benchmarks.in_turn import ask, in_turn

PEOPLE = 100_000
TWICE_IN_100, TWINS_IN_100 = 3, 1
SEED = 20220605
HOMOPHONES = {
    "伟": "玮", "芳": "方", "敏": "民", "静": "敬", "丽": "立", "强": "蔷", "军": "君", "勇": "永",
    "杰": "捷", "明": "鸣",
}


def run(people: int = PEOPLE, pairs: int = 3) -> dict[str, Any]:
    """All figures of this benchmark."""
    return in_turn("benchmarks.duplicates", people, pairs)


def race(people: int, pairs: int) -> dict[str, Any]:
    """Recall, precision, and the search beside the bare count of its candidates."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    district.start_django()
    seeded = plant(people)
    from firebreak.engine.registry import likeness

    searched: list[float] = []
    counted: list[float] = []
    found: set[tuple[int, int]] = set()
    queries = candidates = 0
    for pair in range(pairs):
        for side in ("search", "count") if pair % 2 else ("count", "search"):
            begun = time.perf_counter()
            if side == "search":
                with CaptureQueriesContext(connection) as caught:
                    found = {(one.first, one.second) for one in likeness.alike()}
                queries = len(caught)
                searched.append(time.perf_counter() - begun)
            else:
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT COUNT(*) FROM ({likeness.CANDIDATES}) c")
                    candidates = cursor.fetchone()[0]
                counted.append(time.perf_counter() - begun)
    right = len(found & seeded)
    return {
        "people": people, "entered_twice": len(seeded), "candidates": candidates, "proposed": len(found),
        "recall": round(right / len(seeded), 4), "precision": round(right / max(1, len(found)), 4), "queries": queries,
        "seconds": round(statistics.median(searched), 2), "bare_seconds": round(statistics.median(counted), 2),
        "times_the_bare_count": round(statistics.median(searched) / statistics.median(counted), 2),
    }


def plant(people: int) -> set[tuple[int, int]]:
    """The register; answers the pairs that are one human being each, the lower key first."""
    from pypinyin import Style, lazy_pinyin

    from firebreak.engine import bulk

    planted = district.plant(people, max(20, people // 50))
    chance = random.Random(SEED)
    twice, twins = people * TWICE_IN_100 // 100, people * TWINS_IN_100 // 100
    sounds = {sign: lazy_pinyin(sign, style=Style.NORMAL)[0] for sign in SURNAMES + GIVEN + "".join(HOMOPHONES.values())}
    doors = [(f"household:{number}", house, f"{101 + number % 30}", str(number))
             for number, house in enumerate(planted.buildings[place % len(planted.buildings)] for place in range(people // 3))]
    bulk.insert("registry_household", ("ref", "building_id", "door", "number"), doors)
    homes = list(bulk.select_in("SELECT id FROM registry_household WHERE 1 IN {values} ORDER BY id", [1], "bigint"))
    rows, seeded = [], set()
    said: list[tuple[str, date, str, int, int]] = []
    first_again, first_twin = people - twice, people - twice - twins
    for number, key in enumerate(planted.people):
        if number >= first_again:
            original = (number - first_again) * 7 % (first_again - twins)
            name, born, phone, home, sex = _again(said[original], chance, len(homes))
            seeded.add((planted.people[original], key))
        elif number >= first_twin:
            other = said[(number - first_twin) * 11 % first_twin]
            name, born, phone, home, sex = _sibling(other[0], chance), other[1], other[2], other[3], other[4]
        else:
            name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=1 + (chance.random() < 0.85)))
            born = date(1935, 1, 1) + timedelta(days=chance.randrange(31_000))
            phone, home, sex = f"{number // 2:032x}" if chance.random() < 0.9 else "", number % len(homes), 1 + number % 2
        said.append((name, born, phone, home, sex))
        spoken = [sounds[sign] for sign in name]
        rows.append((key, name, "".join(spoken), "".join(one[0] for one in spoken), born.isoformat(), phone, sex, homes[home][0]))
    columns = {
        "name": "text", "pinyin": "text", "initials": "text", "birth_on": "date", "phone_hash": "text", "sex": "smallint",
        "household_id": "bigint",
    }
    for start in range(0, len(rows), 50_000):
        bulk.update("registry_person", {"id": "bigint"}, columns, rows[start:start + 50_000])
    bulk.execute("ANALYZE")
    return seeded


def _again(one: tuple[str, date, str, int, int], chance: random.Random, homes: int) -> tuple[str, date, str, int, int]:
    """The same human being as another list has them: one thing is written differently."""
    name, born, phone, home, sex = one
    match chance.randrange(5):
        case 0:
            return "".join(HOMOPHONES.get(sign, sign) for sign in name), born, phone, home, sex
        case 1 if born.day <= 12:
            return name, date(born.year, born.day, born.month), phone, home, sex
        case 2:
            return name, born, phone, chance.randrange(homes), sex
        case 3:
            return name, born, "", home, 0
        case _:
            return name, born + timedelta(days=10 if born.day < 15 else -10), phone, home, sex


def _sibling(name: str, chance: random.Random) -> str:
    return name[:-1] + chance.choice([sign for sign in GIVEN if sign != name[-1]])


if __name__ == "__main__":
    ask("benchmarks.duplicates", __doc__, race, PEOPLE, 3)
