"""Two people publish; what the second one reads is what the public reads; an error is withdrawn by one."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from firebreak.command.activation.models import Response
from firebreak.command.publishing.actions import propose_publication, withdraw_publication
from firebreak.command.publishing.content import content_of
from firebreak.command.publishing.models import Publication
from firebreak.engine.approvals.actions import approve
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.journal.models import Event
from firebreak.engine.registry.models import Person
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from tests.support.desk import at_desk, person
from tests.support.outbreak import FIVE, family, opened, outbreak
from tests.support.zoned import CHIEF, DEPUTY, FOUR, in_force, pending, zoned_district

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ALLOWED = {
    "name", "level", "since", "cutoff_at", "few", "zones", "round", "sites", "help_line", "appeal",
}


@pytest.fixture
def response(clock_at: object) -> Response:
    made = zoned_district()
    in_force(made, "control")
    clock_at(FOUR + HOUR)  # type: ignore[operator]
    return made


def published(response: Response) -> Publication:
    propose_publication(response=Ref(response.ref), document_number="海指通告1号", by=CHIEF, at=FOUR)
    approve(proposal=pending(), by=DEPUTY, at=FOUR + HOUR)
    return Publication.objects.latest("id")


def read(address: str = "/public") -> str:
    answer = Client().get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_only_what_is_allowed_by_name_is_in_the_content_and_no_person_is(response: Response) -> None:
    content = content_of(response, FOUR)
    assert set(content) == ALLOWED
    assert set(content["zones"][0]) == {"name", "tier", "tier_name", "rule", "since", "document"}
    text = json.dumps(content, ensure_ascii=False)
    assert [name for name in Person.objects.values_list("name", flat=True) if name in text] == []


def test_the_public_reads_what_the_second_person_read_and_nothing_before(response: Response) -> None:
    assert "没有公布的内容" in read()
    row = published(response)
    assert row.content == Proposal.objects.get(kind="publication").payload["content"]
    in_force(response, "lockdown", at=FOUR + 2 * HOUR)
    page = read()
    assert ("管控区" in page, "封控区" in page, "海指通告1号" in page, "12345" in page) == (True, False, True, True)
    assert "medium" not in read("/public/en")
    assert "control zone" in read("/public/en")
    (event,) = [one.payload for one in Event.objects.filter(type="Published")]
    assert (event["document_number"], event["hidden"]) == ("海指通告1号", 0)


def test_the_page_is_light_cacheable_and_without_script_cookie_or_form(response: Response) -> None:
    published(response)
    answer = Client().get("/public")
    page = answer.content.decode()
    assert [word for word in ("<script", "<form", "<img", "http-equiv", "csrf") if word in page.lower()] == []
    assert (answer["Cache-Control"], answer.cookies, len(answer.content) < 50_000) == ("public, max-age=60", {}, True)
    assert "Cookie" not in answer.get("Vary", "")
    again = Client().get("/public", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_nobody_publishes_alone(response: Response) -> None:
    propose_publication(response=Ref(response.ref), document_number="1号", by=CHIEF, at=FOUR)
    with pytest.raises(Refusal, match="own-proposal"):
        approve(proposal=pending(), by=CHIEF, at=FOUR)
    assert "没有公布的内容" in read()


def test_a_publication_without_its_document_is_refused(response: Response) -> None:
    with pytest.raises(Refusal, match="publication-paper-missing"):
        propose_publication(response=Ref(response.ref), document_number=" ", by=CHIEF, at=FOUR)


def test_unbalanced_books_are_not_published(response: Response, damage: object) -> None:
    assert damage("DELETE FROM tasks_taskchange WHERE task_id = (SELECT MAX(id) FROM tasks_task)")  # type: ignore[operator]
    with pytest.raises(Refusal, match="ledger-unbalanced"):
        propose_publication(response=Ref(response.ref), document_number="1号", by=CHIEF, at=FOUR)


def test_what_was_wrong_is_withdrawn_by_one_person_and_the_public_reads_why(response: Response) -> None:
    published(response)
    with pytest.raises(Refusal, match="reason-missing"):
        withdraw_publication(reason=" ", by=CHIEF, at=FOUR + HOUR)
    withdraw_publication(reason="分区名称有误", by=CHIEF, at=FOUR + HOUR)
    page = read()
    assert ("公布的内容已撤回" in page, "分区名称有误" in page, "管控区" in page) == (True, True, False)
    with pytest.raises(Refusal, match="nothing-published"):
        withdraw_publication(reason="再撤", by=CHIEF, at=FOUR + HOUR)


def test_the_database_keeps_what_was_published(response: Response) -> None:
    row = published(response)
    with pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.filter(pk=row.pk).update(document_number="改")


def test_the_desk_shows_the_content_before_and_what_waits(response: Response) -> None:
    officer = at_desk(person("duty", "duty_officer"))
    assert "现在公布就是这样" in officer.get("/publishing").content.decode()
    assert officer.post("/publishing", {"document_number": ""}).status_code == 422
    assert officer.post("/publishing", {"document_number": "海指通告2号"}).status_code == 302
    page = officer.get("/publishing").content.decode()
    assert ("等待批准的内容" in page, "海指通告2号" in page) == (True, True)
    commander = at_desk(person("boss", "commander"))
    assert "个分区列名" in commander.get("/approvals").content.decode()
    approve(proposal=pending(), by=DEPUTY, at=FOUR + HOUR)
    assert officer.post("/publishing/withdraw", {"reason": "错了"}).status_code == 302
    assert "公布的内容已撤回" in officer.get("/publishing").content.decode()


def test_a_round_with_few_people_shows_no_place_and_no_remainder() -> None:
    response = outbreak("covid-2022")
    family()
    opened(response)
    counted = content_of(response, FIVE)["round"]
    assert (counted["owed"], counted["left"], counted["done"], counted["places"]) == (None, None, None, [])


def test_a_round_is_shown_by_community_and_adds_up() -> None:
    response = outbreak("covid-2022")
    family(1)
    family(2)
    opened(response)
    counted = content_of(response, FIVE)["round"]
    assert [counted[key] for key in ("owed", "done", "left")] == [8, 0, 8]
    assert [(place["name"]["zh"], place["owed"], place["left"]) for place in counted["places"]] == [("1社区", 8, 8)]
