"""Pages of specimens, laboratories, results and pools: the answer first, names masked, every refusal in words."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from firebreak.engine.access.models import Mention
from firebreak.engine.approvals.models import Proposal
from firebreak.kernel.refs import token_of
from firebreak.operations.laboratory.models import Delivery, Laboratory, Pool, Released, Specimen
from tests.support.desk import at_desk, person
from tests.support.entering import client_as
from tests.support.specimens import TOLD, TUBES, Sampled, sampled

WHEN = "2022-06-05 23:00"


@pytest.fixture
def line(db: None, clock_at: Callable[[datetime], None]) -> Sampled:
    made = sampled()
    made.delivered()
    clock_at(TOLD)
    return made


def test_specimens_say_first_how_many_have_no_result_and_who_has_them(line: Sampled) -> None:
    page = at_desk(person("wu", "testing_leader"), "en").get("/specimens").content.decode()
    told = [words in page for words in ("2 tubes have no result", "City laboratory", "at the laboratory", "Hand-overs")]
    assert told == [True] * 4


def test_who_answers_for_another_place_sees_no_tube_of_this_one(line: Sampled) -> None:
    page = client_as("site_lead", "HT-02").get("/specimens").content.decode()
    assert ("City laboratory" in page, "市检测中心" in page.split("交接")[0]) == (False, False)


def test_a_file_is_taken_in_and_its_returned_rows_are_a_file_again(line: Sampled) -> None:
    desk = at_desk(person("wu", "testing_leader"), "en")
    content = f"采样管编号,检测结果,检测时间\n{TUBES[0]},阴性,{WHEN}\nXX-1,阴性,{WHEN}\n".encode()
    sent = desk.post("/results", {
        "laboratory": line.laboratory.ref, "content": SimpleUploadedFile("r.csv", content), "signature": "",
    })
    page = desk.get(sent.headers["Location"]).content.decode()
    told = [words in page for words in ("2 rows: 1 counted, 1 returned, 0 known, 0 waiting", "no such tube")]
    assert (sent.status_code, told) == (302, [True, True])
    back = b"".join(desk.get(f"{sent.headers['Location']}/rejected.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "XX-1" in back


def test_a_typed_positive_waits_for_the_decision_of_another(line: Sampled) -> None:
    desk = at_desk(person("wu", "testing_leader"), "en")
    desk.post("/results/keyed", {"laboratory": line.laboratory.ref, "rows": f"{TUBES[0]},阳性,{WHEN}\n{TUBES[1]};阴性;{WHEN}"})
    kept = Delivery.objects.get()
    assert (kept.accepted, kept.waiting, Pool.objects.count()) == (1, 1, 0)
    inbox = at_desk(person("chen", "commander"), "en").get("/approvals").content.decode()
    assert "TA-0001 positive" in inbox
    waiting = Proposal.objects.get(kind="keyed-positive")
    at_desk(person("deputy", "deputy_commander"), "en").post(f"/approvals/{token_of(waiting.ref)}/approve")
    assert Pool.objects.get().people.count() == 5


def test_a_pool_shows_each_person_and_the_look_is_on_record(line: Sampled) -> None:
    desk = at_desk(person("wu", "testing_leader"), "en")
    desk.post("/results/keyed", {"laboratory": line.laboratory.ref, "rows": f"{TUBES[0]},阳性,{WHEN}"})
    waiting = Proposal.objects.get(kind="keyed-positive")
    at_desk(person("deputy", "deputy_commander"), "en").post(f"/approvals/{token_of(waiting.ref)}/approve")
    pool = Pool.objects.get()
    url = f"/pools/{token_of(pool.ref)}"
    page = desk.get(url).content.decode()
    assert ("5 people have no result of their own" in page, Mention.objects.filter(about=line.people[0]).count()) == (True, 1)
    assert "1 positive pool is open" in desk.get("/pools").content.decode()
    desk.post(f"{url}/release", {"person": line.people[0], "reason": "In hospital"})
    assert (Released.objects.get().reason, "4 people have no result" in desk.get(url).content.decode()) == ("In hospital", True)


@pytest.mark.parametrize("wrong", [
    {"code": "中文"}, {"name_zh": " "}, {"tubes_a_day": "-1"}, {"public_key": "not a key"}, {"area": "nowhere"},
])
def test_a_laboratory_that_cannot_be_is_refused_in_words(line: Sampled, wrong: dict[str, str]) -> None:
    said = {"code": "LAB9", "name_zh": "甲", "name_en": "A", "area": "HT", "tubes_a_day": "100", "public_key": "", **wrong}
    answer = at_desk(person("wu", "testing_leader"), "en").post("/laboratories", said)
    assert (answer.status_code, Laboratory.objects.filter(code__startswith="LAB9").count()) == (422, 0)


def test_a_laboratorys_key_is_shown_once_and_its_card_prints(line: Sampled) -> None:
    desk = at_desk(person("wu", "testing_leader"), "en")
    token = token_of(line.laboratory.ref)
    shown = desk.post(f"/laboratories/{token}/key").content.decode()
    assert ("Shown this once" in shown, "<svg" in desk.get(f"/laboratories/{token}/card").content.decode()) == (True, True)
    assert Laboratory.objects.get().token_hash not in shown


def test_controls_are_seen_by_the_inspector_alone(line: Sampled) -> None:
    inspector = at_desk(person("du", "inspector"), "en")
    inspector.post("/laboratories/controls", {"expected": "positive", "codes": "TA-0901\nTA-0902"})
    page = inspector.get("/laboratories/controls").content.decode()
    assert (Specimen.objects.filter(kind="control").count(), "TA-0901" in page) == (2, True)
    leader = at_desk(person("wu", "testing_leader"), "en")
    assert leader.get("/laboratories/controls").status_code in (403, 404)


def test_missing_tubes_are_declared_on_the_page_and_nonsense_is_refused(line: Sampled) -> None:
    desk = at_desk(person("wu", "testing_leader"), "en")
    wrong = desk.post("/specimens/missing", {"codes": "NOPE-1", "reason": "x"})
    assert (wrong.status_code, "is no tube and no bag known here" in wrong.content.decode()) == (422, True)
    assert desk.post("/specimens/missing", {"codes": TUBES[0], "reason": "fell into the sea"}).status_code == 302
    assert Specimen.objects.get(code=TUBES[0]).stage == "missing"
