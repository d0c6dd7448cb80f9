"""Labels: no code is printed twice, each is used, given up or in hand, and another library reads what is printed."""

import re

import pytest
import zxingcpp
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.operations.laboratory import labels
from firebreak.operations.laboratory.models import LabelRun
from firebreak.operations.rounds.models import Site
from firebreak.surfaces.console.specimens.labels import HEIGHT, QUIET, drawing_of
from tests.support.desk import at_desk, person
from tests.support.specimens import FOUR, HOUR, MINUTE, Sampled, sampled
from tests.support.zoned import CHIEF


@pytest.fixture
def line(db: None) -> Sampled:
    return sampled()


def printed(count: int = 10, kind: str = "tube") -> LabelRun:
    ref = labels.issue_labels(site=Ref(Site.objects.get().ref), kind=kind, count=count, by=CHIEF, at=FOUR)
    return LabelRun.objects.get(ref=ref)


def sides() -> tuple[int, int, int, int, bool]:
    (book,) = labels.balances(Cutoff(FOUR + 10 * HOUR))
    return book.owed, book.done, book.excused, book.open, book.balanced


def test_numbers_go_on_and_no_code_is_printed_twice(line: Sampled) -> None:
    runs = [printed(3), printed(2), printed(2, "bag"), printed(1)]
    codes = [code for run in runs for code in labels.codes_of(run)]
    assert (len(set(codes)), codes[:5], codes[5:7], codes[7]) == (
        8, [f"TB-{number:07d}" for number in range(1, 6)], ["BAG-0000001", "BAG-0000002"], "TB-0000006"
    )


def test_each_label_is_used_given_up_or_in_hand(line: Sampled) -> None:
    codes = labels.codes_of(printed())
    line.lead.event("tube.opened", FOUR + 2 * HOUR, tube=codes[0], site="S1")
    line.lead.event("tube.opened", FOUR + 2 * HOUR, tube="TB-9999999", site="S1")
    line.lead.send(FOUR + 2 * HOUR + MINUTE)
    assert labels.give_up_labels(codes=codes[1:3], reason="打湿了", by=CHIEF, at=FOUR + 3 * HOUR) == 2
    assert sides() == (10, 1, 2, 7, True)


@pytest.mark.parametrize("code", ["TB-0000011", "TB-1", "XX-0000001", "", "TB-00000A1"])
def test_what_was_not_printed_here_cannot_be_given_up(line: Sampled, code: str) -> None:
    printed()
    with pytest.raises(Refusal, match="label-not-ours"):
        labels.give_up_labels(codes=[code or "?"], reason="丢了", by=CHIEF, at=FOUR + HOUR)
    assert sides() == (10, 0, 0, 10, True)


def test_a_used_label_and_one_given_up_are_not_given_up_again(line: Sampled) -> None:
    codes = labels.codes_of(printed())
    line.lead.event("tube.opened", FOUR + 2 * HOUR, tube=codes[0], site="S1")
    line.lead.send(FOUR + 2 * HOUR + MINUTE)
    labels.give_up_labels(codes=[codes[1]], reason="丢了", by=CHIEF, at=FOUR + HOUR)
    for code in codes[:2]:
        with pytest.raises(Refusal, match="label-not-ours"):
            labels.give_up_labels(codes=[code], reason="丢了", by=CHIEF, at=FOUR + 3 * HOUR)


@pytest.mark.parametrize("count", [0, -1, 1001])
def test_too_few_or_too_many_are_not_printed(line: Sampled, count: int) -> None:
    with pytest.raises(Refusal, match="label-count"):
        printed(count)
    assert LabelRun.objects.count() == 0


def rasterised(svg: str) -> Image.Image:
    """The drawing at four pixels a module, as a printer would put it on paper."""
    width = int(re.search(r'viewBox="-\d+ 0 (\d+) ', svg)[1])  # type: ignore[index]  # it is there
    paper = Image.new("L", (width * 4, HEIGHT * 4), 255)
    pen = ImageDraw.Draw(paper)
    for begin, size in re.findall(r"M(\d+) 0h(\d+)v", svg):
        left = (int(begin) + QUIET) * 4
        pen.rectangle((left, 0, left + int(size) * 4 - 1, HEIGHT * 4), fill=0)
    return paper


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9_999_999), st.sampled_from(["TB-", "BAG-"]))
def test_another_library_reads_what_is_printed(number: int, prefix: str) -> None:
    code = f"{prefix}{number:07d}"
    (found,) = zxingcpp.read_barcodes(rasterised(drawing_of(code)))
    assert (found.text, found.format) == (code, zxingcpp.BarcodeFormat.Code128)


def test_the_page_prints_and_the_sheet_carries_figures_and_no_style(line: Sampled) -> None:
    desk: Client = at_desk(person("wu", "testing_leader"), "en")
    sent = desk.post("/specimens/labels", {"site": Site.objects.get().ref, "kind": "tube", "count": "44"})
    sheet = desk.get(sent.headers["Location"]).content.decode()
    assert (sheet.count("<svg viewBox"), "<b>TB-0000044</b>" in sheet, "style=" in sheet) == (44, True, False)
    assert "44 tube labels are in hand" in desk.get("/specimens/labels").content.decode()
    wrong = desk.post("/specimens/labels/given-up", {"codes": "TB-7777777", "reason": "x"})
    assert (wrong.status_code, "no label printed here" in wrong.content.decode()) == (422, True)
