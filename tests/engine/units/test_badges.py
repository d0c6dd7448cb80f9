"""A badge is told from a false one by its signature, and from one that is no longer good by its time and the list."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.engine.journal.models import Event
from firebreak.engine.units import badges
from firebreak.engine.units.actions import change_holder
from firebreak.engine.units.models import Badge
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.refs import Ref, token_of
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.signing import Signer, bytes_of, text_of
from firebreak.kernel.vault import Vault, create_keys
from tests.support.desk import at_desk, person
from tests.support.staffing import AT, HOUR, everybody, staffed

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return made_by(tmp_path_factory.mktemp("keys"), 1)


def made_by(folder: Path, seed: int, purpose: str = "badge") -> Signer:
    create_keys(folder / str(seed), seed=seed)
    return Signer(Vault(folder / str(seed)), purpose)


@settings(max_examples=40, deadline=None)
@given(content=st.binary(max_size=300), flip=st.integers(0, 63), bit=st.integers(0, 7), other=st.binary(max_size=300))
def test_only_what_was_signed_is_ours(signer: Signer, content: bytes, flip: int, bit: int, other: bytes) -> None:
    signature = signer.sign(content)
    spoilt = bytearray(signature)
    spoilt[flip] ^= 1 << bit
    assert (signer.made(content, signature), signer.made(content, bytes(spoilt))) == (True, False)
    assert signer.made(other, signature) is (other == content)
    assert bytes_of(text_of(content)) == content


def test_other_keys_and_other_purposes_sign_otherwise_and_the_same_keys_alike(tmp_path: Path) -> None:
    one, two, other = made_by(tmp_path, 1), made_by(tmp_path, 2), made_by(tmp_path, 1, "pass")
    signature = one.sign(b"x")
    assert [signs.made(b"x", signature) for signs in (made_by(tmp_path, 1), two, other)] == [True, False, False]
    assert (one.public_key(), one.made(b"x", signature[:-1])) == (made_by(tmp_path, 1).public_key(), False)


def issue(unit: str, at: datetime = AT, until: timedelta = DAY, by: SystemActor | None = None) -> int:
    return badges.issue_badges(unit=Ref(unit), not_after=at + until, by=by or everybody(), at=at)


@pytest.mark.django_db
def test_everybody_in_service_gets_one_and_it_says_whose_it_is() -> None:
    unit = staffed()["grid_b"].unit
    assert issue(unit.ref) == 5
    found = list(badges.good(AT))
    names = sorted(badge.service.member.name for badge in found)
    assert names == ["community_lead0", "grid_a10", "grid_a11", "grid_a20", "grid_b0"]
    for badge, code in zip(found, badges.codes(found), strict=True):
        assert badges.member_of(code, AT) == badge.service.member.ref
        facts = json.loads(bytes_of(code.removeprefix("FB1:B:").partition(".")[0]))
        assert (facts[0], facts[2], facts[7]) == (
            token_of(badge.ref), badge.service.member.name, int((AT + DAY).timestamp())
        )
    assert [event.payload["badges"] for event in Event.objects.filter(type="BadgesIssued")] == [5]


@pytest.mark.django_db
def test_a_badge_is_over_with_its_time_with_the_service_and_with_a_newer_one() -> None:
    posts = staffed()
    lead, unit = posts["community_lead"], posts["grid_b"].unit
    issue(unit.ref)
    (first,) = badges.good(AT).filter(service__post=lead)
    (code,) = badges.codes([first])
    assert [badges.member_of(code, AT + DAY - HOUR), badges.member_of(code, AT + DAY)] == ["member:community_lead-0", None]
    change_holder(post=Ref(lead.ref), member=Ref("member:grid_b-0"), reason="换人", by=everybody(), at=AT + HOUR)
    assert (badges.member_of(code, AT + HOUR), badges.withdrawn(AT + HOUR)) == (None, [token_of(first.ref)])
    assert badges.withdrawn(AT + DAY) == []
    issue(unit.ref, AT + 2 * HOUR)
    assert badges.good(AT + 2 * HOUR).count() == 5
    assert len(badges.withdrawn(AT + 2 * HOUR)) == 5


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "FB1:B:", "FB1:B:a.b", "FB1:B:e30.e30", "FB1:P:abc", "FB1:B:{}.{}", "随便"])
def test_what_is_no_badge_of_ours_is_nobodys(code: str) -> None:
    assert badges.member_of(code, AT) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("changes", "code"), [
    ({"until": timedelta(0)}, "badge-time"), ({"until": timedelta(days=15)}, "badge-time"),
    ({"unit": "unit:none"}, "nobody-serves"), ({"by": SystemActor("x", frozenset())}, "not-permitted"),
])
def test_a_badge_that_cannot_be_is_refused(changes: dict[str, object], code: str) -> None:
    unit = staffed()["grid_b"].unit.ref
    with pytest.raises(Refusal, match=code):
        issue(**{"unit": unit, **changes})  # type: ignore[arg-type]
    assert Badge.objects.count() == 0


@pytest.mark.django_db
def test_the_gate_knows_the_key_and_what_is_no_longer_good() -> None:
    unit = staffed()["grid_b"].unit
    issue(unit.ref)
    guard = at_desk(person("guard", "task_force_leader"))
    answer = guard.get("/gate/known").json()
    assert (answer["key"], answer["withdrawn"]) == (badges.signer().public_key(), badges.withdrawn(AT + 9 * DAY))
    assert guard.get("/gate").status_code == 200
