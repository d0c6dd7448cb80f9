"""A person's page shows the rounds, to whoever may see rounds at the person's place."""

import re

import pytest

from firebreak.engine.registry.models import Household
from firebreak.kernel.refs import token_of
from tests.support.desk import at_desk, person
from tests.support.entering import client_as
from tests.support.testing_round import running_round
from tests.support.zoned import GRID, in_force, zoned_district


def test_person_page_lists_the_round_with_its_state(ledger: object) -> None:
    running = running_round(people=4)
    token = running.people[0].removeprefix("person:")
    page = client_as("commander").get(f"/people/{token}").content.decode()
    assert ("在各轮次里" in page, "第 1 轮" in page, f"/people/{token}\"" in page) == (True, True, True)
    assert "/rounds/" in page


def test_role_without_rounds_sees_no_panel(ledger: object) -> None:
    running = running_round(people=4)
    token = running.people[0].removeprefix("person:")
    answer = client_as("register_clerk").get(f"/people/{token}")
    assert (answer.status_code, "在各轮次里" in answer.content.decode()) == (200, False)


@pytest.mark.django_db
def test_a_household_shows_what_it_was_told_and_leads_to_its_own_sheet() -> None:
    response = zoned_district()
    home = Household.objects.filter(building__code=f"{GRID}-2").order_by("id")[0]
    token = token_of(home.ref)
    in_force(response, "control", areas=[f"{GRID}-2"])
    client = at_desk(person("shen", "testing_leader"), "en")
    page = client.get(f"/households/{token}").content.decode()
    sheet = re.search(rf'href="(/zones/alerts/[^"]+\?household={token})"', page)
    assert sheet is not None
    told = client.get(sheet[1])
    assert (told.status_code, home.door in told.content.decode()) == (200, True)
