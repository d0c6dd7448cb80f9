"""Pages of people: masked, journaled before they are drawn, the same to the unknown and the foreign."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from firebreak.engine.access.models import Mention
from firebreak.engine.access.reading import PAGE_KEYS
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act, Event
from firebreak.engine.registry.actions import register_people
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.engine.registry.models import NeedFlag
from firebreak.kernel.refusals import Refusal
from firebreak.surfaces import console
from firebreak.surfaces.console.people import panels
from firebreak.surfaces.console.people.wording import PAGES
from tests.support.entering import client_as
from tests.support.places import two_communities
from tests.support.residents import household, resident
from tests.support.staffing import AT, everybody

TOKEN = re.compile(r"[A-Za-z0-9]{64}")
NUMBER, PHONE = "350622198001011234", "13900001234"


@pytest.fixture(autouse=True)
def places(ledger: object) -> dict[str, Area]:
    """Zhang San lives in A-1 and Li Si in B-1."""
    found = two_communities()
    home = household(found["A-1"])
    resident("张三", found["A-1"], token="zhang", number=NUMBER, phone=PHONE, needs=("dialysis",), household=home)
    resident("李四", found["B-1"], token="li")
    return found


def text(client: Client, address: str, **form: str) -> str:
    answer = client.post(address, form) if form else client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def reads() -> list[tuple[str, str, list[str], int]]:
    return [
        (event.about, event.payload["page"], event.payload["fields"], event.payload["people"])
        for event in Event.objects.filter(type="PersonalRead").order_by("id")
    ]


def test_person_page_shows_a_commander_no_more_than_the_mask() -> None:
    page = text(client_as("commander"), "/people/zhang")
    assert ("张*" in page, "****1234" in page, "139******34" in page) == (True, True, True)
    assert [secret for secret in ("张三", NUMBER, PHONE, "透析", "1950") if secret in page] == []


def test_person_page_shows_a_grid_worker_name_phone_and_needs() -> None:
    page = text(client_as("grid_worker", "A"), "/people/zhang")
    assert [word for word in ("张三", f"tel:{PHONE}", "透析") if word in page] == ["张三", f"tel:{PHONE}", "透析"]
    assert NUMBER not in page


def test_each_page_is_one_read_in_the_journal() -> None:
    client = client_as("grid_worker", "A")
    for address in ("/people/zhang", "/households/h1", "/areas/A-1/people"):
        text(client, address)
    text(client, "/find", q="张三")
    assert reads() == [
        ("person:zhang", "person", ["name", "phone", "needs"], 1),
        ("area:A-1", "household", ["name", "phone"], 1),
        ("area:A-1", "roster", ["name", "phone"], 1),
        ("registry:find", "find", ["name", "phone"], 1),
    ]


def test_search_of_one_character_reads_nobody() -> None:
    assert "再多输入一个字" in text(client_as("commander"), "/find", q="张")
    assert reads() == []


def test_page_is_not_drawn_when_the_read_cannot_be_journaled(monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_as("commander")
    client.raise_request_exception = False

    def broken(**_: Any) -> None:
        raise RuntimeError("no journal")

    monkeypatch.setattr("firebreak.surfaces.console.people.views.note_read", broken)
    answer = client.get("/people/zhang")
    assert (answer.status_code, "张" in answer.content.decode()) == (500, False)


def test_a_place_is_ended_taken_back_and_remembers_both(places: dict[str, Area]) -> None:
    clerk = client_as("register_clerk", "A")
    assert clerk.post("/areas/A-1/end").status_code == 302
    page = clerk.get("/areas/A-1/people").context
    assert (page["ended_at"] is not None, page["may_end"], page["may_reopen"]) == (True, False, True)
    with pytest.raises(Refusal, match="unknown-building"):
        register_people(people=[NewPerson(name="王五", building="A-1")], by=everybody(), at=AT)
    assert clerk.post("/areas/A-1/reopen").status_code == 302
    page = clerk.get("/areas/A-1/people").context
    assert (page["ended_at"], page["may_end"]) == (None, True)
    assert [words.zh for _, words in page["versions"]] == ["恢复", "登记;停用"]


def test_a_place_of_another_community_is_not_ended(places: dict[str, Area]) -> None:
    assert client_as("register_clerk", "A").post("/areas/B-1/end").status_code == 404
    assert Area.objects.get(code="B-1").ended_at is None


@pytest.mark.parametrize("address", ["/people/{}", "/people/{}/looks", "/households/{}", "/areas/{}/people"])
def test_foreign_and_unknown_look_the_same(address: str) -> None:
    foreign = {"/households/{}": "h1", "/areas/{}/people": "A-1"}.get(address, "zhang")
    role = "auditor" if "looks" in address else "grid_worker"
    client = client_as(role, "B")
    answers = [client.get(address.format(token)) for token in (foreign, "nobody")]
    assert [answer.status_code for answer in answers] == [404, 404]
    # The form token is random and may contain the code: it goes before the codes are made alike.
    pages = [TOKEN.sub("", answer.content.decode()).replace(foreign, "nobody") for answer in answers]
    assert pages[0] == pages[1]


def test_unmasked_field_is_shown_once_and_is_on_record() -> None:
    client = client_as("community_leader", "A")
    page = text(client, "/people/zhang/unmask", field="number", purpose="identity")
    assert (NUMBER in page, NUMBER in text(client, "/people/zhang")) == (True, False)
    assert Event.objects.get(type="PersonUnmasked").payload == {"field": "number", "reason": "identity"}


def test_unmasking_without_purpose_is_refused() -> None:
    answer = client_as("community_leader", "A").post("/people/zhang/unmask", {"field": "number"})
    assert (answer.status_code, NUMBER in answer.content.decode()) == (409, False)
    assert "<title>错误:" in answer.content.decode()


def test_unmasking_of_a_foreign_person_is_unknown() -> None:
    form = {"field": "number", "purpose": "identity"}
    assert client_as("community_leader", "B").post("/people/zhang/unmask", form).status_code == 404


def test_who_looked_lists_pages_lists_searches_and_unmaskings() -> None:
    leader = client_as("community_leader", "A", username="chen")
    text(leader, "/people/zhang")
    text(leader, "/people/zhang/unmask", field="number", purpose="identity")
    text(leader, "/areas/A/people")
    text(leader, "/find", q="张三")
    page = text(client_as("auditor"), "/people/zhang/looks")
    words = ("chen", "个人页", "看全", "名册", "查找", "核对证件", "岗位:社区负责人")
    assert [word for word in words if word not in page] == []


def keys_written_out() -> Iterator[str]:
    """Every page key that a page of the console journals its reads under."""
    for path in Path(console.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            places: list[ast.expr] = []
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                places += node.args[3:4] if called == "look_up" else []
                places += [one.value for one in node.keywords if called == "note_read" and one.arg == "page"]
            if isinstance(node, ast.AnnAssign) and getattr(node.annotation, "id", "") == "Page" and node.value:
                places += [node.value.body, node.value.orelse] if isinstance(node.value, ast.IfExp) else [node.value]
            yield from (str(one.value) for one in places if isinstance(one, ast.Constant))


def test_every_page_that_shows_people_has_a_word_in_both_languages() -> None:
    assert {*keys_written_out(), "unmask"} == set(PAGE_KEYS) == set(PAGES)
    assert [key for key, word in PAGES.items() if not (word.zh and word.en)] == []


def test_who_looked_names_no_look_at_somebody_else() -> None:
    text(client_as("commander", username="wang"), "/people/li")
    assert "wang" not in text(client_as("auditor"), "/people/zhang/looks")


def test_journal_holds_no_name_number_or_phone_after_all_this() -> None:
    leader = client_as("community_leader", "A")
    text(leader, "/find", q="张三")
    text(leader, "/find", q=NUMBER)
    text(leader, "/people/zhang/unmask", field="phone", purpose="call")
    kept = str(list(Event.objects.values_list("about", "payload"))) + str(list(Act.objects.values_list("name", "by")))
    assert [secret for secret in ("张三", NUMBER, PHONE, "1234") if secret in kept] == []


def test_find_answers_htmx_with_lines_alone() -> None:
    answer = client_as("commander").post("/find", {"q": "张三"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert ("<html" in page, '<a href="/people/zhang">' in page) == (False, True)


def test_panel_is_asked_only_with_its_right_over_the_persons_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", {})
    panels.register_person_panel(panels.PersonPanel(
        "seen", "rounds.record", "firebreak/access/refusal_fragment.html",
        lambda view, who: {"ref": view.ref},
    ))
    worker, commander = client_as("grid_worker", "A"), client_as("commander")
    assert ["data-refusal" in text(client, "/people/zhang") for client in (worker, commander)] == [True, False]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{ 7*7 }}", "' OR '1'='1", "=1+1"])
def test_hostile_name_is_only_text(places: dict[str, Area], name: str) -> None:
    resident(name, places["A-1"], token="evil")
    page = text(client_as("grid_worker", "A"), "/people/evil")
    assert ("<script>alert" in page, ">49<" in page) == (False, False)


def test_the_register_is_listed_as_it_stood_at_a_past_moment(places: dict[str, Area]) -> None:
    for building, hours in (("B-1", 0), ("A-1", 5)):
        moved = NewPerson(name="迁居人", building=building, id_kind="passport", id_number="E12345678")
        ref = register_people(people=[moved], by=everybody(), at=AT + timedelta(hours=hours))[0]
    reader = client_as("register_clerk")
    pages = {
        at: text(reader, f"/areas/B/people?at={at}")
        for at in ("", "2022-06-05 13:59", "2022-06-05 18:59", "2022-06-05 19:00")
    }
    listed = {at: [word for word in ("迁居人", "截至") if word in page] for at, page in pages.items()}
    assert listed == {
        "": [], "2022-06-05 13:59": ["截至"], "2022-06-05 18:59": ["迁居人", "截至"], "2022-06-05 19:00": ["截至"],
    }
    assert Mention.objects.filter(about=ref).count() == 1
    assert client_as("register_clerk", "A").get("/areas/B/people?at=2022-06-05 18:59").status_code == 404


def test_needs_are_changed_by_who_sees_them_and_the_journal_names_none(places: dict[str, Area]) -> None:
    clerk = client_as("register_clerk")
    assert 'value="isolated"' in text(clerk, "/people/zhang")
    assert clerk.post("/people/zhang/needs", {"needs": ["isolated", "no_phone"]}).status_code == 302
    kept = sorted(NeedFlag.objects.filter(person__ref="person:zhang").values_list("key", flat=True))
    event = Event.objects.filter(type="NeedsChanged").latest("id")
    assert (kept, event.payload["added"]) == (["isolated", "no_phone"], 2)
    assert all(key not in str(event.payload) for key in kept)
    clerk.post("/people/zhang/needs", {"needs": ["no_phone"]})
    assert list(NeedFlag.objects.filter(person__ref="person:zhang").values_list("key", flat=True)) == ["no_phone"]


def test_an_unknown_need_and_a_foreign_place_change_nothing(places: dict[str, Area]) -> None:
    before = set(NeedFlag.objects.values_list("person__ref", "key"))
    refused = client_as("register_clerk").post("/people/zhang/needs", {"needs": ["<b>"]})
    foreign = client_as("community_leader", "B").post("/people/zhang/needs", {"needs": []})
    assert ("data-refusal" in refused.content.decode(), foreign.status_code) == (True, 404)
    assert set(NeedFlag.objects.values_list("person__ref", "key")) == before
