"""The inspector's pages: draw, look, hand over, look again."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firebreak.command.activation.models import Response
from firebreak.command.headquarters import actions as orders
from firebreak.command.inspections import rules
from firebreak.command.inspections.models import Draw, Finding, Inspection
from firebreak.engine.pictures.models import Picture
from firebreak.kernel.refs import Ref, token_of
from firebreak.surfaces.console.inspections.bounds import sentence
from tests.support.desk import at_desk, person
from tests.support.pictures import a_picture
from tests.support.staffing import everybody
from tests.support.zoned import FOUR, zoned_district


@pytest.fixture
def response(db: None, clock_at: Callable[[datetime], None]) -> Response:
    clock_at(FOUR)
    return zoned_district()


@pytest.fixture
def inspector(response: Response) -> Client:
    return at_desk(person("inspector", "inspector"))


def draw(client: Client, checklist: str = "sealed_buildings", count: str = "2") -> str:
    client.post("/inspections/new", {"checklist": checklist, "area": "HT", "count": count})
    return token_of(Inspection.objects.latest("id").ref)


def answers(**wrong: str) -> dict[str, object]:
    """Every line as it should be but those named."""
    lines = ("gate", "supplies", "notice")
    return {
        **{f"so_{line}": "no" if line in wrong else "yes" for line in lines},
        **{f"text_{line}": words for line, words in wrong.items()},
    }


def test_from_the_draw_to_a_closed_finding(inspector: Client) -> None:
    token = draw(inspector)
    picture = SimpleUploadedFile("gate.jpg", a_picture(), "image/jpeg")
    told = inspector.post(f"/inspections/{token}/1", {**answers(gate="无人值守"), "picture_gate": picture}, follow=True)
    finding = Finding.objects.get()
    assert ("已交办 1 个问题" in told.content.decode(), finding.text) == (True, "无人值守")
    page = inspector.get(f"/findings/{token_of(finding.ref)}").content.decode()
    assert ("复查结果" in page, f"/pictures/{token_of(Picture.objects.get().ref)}" in page) == (False, True)
    orders.finish_order(order=Ref(finding.order.ref), text="已派人", by=everybody(), at=FOUR)
    address = f"/findings/{token_of(finding.ref)}/recheck"
    assert inspector.post(address, {"corrected": "yes", "text": ""}).status_code == 422
    done = inspector.post(address, {"corrected": "yes", "text": "两人值守"}, follow=True)
    assert "已销号" in done.content.decode()
    assert "没有未销号的问题" in inspector.get("/inspections").content.decode()


def test_a_line_that_is_not_so_needs_words_and_keeps_what_was_typed(inspector: Client) -> None:
    token = draw(inspector)
    answer = inspector.post(f"/inspections/{token}/1", {**answers(gate=" ", notice="旧版"), "note": "下雨"})
    page = answer.content.decode()
    assert (answer.status_code, Finding.objects.count()) == (422, 0)
    assert all(words in page for words in ("请写明看到什么", "旧版", "下雨"))


def test_what_is_no_picture_is_said_and_nothing_is_lost(inspector: Client) -> None:
    token = draw(inspector)
    wrong = SimpleUploadedFile("gate.jpg", b"no picture", "image/jpeg")
    answer = inspector.post(f"/inspections/{token}/1", {**answers(gate="无人值守"), "picture_gate": wrong})
    assert (answer.status_code, "不是照片" in answer.content.decode(), Draw.objects.filter(look=None).count()) == (422, True, 2)


def test_a_picture_is_a_jpeg_and_nothing_else(inspector: Client) -> None:
    token = draw(inspector)
    picture = SimpleUploadedFile("x.png", a_picture(), "text/html")
    inspector.post(f"/inspections/{token}/1", {**answers(gate="无人"), "picture_gate": picture})
    answer = inspector.get(f"/pictures/{token_of(Picture.objects.get().ref)}")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert answer.content[:2] == b"\xff\xd8"


def test_what_could_not_be_seen_is_not_fine(inspector: Client) -> None:
    token = draw(inspector)
    page = inspector.post(f"/inspections/{token}/1/excuse", {"reason": "楼内有火警"}, follow=True).content.decode()
    assert ("没看成" in page, "楼内有火警" in page, "还有 1 项没看" in page) == (True, True, True)


def test_the_unfound_are_a_sentence(inspector: Client) -> None:
    token = draw(inspector, "unlisted_doors", "3")
    for position in (1, 2):
        inspector.post(f"/inspections/{token}/{position}", {"so_listed": "yes", "unlisted": "0"})
    assert "有 95% 把握:漏登的地方不超过" in inspector.get(f"/inspections/{token}").content.decode()


def test_who_may_not_check_sees_and_cannot_change(response: Response, inspector: Client) -> None:
    token = draw(inspector)
    leader = at_desk(person("lab", "testing_leader"), "en")
    assert leader.get(f"/inspections/{token}").status_code == 200
    assert leader.post(f"/inspections/{token}/1", answers()).status_code == 403


@pytest.mark.parametrize("address", ["/inspections/nosuch", "/findings/nosuch", "/pictures/nosuch"])
def test_what_does_not_exist_is_not_found(inspector: Client, address: str) -> None:
    assert inspector.get(address).status_code == 404


def test_a_position_that_was_not_drawn_is_not_found(inspector: Client) -> None:
    assert inspector.get(f"/inspections/{draw(inspector)}/99").status_code == 404


def test_a_bound_is_rounded_up_so_that_it_promises_nothing(inspector: Client) -> None:
    token = draw(inspector, "unlisted_doors", "1")
    inspector.post(f"/inspections/{token}/1", {"so_listed": "yes", "unlisted": "0"})
    row = Inspection.objects.get()
    most = rules.at_most(0, 1, row.frame)
    said = str(sentence(row))
    shown = float(said.rsplit("不超过 ", 1)[1].removesuffix("%。"))
    assert (most * 100 <= shown <= most * 100 + 0.1) is True
