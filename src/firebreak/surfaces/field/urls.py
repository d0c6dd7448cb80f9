"""URLs of the field pages."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.field import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sample", views.sample, name="sample"),
    path("sample/<slug:code>", views.sample_site, name="sample-site"),
]

register_nav(NavItem("sample", "sample", "采样", "Sampling", group="work", order=40, permission="rounds.record"))
