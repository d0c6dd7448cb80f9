"""Pages of accounts: opening, granting, slips on paper; wrong input is said and kept."""

import re

import pytest
from django.test import Client

from firebreak.command.headquarters.models import Order
from firebreak.engine.access.models import Account, Grant, Invitation
from firebreak.engine.journal.models import Event
from firebreak.engine.registry.identity import Sealer
from firebreak.engine.units.models import Member, Post
from firebreak.kernel.refs import token_of
from tests.story.test_activation import activated
from tests.support.entering import account_as, client_as, client_of
from tests.support.places import two_communities


@pytest.fixture(autouse=True)
def _places(ledger: object) -> None:
    two_communities()


@pytest.fixture
def admin() -> Client:
    return client_as("system_admin", username="chen")


@pytest.fixture
def security() -> Client:
    return client_as("security_admin", username="lin")


def page_of(username: str) -> str:
    return "/accounts/" + Account.objects.get(username=username).ref.removeprefix("account:")


def test_account_is_opened_and_waits_for_slip_and_role(admin: Client) -> None:
    answer = admin.post("/accounts/new", {"username": "zhao", "name": "赵云", "is_active": "0", "role": "commander"})
    assert answer.headers["Location"] == page_of("zhao")
    row = Account.objects.get(username="zhao")
    assert (row.is_active, row.grants.count(), row.has_usable_password()) == (True, 0, False)
    assert "待发邀请条" in admin.get("/accounts?name=zh").content.decode()


def test_taken_name_is_said_beside_the_field_and_all_is_kept(admin: Client) -> None:
    answer = admin.post("/accounts/new", {"username": "chen", "name": "陈二"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [kept for kept in ('value="陈二"', "<title>错误:", "已有人用") if kept not in page] == []


def test_list_of_accounts_opens_all_or_none(admin: Client) -> None:
    wrong = admin.post("/accounts/many", {"lines": "zhao 赵云\nchen 陈二\n"})
    assert (wrong.status_code, "第 2 行" in wrong.content.decode(), Account.objects.count()) == (422, True, 1)
    right = admin.post("/accounts/many", {"lines": "zhao 赵云\n\nsun,孙丽\tx\n"})
    assert (right.status_code, Account.objects.count()) == (302, 3)


def test_a_line_with_a_phone_is_that_person_of_the_roster(admin: Client) -> None:
    ref = Member.objects.create(
        ref="member:zhao", name="赵云", phone_hash=Sealer().phone_hash("13800000001"),
    ).ref
    wrong = admin.post("/accounts/many", {"lines": "zhao 赵 云 13800000001\nsun 孙丽 13800000002"})
    page = wrong.content.decode()
    assert (wrong.status_code, "第 2 行" in page, "13800000002" in page, Account.objects.count()) == (422, True, True, 1)
    assert admin.post("/accounts/many", {"lines": "zhao 赵 云 138-0000-0001\nsun 孙丽"}).status_code == 302
    rows = Account.objects.exclude(username="chen").order_by("username").values_list("username", "name", "member_ref")
    assert list(rows) == [("sun", "孙丽", ""), ("zhao", "赵 云", ref)]


@pytest.mark.parametrize(("typed", "status", "member", "said"), [
    ("13800000001", 302, "member:a", ""), ("赵云", 422, "", "有 2 个人叫“赵云”"), ("钱一", 302, "member:q", ""),
    ("孙丽", 422, "", "花名册上没有“孙丽”"), ("13800000009", 422, "", "花名册上没有“13800000009”"), ("", 302, "", ""),
])
def test_an_account_is_matched_with_the_roster_by_name_or_phone(
    admin: Client, typed: str, status: int, member: str, said: str
) -> None:
    phone = Sealer().phone_hash("13800000001")
    for ref, name, hashed in (("a", "赵云", phone), ("b", "赵云", ""), ("q", "钱一", "")):
        Member.objects.create(ref=f"member:{ref}", name=name, phone_hash=hashed)
    account_as("task_force_leader", username="zhao")
    answer = admin.post(page_of("zhao") + "/tie", {"member": typed})
    assert (answer.status_code, said in answer.content.decode()) == (status, True)
    assert Account.objects.get(username="zhao").member_ref == member


def test_who_is_matched_works_on_the_orders_of_their_post(admin: Client) -> None:
    activated()
    leader = Post.objects.get(code="lead_testing").holder
    assert leader is not None
    row = account_as("task_force_leader", username="zhao")
    Grant.objects.filter(account=row).update(unit_path="/nowhere/")
    order = Order.objects.get(unit__key="testing")
    mine, address = client_of(row), f"/orders/{token_of(order.ref)}"
    assert mine.post(address + "/accept").status_code == 409
    admin.post(page_of("zhao") + "/tie", {"member": leader.name})
    assert mine.post(address + "/accept").status_code == 302
    order.refresh_from_db()
    assert (order.accepted_at is not None, leader.name in admin.get(page_of("zhao")).content.decode()) == (True, True)


def test_role_is_given_over_an_area_until_a_moment(security: Client) -> None:
    account_as("", username="zhao")
    form = {"role": "grid_worker", "area": "A", "unit": "", "ends_at": "2099-01-01T08:00", "begins_at": "1999-01-01"}
    assert security.post(page_of("zhao") + "/grant", form).status_code == 302
    grant = Grant.objects.get(account__username="zhao")
    where = grant.area.code if grant.area else ""
    assert (grant.role, where, grant.begins_at.year > 2000) == ("grid_worker", "A", True)
    assert f"{grant.ends_at:%Y-%m-%dT%H:%M}" == "2099-01-01T00:00"
    assert "网格员" in security.get(page_of("zhao")).content.decode()


@pytest.mark.parametrize(("form", "said"), [
    ({"role": "emperor"}, "emperor"), ({"role": "sampler", "ends_at": "2001-01-01T00:00"}, "结束时间要晚于开始时间"),
    ({"role": "sampler", "area": "nowhere"}, "没有找到"),
])
def test_role_is_not_given(security: Client, form: dict[str, str], said: str) -> None:
    account_as("", username="zhao")
    answer = security.post(page_of("zhao") + "/grant", form)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert Grant.objects.filter(account__username="zhao").count() == 0


def test_second_administrator_role_is_refused_in_words(security: Client) -> None:
    account_as("auditor", username="zhao")
    answer = security.post(page_of("zhao") + "/grant", {"role": "system_admin"})
    assert (answer.status_code, "必须分开" in answer.content.decode()) == (422, True)


def test_role_is_taken_back_with_a_reason(security: Client) -> None:
    account_as("sampler", username="zhao")
    address = f"{page_of('zhao')}/grants/{Grant.objects.get(account__username='zhao').pk}/end"
    assert security.post(address, {"reason": ""}).status_code == 422
    assert security.post(address, {"reason": "调去社区"}).status_code == 302
    assert Event.objects.filter(type="GrantEnded").count() == 1


def test_grant_of_another_account_is_unknown(security: Client) -> None:
    account_as("sampler", username="zhao")
    account_as("", username="sun")
    number = Grant.objects.get(account__username="zhao").pk
    assert security.post(f"{page_of('sun')}/grants/{number}/end", {"reason": "调去社区"}).status_code == 404


def test_slips_are_printed_ten_a_page_with_codes_shown_once(admin: Client) -> None:
    tokens = [account_as("", username=f"u{number:02d}").ref.removeprefix("account:") for number in range(12)]
    page, later = (admin.post("/accounts/slips", {"account": tokens}).content.decode() for _ in range(2))
    codes, again = (re.findall(r"<code>([a-z0-9-]{14})</code>", paper) for paper in (page, later))
    assert (page.count('class="slips"'), len(set(codes)), Invitation.objects.count()) == (2, 12, 24)
    assert page.count("data:image/svg+xml") == 12
    assert set(again) & set(codes) == set()


def test_slip_for_an_unknown_account_is_refused(admin: Client) -> None:
    assert admin.post("/accounts/slips", {"account": ["nobody"]}).status_code == 404


def test_reset_takes_password_away_and_says_what_comes_next(admin: Client) -> None:
    row = account_as("sampler", username="zhao")
    row.set_password("something long")
    row.save()
    answer = admin.post(page_of("zhao") + "/reset", {"reason": "换了手机"}, follow=True)
    assert "请打一张新的邀请条" in answer.content.decode()
    assert Account.objects.get(username="zhao").has_usable_password() is False


def test_own_account_offers_no_grant_and_no_end(security: Client, admin: Client) -> None:
    pages = security.get(page_of("lin")).content.decode(), admin.get(page_of("chen")).content.decode()
    assert [("/grant" in page, "/disable" in page) for page in pages] == [(False, False), (False, False)]


def test_list_of_accounts_does_not_grow_in_queries(admin: Client, django_assert_max_num_queries: object) -> None:
    for number in range(30):
        account_as("sampler", username=f"u{number:02d}")
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # a context manager
        admin.get("/accounts")
