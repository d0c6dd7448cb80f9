"""Units, posts and the people at them: who answers for a place, now and at a past moment."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from firebreak.engine.areas.models import Area
from firebreak.engine.units import actions, queries
from firebreak.engine.units.models import Member, Post, Service
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from tests.support.staffing import AT, HOUR, POSTS, RESPONSE, ROSTER, UNITS, everybody, last_position, post, staffed

pytestmark = pytest.mark.django_db


def key(code: str) -> int:
    return Area.objects.get(code=code).id


def test_roster_fills_posts_and_leaves_the_rest_red() -> None:
    staffed({"hq_lead": 1, "community_lead": 1, "grid_a1": 1, "grid_a2": 1})

    slots = {slot.post.code: slot for slot in queries.slots(RESPONSE)}

    assert sorted(queries.unfilled_posts(RESPONSE).values_list("code", flat=True)) == ["grid_a1", "grid_b"]
    assert {code: (slot.serving, slot.missing, slot.filled) for code, slot in slots.items()} == {
        "hq_lead": (1, 0, True), "community_lead": (1, 0, True),
        "grid_a1": (1, 1, False), "grid_a2": (1, 0, True), "grid_b": (0, 1, False),
    }


def test_filling_twice_adds_nobody() -> None:
    staffed()

    again = actions.fill_posts_from_roster(response=RESPONSE, by=everybody(), at=AT + HOUR)

    assert again == {"holders": 0, "members": 0, "unfilled": 0}
    assert Service.objects.count() == sum(ROSTER.values())


def test_members_are_counted_as_people_not_as_services() -> None:
    posts = staffed()
    member = posts["grid_a2"].holder
    assert member is not None
    actions.begin_service(post=Ref(posts["grid_b"].ref), member=Ref(member.ref), by=everybody(), at=AT + HOUR)

    assert queries.members_in_service(Cutoff(AT + HOUR)).count() == sum(ROSTER.values())
    assert Service.objects.count() == sum(ROSTER.values()) + 1


def test_a_task_force_without_leader_post_is_refused() -> None:
    by = everybody()
    actions.form_units(response=RESPONSE, units=UNITS, by=by, at=AT)
    Area.objects.create(code="HT", path="/HT/", level="district", name_zh="HT")
    leader = post("hq_lead", "hq", "command", ("HT",), leads=True)

    with pytest.raises(Refusal) as refused:
        actions.open_posts(response=RESPONSE, posts=[leader], by=by, at=AT)

    assert refused.value.code == "unit-without-leader-post"
    assert refused.value.facts == {"n": 1, "units": "community"}
    assert Post.objects.count() == 0


def test_a_second_leader_post_is_refused() -> None:
    staffed()
    second = post("x", "hq", "command", ("HT",), leads=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        actions.open_posts(response=RESPONSE, posts=[second], by=everybody(), at=AT)


def test_unknown_areas_are_named() -> None:
    by = everybody()
    actions.form_units(response=RESPONSE, units=UNITS, by=by, at=AT)

    with pytest.raises(Refusal) as refused:
        actions.open_posts(response=RESPONSE, posts=POSTS, by=by, at=AT)

    assert (refused.value.code, refused.value.facts["codes"]) == ("unknown-areas", "A1、A2、B、HT")


def test_the_nearest_held_post_answers_for_a_building() -> None:
    posts = staffed()

    found = queries.posts_for([key("A1-1"), key("A2-2"), key("B1-1"), key("B2-2")], "grid", RESPONSE)

    assert found == {
        key("A1-1"): posts["grid_a1"].id, key("A2-2"): posts["grid_a2"].id,
        key("B1-1"): posts["grid_b"].id, key("B2-2"): posts["grid_b"].id,
    }
    assert queries.post_for("/HT/A/A1/A1-1/", "grid", RESPONSE) == posts["grid_a1"]


def test_posts_for_many_buildings_cost_three_queries(django_assert_num_queries: object) -> None:
    staffed()
    buildings = list(Area.objects.filter(level="building").values_list("id", flat=True))

    with django_assert_num_queries(3):  # type: ignore[operator]  # fixture of pytest-django
        queries.posts_for(buildings, "grid", RESPONSE)


def test_a_post_nobody_holds_falls_to_the_leader_of_its_unit() -> None:
    posts = staffed({"hq_lead": 1, "community_lead": 1})

    assert queries.posts_for([key("B1-1")], "grid", RESPONSE) == {key("B1-1"): posts["community_lead"].id}


def test_an_unknown_duty_falls_to_headquarters() -> None:
    posts = staffed()

    assert queries.post_for("/HT/A/", "nobody_has_this", RESPONSE) == posts["hq_lead"]


def test_steps_lead_to_the_own_leader_then_to_headquarters_then_nowhere() -> None:
    posts = staffed()

    assert queries.step_up(posts["grid_b"]) == posts["community_lead"]
    assert queries.step_up(posts["community_lead"]) == posts["hq_lead"]
    assert queries.step_up(posts["hq_lead"]) is None
    assert queries.steps_up(list(posts.values())) == {row.id: queries.step_up(row) for row in posts.values()}


def test_a_leader_post_nobody_holds_is_stepped_over_and_alarms() -> None:
    posts = staffed({"hq_lead": 1, "grid_b": 1})

    assert queries.step_up(posts["grid_b"]) == posts["hq_lead"]
    assert [unit.key for unit in queries.unled(Cutoff(AT))] == ["community"]


def test_holder_at_a_past_moment_is_not_rewritten_by_a_change() -> None:
    posts = staffed()
    before = last_position()
    successor = Member.objects.get(ref="member:grid_a1-1")

    actions.change_holder(
        post=Ref(posts["grid_a1"].ref), member=Ref(successor.ref), reason="轮换", by=everybody(), at=AT + HOUR
    )

    def holder(cutoff: Cutoff) -> str:
        slot = next(slot for slot in queries.slots_at(cutoff) if slot.post.code == "grid_a1")
        return "" if slot.holder is None else slot.holder.ref

    assert holder(Cutoff(AT)) == "member:grid_a1-0"
    assert holder(Cutoff(AT + HOUR)) == "member:grid_a1-1"
    assert holder(Cutoff(AT + 2 * HOUR, before)) == "member:grid_a1-0"


@pytest.mark.parametrize(("member", "reason", "code"), [
    ("member:grid_a1-0", "轮换", "already-holder"),
    ("member:grid_a1-1", " ", "reason-missing"),
    ("member:nobody", "轮换", "not-found"),
])
def test_a_senseless_change_of_holder_is_refused(member: str, reason: str, code: str) -> None:
    posts = staffed()

    with pytest.raises(Refusal) as refused:
        actions.change_holder(
            post=Ref(posts["grid_a1"].ref), member=Ref(member), reason=reason, by=everybody(), at=AT + HOUR
        )

    assert refused.value.code == code


def test_a_holder_who_leaves_leaves_the_post_red() -> None:
    posts = staffed()

    actions.end_service(
        post=Ref(posts["grid_b"].ref), member=Ref("member:grid_b-0"), reason="病假", by=everybody(), at=AT + HOUR
    )

    assert [slot.post.code for slot in queries.slots(RESPONSE) if not slot.filled] == ["grid_b"]
    assert queries.filled(Cutoff(AT)) == 5


def leave(code: str, posts: dict[str, Post]) -> None:
    actions.end_service(
        post=Ref(posts[code].ref), member=Ref(f"member:{code}-0"), reason="病假", by=everybody(), at=AT + HOUR
    )


def deputy(code: str, posts: dict[str, Post], member: str | None) -> None:
    actions.name_deputy(
        post=Ref(posts[code].ref), member=None if member is None else Ref(member), reason="备岗", by=everybody(), at=AT
    )


def test_the_leader_of_a_unit_does_not_leave_it_without_one() -> None:
    posts = staffed()
    for act in (
        lambda: leave("community_lead", posts),
        lambda: actions.change_holder(
            post=Ref(posts["community_lead"].ref), member=None, reason="病假", by=everybody(), at=AT + HOUR
        ),
    ):
        with pytest.raises(Refusal, match="unit-would-be-unled"):
            act()
    posts["community_lead"].refresh_from_db()
    assert posts["community_lead"].holder is not None
    assert Service.objects.filter(ends_at=None, post=posts["community_lead"]).count() == 1


def test_the_deputy_holds_the_post_in_the_moment_the_holder_leaves() -> None:
    posts = staffed()
    deputy("community_lead", posts, "member:grid_a1-1")
    leave("community_lead", posts)

    posts["community_lead"].refresh_from_db()
    assert posts["community_lead"].holder == Member.objects.get(ref="member:grid_a1-1")
    roles = Service.objects.filter(post=posts["community_lead"], ends_at=None).values_list("role", flat=True)
    assert list(roles) == ["holder"]
    assert queries.unled(Cutoff(AT + HOUR)) == []


@pytest.mark.parametrize(("member", "code"), [
    ("member:community_lead-0", "holder-is-no-deputy"), ("member:nobody", "not-found"), (None, "already-holder"),
])
def test_a_senseless_deputy_is_refused(member: str | None, code: str) -> None:
    posts = staffed()
    with pytest.raises(Refusal, match=code):
        deputy("community_lead", posts, member)


def test_one_deputy_at_a_time_and_a_deputy_can_be_taken_back() -> None:
    posts = staffed()
    deputy("community_lead", posts, "member:grid_a1-1")
    deputy("community_lead", posts, "member:grid_b-0")
    running = Service.objects.filter(post=posts["community_lead"], ends_at=None, role="deputy")
    assert list(running.values_list("member__ref", flat=True)) == ["member:grid_b-0"]
    deputy("community_lead", posts, None)
    assert running.count() == 0


def test_dissolving_ends_everything_and_forgets_nothing() -> None:
    staffed()
    before = last_position()

    ended = actions.dissolve_units(response=RESPONSE, reason="误报", by=everybody(), at=AT + HOUR)

    assert ended == {"units": 2, "posts": 5, "services": 6}
    later = AT + timedelta(days=1)
    filled = [queries.filled(cutoff) for cutoff in (Cutoff(later), Cutoff(AT), Cutoff(later, before))]
    assert filled == [0, 5, 5]


def test_without_the_right_nothing_is_formed() -> None:
    with pytest.raises(Refusal) as refused:
        actions.form_units(response=RESPONSE, units=UNITS, by=type(everybody())("nobody", frozenset()), at=AT)

    assert refused.value.code == "not-permitted"
