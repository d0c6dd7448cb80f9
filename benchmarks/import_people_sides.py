"""The two sides of the import benchmark, the invented people they bring in, and the comparison of what came out."""

import csv
import io
import json
import os
import random
import shutil
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import django
import xlsxwriter

from firebreak.kernel import folder

DATA = Path(os.environ["FIREBREAK_DATA"]) if "FIREBREAK_DATA" in os.environ else Path(".")
if "FIREBREAK_DATA" in os.environ and not (DATA / "folder.json").exists():
    folder.create(DATA, kind="real", time_zone="Asia/Shanghai")
django.setup()

from django.core.management import call_command  # noqa: E402  Django must be set up first
from django.db import connection, transaction  # noqa: E402

from firebreak.engine import bulk  # noqa: E402
from firebreak.engine.areas.actions import AreaRow, add_areas  # noqa: E402
from firebreak.engine.journal.acting import hold_off_seals  # noqa: E402
from firebreak.engine.registry.enrolment import PERSON_COLUMNS  # noqa: E402
from firebreak.engine.registry.identity import Sealer, about_id, about_phone, spell  # noqa: E402
from firebreak.engine.registry.importing import actions, papers  # noqa: E402
from firebreak.engine.registry.importing.listing import CHUNK_ROWS, lay_out, read_sheet  # noqa: E402
from firebreak.engine.registry.models import Person  # noqa: E402
from firebreak.kernel.actor import SystemActor  # noqa: E402
from firebreak.kernel.refs import new_refs  # noqa: E402

AT = datetime(2022, 6, 5, 6, 0, tzinfo=UTC)
BY = SystemActor("bench", frozenset({"areas.write", "registry.import"}))
BUILDINGS = 2000
HEADER = ("姓名", "性别", "出生日期", "证件类型", "证件号码", "手机号码", "楼栋编号", "门牌号", "户号", "居住类型",
    "特殊需求")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文海燕春晓辉鹏飞龙凤鑫宇浩然子轩雨涵梓"


def invented(count: int, seed: int) -> list[tuple[str, ...]]:
    """Rows of people as a community would list them. Nobody of them exists."""
    draw = random.Random(seed)
    rows = []
    for number in range(count):
        born = date(1930, 1, 1) + timedelta(days=draw.randrange(33_000))
        sex = draw.randint(1, 2)
        body = f"3502{draw.randrange(1, 14):02d}{born:%Y%m%d}{draw.randrange(500):02d}"[:16]
        body = f"{body}{sex % 2 + 2 * draw.randrange(5)}"[:17]
        paper = body + papers.check_digit(body) if draw.random() < 0.95 else ""
        name = draw.choice(SURNAMES) + draw.choice(GIVEN) + (draw.choice(GIVEN) if draw.random() < 0.8 else "")
        building, door = number // 2 % BUILDINGS, f"{number % 17 + 1}0{number % 4 + 1}"
        rows.append((
            name, "男" if sex == 1 else "女", born.isoformat(), "居民身份证" if paper else "无", paper,
            f"1{draw.randrange(30, 99)}{draw.randrange(10**8):08d}", f"B{building:04d}", door, "",
            "居住" if draw.random() < 0.9 else "工作", "透析" if draw.random() < 0.01 else "",
        ))
    seen: set[str] = set()
    return [row for row in rows if not row[4] or not (row[4] in seen or seen.add(row[4]))]  # type: ignore[func-returns-value]  # add says nothing


def as_csv(rows: list[tuple[str, ...]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *rows])
    return out.getvalue().encode()


def write_file(path: str, count: int) -> None:
    """A file of people, CSV or XLSX by its name."""
    rows = invented(count, 7)
    if path.endswith(".csv"):
        Path(path).write_bytes(as_csv(rows))
        return
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([HEADER, *rows]):
        sheet.write_row(number, 0, row)
    book.close()


def prepare(people: int) -> None:
    """A migrated database with 2,000 buildings and so many people."""
    call_command("migrate", verbosity=0)
    areas = [AreaRow("KF", "district", "开发区"), AreaRow("C1", "community", "一社区", parent="KF"),
             AreaRow("G1", "grid", "一网格", parent="C1")]
    houses = [AreaRow(f"B{number:04d}", "building", f"{number}号楼", parent="G1") for number in range(BUILDINGS)]
    add_areas(rows=[*areas, *houses], by=BY, at=AT)
    if people:
        import_as_firebreak(as_csv(invented(people, 1)))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def import_as_firebreak(content: bytes | Path) -> None:
    """Our side, from the bytes of the file."""
    sheet, mapping = read_sheet("people", content)
    listing = lay_out(sheet, mapping, name="people.csv", by=BY)
    ref = actions.stage_import(listing=listing, by=BY, at=AT)
    actions.bring_in(file=ref, by=BY, at=AT)


import_file = import_as_firebreak


def count_people() -> int:
    return Person.objects.count()


def rows_to_import(people: int, rows: int) -> tuple[bytes, dict[str, list[Any]]]:
    """The file, and what it comes to when parsed, hashed, spelled and encrypted beforehand."""
    known = invented(people, 1)[: rows // 20]
    fresh = invented(int(rows * 1.2), 2)
    taken = {row[4] for row in invented(people, 1)}
    lines = [*known, *[row for row in fresh if not row[4] or row[4] not in taken]][:rows]
    random.Random(3).shuffle(lines)
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, id FROM areas_area WHERE level = 'building'")
        places = dict(cursor.fetchall())
    sealer, refs, houses = Sealer(), new_refs("person", len(lines)), new_refs("household", len(lines))
    parsed = []
    for number, (line, ref, house) in enumerate(zip(lines, refs, houses, strict=True), 2):
        name, sex, born, _, paper, phone, building, door, _, kind, need = line
        pinyin, initials = spell(name)
        place = places[building]
        parsed.append((
            number, ref, name, pinyin, initials, 1 if sex == "男" else 2, born, "resident" if paper else "none",
            sealer.seal(paper, about_id(ref)), sealer.id_hash(paper) if paper else None, paper[-4:],
            sealer.seal(phone, about_phone(ref)), sealer.phone_hash(phone),
            sealer.twin_key(name, place, door, born), place, door, house,
            "lives" if kind == "居住" else "works", "dialysis" if need else "",
        ))
    chunks = [os.urandom(200 * CHUNK_ROWS) for _ in range(0, len(lines), CHUNK_ROWS)]
    return as_csv(lines), {"rows": parsed, "chunks": chunks}


_STAGED = (
    "number", "ref", "name", "pinyin", "initials", "sex", "birth_on", "id_kind", "id_sealed", "id_hash", "id_last4",
    "phone_sealed", "phone_hash", "twin_key", "building_id", "door", "house_ref", "kind", "need",
)


def import_by_hand(values: dict[str, list[Any]]) -> None:
    """Their side: a staging table and one INSERT … SELECT per table, as a careful person writes it once."""
    postgres = connection.vendor == "postgresql"
    blob, now = ("bytea", AT) if postgres else ("blob", connection.ops.adapt_datetimefield_value(AT))
    with transaction.atomic(), connection.cursor() as cursor:
        hold_off_seals()
        cursor.execute(
            f"CREATE TEMP TABLE staged (number int, ref text, name text, pinyin text, initials text, sex int,"
            f" birth_on date, id_kind text, id_sealed {blob}, id_hash text, id_last4 text, phone_sealed {blob},"
            f" phone_hash text,"
            f" twin_key text, building_id bigint, door text, house_ref text, kind text, need text, person_id bigint)"
        )
        bulk.insert("staged", _STAGED, values["rows"])
        if postgres:
            cursor.execute("ANALYZE staged")
        act = _by_hand_journal(cursor, values, now)
        cursor.execute("UPDATE staged SET person_id = (SELECT id FROM registry_person p"
                       " WHERE p.id_hash = staged.id_hash) WHERE id_hash IS NOT NULL")
        cursor.execute("UPDATE staged SET person_id = (SELECT MIN(id) FROM registry_person p"
                       " WHERE p.twin_key = staged.twin_key) WHERE id_hash IS NULL")
        cursor.execute("INSERT INTO registry_importrow (file_id, number, verdict, problem, problem_zh, problem_en)"
                       " SELECT (SELECT MAX(id) FROM registry_importfile), number, 'duplicate', '', '', '' FROM staged"
                       " WHERE person_id IS NOT NULL")
        cursor.execute("DELETE FROM staged WHERE person_id IS NOT NULL")
        cursor.execute("INSERT INTO registry_household (ref, building_id, door, number)"
                       " SELECT MIN(house_ref), building_id, door, '' FROM staged WHERE kind = 'lives'"
                       " GROUP BY building_id, door ON CONFLICT DO NOTHING")
        cursor.execute(
            "INSERT INTO registry_person (ref, name, pinyin, initials, sex, birth_on, id_kind, id_sealed, id_hash,"
            " id_last4, phone_sealed, phone_hash, household_id, twin_key)"
            " SELECT s.ref, s.name, s.pinyin, s.initials, s.sex, s.birth_on, s.id_kind, s.id_sealed, s.id_hash,"
            " s.id_last4, s.phone_sealed, s.phone_hash, h.id, s.twin_key FROM staged s"
            " LEFT JOIN registry_household h ON h.building_id = s.building_id AND h.door = s.door AND h.number = ''"
            " AND s.kind = 'lives'"
        )
        person = "FROM staged s JOIN registry_person p ON p.ref = s.ref"
        cursor.execute("INSERT INTO registry_presence (person_id, building_id, kind, door)"
                       f" SELECT p.id, s.building_id, s.kind, s.door {person}")
        cursor.execute("INSERT INTO registry_presencechange"
                       " (person_id, building_id, kind, change, reason, happened_at, act_id)"
                       f" SELECT p.id, s.building_id, s.kind, 1, 'import', %s, %s {person}", [now, act])
        cursor.execute("INSERT INTO registry_needflag (person_id, key)"
                       f" SELECT p.id, s.need {person} WHERE s.need <> ''")
        cursor.execute("DROP TABLE staged")


def _by_hand_journal(cursor: Any, values: dict[str, list[Any]], now: Any) -> int:
    cursor.execute(
        "INSERT INTO registry_importfile (ref, kind, name, sha256, reading, mapping, status, rows,"
        " accepted, rejected, duplicate, by, at)"
        " VALUES ('import:hand', 'people', 'people.csv', '', '{}', '{}', 'applied', 0, 0, 0, 0, 'x', %s)",
        [now],
    )
    cursor.execute("SELECT MAX(id) FROM registry_importfile")
    file = cursor.fetchone()[0]
    bulk.insert("registry_importchunk", ("file_id", "number", "rows", "sealed", "cells"), [
        (file, number, CHUNK_ROWS, chunk, chunk) for number, chunk in enumerate(values["chunks"], 1)
    ])
    cursor.execute("UPDATE registry_importchunk SET sealed = NULL, cells = NULL WHERE file_id = %s", [file])
    for number in range(len(values["chunks"]) + 2):
        cursor.execute("INSERT INTO journal_act (name, by, at, received_at, outcome, refusal)"
                       " VALUES ('importing.apply_chunk', 'x', %s, %s, 'done', '')", [now, now])
        cursor.execute("INSERT INTO journal_event (act_id, type, about, payload)"
                       " SELECT MAX(id), 'ImportChunkApplied', 'import:hand', %s FROM journal_act",
                       [json.dumps({"chunk": number})])
    cursor.execute("SELECT MAX(id) FROM journal_act")
    return int(cursor.fetchone()[0])


def load_bare(values: dict[str, list[Any]]) -> None:
    """The least a database can do: the new people's rows and their presence, with keys given, no check at all."""
    fresh = [row for row in values["rows"] if row[9] is None or row[0] % 20]
    ids = range(10_000_000, 10_000_000 + len(fresh))
    postfix = os.urandom(4).hex()
    with transaction.atomic():
        bulk.insert("registry_person", PERSON_COLUMNS, [
            (key, row[1], *row[2:9], f"{postfix}{key}", *row[10:13], None, row[13], None)
            for key, row in zip(ids, fresh, strict=True)
        ])
        bulk.insert("registry_presence", ("person_id", "building_id", "kind", "door"), [
            (key, row[14], row[17], row[15]) for key, row in zip(ids, fresh, strict=True)
        ])


class Snapshot:
    """The prepared database, put back before every run."""

    def __init__(self) -> None:
        self._name = str(connection.settings_dict["NAME"])
        connection.close()
        if connection.vendor == "postgresql":
            self._administer(f'CREATE DATABASE "{self._name}_kept" TEMPLATE "{self._name}"')
        else:
            self._checkpoint()
            shutil.copy(self._name, f"{self._name}.kept")

    def restore(self) -> None:
        """Back to the state at the beginning; caches of the file are warm on both sides."""
        connection.close()
        if connection.vendor == "postgresql":
            self._administer(f'DROP DATABASE "{self._name}"')
            self._administer(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._name}_kept"')
            self._administer("CHECKPOINT")
        else:
            for ending in ("-wal", "-shm"):
                Path(f"{self._name}{ending}").unlink(missing_ok=True)
            shutil.copy(f"{self._name}.kept", self._name)
            os.sync()
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*), COUNT(id_hash), MAX(twin_key) FROM registry_person")
            cursor.fetchall()

    def _checkpoint(self) -> None:
        import sqlite3

        plain = sqlite3.connect(self._name)
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        plain.close()

    def _administer(self, statement: str) -> None:
        import psycopg

        settings = connection.settings_dict
        with psycopg.connect(
            host=settings["HOST"], port=settings["PORT"], user=settings["USER"], password=settings["PASSWORD"],
            dbname="template1", autocommit=True,
        ) as admin:
            admin.execute(statement)  # type: ignore[arg-type]  # names of our own


def register_digest() -> dict[str, Any]:
    """What the register says, without keys and random parts: equal on both sides or the times mean nothing."""
    queries = {
        "people": "SELECT p.name, p.pinyin, p.initials, p.sex, p.birth_on, p.id_kind, p.id_hash, p.id_last4,"
                  " p.phone_hash, p.twin_key, h.building_id, h.door FROM registry_person p"
                  " LEFT JOIN registry_household h"
                  " ON h.id = p.household_id",
        "presence": "SELECT p.twin_key, r.building_id, r.kind, r.door FROM registry_presence r"
                    " JOIN registry_person p ON p.id = r.person_id",
        "changes": "SELECT p.twin_key, c.building_id, c.kind, c.change, c.reason FROM registry_presencechange c"
                   " JOIN registry_person p ON p.id = c.person_id",
        "needs": "SELECT p.twin_key, n.key FROM registry_needflag n JOIN registry_person p ON p.id = n.person_id",
        "duplicates": "SELECT r.number FROM registry_importrow r"
                      " WHERE r.file_id = (SELECT MAX(id) FROM registry_importfile) AND r.verdict = 'duplicate'",
        "households": "SELECT building_id, door, number FROM registry_household",
        "chunks": "SELECT number, sealed, cells FROM registry_importchunk",
    }
    digest = {}
    with connection.cursor() as cursor:
        for name, sql in queries.items():
            cursor.execute(sql)
            lines = sorted(repr(row) for row in cursor.fetchall())
            digest[name] = (len(lines), sha256("\n".join(lines).encode()).hexdigest()[:16])
        cursor.execute("SELECT COUNT(*) FROM journal_act")
        digest["acts"] = cursor.fetchone()
    return digest
