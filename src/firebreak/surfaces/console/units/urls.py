"""URLs of units and posts."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.units import (
    badges,
    finders,  # noqa: F401  puts itself into the find box
    views,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("units", views.unit_list, name="units"),
    path("units.csv", views.post_file, name="post-file"),
    path("units/print", views.posts_on_paper, name="posts-print"),
    path("units/badges", badges.unit_badges, name="badges"),
    path("units/badges/<slug:token>", badges.badges_on_paper, name="badges-print"),
    path("gate", badges.gate, name="gate"),
    path("gate/known", badges.gate_known, name="gate-known"),
    path("units/call-tree", views.call_tree, name="call-tree"),
    path("units/posts/<slug:token>", views.post, name="post"),
    path("units/posts/<slug:token>/holder", views.change_holder, name="post-holder"),
    path("units/posts/<slug:token>/deputy", views.name_deputy, name="post-deputy"),
    path("units/posts/<slug:token>/begin", views.begin_service, name="post-begin"),
    path("units/posts/<slug:token>/end", views.end_service, name="post-end"),
]

register_nav(NavItem(
    "units", "units", "组织与岗位", "Units and posts", group="units", order=10, permission="units.read", badge=views.lacking_badge
))
register_nav(NavItem("gate", "gate", "验证证件", "Check a badge", group="units", order=50, permission="badges.check"))
