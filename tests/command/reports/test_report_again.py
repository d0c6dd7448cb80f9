"""A report is a fact about a moment: late news never changes its bytes, and books that are off make none."""

from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from firebreak.command.activation.models import Response, Signal
from firebreak.command.reports.actions import publish_report, report_folder
from firebreak.command.reports.models import Report
from firebreak.command.reports.queries import render_again, revisions
from firebreak.commands.report import command
from firebreak.engine.journal.models import Act
from firebreak.engine.plans.models import AdoptedPlan
from firebreak.kernel.refs import token_of
from firebreak.kernel.refusals import Refusal
from firebreak.operations.rounds.models import Entry
from tests.operations.rounds.test_ledger import worked_round
from tests.support.damage import damage
from tests.support.district import adopt
from tests.support.staffing import AT, RESPONSE
from tests.support.testing_round import OPENED, Running

HOUR = timedelta(hours=1)
CUTOFF = OPENED + 4 * HOUR
DAY = CUTOFF.date()


@pytest.fixture
def running(ledger: Path) -> Running:
    """A worked round below an active response."""
    made = worked_round()
    plan, act, area = AdoptedPlan.objects.get(ref=adopt()), Act.objects.latest("id"), made.areas["HT"]
    signal = Signal.objects.create(
        ref="signal:1", plan=plan, kind="screening_positive", channel="telephone", reporter="cdc", area=area,
        classification="suspected", received_at=AT - timedelta(minutes=11), taken_by=made.by.ref, act=act,
    )
    Response.objects.create(
        ref=RESPONSE, name_zh="响应", name_en="Response", plan=plan, signal=signal, area=area, level_before="routine",
        level="emergency", legal_basis="法", document_number="1", document_base=1, proposed_by=made.by.ref,
        activated_by=made.by.ref, activated_at=AT, review_on=date(2022, 7, 1), act=act,
    )
    return made


def published(running: Running) -> Report:
    return Report.objects.get(ref=publish_report(day=DAY, cutoff_at=CUTOFF, by=running.by, at=OPENED + 5 * HOUR))


def late_scan(running: Running) -> None:
    """A phone that was offline delivers a swab of before the cut-off."""
    running.phone.scan("T2", running.people[10], OPENED + 2 * HOUR)
    running.phone.send(OPENED + 6 * HOUR)


def falsify(running: Running) -> None:
    """Somebody with the database password removes the swab of a person who stands as sampled."""
    key = Entry.objects.get(person__ref=running.people[1]).person_id
    assert damage("DELETE FROM rounds_scan WHERE person_id = %s", [key]) == 1


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments], env={"FIREBREAK_LANGUAGE": "en"})


def test_report_is_kept_with_the_hash_of_its_bytes(running: Running) -> None:
    report = published(running)
    kept = [(report_folder() / f"{token_of(report.ref)}.{kind}").read_bytes() for kind in ("html", "json")]  # type: ignore[arg-type]  # a stored ref
    assert [sha256(content).hexdigest() for content in kept] == [report.html_sha256, report.json_sha256]


def test_same_cutoff_comes_out_byte_for_byte_after_late_facts(running: Running) -> None:
    report = published(running)
    late_scan(running)
    again = render_again(report)
    assert sha256(again.html).hexdigest() == report.html_sha256
    assert sha256(again.json).hexdigest() == report.json_sha256


def test_late_facts_are_listed_as_revisions(running: Running) -> None:
    report = published(running)
    assert revisions(report) == []
    late_scan(running)
    learned = {one.name: one.now - one.printed for one in revisions(report)}
    assert learned != {}
    assert all(learned.values())


def test_books_that_are_off_make_no_report(running: Running) -> None:
    falsify(running)
    with pytest.raises(Refusal, match=r"^ledger-unbalanced"):
        published(running)
    assert Report.objects.count() == 0


def test_command_says_the_bytes_are_the_same_and_what_was_learned(running: Running, tmp_path: Path) -> None:
    report = published(running)
    late_scan(running)
    result = run("--again", report.ref, "--format", "json", "--out", tmp_path / "again.json")
    assert (result.exit_code, "byte for byte the same" in result.output, "Learned since" in result.output) == (
        0, True, True,
    )
    assert sha256((tmp_path / "again.json").read_bytes()).hexdigest() == report.json_sha256


def test_command_exits_1_for_books_that_are_off_and_for_an_unknown_report(running: Running) -> None:
    falsify(running)
    off = run("--day", DAY.isoformat(), "--cutoff", CUTOFF.isoformat())
    assert (off.exit_code, "do not balance" in off.output) == (1, True)
    assert run("--again", "2022-06-06-9").exit_code == 1


def test_command_publishes(running: Running) -> None:
    result = run("--day", DAY.isoformat(), "--cutoff", CUTOFF.isoformat())
    assert (result.exit_code, Report.objects.count()) == (0, 1), result.output
