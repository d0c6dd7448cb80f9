"""A plan is adopted whole and read again as it was."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from firebreak.engine.journal.models import Event
from firebreak.engine.plans import queries
from firebreak.engine.plans.actions import adopt_plan
from firebreak.engine.plans.loader import load_pack
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
AT = datetime(2022, 6, 5, 6, 0, tzinfo=UTC)
CHIEF = SystemActor("chief", frozenset({"plans.adopt"}))
PACK = load_pack(Path(__file__).parents[3] / "plans" / "covid-2022")


def test_an_adopted_plan_is_read_again_as_it_was() -> None:
    ref = adopt_plan(pack=PACK, authority="区防指〔2022〕1号", by=CHIEF, at=AT)

    again = queries.adopted(ref)

    assert (again.hash, again.meta, again.sections, again.texts) == (PACK.hash, PACK.meta, PACK.sections, PACK.texts)
    assert ref == f"plan:covid-2022@{PACK.hash[:12]}"
    latest = queries.latest_plan("covid-2022")
    assert latest is not None
    assert latest.ref == ref
    assert Event.objects.get(type="PlanAdopted").payload["unverified"] == len(PACK.unverified())


@pytest.mark.parametrize(("authority", "rights", "code"), [
    (" ", {"plans.adopt"}, "authority-missing"),
    ("区防指〔2022〕1号", set(), "not-permitted"),
])
def test_without_authority_or_right_nothing_is_adopted(authority: str, rights: set[str], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        adopt_plan(pack=PACK, authority=authority, by=SystemActor("x", frozenset(rights)), at=AT)

    assert (refused.value.code, queries.latest_plan()) == (code, None)


def test_the_same_version_is_adopted_once() -> None:
    adopt_plan(pack=PACK, authority="区防指〔2022〕1号", by=CHIEF, at=AT)

    with pytest.raises(Refusal, match="already-adopted"):
        adopt_plan(pack=PACK, authority="区防指〔2022〕2号", by=CHIEF, at=AT)


def test_an_unknown_plan_is_not_found() -> None:
    with pytest.raises(Refusal, match="not-found"):
        queries.adopted("plan:cholera@0")
