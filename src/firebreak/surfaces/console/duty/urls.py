"""URLs of the duty desk."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.duty import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("duty", views.desk, name="duty"),
    path("duty/log", views.write, name="duty-log"),
    path("duty/hand-over", views.give, name="duty-give"),
    path("duty/hand-overs/<slug:token>", views.hand_over, name="hand-over"),
    path("duty/hand-overs/<slug:token>/take", views.take, name="hand-over-take"),
    path("duty/hand-overs/<slug:token>/keep", views.keep, name="hand-over-keep"),
]

register_nav(NavItem("duty", "duty", "值班", "Duty desk", order=12, permission="duty.read"))
