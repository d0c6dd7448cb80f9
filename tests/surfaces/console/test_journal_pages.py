"""The journal at the desk: every act is there, filters hold, and a changed seal is said in words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from firebreak.engine.journal import sealfile, seals
from firebreak.engine.journal.models import Act
from tests.support.entering import client_as

AT = datetime(2022, 6, 6, 13, 39, 52, tzinfo=UTC)


@pytest.fixture
def auditor(ledger: object) -> Client:
    return client_as("auditor")


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_list_shows_every_act_with_a_link_to_its_events(auditor: Client) -> None:
    shown = page(auditor, "/journal")
    numbers = list(Act.objects.values_list("id", flat=True))
    assert [number for number in numbers if f'href="/journal/acts/{number}"' not in shown] == []
    act = Act.objects.prefetch_related("events").first()
    assert act is not None
    one = page(auditor, f"/journal/acts/{act.id}")
    assert [event.type for event in act.events.all() if event.type not in one] == []


def test_filters_keep_only_what_fits(auditor: Client) -> None:
    assert "没有这样的凭证" in page(auditor, "/journal?outcome=refused")
    name = Act.objects.values_list("name", flat=True).first()
    assert "没有这样的凭证" not in page(auditor, f"/journal?name={name}")
    assert "没有这样的凭证" in page(auditor, "/journal?by=account:nobody")


def test_unknown_act_is_not_found(auditor: Client) -> None:
    assert auditor.get("/journal/acts/999999").status_code == 404


def test_whole_chain_names_its_head_position_and_time(auditor: Client) -> None:
    head = seals.seal(AT)
    answer = auditor.post("/journal/verify", {"head": head.head[:12]}).content.decode().replace("<wbr>", "")
    assert f"链完好,到第 {head.position:,} 条" in answer
    assert (head.head in answer, "21:39:52" in answer, "纸上的封存值是第 1 次封存" in answer) == (True, True, True)


def test_foreign_head_is_not_in_the_chain(auditor: Client) -> None:
    seals.seal(AT)
    assert "不在链上" in auditor.post("/journal/verify", {"head": "0123456789abcdef"}).content.decode()


def test_head_that_is_none_comes_back_as_a_form_error(auditor: Client) -> None:
    assert auditor.post("/journal/verify", {"head": "xyz"}).status_code == 422


def test_changed_seal_file_is_said_in_words(auditor: Client) -> None:
    head = seals.seal(AT)
    path = sealfile.seal_file(Path(settings.DATA))
    path.write_bytes(path.read_bytes().replace(head.root.encode(), b"0" * 64))
    answer = auditor.post("/journal/verify").content.decode()
    assert ("封存不符" in answer, "第 1 号封存" in answer) == (True, True)
