"""The rail: pages register once, resolve, and are shown to whoever holds the right."""

from importlib import import_module

import pytest
from django.conf import settings
from django.test import RequestFactory

from firebreak.surfaces.common import nav
from firebreak.surfaces.common.nav import NavBadge, NavItem, register_nav, unresolved


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rail of its own."""
    monkeypatch.setattr(nav, "_items", {})


def test_every_registered_page_has_an_address() -> None:
    import_module(settings.ROOT_URLCONF)
    assert unresolved() == []


def test_page_without_an_address_is_named() -> None:
    assert unresolved([NavItem("lost", "no-such-page", "无", "none")]) == ["lost"]


@pytest.mark.usefixtures("only")
def test_page_is_hidden_from_who_lacks_the_right() -> None:
    register_nav(NavItem("home", "home", "首页", "Home"))
    register_nav(NavItem("sign-in", "sign-in", "登录", "Sign in", permission="a.b"))
    request = RequestFactory().get("/")
    assert [line.key for group in nav.rail(request, lambda _: False) for line in group.lines] == ["home"]
    assert [line.key for group in nav.rail(request, lambda _: True) for line in group.lines] == ["home", "sign-in"]


@pytest.mark.usefixtures("only")
def test_current_page_is_the_closest_one_and_carries_its_count() -> None:
    register_nav(NavItem("home", "home", "首页", "Home"))
    register_nav(NavItem("gallery", "gallery", "陈列", "Gallery", badge=lambda _: NavBadge(3, "bad")))
    (group,) = nav.rail(RequestFactory().get("/gallery/wall"), lambda _: True)
    assert [(line.key, line.current) for line in group.lines] == [("gallery", True), ("home", False)]
    assert group.lines[0].badge == NavBadge(3, "bad")


@pytest.mark.usefixtures("only")
def test_two_pages_cannot_share_a_key() -> None:
    register_nav(NavItem("home", "home", "首页", "Home"))
    with pytest.raises(ValueError, match="share the key"):
        register_nav(NavItem("home", "sign-in", "首页", "Home"))


def test_unknown_group_is_refused() -> None:
    with pytest.raises(ValueError, match="no such group"):
        register_nav(NavItem("x", "home", "甲", "A", group="nowhere"))


@pytest.mark.usefixtures("only")
@pytest.mark.parametrize(("path", "badge", "more", "folded"), [
    ("/", None, nav.LONG, True),
    ("/sign-in", None, nav.LONG, False),
    ("/", NavBadge(1, "bad"), nav.LONG, False),
    ("/", None, 1, None),
])
def test_a_long_rail_folds_what_holds_neither_the_page_nor_a_badge(
    path: str, badge: NavBadge | None, more: int, folded: bool | None
) -> None:
    register_nav(NavItem("record", "sign-in", "记录", "Record", group="record", badge=lambda _: badge))
    for number in range(more):
        register_nav(NavItem(f"home-{number}", "home", "首页", "Home"))
    groups = nav.rail(RequestFactory().get(path), lambda _: True)
    assert [group.folded for group in groups] == [None, folded]
