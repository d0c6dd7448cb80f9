"""Weather is a fact with a source; what the plan ties to it begins and ends with it, once, whatever order values come in."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.command.activation.models import Response
from firebreak.command.headquarters.plan import HeadquartersSection
from firebreak.command.weather import queries, rules
from firebreak.command.weather.actions import note_weather
from firebreak.command.weather.importing import Imported, import_weather
from firebreak.command.weather.models import Observation
from firebreak.engine.journal.models import Event
from firebreak.engine.plans.loader import check_pack, load_pack
from firebreak.engine.plans.queries import adopted
from firebreak.engine.tasks.actions import finish_task
from firebreak.engine.tasks.models import Task
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from tests.support.desk import at_desk, person
from tests.support.testing_round import PLANS
from tests.support.zoned import CHIEF, FOUR, zoned_district

HOUR = timedelta(hours=1)


@pytest.fixture
def response(db: None) -> Response:
    return zoned_district()


def note(response: Response, value: float, hours: float = 0, measure: str = "temperature_c", **changes: object) -> Ref:
    at = FOUR + hours * HOUR
    said = {"source": "区气象台", "observed_at": at, "by": CHIEF, "at": at, **changes}
    return note_weather(response=Ref(response.ref), measure=measure, value=value, **said)  # type: ignore[arg-type]


def held(response: Response) -> list[str]:
    return sorted(queries.live(response.ref))


def test_a_value_that_reaches_a_rule_is_a_task_of_the_unit_the_plan_names(response: Response) -> None:
    note(response, 36)
    assert held(response) == ["heat_pregnant", "heat_stop"]
    task = queries.live(response.ref)["heat_stop"]
    assert (task.owner.unit.key, task.due_at, "36°C" in task.title_zh) == ("testing", FOUR + timedelta(minutes=30), True)


def test_it_is_owed_once_and_ends_when_the_weather_falls_back(response: Response) -> None:
    for hours, value in enumerate((36, 37, 34, 30)):
        note(response, value, hours)
    tasks = Task.objects.filter(kind="weather").order_by("id")
    assert [(task.about.partition(".")[0], task.status, task.outcome, task.ended_at) for task in tasks] == [
        ("weather:heat_pregnant", "ended", "done", FOUR + 3 * HOUR), ("weather:heat_stop", "ended", "done", FOUR + 2 * HOUR),
    ]
    counts = [(event.payload["reached"], event.payload["over"]) for event in Event.objects.filter(type="WeatherNoted")]
    assert counts == [(2, 0), (0, 0), (0, 1), (0, 1)]


def test_what_the_unit_has_done_is_not_owed_again_before_the_weather_fell_back(response: Response) -> None:
    note(response, 36)
    task = queries.live(response.ref)["heat_stop"]
    finish_task(task=Ref(task.ref), note="已撤到室内", by=CHIEF, at=FOUR + HOUR / 2)
    note(response, 37, 1)
    assert (held(response), queries.holding(response)) == (["heat_pregnant"], {"heat_pregnant", "heat_stop"})
    note(response, 30, 2)
    note(response, 36, 3)
    assert held(response) == ["heat_pregnant", "heat_stop"]


def test_a_value_that_comes_late_is_kept_and_changes_nothing(response: Response) -> None:
    note(response, 30, 2)
    note(response, 38, 3, observed_at=FOUR)
    assert (held(response), Observation.objects.count()) == ([], 2)


def test_rain_does_not_end_what_heat_asks_for(response: Response) -> None:
    note(response, 36)
    note(response, 0, 1, "rain_mm_per_hour")
    assert held(response) == ["heat_pregnant", "heat_stop"]


@pytest.mark.parametrize(("changes", "code"), [
    ({"value": 75}, "impossible-weather"), ({"measure": "moon"}, "unknown-measure"), ({"source": " "}, "no-source"),
    ({"observed_at": FOUR + HOUR, "at": FOUR}, "observed-later"),
    ({"by": SystemActor("x", frozenset({"weather.read"}))}, "not-permitted"),
])
def test_what_cannot_be_weather_is_refused(response: Response, changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        note(response, **{"value": 20, **changes})  # type: ignore[arg-type]
    assert Observation.objects.count() == 0


@settings(max_examples=60)
@given(st.floats(-90, 60))
def test_a_higher_value_reaches_no_fewer_rules(value: float) -> None:
    from tests.support.testing_round import PLANS

    plan = load_pack(PLANS / "covid-2022").section(HeadquartersSection).weather_rules
    assert rules.reached(plan, "temperature_c", value) <= rules.reached(plan, "temperature_c", value + 1)


def test_the_page_says_what_holds_and_keeps_what_was_typed_wrong(response: Response, clock_at: object) -> None:
    clock_at(FOUR)  # type: ignore[operator]
    officer = at_desk(person("duty", "duty_officer"))
    sent = {"measure": "temperature_c", "value": "36", "observed_at": "2022-06-05T15:50", "source": "区气象台"}
    assert officer.post("/weather", sent).status_code == 302
    page = officer.get("/weather").content.decode()
    assert ("2 条规定生效" in page, "气温 36 °C" in page, "区气象台" in page) == (True, True, True)
    wrong = officer.post("/weather", {**sent, "value": "99"})
    assert (wrong.status_code, "不可能是 99" in wrong.content.decode()) == (422, True)
    auditor = at_desk(person("looks", "auditor")).get("/weather").content.decode()
    assert ("生效" in auditor, "登记</button>" in auditor) == (True, False)


def test_the_plan_that_says_nothing_owes_nothing(response: Response) -> None:
    assert adopted(response.plan.ref).section(HeadquartersSection).weather_rules != ()
    note(response, 20)
    assert held(response) == []


def test_a_rule_without_its_one_limit_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PLANS / "covid-2022", tmp_path / "covid-2022"))
    file = folder / "headquarters.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("from_celsius = { value = 35", "from_mm_per_hour = 3\nfrom_celsius = { value = 35"), "utf-8")
    found = check_pack(folder)
    assert [(one.file, "要写明一个界限" in one.message_zh) for one in found] == [("headquarters.toml", True)]


def brought_in(response: Response, lines: str, source: str = "区气象台") -> Imported:
    return import_weather(response=Ref(response.ref), lines=lines, source=source, by=CHIEF, at=FOUR)


def test_each_line_is_accepted_rejected_or_known_already(response: Response) -> None:
    note(response, 30, -3)
    done = brought_in(response, """
        2022-06-05 14:00 气温 36
        2022-06-05 15:00,temperature,34.5

        2022-06-05 13:00 temperature_c 30
        2022-06-05 14:00 气温 36
        2022-06-05 15:00 气温 99
        2022-06-06 15:00 气温 20
        2022-06-31 15:00 气温 20
        昨天很热
    """)
    assert (done.rows, done.accepted, done.duplicate, [one.number for one in done.rejected]) == (8, 2, 2, [7, 8, 9, 10])
    assert done.rows == done.accepted + done.duplicate + len(done.rejected)
    assert [row.value for row in Observation.objects.order_by("observed_at")] == [30, 36, 34.5]
    (event,) = Event.objects.filter(type="WeatherImported")
    assert (event.payload["rows"], event.payload["rejected"]) == (8, 4)


def test_lines_in_any_order_leave_what_the_last_moment_says(response: Response) -> None:
    brought_in(response, "2022-06-05 15:00 气温 20\n2022-06-05 14:00 气温 36")
    assert held(response) == []
    assert [task.status for task in Task.objects.filter(kind="weather")] == ["ended", "ended"]


@pytest.mark.parametrize(("lines", "source", "code"), [
    (" \n ", "台", "no-lines"), ("2022-06-05 14:00 气温 36", " ", "no-source"),
    ("2022-06-05 14:00 气温 36\n" * 501, "台", "too-many-lines"),
])
def test_a_list_that_cannot_be_is_refused_whole(response: Response, lines: str, source: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        brought_in(response, lines, source)
    assert Observation.objects.count() == 0


def test_the_page_of_a_list_says_what_became_of_each_line(response: Response, clock_at: object) -> None:
    clock_at(FOUR)  # type: ignore[operator]
    officer = at_desk(person("duty", "duty_officer"), "en")
    page = officer.post("/weather/list", {"lines": "2022-06-05 14:00 wind 3\nhot", "source": "station"}).content.decode()
    assert ("2 lines: 1 entered, 0 known already, 1 not taken" in page, "Cannot read" in page) == (True, True)
