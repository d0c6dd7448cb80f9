"""URLs of headquarters."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.headquarters import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("hq", views.headquarters, name="hq"),
    path("hq/live", views.headquarters_live, name="hq-live"),
    path("ledgers", views.ledgers, name="ledgers"),
]

register_nav(NavItem("hq", "hq", "指挥部", "Headquarters", order=10, permission="hq.read"))
register_nav(NavItem("ledgers", "ledgers", "账本", "Books", group="record", order=5, permission="hq.read"))
