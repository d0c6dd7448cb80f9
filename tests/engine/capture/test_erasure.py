"""After a subject's keys are destroyed nothing in the data folder tells what was captured about them."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from firebreak.engine.capture.actions import erase_subject
from firebreak.engine.capture.models import CapturedEvent, SealedPart
from firebreak.engine.capture.sealing import open_part
from firebreak.engine.journal.seals import seal
from firebreak.engine.registry.models import Person
from firebreak.kernel.refs import Ref
from tests.support.staffing import everybody
from tests.support.testing_round import OPENED, running_round

CANARY_NAME, CANARY_PHONE, CANARY_NOTE = "金丝雀名", "13912345678", "金丝雀备注"


def test_no_byte_of_a_captured_personal_part_is_left_in_clear(committed_ledger: Path) -> None:
    running = running_round(8)
    phone = running.phone
    phone.event(
        "person.found", OPENED, building="B2-1", door="9", kind="lives", name=CANARY_NAME, phone=CANARY_PHONE,
        id_kind="none", id_number="", sex=0, token="t1",
    )
    phone.event("excuse", OPENED + timedelta(minutes=1), person=running.people[0], reason="infant", note=CANARY_NOTE)
    answer = phone.send(OPENED + timedelta(minutes=2))
    assert next(item["status"] for item in answer.answers) == "accepted"
    found = CapturedEvent.objects.get(type="person.found")
    person = Person.objects.get(name=CANARY_NAME)
    assert (open_part(found.id) or {})["phone"] == CANARY_PHONE
    wrapped = bytes(SealedPart.objects.get(event_id=found.id).key.wrapped)
    assert erase_subject(subject=Ref(person.ref), by=everybody(), at=OPENED + timedelta(days=30)) == 1
    assert open_part(found.id) is None
    assert CapturedEvent.objects.filter(id=found.id).exists()
    for content in [*texts_of_tables().values(), *files_of(committed_ledger)]:
        assert CANARY_PHONE not in content
        assert CANARY_NOTE not in content
        assert wrapped.decode("latin-1") not in content
        assert wrapped.hex() not in content.lower()


def test_the_name_stands_in_the_register_and_nowhere_else(
    committed_ledger: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    running = running_round(8)
    running.phone.event(
        "person.found", OPENED, building="B2-1", door="9", kind="lives", name=CANARY_NAME, phone=CANARY_PHONE,
        id_kind="none", id_number="", sex=0, token="t1",
    )
    (answer,) = running.phone.send(OPENED + timedelta(minutes=2)).answers
    assert answer["status"] == "accepted"
    seal(OPENED + timedelta(minutes=3))
    shown = capfd.readouterr()
    assert [table for table, text in texts_of_tables().items() if CANARY_NAME in text] == ["registry_person"]
    outside = [text for text in files_of(committed_ledger, database=False) if CANARY_NAME in text]
    assert (outside, CANARY_NAME in shown.out + shown.err) == ([], False)


def texts_of_tables() -> dict[str, str]:
    """Every row of every table as text, on either database."""
    texts = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            texts[table] = "\n".join(_text(value) for row in cursor.fetchall() for value in row)
    return texts


def files_of(folder: Path, *, database: bool = True) -> list[str]:
    """Every file of the data folder; with those of SQLite its log and free pages are among them."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return [_text(path.read_bytes()) for path in paths if database or ".sqlite3" not in path.name]


def _text(value: object) -> str:
    """A value as it can be searched: bytes in hexadecimal and both readings, JSON without its escapes."""
    if isinstance(value, bytes | memoryview):
        raw = bytes(value)
        return f"{raw.hex()} {raw.decode('latin-1')} {_unescaped(raw.decode('utf-8', 'ignore'))}"
    return _unescaped(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
