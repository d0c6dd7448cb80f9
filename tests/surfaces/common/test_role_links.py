"""One-tap role links: only in a drill, only with a code, only for what the code is good for."""

from typing import Any

import pytest
from django.conf import settings as conf
from django.test import Client

from firebreak.engine.access.actions import create_account, grant_role
from firebreak.engine.access.models import Account
from firebreak.engine.access.role_codes import make_codes
from firebreak.engine.journal.models import Installation
from firebreak.kernel import clock
from firebreak.surfaces.common.checks import role_links_only_in_a_drill
from tests.support.access import ADMIN


@pytest.fixture
def drill(ledger: object, settings: Any) -> None:
    """This data folder and database are a drill's; its code is `tap`."""
    settings.FIREBREAK_DRILL, settings.FOLDER = True, {"code": "tap", "kind": "drill"}


@pytest.mark.parametrize("folder", [{}, {"code": "tap", "kind": "real"}])
def test_role_links_do_not_exist_on_real_data(ledger: object, settings: Any, folder: dict[str, str]) -> None:
    settings.FOLDER = folder
    codes = make_codes(conf.DATA, ["commander"])
    asked = ["tap", codes["commander"]]
    assert [Client().get(f"/demo/as/commander?code={code}").status_code for code in asked] == [404, 404]


def test_role_link_opens_with_its_code_alone(drill: None) -> None:
    wrong = ("commander", "commander?code=", "commander?code=taq", "emperor?code=tap")
    assert [Client().get(f"/demo/as/{asked}").status_code for asked in wrong] == [404] * 4
    client = Client()
    assert client.get("/demo/as/commander?code=tap").status_code == 302
    assert client.get("/account").status_code == 200


def test_the_same_person_answers_each_time(drill: None) -> None:
    for _ in range(2):
        Client().get("/demo/as/commander?code=tap")
    assert Account.objects.count() == 1


def test_player_of_the_exercise_comes_before_a_made_holder(drill: None) -> None:
    ref = create_account(username="zhang", name="张明", by=ADMIN, at=clock.now())
    grant_role(account=ref, role="commander", area_code="", by=ADMIN, at=clock.now())
    client = Client()
    client.get("/demo/as/commander?code=tap")
    assert "张明" in client.get("/account").content.decode()


def test_code_of_the_folder_opens_from_this_machine_only(drill: None) -> None:
    assert Client(REMOTE_ADDR="192.168.1.9").get("/demo/as/commander?code=tap").status_code == 404


def test_code_for_a_phone_opens_its_role_once(drill: None) -> None:
    code = make_codes(conf.DATA, ["commander", "sampler"])["sampler"]
    phone = Client(REMOTE_ADDR="192.168.1.9")
    tried = [phone.get(f"/demo/as/{role}?code={code}").status_code for role in ("commander", "sampler", "sampler")]
    assert tried == [404, 302, 404]


def test_role_link_never_opens_a_database_of_real_data(drill: None) -> None:
    Installation.objects.create(folder="x", kind="real")
    assert Client().get("/demo/as/commander?code=tap").status_code == 404


@pytest.mark.parametrize(("drill_folder", "folder", "found"), [
    (False, {"kind": "real"}, []), (True, {"kind": "drill", "code": "tap"}, []),
    (False, {"kind": "real", "code": "tap"}, ["firebreak.E001"]), (False, {"code": "tap"}, ["firebreak.E001"]),
])
def test_start_is_refused_with_role_links_on_real_data(
    settings: Any, drill_folder: bool, folder: dict[str, str], found: list[str],
) -> None:
    settings.FIREBREAK_DRILL, settings.FOLDER = drill_folder, folder
    assert [error.id for error in role_links_only_in_a_drill(None)] == found
