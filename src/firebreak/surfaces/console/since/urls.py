"""URLs of what changed."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.since import views

urlpatterns: list[URLPattern | URLResolver] = [path("since", views.since, name="since")]

register_nav(NavItem("since", "since", "有什么变化", "What changed", order=11, permission="hq.read"))
