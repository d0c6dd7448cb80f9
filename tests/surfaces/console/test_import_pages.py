"""Lists from the desk: upload, mapping, dry run, writing; nothing in clear on disk, nothing in without a look."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firebreak.engine.journal.models import Event
from firebreak.engine.registry.models import ImportFile, Person
from tests.support.entering import client_as
from tests.support.places import two_communities

PEOPLE = (
    "姓名,身份证号码,楼号,房号,备注\n张三,11010519491231002X,A-1,101,x\n李四,12,A-1,101,x\n"
    "王五,320311770706001,A-1,102,\n"
)


@pytest.fixture(autouse=True)
def places(ledger: object) -> Any:
    for name in ("received", "incoming"):
        shutil.rmtree(Path(settings.DATA) / name, ignore_errors=True)
    return two_communities()


@pytest.fixture
def clerk() -> Client:
    return client_as("register_clerk")


def upload(client: Client, text: str | bytes, name: str = "people.csv", kind: str = "people") -> Any:
    content = text.encode("gbk") if isinstance(text, str) else text
    return client.post("/import", {"kind": kind, "file": SimpleUploadedFile(name, content)})


def chosen(page: str) -> dict[str, str]:
    """The form of the mapping page as it stands."""
    found = {}
    for select in re.finditer(r'<select name="(column-[^"]+)".*?</select>', page, re.S):
        option = re.search(r'<option value="([^"]*)" selected', select[0])
        found[select[1]] = option[1] if option else ""
    return found


def staged(client: Client, text: str = PEOPLE, **more: str) -> str:
    """Upload and stage as proposed; gives the address of the import."""
    address = upload(client, text)["Location"]
    answer = client.post(address, chosen(client.get(address).content.decode()) | more)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def on_disk() -> bytes:
    folders = (Path(settings.DATA) / "received", Path(settings.DATA) / "incoming")
    return b"".join(path.read_bytes() for folder in folders if folder.exists() for path in folder.rglob("*"))


def test_upload_proposes_a_mapping_and_keeps_nothing_in_clear(clerk: Client) -> None:
    address = upload(clerk, PEOPLE)["Location"]
    page = clerk.get(address).content.decode()
    assert {key: value for key, value in chosen(page).items() if value} == {
        "column-name": "姓名", "column-id_number": "身份证号码", "column-building": "楼号", "column-door": "房号",
    }
    assert "<code>备注</code>" in page
    kept = on_disk()
    assert (b"11010519491231002X" in kept, "张三".encode("gbk") in kept, len(kept) > 0) == (False, False, True)


def test_dry_run_counts_every_row_and_writes_nobody(clerk: Client) -> None:
    page = clerk.get(staged(clerk)).content.decode()
    assert "3 行 = 接收 2 + 退回 1 + 重复 0" in page
    assert "身份证" in page
    assert (Person.objects.count(), ImportFile.objects.get().status) == (0, "staged")
    assert on_disk() == b""


def test_writing_slice_by_slice_ends_with_the_same_counts_and_the_rows_that_go_back(clerk: Client) -> None:
    address = staged(clerk)
    answer = clerk.post(f"{address}/write", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, address)
    page = clerk.get(address).content.decode()
    assert "3 行 = 接收 2 + 退回 1 + 重复 0" in page
    back = b"".join(clerk.get(f"{address}/returned").streaming_content).decode("gb18030").splitlines()  # type: ignore[attr-defined]
    assert (len(back), back[1].startswith("李四,12,A-1,101,x,")) == (2, True)
    read = Event.objects.get(type="PersonalRead")
    assert (read.payload["page"], read.payload["people"]) == ("import-returned", 1)
    assert Person.objects.count() == 2


def test_writing_without_scripts_writes_all(clerk: Client) -> None:
    address = staged(clerk)
    assert clerk.post(f"{address}/write")["Location"] == address
    assert (Person.objects.count(), ImportFile.objects.get().status) == (2, "applied")


def test_same_list_again_is_all_duplicates(clerk: Client) -> None:
    clerk.post(f"{staged(clerk)}/write")
    assert "3 行 = 接收 0 + 退回 1 + 重复 2" in clerk.get(staged(clerk)).content.decode()


def test_missing_column_comes_back_as_a_form_error(clerk: Client) -> None:
    address = upload(clerk, PEOPLE)["Location"]
    form = chosen(clerk.get(address).content.decode()) | {"column-name": ""}
    answer = clerk.post(address, form)
    assert (answer.status_code, "没有一列对应“姓名”" in answer.content.decode()) == (422, True)
    assert ImportFile.objects.count() == 0


def test_wrong_total_asks_for_the_senders_count_and_takes_the_answer(clerk: Client) -> None:
    text = PEOPLE + "合计,9\n"
    address = upload(clerk, text)["Location"]
    form = chosen(clerk.get(address).content.decode())
    assert clerk.post(address, form).status_code == 422
    assert clerk.post(address, form | {"expected_count": "4"}).status_code == 422
    assert clerk.post(address, form | {"expected_count": "3"}).status_code == 302


@pytest.mark.parametrize(("content", "name", "words"), [
    (b"", "people.csv", "文件是空的"),
    (b"\xd0\xcf\x11\xe0" + b"x" * 600, "people.xlsx", "旧版 Excel"),
    (b"MZ program", "people.exe", "只收 CSV 和 XLSX"),
    (b"PK\x03\x04 cut", "people.xlsx", "XLSX 文件打不开"),
])
def test_unreadable_files_are_refused_in_the_form(clerk: Client, content: bytes, name: str, words: str) -> None:
    answer = upload(clerk, content, name)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert on_disk() == b""


def test_upload_opens_for_its_sender_only(clerk: Client) -> None:
    address = upload(clerk, PEOPLE)["Location"]
    other = client_as("register_clerk", username="other-clerk")
    assert (other.get(address).status_code, clerk.get(address).status_code) == (409, 200)


def test_giving_up_erases_the_file(clerk: Client) -> None:
    address = staged(clerk)
    clerk.post(f"{address}/abandon")
    file = ImportFile.objects.get()
    assert (file.status, file.chunks.exclude(sealed=None).count()) == ("abandoned", 0)
    assert clerk.get(f"{address}/returned").status_code == 404


def test_discarded_upload_is_gone(clerk: Client) -> None:
    address = upload(clerk, PEOPLE)["Location"]
    clerk.post(f"{address}/discard")
    assert (on_disk(), clerk.get(address).status_code) == (b"", 409)
