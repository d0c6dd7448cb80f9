"""Hours and counts from the books, two posts at once counted once, and nobody named who did not agree."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firebreak.command.activation.models import Response
from firebreak.command.recognition.actions import note_consent
from firebreak.command.recognition.models import Consent
from firebreak.command.recognition.queries import Served, served, union
from firebreak.engine.journal.models import Event
from firebreak.engine.tasks.actions import end_tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.actions import begin_service
from firebreak.engine.units.models import Post
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.refs import Ref, token_of
from firebreak.kernel.refusals import Refusal
from tests.support.desk import at_desk, person
from tests.support.staffing import everybody
from tests.support.zoned import FOUR, zoned_district

HOUR = timedelta(hours=1)
moments = st.integers(0, 50).map(lambda hours: FOUR + hours * HOUR)


@given(st.lists(st.tuples(moments, moments)))
def test_hours_are_those_in_which_at_least_one_service_ran(stretches: list[tuple[datetime, datetime]]) -> None:
    covered = sum(
        any(begins <= FOUR + hour * HOUR < ends for begins, ends in stretches) for hour in range(51)
    )
    assert union(stretches) == covered * HOUR


@pytest.fixture
def response(db: None) -> Response:
    return zoned_district()


def of(response: Response, ref: str, at: datetime) -> Served:
    (found,) = [one for one in served(response.ref, at) if one.member.ref == ref]
    return found


def test_two_posts_at_once_count_once_and_tasks_count_for_who_held_the_post(response: Response) -> None:
    lead = Post.objects.select_related("holder").get(code="lead_testing")
    assert lead.holder is not None
    before = of(response, lead.holder.ref, FOUR)
    other = Post.objects.exclude(pk=lead.pk).exclude(services__member=lead.holder).filter(closed_at=None).first()
    assert other is not None
    begin_service(post=Ref(other.ref), member=Ref(lead.holder.ref), by=everybody(), at=FOUR)
    task = Task.objects.filter(owner=lead).exclude(status="ended").first()
    assert task is not None
    end_tasks(ids=[task.pk], outcome="done", reason="", by=everybody(), at=FOUR + HOUR)
    after = of(response, lead.holder.ref, FOUR + 3 * HOUR)
    assert (after.hours - before.hours, after.posts - before.posts) == (3, 1)
    assert after.seen_through - before.seen_through == 1


def test_consent_is_noted_taken_back_and_the_last_word_holds(response: Response) -> None:
    member = Ref(served(response.ref, FOUR)[0].member.ref)
    said = []
    for agreed in (True, False):
        note_consent(members=[member], agreed=agreed, how="当面", by=everybody(), at=FOUR)
        said.append(of(response, member, FOUR).agreed)
    assert (said, Consent.objects.count()) == ([True, False], 2)
    assert [event.payload for event in Event.objects.filter(type="ConsentNoted").order_by("id")] == [
        {"members": 1, "agreed": True, "how": "当面"}, {"members": 1, "agreed": False, "how": "当面"}
    ]


@pytest.mark.parametrize(("changes", "code"), [
    ({"members": []}, "nobody-chosen"), ({"how": " "}, "consent-how-missing"), ({"members": ["member:none"]}, "not-found"),
    ({"by": SystemActor("x", frozenset())}, "not-permitted"),
])
def test_what_cannot_be_noted_is_refused(response: Response, changes: dict[str, object], code: str) -> None:
    member = served(response.ref, FOUR)[0].member.ref
    said = {"members": [member], "agreed": True, "how": "当面", "by": everybody(), "at": FOUR, **changes}
    with pytest.raises(Refusal, match=code):
        note_consent(**said)  # type: ignore[arg-type]
    assert Consent.objects.count() == 0


def test_nobody_is_in_the_file_who_did_not_agree(response: Response, clock_at: Callable[[datetime], None]) -> None:
    clock_at(FOUR)
    officer = at_desk(person("duty", "duty_officer"), "en")
    first, second = (one.member for one in served(response.ref, FOUR)[:2])
    page = officer.get("/recognition").content.decode()
    assert "Nobody has agreed to be named yet." in page
    sent = {"picked": [token_of(first.ref)], "agreed": "yes", "how": "signed list"}
    assert officer.post("/recognition?who=all", {**sent, "picked": []}).status_code == 422
    assert officer.post("/recognition?who=all", sent).status_code == 302
    lines = b"".join(officer.get("/recognition.csv")).decode().splitlines()  # type: ignore[call-overload]
    assert (len(lines), lines[1].startswith(first.name), any(second.name in line for line in lines)) == (3, True, False)
