"""A resident reads their own result with their card: at once, in words, and never a pool's positive as their own."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from firebreak.engine.registry.identity import Sealer, about_phone
from firebreak.engine.registry.models import Person
from firebreak.kernel.refs import Ref, token_of
from firebreak.operations.laboratory import cards
from firebreak.operations.laboratory.actions import take_message
from firebreak.operations.laboratory.results import Row
from firebreak.surfaces.console.me import views
from firebreak.surfaces.console.me.tries import AT_MOST, Tries
from tests.support.specimens import HOUR, TOLD, TUBES, Sampled, badge_of, sampled
from tests.support.zoned import CHIEF

LAST4 = "123X"


@pytest.fixture
def line(db: None, clock_at: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch) -> Sampled:
    monkeypatch.setattr(views, "TRIES", Tries())
    made = sampled()
    made.delivered()
    Person.objects.update(id_last4=LAST4)
    clock_at(TOLD)
    return made


def told(line: Sampled, rows: dict[str, str], at: datetime = TOLD, when: str = "2022-06-05 23:00") -> None:
    said = [Row(number, code, word, when) for number, (code, word) in enumerate(rows.items(), start=1)]
    take_message(laboratory=Ref(line.laboratory.ref), rows=said, digest="", by=CHIEF, at=at)


def asked(person: Ref, last4: str = LAST4, path: str = "/me/en") -> tuple[int, str]:
    answer = Client().post(path, {"card": token_of(person), "last4": last4})
    return answer.status_code, answer.content.decode()


def test_the_result_is_there_in_the_moment_it_is_committed(line: Sampled) -> None:
    assert "Sampled, the result is not there yet" in asked(line.people[0])[1]
    told(line, {TUBES[0]: "阴性"})
    status, page = asked(line.people[0])
    assert (status, "Negative" in page, "测10" in page) == (200, True, False)


def test_a_positive_pool_is_never_told_as_a_persons_own_result(line: Sampled) -> None:
    told(line, {TUBES[0]: "阳性", TUBES[1]: "阴性"})
    pages = [asked(person, path="/me")[1] for person in line.people[:5]]
    assert [("阳性" in page.replace("不等于您阳性", ""), "上门为您单独采样" in page) for page in pages] == [(False, True)] * 5
    assert "阴性" in asked(line.people[6], path="/me")[1]


def test_own_result_holds_after_the_swab_alone(line: Sampled) -> None:
    told(line, {TUBES[0]: "阳性"})
    for number, person in enumerate(line.people[:2]):
        line.sent(line.lead, "swab.single", TOLD + HOUR, tube=f"TS-{number:04d}", person=person)
    line.handed(line.lead, ["TS-0000", "TS-0001"], badge_of(line.driver), TOLD + HOUR)
    line.handed(line.driver, ["TS-0000", "TS-0001"], cards.card_of(line.laboratory), TOLD + HOUR)
    told(line, {"TS-0000": "阴性", "TS-0001": "阳性"}, TOLD + 6 * HOUR, "2022-06-06 03:00")
    pages = [asked(person)[1] for person in line.people[:3]]
    assert ["Negative" in pages[0], "A doctor will tell you" in pages[1], "swab you alone" in pages[2]] == [True] * 3


def test_an_unusable_tube_asks_for_another_swab(line: Sampled) -> None:
    told(line, {TUBES[0]: "无效"})
    assert "Please be sampled again" in asked(line.people[0])[1]


@pytest.mark.parametrize(("card", "last4"), [("", ""), ("abcdefghjkmn", LAST4), ("<script>", "0000"), ("x" * 500, "y" * 50)])
def test_a_wrong_card_and_wrong_digits_read_the_same(line: Sampled, card: str, last4: str) -> None:
    answer = Client().post("/me/en", {"card": card, "last4": last4})
    right_card = Client().post("/me/en", {"card": token_of(line.people[0]), "last4": "0000"})
    told_ = [("are not right" in one.content.decode(), one.status_code) for one in (answer, right_card)]
    assert (told_, "<script>alert" in answer.content.decode()) == ([(True, 422)] * 2, False)


def test_digits_are_not_to_be_guessed(line: Sampled) -> None:
    for guess in range(AT_MOST):
        asked(line.people[0], f"{guess:04d}")
    assert ("Too many wrong tries" in asked(line.people[0])[1], "Negative" in asked(line.people[0])[1]) == (True, False)
    assert asked(line.people[1])[0] == 200


def test_old_guesses_are_forgotten_and_memory_is_bounded() -> None:
    tries = Tries()
    for second in range(AT_MOST):
        tries.wrong("a", second)
    assert (tries.too_many("a", 10), tries.too_many("a", 2000)) == (True, False)
    for number in range(30_000):
        tries.wrong(str(number), 0)
    assert len(tries._wrong) == 20_000


@pytest.mark.parametrize("path", ["/me", "/me/en", "/me?big=1"])
def test_the_page_is_small_without_script_and_kept_by_no_cache(line: Sampled, path: str) -> None:
    answer = Client().get(path)
    page = answer.content.decode()
    assert (len(answer.content) < 50_000, "<script" in page, "no-store" in answer["Cache-Control"]) == (True, False, True)


def test_who_has_no_papers_uses_the_last_four_of_the_phone(line: Sampled) -> None:
    row = Person.objects.get(ref=line.people[0])
    row.id_last4, row.phone_sealed = "", Sealer().seal("13900001234", about_phone(row.ref))
    row.save()
    assert (asked(line.people[0], "1234")[0], asked(line.people[0], LAST4)[0]) == (200, 422)
