"""Results: every row of a laboratory's list counts, waits, is returned with a reason, or was known; none is lost."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from firebreak.engine.approvals.actions import approve
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.journal.models import Event
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.signing import new_key, sign_with
from firebreak.kernel.text import T
from firebreak.operations.laboratory import cards
from firebreak.operations.laboratory.actions import (
    LaboratoryRow,
    enter_laboratory,
    key_results,
    plant_controls,
    take_file,
)
from firebreak.operations.laboratory.models import Delivery, RejectedRow, Result, Specimen
from firebreak.operations.laboratory.results import Row, moment_of
from firebreak.operations.laboratory.stages import Means
from firebreak.operations.laboratory.watch import look_custody
from tests.support.specimens import (
    ARRIVED,
    HOUR,
    LEFT,
    MINUTE,
    PACKED,
    SAMPLED,
    TESTED,
    TOLD,
    TUBES,
    Sampled,
    badge_of,
    book,
    sampled,
)
from tests.support.zoned import CHIEF, DEPUTY

SECRET, PUBLIC = new_key()
WHEN = "2022-06-05 23:00"


@pytest.fixture
def line(db: None) -> Sampled:
    made = sampled()
    made.delivered()
    enter_laboratory(
        row=LaboratoryRow("LAB1", T("市检测中心", "City laboratory"), "HT", 5000, public_key=PUBLIC), by=CHIEF, at=SAMPLED
    )
    return made


def csv(*rows: tuple[str, str, str]) -> bytes:
    return ("采样管编号,检测结果,检测时间\n" + "\n".join(",".join(row) for row in rows)).encode()


def taken(line: Sampled, content: bytes, *, signed: bool = True, at: datetime = TOLD) -> Delivery:
    signature = sign_with(SECRET, content) if signed else ""
    ref = take_file(laboratory=Ref(line.laboratory.ref), content=content, signature=signature, by=CHIEF, at=at)
    return Delivery.objects.get(ref=ref)


def counted(row: Delivery) -> tuple[int, int, int, int, int]:
    assert row.rows == row.accepted + row.rejected + row.repeated + row.waiting
    return row.rows, row.accepted, row.rejected, row.repeated, row.waiting


def held() -> dict[str, str]:
    return dict(Result.objects.order_by("id").values_list("specimen__code", "means"))


def test_a_signed_file_counts_at_once_and_ends_custody(line: Sampled) -> None:
    look_custody(SAMPLED + HOUR)
    kept = taken(line, csv((TUBES[0], "阴性", WHEN), (TUBES[1], "阴性", WHEN)))
    assert (counted(kept), kept.signed, held()) == ((2, 2, 0, 0, 0), True, dict.fromkeys(TUBES, "negative"))
    owed = book("custody.1", TOLD)
    assert owed is not None
    assert (owed.owed, owed.done, owed.open, owed.balanced) == (2, 2, 0, True)


def test_the_same_file_again_changes_nothing(line: Sampled) -> None:
    content = csv((TUBES[0], "阴性", WHEN))
    assert [counted(taken(line, content, at=TOLD + n * MINUTE)) for n in (0, 1)] == [(1, 1, 0, 0, 0), (1, 0, 0, 1, 0)]
    assert Result.objects.count() == 1


@pytest.mark.parametrize(("row", "code"), [
    (("XX-9", "阴性", WHEN), "row-unknown-tube"), ((TUBES[0], "好像没事", WHEN), "row-unknown-result"),
    ((TUBES[0], "阴性", "昨天"), "row-bad-time"), ((TUBES[0], "阴性", "2022-06-08 10:00"), "row-in-future"),
    ((TUBES[0], "阴性", "2022-06-05 15:00"), "row-before-arrival"),
])
def test_a_row_that_cannot_count_is_returned_with_its_reason_and_stops_no_other(
    line: Sampled, row: tuple[str, str, str], code: str
) -> None:
    kept = taken(line, csv(row, (TUBES[1], "阴性", WHEN)))
    assert counted(kept) == (2, 1, 1, 0, 0)
    assert list(RejectedRow.objects.values_list("number", "refusal")) == [(2, code)]
    assert held() == {TUBES[1]: "negative"}


def test_a_tube_that_never_came_to_this_laboratory_is_returned(line: Sampled) -> None:
    other = enter_laboratory(
        row=LaboratoryRow("LAB2", T("第二实验室", "Second"), "HT", 5000, public_key=PUBLIC), by=CHIEF, at=SAMPLED
    )
    content = csv((TUBES[0], "阴性", WHEN))
    ref = take_file(laboratory=other, content=content, signature=sign_with(SECRET, content), by=CHIEF, at=TOLD)
    assert (counted(Delivery.objects.get(ref=ref)), RejectedRow.objects.get().refusal) == ((1, 0, 1, 0, 0), "row-not-received")


def test_a_file_that_says_two_things_of_one_tube_is_believed_in_neither(line: Sampled) -> None:
    kept = taken(line, csv((TUBES[0], "阴性", WHEN), (TUBES[0], "阳性", WHEN)))
    assert (counted(kept), held()) == ((2, 0, 2, 0, 0), {})


FALSE_SIGNATURES = {
    "no signature at all": "AAAA", "of another file": sign_with(SECRET, b"another file"),
    "by another key": sign_with(new_key()[0], csv(("a", "b", "c"))),
}


@pytest.mark.parametrize("signature", FALSE_SIGNATURES)
def test_a_signature_that_does_not_fit_takes_nothing_of_the_file(line: Sampled, signature: str) -> None:
    with pytest.raises(Refusal, match="delivery-unsigned"):
        take_file(
            laboratory=Ref(line.laboratory.ref), content=csv((TUBES[0], "阴性", WHEN)), signature=FALSE_SIGNATURES[signature],
            by=CHIEF, at=TOLD,
        )
    assert Delivery.objects.count() == 0


def test_a_positive_without_a_signature_counts_only_when_a_second_person_has_seen_it(line: Sampled) -> None:
    kept = taken(line, csv((TUBES[0], "阳性", WHEN), (TUBES[1], "阴性", WHEN)), signed=False)
    assert (counted(kept), held()) == ((2, 1, 0, 0, 1), {TUBES[1]: "negative"})
    waiting = Proposal.objects.get(kind="keyed-positive")
    with pytest.raises(Refusal, match="own-proposal"):
        approve(proposal=Ref(waiting.ref), by=CHIEF, at=TOLD + MINUTE)
    approve(proposal=Ref(waiting.ref), by=DEPUTY, at=TOLD + MINUTE)
    assert held() == {TUBES[1]: "negative", TUBES[0]: "positive"}
    assert Event.objects.filter(type="ResultsTaken").latest("id").payload["unclear"] == [TUBES[0]]


def test_a_positive_turned_negative_by_hand_needs_a_second_person_too(line: Sampled) -> None:
    taken(line, csv((TUBES[0], "阳性", WHEN)))
    key_results(
        laboratory=Ref(line.laboratory.ref), rows=[Row(1, TUBES[0], "阴性", "2022-06-05 23:30")], by=CHIEF, at=TOLD + MINUTE
    )
    assert (held(), Proposal.objects.filter(kind="keyed-positive").count()) == ({TUBES[0]: "positive"}, 1)


def test_a_changed_result_is_another_row_and_the_first_stays(line: Sampled) -> None:
    taken(line, csv((TUBES[0], "阴性", WHEN)))
    taken(line, csv((TUBES[0], "弱阳性", "2022-06-05 23:30")), at=TOLD + HOUR)
    assert list(Result.objects.order_by("id").values_list("means", flat=True)) == ["negative", "weak"]
    assert Event.objects.filter(type="ResultsTaken").latest("id").payload["changed"] == 1


@pytest.mark.parametrize(("content", "code"), [
    (b"", "empty-file"), ("管号,结果\nA,阴性".encode(), "delivery-unreadable"),
    ("采样管编号,检测结果,检测时间\n".encode(), "delivery-empty"),
    (b"\xd0\xcf\x11\xe0junk", "old-workbook"),
])
def test_a_file_that_cannot_be_read_takes_nothing_and_says_so(line: Sampled, content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        taken(line, content)
    assert (refused.value.code, Delivery.objects.count()) == (code, 0)


def test_a_workbook_with_a_title_above_its_header_and_dates_as_numbers_is_read(line: Sampled) -> None:
    out = BytesIO()
    book_ = xlsxwriter.Workbook(out)
    sheet = book_.add_worksheet()
    sheet.write(0, 0, "市检测中心结果表")
    sheet.write_row(1, 0, ["管号", "结果", "检测时间"])
    sheet.write_row(2, 0, [TUBES[0], "(-)"])
    sheet.write_datetime(2, 2, datetime(2022, 6, 5, 23, 0), book_.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    book_.close()
    assert (counted(taken(line, out.getvalue())), held()) == ((1, 1, 0, 0, 0), {TUBES[0]: "negative"})
    assert Result.objects.get().tested_at == TESTED - (TESTED - moment_of(WHEN))


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1))
    .map(lambda at: at.replace(second=0, microsecond=0))
)
def test_every_way_of_writing_a_moment_is_the_same_moment(at: datetime) -> None:
    serial = (at - datetime(1899, 12, 30)).total_seconds() / 86400
    ways = [
        f"{at:%Y-%m-%d %H:%M}", f"{at:%Y-%m-%dT%H:%M:%S}", f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M}", f"{serial:.6f}",
    ]
    assert len({moment_of(way) for way in ways}) == 1


def test_results_sooner_than_any_test_and_beyond_what_a_laboratory_can_do_are_doubted(line: Sampled) -> None:
    enter_laboratory(
        row=LaboratoryRow("LAB1", T("市检测中心", "City laboratory"), "HT", 1, public_key=PUBLIC), by=CHIEF, at=ARRIVED
    )
    taken(line, csv((TUBES[0], "阴性", "2022-06-05 20:10"), (TUBES[1], "阴性", WHEN)))
    doubt = Event.objects.get(type="LaboratoryDoubted").payload
    assert (doubt["too_fast"], doubt["over_capacity"], doubt["controls_missed"]) == (1, 1, 0)


def test_a_laboratory_that_never_tested_a_blind_positive_is_caught(line: Sampled) -> None:
    plant_controls(round=Ref(line.row.ref), codes=["TA-0777"], expected=Means.POSITIVE, by=CHIEF, at=PACKED)
    Specimen.objects.filter(code="TA-0777").update(holder=line.lead.by.ref)
    line.handed(line.lead, ["TA-0777"], badge_of(line.driver), LEFT + MINUTE)
    line.handed(line.driver, ["TA-0777"], cards.card_of(line.laboratory), ARRIVED + MINUTE)
    taken(line, csv((TUBES[0], "阴性", WHEN), ("TA-0777", "阴性", WHEN)))
    assert Event.objects.get(type="LaboratoryDoubted").payload["controls_missed"] == 1
    assert all("TA-0777" not in str(event.payload) for event in Event.objects.filter(type="ControlsPlanted"))




def test_which_tubes_are_controls_is_told_by_no_balance_and_no_label(line: Sampled) -> None:
    plant_controls(round=Ref(line.row.ref), codes=["TA-0777", "TA-0778"], expected=Means.POSITIVE, by=CHIEF, at=PACKED)
    look_custody(PACKED)
    owed = book("custody.1", TOLD)
    assert owed is not None
    assert (owed.owed, owed.open, owed.balanced) == (4, 4, True)


@pytest.mark.parametrize("codes", [["TA-0001"], ["NEW-1", "NEW-1", "TA-0002"]])
def test_a_control_never_takes_a_code_in_use(line: Sampled, codes: Sequence[str]) -> None:
    with pytest.raises(Refusal, match="specimen-code-used"):
        plant_controls(round=Ref(line.row.ref), codes=codes, expected=Means.POSITIVE, by=CHIEF, at=PACKED)


def test_a_positive_that_two_people_turn_negative_is_journaled_as_a_change(line: Sampled) -> None:
    taken(line, csv((TUBES[0], "阳性", WHEN)))
    key_results(
        laboratory=Ref(line.laboratory.ref), rows=[Row(1, TUBES[0], "阴性", "2022-06-05 23:30")], by=CHIEF, at=TOLD + MINUTE
    )
    approve(proposal=Ref(Proposal.objects.get(kind="keyed-positive").ref), by=DEPUTY, at=TOLD + 2 * MINUTE)
    told = Event.objects.filter(type="ResultsTaken").latest("id").payload
    assert (told["changed"], told["unclear"], told["source"]) == (1, [], "keyed")
