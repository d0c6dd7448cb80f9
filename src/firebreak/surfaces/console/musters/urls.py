"""URLs of musters."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.musters import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("musters", views.overview, name="musters"),
    path("musters/new", views.new, name="muster-new"),
    path("musters/<slug:token>", views.muster, name="muster"),
    path("musters/<slug:token>/answer", views.answer, name="muster-answer"),
    path("musters/<slug:token>/arrive", views.arrive, name="muster-arrive"),
    path("musters/<slug:token>/short", views.short, name="muster-short"),
]

register_nav(NavItem("musters", "musters", "集结", "Musters", group="units", order=20, permission="musters.read"))
