"""The find box at a million people: each kind of question, whole answer with its journaled read, and the bare rows.

`python -m benchmarks.find` prints queries and milliseconds of every question on SQLite and PostgreSQL, and how many
times longer the answer takes than one statement that scans nothing and gives the same people. Both run in turn.
"""

import statistics
import time
from typing import Any

from benchmarks import district
from benchmarks.in_turn import ask, in_turn

PEOPLE = 1_000_000
PEOPLE_A_DOOR = 3
TUBE_EVERY = 10
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文斌波辉浩鹏宇飞鑫凯琳雪梅红燕玲倩婷颖慧晶莉蕾丹"


def run(people: int = PEOPLE, pairs: int = 9) -> dict[str, Any]:
    """All figures of this benchmark."""
    return in_turn("benchmarks.find", people, pairs)


def race(people: int, pairs: int) -> dict[str, Any]:
    """Every question, asked of the box and of the bare table in turn."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    district.start_django()
    plant(people)
    who = commander()
    from firebreak.surfaces.console import urls  # noqa: F401  every topic puts itself into the box
    from firebreak.surfaces.console.finding import found

    figures: dict[str, Any] = {"people": people}
    for name, text, bare in questions(people):
        box: list[float] = []
        table: list[float] = []
        queries = hits = 0
        for pair in range(pairs + 1):
            for side in ("box", "table") if pair % 2 else ("table", "box"):
                begun = time.perf_counter()
                if side == "box":
                    with CaptureQueriesContext(connection) as caught:
                        hits = sum(len(part) for _, part, _ in found(text, who))
                    queries = len(caught)
                    box.append(time.perf_counter() - begun)
                else:
                    with connection.cursor() as cursor:
                        cursor.execute(*bare)
                        cursor.fetchall()
                    table.append(time.perf_counter() - begun)
        figures[name] = {
            "asked": text, "hits": hits, "queries": queries, "ms": round(statistics.median(box[1:]) * 1000, 1),
            "slowest_ms": round(max(box[1:]) * 1000, 1), "bare_ms": round(statistics.median(table[1:]) * 1000, 2),
        }
    return figures


def questions(people: int) -> list[tuple[str, str, tuple[str, list[Any]]]]:
    """Name of the question, what is typed, and the one statement that asks the table of it."""
    from firebreak.engine.registry.models import Person
    from firebreak.operations.rounds.models import Tube

    someone = Person.objects.get(ref=f"person:{people // 2:012d}")
    person = "SELECT id FROM registry_person WHERE "
    door = (
        "SELECT h.id FROM registry_household h JOIN areas_area a ON a.id = h.building_id"
        " WHERE a.code = %s AND h.door LIKE '1%%' LIMIT 11"
    )
    begins, last = someone.name[:2], "\uffff"
    tube = Tube.objects.order_by("-id").values_list("code", flat=True)[0]
    return [
        ("name", someone.name, (f"{person}name = %s LIMIT 21", [someone.name])),
        ("name_beginning", begins, (f"{person}name >= %s AND name < %s LIMIT 21", [begins, begins + last])),
        ("initials", someone.initials, (f"{person}initials = %s LIMIT 21", [someone.initials])),
        ("last_four", someone.id_last4, (f"{person}id_last4 = %s LIMIT 21", [someone.id_last4])),
        ("scan", f"FB1:P:{someone.ref[7:]}", (f"{person}ref = %s", [someone.ref])),
        ("phone", "13900000000", (f"{person}phone_hash = %s LIMIT 21", ["none"])),
        ("door", "B7 1", (door, ["B7"])),
        ("building", "B77", ("SELECT id FROM areas_area WHERE code >= 'B77' AND code < 'B78' LIMIT 11", [])),
        ("tube", tube, ("SELECT id FROM rounds_tube WHERE code = %s", [tube])),
        ("nothing", "没有此人", (f"{person}name = %s LIMIT 21", ["没有此人"])),
    ]


def plant(people: int) -> None:
    """The district with names, papers, households and tubes, written in bulk."""
    from pypinyin import Style, lazy_pinyin

    from firebreak.engine import bulk
    from firebreak.engine.areas.models import Area
    from firebreak.engine.journal.models import Act
    from firebreak.operations.rounds.models import Round, Site

    planted = district.plant(people, max(20, people // 50))
    sounds = {sign: lazy_pinyin(sign, style=Style.NORMAL)[0] for sign in SURNAMES + GIVEN}
    rows = []
    for number, key in enumerate(planted.people):
        name = _name(number)
        spoken = [sounds[sign] for sign in name]
        first = "".join(one[0] for one in spoken)
        rows.append((key, name, "".join(spoken), first, f"{number * 7919 % 10000:04d}", f"{number:032x}"))
    columns = {"name": "text", "pinyin": "text", "initials": "text", "id_last4": "text", "phone_hash": "text"}
    for start in range(0, len(rows), 50_000):
        bulk.update("registry_person", {"id": "bigint"}, columns, rows[start:start + 50_000])
    doors = []
    for number in range(people // PEOPLE_A_DOOR):
        house = planted.buildings[number * PEOPLE_A_DOOR * len(planted.buildings) // people]
        doors.append((f"household:{number}", house, f"{number % 30 + 101}", str(number)))
    bulk.insert("registry_household", ("ref", "building_id", "door", "number"), doors)
    row = Round.objects.get(pk=district.open_round(1)[0])
    moment, act, site = bulk.moment(row.opened_at), Act.objects.latest("id").pk, Site.objects.get().pk
    bulk.insert(
        "rounds_tube",
        ("round_id", "code", "site_id", "pool_size", "members", "status", "opened_at", "closed_by", "act_id"),
        [(row.pk, f"HT-{number:07d}", site, 10, 0, "open", moment, "", act) for number in range(people // TUBE_EVERY)],
    )
    assert Area.objects.filter(code="B7").exists()
    bulk.execute("ANALYZE")


def commander() -> Any:
    """Somebody who may see everybody, as they come from a page."""
    from firebreak.engine.access.actors import actor_of
    from firebreak.engine.access.models import Account, Grant
    from firebreak.engine.areas.models import Area

    account = Account.objects.create(ref="account:chief", username="chief", name="chief", created_at=district.AT)
    Grant.objects.create(account=account, role="commander", area=Area.objects.get(code="D0"), begins_at=district.AT)
    return actor_of(account)


def _name(number: int) -> str:
    first, rest = number % len(SURNAMES), number // len(SURNAMES)
    return SURNAMES[first] + GIVEN[rest % len(GIVEN)] + (GIVEN[rest // len(GIVEN) % len(GIVEN)] if number % 5 else "")


if __name__ == "__main__":
    ask("benchmarks.find", __doc__, race, PEOPLE, 9)
