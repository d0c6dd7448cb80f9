"""After a subject's keys are destroyed nothing in the data folder tells what was captured about them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from firebreak.engine.capture.actions import erase_subject
from firebreak.engine.capture.models import CapturedEvent, SealedPart
from firebreak.engine.capture.sealing import open_part
from firebreak.engine.registry.models import Person
from firebreak.kernel.refs import Ref
from tests.support.staffing import everybody
from tests.support.testing_round import OPENED, running_round

CANARY_PHONE, CANARY_NOTE = "13912345678", "金丝雀备注"


def test_no_byte_of_a_captured_personal_part_is_left_in_clear(committed_ledger: Path) -> None:
    running = running_round(8)
    phone = running.phone
    phone.event(
        "person.found", OPENED, building="B2-1", door="9", kind="lives", name="金丝雀名", phone=CANARY_PHONE,
        id_kind="none", id_number="", sex=0, token="t1",
    )
    phone.event("excuse", OPENED + timedelta(minutes=1), person=running.people[0], reason="infant", note=CANARY_NOTE)
    answer = phone.send(OPENED + timedelta(minutes=2))
    assert next(item["status"] for item in answer.answers) == "accepted"
    found = CapturedEvent.objects.get(type="person.found")
    person = Person.objects.get(name="金丝雀名")
    assert (open_part(found.id) or {})["phone"] == CANARY_PHONE
    wrapped = bytes(SealedPart.objects.get(event_id=found.id).key.wrapped)
    assert erase_subject(subject=Ref(person.ref), by=everybody(), at=OPENED + timedelta(days=30)) == 1
    assert open_part(found.id) is None
    assert CapturedEvent.objects.filter(id=found.id).exists()
    for content in stored(committed_ledger):
        assert CANARY_PHONE.encode() not in content
        assert CANARY_NOTE.encode() not in content
        assert wrapped not in content


def stored(folder: Path) -> list[bytes]:
    """Every file of the data folder; the database, its log and free pages among them."""
    if connection.vendor == "postgresql":
        pytest.skip("the files of a PostgreSQL server are not in the data folder")
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
