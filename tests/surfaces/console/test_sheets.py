"""Lists as files: every row of the filter, masked as on the page, nothing a spreadsheet would run."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.http.response import StreamingHttpResponse
from django.test import Client

from firebreak.command.activation.models import Response
from firebreak.engine.journal.models import Event
from firebreak.engine.tasks.models import Task
from firebreak.kernel.text import T
from firebreak.surfaces.common.shapes import Cell, Column, Due, Link, Mark, Owner, Parts, Person, Row
from firebreak.surfaces.common.sheets import plain, sheet
from tests.support.desk import at_desk, person
from tests.support.entering import client_as
from tests.support.testing_round import OPENED, running_round
from tests.support.zoned import FOUR, zoned_district

pytestmark = pytest.mark.django_db
AT = datetime(2022, 6, 5, 6, 0, tzinfo=UTC)


def read(answer: object) -> list[list[str]]:
    content = b"".join(answer).decode("utf-8-sig")  # type: ignore[call-overload]  # a streaming answer is its chunks
    return list(csv.reader(io.StringIO(content)))


def file(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return read(answer)


@pytest.mark.parametrize(("cell", "text"), [
    (None, ""), (Cell(T("查户", "See a door"), small=T("一网格", "grid 1")), "See a door · grid 1"),
    (Due(AT), "2022-06-05T06:00:00Z"),
    (Owner("一网格", "王"), "一网格 · 王"), (Person("张*", small="12岁"), "张* · 12岁"), (Mark("missing"), "missing"),
    (Mark("tier", word=T("封", "L")), "L"), (Parts(9, done=4), "4/9"), (Link("去", "/"), "去"), (AT, "2022-06-05T06:00:00Z"),
    (12, "12"), (T("甲", "A"), "A"),
])
def test_a_cell_says_in_a_file_what_it_says_on_the_page(cell: object, text: str) -> None:
    assert plain(cell, "en") == text  # type: ignore[arg-type]  # the cases are all kinds of cells


@pytest.mark.parametrize("live", ["=1+1", "+86", "-1", "@cmd", "\tx"])
def test_what_a_spreadsheet_would_run_is_quoted(live: str) -> None:
    assert read(sheet("x", [Column("a")], [Row((live,))]))[1] == [f"'{live}"]


def test_rows_are_read_only_as_the_file_is_written() -> None:
    taken: list[int] = []

    def rows() -> object:
        for number in range(3):
            taken.append(number)
            yield Row((number,))

    answer = sheet("x", [Column("a")], rows())  # type: ignore[arg-type]
    assert (isinstance(answer, StreamingHttpResponse), taken) == (True, [])
    assert (len(read(answer)), taken) == (5, [0, 1, 2])


@pytest.fixture
def response(clock_at: Callable[[datetime], None]) -> Response:
    clock_at(FOUR)
    return zoned_district()


def test_the_file_of_tasks_has_every_row_of_the_filter(response: Response) -> None:
    chief = at_desk(person("chief", "commander"), "en")
    live = Task.objects.exclude(status="ended")
    rows = file(chief, "/tasks.csv")
    assert rows[0] == ["Task", "Owner", "State", "Due"]
    assert (len(rows) - 2, rows[-1][:2]) == (live.count(), ["rows", str(live.count())])
    assert len(file(chief, "/tasks.csv?kind=clock")) - 2 == live.filter(kind="clock").count() > 0
    assert "/tasks.csv?kind=clock" in chief.get("/tasks?kind=clock").content.decode()


def test_the_files_of_orders_and_posts_agree_with_their_pages(response: Response) -> None:
    chief = at_desk(person("chief", "commander"), "en")
    for page, address in (("/orders", "/orders.csv"), ("/units?lacking=1", "/units.csv?lacking=1")):
        shown = chief.get(page).content.decode()
        assert (len(file(chief, address)) - 2, address in shown) == (shown.count('<th scope="row">'), True)


def test_the_file_of_the_missing_masks_as_the_page_does_and_is_journaled(clock_at: Callable[[datetime], None]) -> None:
    running_round(people=230)
    clock_at(OPENED + timedelta(hours=4))
    leader, sampler = client_as("testing_leader", "HT"), client_as("sampler", "HT")
    page = leader.get("/rounds/1/missing?area=HT&names=1").content.decode()
    before = Event.objects.filter(type="PersonalRead").count()
    rows = file(leader, "/rounds/1/missing.csv?area=HT")
    assert (len(rows) - 2, len({tuple(row) for row in rows[1:-1]})) == (230, 230)
    assert [row[0].split(" · ")[0] in page for row in rows[1:101]] == [True] * 100
    assert Event.objects.filter(type="PersonalRead").count() - before == 3
    assert sampler.get("/rounds/1/missing.csv?area=HT").status_code in (403, 404)
