"""A person's page shows the rounds, to whoever may see rounds at the person's place."""

from tests.support.entering import client_as
from tests.support.testing_round import running_round


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
